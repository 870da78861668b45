"""From trees to the model: every name resolved, every term typed, every mistake reported."""

import sys
from collections.abc import Iterable, Mapping
from datetime import date
from types import MappingProxyType
from typing import Any

from segdsl.diagnostics import Diagnostic, Diagnostics
from segdsl.diagnostics.codes import PLUGIN_TROUBLE
from segdsl.diagnostics.suggestion import closest
from segdsl.language import syntax as s
from segdsl.language.depth import MAX_DEPTH
from segdsl.model.audiences import make_audience, report_audience_cycles
from segdsl.model.catalog import NO_PLUGINS, Catalog, PluginKind
from segdsl.model.collecting import resolve_provider
from segdsl.model.columns import resolve_links, source_named, type_of
from segdsl.model.constants import constant_value
from segdsl.model.enrichments import collect_enrichments, make_enrichments, resolve_enriched
from segdsl.model.evaluations import make_evaluation
from segdsl.model.fields import resolve_field
from segdsl.model.hypotheses import make_hypothesis
from segdsl.model.like_sources import warn_missing_for_like
from segdsl.model.model import About, ConstantSet, Model, Param
from segdsl.model.parameters import parameter_value
from segdsl.model.plugin_options import use_plugin
from segdsl.model.populations import resolve_population
from segdsl.model.proxy_warnings import warn_of_proxies
from segdsl.model.rates import check_conversions
from segdsl.model.schemes import resolve_scheme
from segdsl.model.scope import CLOCK, KINDS, MAX_CHAIN, FieldSite, Resolvers, Scope, check_properties, plain_values
from segdsl.model.scores import resolve_score
from segdsl.model.spec_tests import make_test
from segdsl.record import dataclass
from segdsl.types import DATE, TEXT, Kind

# Frames for terms nested as deep, and declarations that wait for one another as long, as is let through.
_FRAMES = 1_000 + 15 * MAX_CHAIN + 5 * MAX_DEPTH
_COMPUTED = ("field", "population", "score", "scheme")
_OF_LOST_NAMES = frozenset({"SEG201", "SEG207", "SEG309"})
_ABOUT = ("goal", "stakeholders", "scope", "expected", "next_steps", "review_on")
_RESOLVERS = Resolvers(resolve_enriched, resolve_field, resolve_population, resolve_score, resolve_scheme)


@dataclass(frozen=True, slots=True)
class Outside:
    """What a model needs from outside its texts.

    `catalog` are the plugins' signatures, `lists` the values of sets that stand in files, `settings` the parameters
    set on the command line, as written, and `today` the clock of a spec without one of its own. `fitted` are
    segmentations as plugins found them, by name; the segments of those that are `unnamed` may still get other names,
    so what the spec says of them isn't checked.
    """

    catalog: Catalog = NO_PLUGINS
    lists: Mapping[str, tuple[str, ...]] = MappingProxyType({})
    settings: Mapping[str, str] = MappingProxyType({})
    today: date | None = None
    fitted: Mapping[str, s.SegmentationDecl] = MappingProxyType({})
    unnamed: frozenset[str] = frozenset()


def build_model(trees: Iterable[s.Tree], outside: Outside = Outside()) -> tuple[Model | None, Diagnostics]:
    """The model of a spec and its imports (the spec's own tree first), and all that is wrong with it.

    There is a model where there is no error but plugins that aren't installed; what those would give stands as
    unresolved.
    """
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(max(before, _FRAMES))
    try:
        found = outside.fitted, outside.unnamed
        scope = Scope(trees, outside.catalog, outside.lists, _RESOLVERS, outside.today, *found)
        return _build(scope, outside.settings)
    finally:
        sys.setrecursionlimit(before)


def _build(scope: Scope, settings: Mapping[str, str]) -> tuple[Model | None, Diagnostics]:
    _collect_names(scope)
    _constants(scope, settings)
    for decl in scope.of_kind(s.SourceDecl):
        source_named(scope, decl.name.text, decl.name.span)
    resolve_links(scope)
    check_conversions(scope)
    collect_enrichments(scope)
    _check_shadowing(scope)
    parts = _declarations(scope)
    warn_missing_for_like(scope, parts["audiences"].values())
    _warn_unused(scope)
    found = tuple(sorted(_without_consequences(scope), key=_place))
    if any(d.is_error and d.code not in PLUGIN_TROUBLE for d in found):
        return None, found
    model = _model(scope, parts)
    # Of a spec in which a declaration couldn't be read nobody knows what proxies rest on.
    warnings = () if scope.broken else warn_of_proxies(model)
    return model, tuple(sorted((*found, *warnings), key=_place))


