"""Evaluations: schemes measured against a score, and the gates they must pass."""

from collections.abc import Mapping
from decimal import Decimal

from segdsl.language import syntax as s
from segdsl.language.terms import Constant, Name
from segdsl.model.catalog import PluginKind
from segdsl.model.model import Evaluation, Requirement
from segdsl.model.plugin_options import use_plugin
from segdsl.model.plugin_use import PluginUse
from segdsl.model.scope import Scope, check_properties, options_of
from segdsl.types import Kind

_OPTIONS = ("top", "folds", "seed")


def make_evaluation(scope: Scope, decl: s.EvaluateDecl) -> Evaluation:
    schemes = []
    for name in decl.schemes:
        found = scope.look_up(name, (s.SegmentationDecl,), "segmentation")
        if found is not None and scope.resolvers.scheme(scope, name.text, name.span) is not None:
            schemes.append(name.text)
    if scope.look_up(decl.score, (s.ScoreDecl,), "score") is not None:
        scope.resolvers.score(scope, decl.score.text, decl.score.span)
    properties = [i for i in decl.items if isinstance(i, s.Property)]
    options = check_properties(scope, properties, _OPTIONS, "An evaluation", open_ended=True)
    _check_options(scope, options)
    _check_rows(scope, decl, schemes)
    named = {n.text for n in decl.schemes}
    requirements = []
    for item in (i for i in decl.items if isinstance(i, s.RequireClause)):
        if item.scheme.text not in named and item.scheme.text not in scope.broken:
            scope.unknown_name("segmentation in this evaluation", item.scheme.text, item.scheme.span, named)
        plugin = scope.catalog.plugins.get(item.measure.text)
        if item.each_segment and plugin is not None and not plugin.each_segment:
            mend = f"write `require {item.measure.text} of {item.scheme.text} ...`"
            found = f"`{item.measure.text}` measures a segmentation, not each of its segments"
            scope.report("SEG208", found, item.measure.span, mend)
        requirements.append(_requirement(scope, item))
    shown = {name: item for name, item in options.items() if _is_measure(scope, name)}
    told = [item for name, item in options.items() if name not in shown]
    wanted = [item.name for item in shown.values()]
    wanted += [item.measure for item in decl.items if isinstance(item, s.RequireClause)]
    measures = {name.text: _measure(scope, name, told) for name in wanted if _is_measure(scope, name.text)}
    return Evaluation(
        tuple(schemes),
        decl.score.text,
        options_of(told),
        tuple(requirements),
        tuple(measures.values()),
        decl.span,
    )


def _is_measure(scope: Scope, name: str) -> bool:
    plugin = scope.catalog.plugins.get(name)
    return plugin is not None and plugin.kind is PluginKind.EVALUATOR


def _measure(scope: Scope, name: Name, told: list[s.Property]) -> PluginUse:
    """An evaluator with those settings of the evaluation that it knows."""
    known = scope.catalog.plugins[name.text].options.get("properties", {})
    own = [item for item in told if isinstance(known, Mapping) and item.name.text in known]
    return use_plugin(scope, name, PluginKind.EVALUATOR, own)


def _check_rows(scope: Scope, decl: s.EvaluateDecl, schemes: list[str]) -> None:
    score = scope.scores.get(decl.score.text)
    if score is None:
        return
    own = scope.sources[score.source].row_type
    for name in decl.schemes:
        scheme = scope.schemes.get(name.text)
        if name.text in schemes and scheme is not None and scope.sources[scheme.source].row_type != own:
            found = f"`{name.text}` is a segmentation of `{scheme.source}`, and the score is of `{score.source}`"
            scope.report("SEG206", found, name.span, "evaluate it against a score of its own rows")
        if scheme is not None and scheme.matching == "overlapping":
            mend = "evaluate a segmentation whose segments don't overlap"
            scope.report("SEG208", f"`{name.text}` overlaps, so it ranks no accounts", name.span, mend)


def _check_options(scope: Scope, options: dict[str, s.Property]) -> None:
    for name in ("top", "folds"):
        item = options.get(name)
        if item is None:
            continue
        value = item.values[0]
        number = value.value if isinstance(value, Constant) and len(item.values) == 1 else None
        if name == "top":
            fine = isinstance(number, Decimal) and value.type.kind is Kind.RATIO and 0 < number < 1  # type: ignore[union-attr]
            mend = "write `top: 25%`"
        else:
            fine = isinstance(number, int) and not isinstance(number, bool) and 2 <= number <= 100
            mend = "write `folds: 5`"
        if not fine:
            what = "a share between 0% and 100%" if name == "top" else "a whole number from 2 to 100"
            scope.report("SEG307", f"`{name}` is {what}", item.span, mend)


def _requirement(scope: Scope, item: s.RequireClause) -> Requirement:
    bound = item.bound.value
    low = high = None
    if item.sign in (">", ">=", "=="):
        low = bound
    if item.sign in ("<", "<=", "=="):
        high = bound
    if item.sign == "between":
        low, high = bound, None if item.high is None else item.high.value
    if item.sign == "!=":
        scope.report("SEG208", "A requirement has a bound", item.span, "write `>=`, `<=` or `between`")
    return Requirement(
        measure=item.measure.text,
        scheme=item.scheme.text,
        each_segment=item.each_segment,
        low=low,
        high=high,
        low_strict=item.sign == ">",
        high_strict=item.sign == "<",
        span=item.span,
    )
