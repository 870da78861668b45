"""Evaluations: schemes and a score measured, and the gates they must pass."""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from segdsl.diagnostics import Diagnostic
from segdsl.language import syntax as s
from segdsl.language.terms import Constant, Name, Reference
from segdsl.model.catalog import FieldName, PluginKind, PluginSignature, TableName
from segdsl.model.context import Context
from segdsl.model.model import Evaluation, MeasuredTable, OutputColumn, Requirement
from segdsl.model.plugin_options import TypedField, format_of, use_plugin
from segdsl.model.plugin_use import PluginUse
from segdsl.model.references import check_reference, names_of, source_of_table
from segdsl.model.scope import Scope, check_properties, options_of
from segdsl.types import Kind

# What every evaluation shows without being asked; `NAME: false` leaves one out.
UNASKED = ("lift", "separation", "profile", "recommendation")

_OPTIONS = ("top", "folds")
_WORDS = {"yes": True, "no": False}
# What a figure is compared with: it has no unit of its own, and may be in that of the score.
_BOUNDS = {Kind.COUNT, Kind.INT, Kind.NUMBER, Kind.RATIO, Kind.MONEY}


def make_evaluation(scope: Scope, decl: s.EvaluateDecl, number: int) -> Evaluation:
    schemes = _schemes(scope, decl)
    if scope.look_up(decl.score, (s.ScoreDecl,), "score") is not None:
        scope.resolvers.score(scope, decl.score.text, decl.score.span)
    written = [i for i in decl.items if isinstance(i, s.Property)]
    settings = check_properties(scope, written, _OPTIONS, "An evaluation", open_ended=True)
    wrong = _wrong_settings(scope, settings)
    _check_rows(scope, decl, schemes)
    requires = [i for i in decl.items if isinstance(i, s.RequireClause)]
    wanted = _wanted(scope, decl, settings, requires)
    told = [item for name, item in settings.items() if not _is_measure(scope, name) and name not in wrong]
    _check_known(scope, told, wanted.values())
    reading = _Reading(scope, decl.score.text, _tables(scope, told, wanted.values()))
    before = len(scope.found)
    uses = {one.text: _use(scope, one, told, reading) for one in wanted.values()}
    # A wrong setting is one mistake, however many measures know it, and however they describe it.
    once: dict[object, Diagnostic] = {}
    for one in scope.found[before:]:
        once.setdefault((one.code, one.message, one.span), one)
    scope.found[before:] = once.values()
    of_score = {name for name, use in uses.items() if _signature(scope, use.plugin, "of_score")}
    return Evaluation(
        number=number,
        schemes=tuple(schemes),
        score=decl.score.text,
        options=options_of(told),
        requirements=tuple(_requirement(scope, decl, item) for item in requires),
        measures=tuple(use for name, use in uses.items() if use.run is not None and name not in of_score),
        score_measures=tuple(use for name, use in uses.items() if use.run is not None and name in of_score),
        fields=tuple(reading.own.values()),
        tables=tuple(
            MeasuredTable(name, source, tuple(fields.values())) for name, (source, fields) in reading.tables.items()
        ),
        span=decl.span,
    )


# ---- what is measured


def _schemes(scope: Scope, decl: s.EvaluateDecl) -> list[str]:
    schemes: list[str] = []
    for name in decl.schemes:
        if name.text in schemes:
            scope.report("SEG209", f"`{name.text}` is given twice", name.span, "keep one of the two")
            continue
        found = scope.look_up(name, (s.SegmentationDecl,), "segmentation")
        if found is not None and scope.resolvers.scheme(scope, name.text, name.span) is not None:
            schemes.append(name.text)
    return schemes


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


# ---- by what


def _wanted(
    scope: Scope, decl: s.EvaluateDecl, settings: Mapping[str, s.Property], requires: Iterable[s.RequireClause]
) -> dict[str, Name]:
    """The measures: those of every evaluation, those that are shown by name, and those that are required."""
    said = {name: _said(item) for name, item in settings.items() if _is_measure(scope, name)}
    for unclear in (name for name, answer in said.items() if answer is None):
        scope.report("SEG307", f"`{unclear}` is true or false", settings[unclear].span, f"write `{unclear}: true`")
    refused = {name for name, answer in said.items() if answer is False}
    always = [name for name in UNASKED if name in scope.catalog.plugins and name not in refused]
    wanted = {name: Name(name, decl.score.span) for name in always}
    shown = (settings[name].name for name in said if name not in refused)
    for name in (*shown, *(item.measure for item in requires)):
        wanted[name.text] = name
    return wanted