def _without_consequences(scope: Scope) -> Diagnostics:
    """What was found, except what may follow from a declaration that was lost with its name."""
    lost = "" in scope.broken
    return tuple(one for one in scope.found if not (lost and one.code in _OF_LOST_NAMES))


def _place(found: Any) -> tuple[str, int]:
    return (found.span.file, found.span.start) if found.span is not None else ("", 0)


def _collect_names(scope: Scope) -> None:
    for tree in scope.trees:
        scope.broken.update(name.text for name in tree.broken)
        for decl in tree.declarations:
            if isinstance(decl, s.DeriveDecl):
                _collect_fields(scope, decl)
            elif type(decl) in KINDS:
                _declare(scope, decl)


def _declare(scope: Scope, decl: Any) -> None:
    name = decl.name.text
    other = scope.names.get(name)
    if other is None:
        scope.names[name] = decl
        return
    found = f"`{name}` is declared twice"
    if type(other) is not type(decl):
        found = f"`{name}` is already a {KINDS[type(other)]}"
    scope.report("SEG202", found, decl.name.span, "give one of the two another name", first=other.name.span)


def _collect_fields(scope: Scope, decl: s.DeriveDecl) -> None:
    unknown_as_false = any(isinstance(i, s.UnknownAsFalse) for i in decl.items)
    sites = scope.field_sites.setdefault(decl.source.text, {})
    for item in decl.items:
        if not isinstance(item, s.FieldDecl):
            continue
        if item.name.text in sites:
            found = f"The field `{item.name.text}` is derived twice"
            first = sites[item.name.text].decl.name.span
            scope.report("SEG202", found, item.name.span, "give one of the two another name", first=first)
            continue
        sites[item.name.text] = FieldSite(item, unknown_as_false)


def _constants(scope: Scope, settings: Mapping[str, str]) -> None:
    for decl in scope.of_kind(s.ParamDecl):
        kind = type_of(scope, decl.type)
        if decl.name.text == CLOCK and kind != DATE and not kind.is_unknown:
            mend = f"write `param {CLOCK} : date = 2026-01-31`, or give the parameter another name"
            scope.report("SEG302", f"`{CLOCK}` is the spec's clock, and this is `{kind}`", decl.type.span, mend)
        default = constant_value(scope, decl.default, kind)
        value = parameter_value(scope, decl.name.text, kind, default, settings)
        scope.params[decl.name.text] = Param(decl.name.text, kind, default, value, decl.name.span)
    for name in settings:
        if name not in scope.params and name not in scope.broken:
            scope.found.append(_unknown_parameter(scope, name))
    for decl in scope.of_kind(s.SetDecl):
        _constant_set(scope, decl)


def _unknown_parameter(scope: Scope, name: str) -> Diagnostic:
    near = closest(name, scope.params)
    listed = ", ".join(f"`{p}`" for p in scope.params)
    declare = "declare it in the spec" + (f": `param {name} : date = 2026-01-31`" if name == CLOCK else "")
    mend = f"did you mean `{near}`?" if near else f"the spec's parameters are {listed}" if listed else declare
    return Diagnostic("SEG506", f"`--param {name}`: the spec has no such parameter", help=mend)


def _constant_set(scope: Scope, decl: s.SetDecl) -> None:
    name = decl.name.text
    if decl.path is not None:
        values = scope.lists.get(name)
        if values is not None:
            scope.sets[name] = ConstantSet(name, values, TEXT, decl.name.span)
        else:
            scope.broken.add(name)
        return
    first = decl.values[0]
    wanted = first.type
    if wanted.kind is Kind.INT and any(v.type.kind is Kind.NUMBER for v in decl.values):
        wanted = next(v.type for v in decl.values if v.type.kind is Kind.NUMBER)
    found = [constant_value(scope, value, wanted) for value in decl.values]
    scope.sets[name] = ConstantSet(
        name, tuple(dict.fromkeys(v for v in found if v is not None)), wanted, decl.name.span
    )


def _check_shadowing(scope: Scope) -> None:
    """Fields may not bear the name of a column, nor scores and segmentations one of their source."""
    for source_name, sites in scope.field_sites.items():
        source = scope.sources.get(source_name)
        for name, site in sites.items():
            column = None if source is None else source.column(name)
            if column is not None:
                mend = "give the field another name"
                found = f"`{source_name}` already has a column `{name}`"
                scope.report("SEG202", found, site.decl.name.span, mend, first=column.span)
            enriched = scope.enrich_sites.get(source_name, {}).get(name)
            if enriched is not None:
                found = f"`{source_name}` already has a column `{name}`"
                scope.report(
                    "SEG202", found, site.decl.name.span, "give the field another name", first=enriched.item.span
                )