def _said(item: s.Property) -> bool | None:
    """Whether a measure is wanted; None where neither true nor false is written."""
    match item.values:
        case (Constant(value=bool(answer)),):
            return answer
        case (Reference(parts=(word,)),):
            return _WORDS.get(word.text)
        case _:
            return None


def _is_measure(scope: Scope, name: str) -> bool:
    plugin = scope.catalog.plugins.get(name)
    return plugin is not None and plugin.kind is PluginKind.EVALUATOR


def _signature(scope: Scope, name: str, what: str) -> bool:
    plugin = scope.catalog.plugins.get(name)
    return plugin is not None and bool(getattr(plugin, what))


def _known_options(scope: Scope, name: str) -> Mapping[str, Mapping[str, object]]:
    plugin = scope.catalog.plugins.get(name)
    known = {} if plugin is None or plugin.kind is not PluginKind.EVALUATOR else plugin.options.get("properties", {})
    return known if isinstance(known, Mapping) else {}


def _use(scope: Scope, name: Name, told: Iterable[s.Property], reading: "_Reading") -> PluginUse:
    """An evaluator with those settings of the evaluation that it knows."""
    known = _known_options(scope, name.text)
    own = [item for item in told if item.name.text in known]
    return use_plugin(scope, name, PluginKind.EVALUATOR, own, reading.field, reading.table)


# ---- settings


def _wrong_settings(scope: Scope, settings: Mapping[str, s.Property]) -> set[str]:
    """The settings of every evaluation that are not what they should be: reported once, not by each measure."""
    wrong = set()
    for name in ("top", "folds"):
        item = settings.get(name)
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
            wrong.add(name)
    return wrong


def _check_known(scope: Scope, told: Iterable[s.Property], wanted: Iterable[Name]) -> None:
    """A setting that no measure of the evaluation knows says nothing; of a plugin that isn't there nobody can tell."""
    names = [name.text for name in wanted]
    if any(name not in scope.catalog.plugins for name in names):
        return
    known = {*_OPTIONS, *(option for name in names for option in _known_options(scope, name))}
    for item in (one for one in told if one.name.text not in known):
        if scope.catalog.plugins.get(item.name.text) is not None:
            scope.plugin(item.name, PluginKind.EVALUATOR)
            continue
        near = scope.suggestions.closest(item.name.text, (*known, *scope.catalog.installed))
        mend = f"did you mean `{near}`?" if near else "name a measure that knows it, as in `criteria: true`"
        scope.report("SEG204", f"No measure of this evaluation knows `{item.name.text}`", item.name.span, mend)


def _tables(scope: Scope, told: Iterable[s.Property], wanted: Iterable[Name]) -> dict[str, str]:
    """The tables that settings name, with the source whose rows they hold."""
    schemas = {o: schema for name in wanted for o, schema in _known_options(scope, name.text).items()}
    found: dict[str, str] = {}
    for item in told:
        if format_of(schemas.get(item.name.text, {})) == "table":
            for reference in (v for v in item.values if isinstance(v, Reference) and len(v.parts) == 1):
                name = reference.parts[0]
                if scope.look_up(name, (s.SourceDecl, s.PopulationDecl), "population or source") is not None:
                    source = source_of_table(scope, name.text, name.span)
                    found |= {} if source is None else {name.text: source.name}
    return found


class _Reading:
    """What settings name: fields of the measured rows, or of the rows of other tables, and those tables."""

    def __init__(self, scope: Scope, score: str, tables: Mapping[str, str]) -> None:
        self.scope = scope
        found = scope.scores.get(score)
        self.source = None if found is None else found.source
        self.own: dict[str, OutputColumn] = {}
        self.tables: dict[str, tuple[str, dict[str, OutputColumn]]] = {n: (src, {}) for n, src in tables.items()}

    def table(self, reference: Reference) -> TableName | None:
        """A table of rows of the same kind as those that are measured."""
        name = reference.parts[0].text
        if name not in self.tables or self.source is None:
            return None
        source, row_type = self.tables[name][0], self.scope.sources[self.source].row_type
        if self.scope.sources[source].row_type != row_type:
            message = f"`{name}` holds rows of `{source}`, and what is measured are rows of `{self.source}`"
            self.scope.report("SEG206", message, reference.span, f"name a source that is like `{row_type}`")
            return None
        return TableName(name)

    def field(self, reference: Reference) -> TypedField | None:
        """A field of the measured rows, and of those other tables that have it."""
        if self.source is None:
            return None
        first = reference.parts[0].text
        places = [(fields, source) for source, fields in self.tables.values() if self._is_there(source, first)]
        if not places or self._is_there(self.source, first) or first in self.scope.names:
            places.append((self.own, self.source))
        types = []
        for fields, source in places:
            value = check_reference(self.scope, reference, Context(source), in_term=False)
            if value.type.is_unknown:
                return None
            fields[reference.dotted] = OutputColumn(reference.dotted, value)
            types.append(value.type)
        return FieldName(reference.dotted), tuple(types)

    def _is_there(self, source: str, name: str) -> bool:
        return name in names_of(self.scope, self.scope.sources[source])


# ---- gates


def _requirement(scope: Scope, decl: s.EvaluateDecl, item: s.RequireClause) -> Requirement:
    _check_requirement(scope, decl, item)
    _check_bounds(scope, item)
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
        figure="" if item.figure is None else item.figure.text,
        scheme=item.scheme.text,
        each_segment=item.each_segment,
        low=low,
        high=high,
        low_strict=item.sign == ">",
        high_strict=item.sign == "<",
        is_share=item.bound.type.kind is Kind.RATIO,
        span=item.span,
    )


def _check_bounds(scope: Scope, item: s.RequireClause) -> None:
    """A bound that is no number would be passed by anything, and a range that ends before it begins by nothing."""
    bounds = [one for one in (item.bound, item.high) if one is not None]
    odd = [one for one in bounds if one.type.kind not in _BOUNDS | {Kind.UNKNOWN}]
    for one in odd:
        scope.report("SEG302", f"A figure is a number, not a {one.type}", one.span, "write a number, as in `>= 0.5`")
    values = [one.value for one in bounds if isinstance(one.value, int | Decimal)]
    if not odd and len(values) == 2 and values[1] < values[0]:
        scope.report("SEG307", "The range ends before it begins", item.bound.span, "write the lower bound first")


def _check_requirement(scope: Scope, decl: s.EvaluateDecl, item: s.RequireClause) -> None:
    plugin = scope.catalog.plugins.get(item.measure.text)
    if plugin is not None and plugin.kind is not PluginKind.EVALUATOR:
        return
    if plugin is None:
        # Whether it measures the segmentations or the score can't be known.
        named = {decl.score.text, *(n.text for n in decl.schemes)}
    elif plugin.of_score:
        named = {decl.score.text}
    else:
        named = {n.text for n in decl.schemes}
    if item.scheme.text not in named and item.scheme.text not in scope.broken:
        _report_unmeasured(scope, decl, item, plugin is not None and plugin.of_score)
    if plugin is not None:
        _check_measure(scope, item, plugin)


def _report_unmeasured(scope: Scope, decl: s.EvaluateDecl, item: s.RequireClause, of_score: bool) -> None:
    """A requirement of what the evaluation doesn't measure; only names that are there are proposed."""
    name, known = item.scheme.text, [n for n, found in scope.names.items() if isinstance(found, s.SegmentationDecl)]
    schemes = [one.text for one in decl.schemes if one.text in known]
    if name in known and any(
        scope.suggestions.closest(one.text, known) == name for one in decl.schemes if one.text not in known
    ):
        # It is there but for its name, which is told at the name.
        return
    near = scope.suggestions.closest(name, schemes) or scope.suggestions.closest(name, known)
    if of_score:
        mend = f"`{item.measure.text}` measures the score: write `of {decl.score.text}`"
    elif name == decl.score.text and schemes:
        mend = f"`{item.measure.text}` measures a segmentation: write `of {schemes[0]}`"
    elif name in known:
        mend = f"add it: `evaluate {', '.join((*schemes, name))} against {decl.score.text}`"
    elif near is not None:
        mend = f"did you mean `{near}`?"
    else:
        mend = "name a segmentation that stands behind `evaluate`"
    what = "score" if of_score else "segmentation"
    scope.report("SEG201", f"This evaluation has no {what} `{name}`", item.scheme.span, mend)


def _check_measure(scope: Scope, item: s.RequireClause, plugin: PluginSignature) -> None:
    name = item.measure.text
    if item.each_segment and not plugin.each_segment:
        mend = f"write `require {name} of {item.scheme.text} ...`"
        scope.report("SEG208", f"`{name}` measures a segmentation, not each of its segments", item.measure.span, mend)
    if item.figure is not None and item.figure.text not in plugin.figures:
        near = scope.suggestions.closest(item.figure.text, plugin.figures)
        listed = ", ".join(f"`{name}.{one}`" for one in plugin.figures)
        mend = (
            f"did you mean `{near}`?" if near else f"it gives {listed}" if listed else f"write `require {name} of ...`"
        )
        scope.report("SEG201", f"`{name}` has no figure `{item.figure.text}`", item.figure.span, mend)