def _check_field_names(scope: Scope, name: str, source_name: str, span: Any, what: str) -> None:
    source = scope.sources.get(source_name)
    if source is None:
        return
    fields = scope.field_sites.get(source.row_type, {})
    if source.column(name) is not None or name in fields or name in scope.enrich_sites.get(source.row_type, {}):
        mend = f"give the {what} another name"
        scope.report("SEG202", f"`{source.name}` already has a column or field `{name}`", span, mend)


def _declarations(scope: Scope) -> dict[str, Any]:
    """Resolve everything that is declared; what nothing else asks for is resolved here."""
    enrichments = make_enrichments(scope)
    for decl in scope.of_kind(s.DeriveDecl):
        source = scope.look_up(decl.source, (s.SourceDecl,), "source")
        if source is None:
            continue
        if source.like is not None:
            mend = f"derive for `{source.like.text}`: its fields apply here too"
            scope.report("SEG208", f"`{source.name.text}` is like another source", decl.source.span, mend)
        for item in decl.items:
            if isinstance(item, s.FieldDecl):
                resolve_field(scope, decl.source.text, item.name.text, item.name.span)
    for decl in scope.of_kind(s.PopulationDecl):
        resolve_population(scope, decl.name.text, decl.name.span)
    for decl in scope.of_kind(s.ScoreDecl):
        score = resolve_score(scope, decl.name.text, decl.name.span)
        if score is not None:
            _check_field_names(scope, score.name, score.source, score.span, "score")
    for decl in scope.of_kind(s.SegmentationDecl):
        scheme = resolve_scheme(scope, decl.name.text, decl.name.span)
        if scheme is not None:
            _check_field_names(scope, scheme.name, scheme.source, scheme.span, "segmentation")
    hypotheses = [h for d in scope.of_kind(s.HypothesisDecl) if (h := make_hypothesis(scope, d)) is not None]
    providers = [resolve_provider(scope, d) for d in scope.of_kind(s.ProviderDecl)]
    evaluations = tuple(make_evaluation(scope, d, n) for n, d in enumerate(scope.of_kind(s.EvaluateDecl)))
    audiences = [a for d in scope.of_kind(s.AudienceDecl) if (a := make_audience(scope, d)) is not None]
    by_name = {a.name: a for a in audiences}
    report_audience_cycles(scope, by_name)
    tests = tuple(t for d in scope.of_kind(s.TestDecl) if (t := make_test(scope, d)) is not None)
    return {
        "enrichments": enrichments,
        "hypotheses": MappingProxyType({h.name: h for h in hypotheses}),
        "providers": MappingProxyType({p.name: p for p in providers}),
        "evaluations": evaluations,
        "audiences": MappingProxyType(by_name),
        "sections": tuple(
            use_plugin(scope, d.plugin, PluginKind.SECTION, d.properties) for d in scope.of_kind(s.ReportDecl)
        ),
        "tests": tests,
        "about": _about(scope),
    }


def _about(scope: Scope) -> About:
    entries = []
    decls = scope.of_kind(s.AboutDecl)
    for decl in decls[1:]:
        scope.report("SEG202", "There are two `about`", decl.span, "keep one of the two", first=decls[0].span)
    for decl in decls[:1]:
        found = check_properties(scope, decl.properties, _ABOUT, "`about`", open_ended=True)
        entries = [(name, plain_values(item)) for name, item in found.items()]
    return About(tuple(entries))


def _warn_unused(scope: Scope) -> None:
    for kind, what in ((s.ParamDecl, "parameter"), (s.SetDecl, "set")):
        for decl in scope.of_kind(kind):
            name = decl.name.text
            # The clock is used by every source that knows its dates.
            if name not in scope.used and name != CLOCK and not scope.broken and decl.span.file == scope.trees[0].file:
                scope.report("SEG804", f"The {what} `{name}` is never used", decl.name.span, "use it, or take it out")


def _model(scope: Scope, parts: dict[str, Any]) -> Model:
    clock = scope.params.get(CLOCK)
    return Model(
        file=scope.trees[0].file,
        clock=CLOCK if clock is not None and clock.type.kind is Kind.DATE else None,
        params=MappingProxyType(scope.params),
        sets=MappingProxyType(scope.sets),
        sources=MappingProxyType(scope.sources),
        fields=MappingProxyType(scope.fields),
        populations=MappingProxyType(scope.populations),
        scores=MappingProxyType(scope.scores),
        schemes=MappingProxyType(scope.schemes),
        links=tuple(scope.links),
        order=tuple(step for step in scope.order if step[0] in _COMPUTED),
        **parts,
    )
