"""Segmentations: by rule, overlapping, by nearest prototype, or found by a plugin."""

from collections.abc import Iterable
from decimal import Decimal

from segdsl.diagnostics import Span
from segdsl.language import syntax as s
from segdsl.language.terms import Name, Reference
from segdsl.model.catalog import FieldName, PluginKind
from segdsl.model.constants import constant_value
from segdsl.model.context import Context
from segdsl.model.missing import made_known
from segdsl.model.model import COMPARED, Matching, Measure, Message, OutputColumn, Place, Scheme, Segment
from segdsl.model.plugin_options import TypedField, check_currencies, use_plugin
from segdsl.model.plugin_use import PluginUse
from segdsl.model.references import check_reference, source_of_table
from segdsl.model.scope import Scope, check_properties, plain_values
from segdsl.model.terms import check_condition
from segdsl.types import NUMBER, Kind
from segdsl.types.column_type import WHOLE

_MATCHING = {
    "first": Matching.FIRST,
    "overlapping": Matching.OVERLAPPING,
    "nearest": Matching.NEAREST,
    "using": Matching.PLUGIN,
}
_MEASURED = frozenset({Kind.MONEY, Kind.DURATION}) | COMPARED
SEGMENT_PROPERTIES = ("persona", "owner", "positioning")


def resolve_scheme(scope: Scope, name: str, span: Span) -> Scheme | None:
    decl = scope.names.get(name)
    if not isinstance(decl, s.SegmentationDecl):
        return None
    return scope.resolve("scheme", name, span, lambda: _make_scheme(scope, decl))


def _make_scheme(scope: Scope, decl: s.SegmentationDecl) -> Scheme | None:
    table = scope.look_up(decl.population, (s.SourceDecl, s.PopulationDecl), "population or source")
    source = None if table is None else source_of_table(scope, decl.population.text, decl.population.span)
    if source is None:
        return None
    context = Context(source.name)
    body = scope.body_of(decl)
    plugin, reads = (None, ()) if decl.plugin is None else _finder(scope, decl, decl.plugin, context, body is not decl)
    if any(isinstance(i, s.UnknownAsFalse) for i in body.items):
        context = Context(source.name, unknown_as_false=True)
    measures = tuple(
        m for i in body.items if isinstance(i, s.MeasureClause) if (m := _measure(scope, i, context)) is not None
    )
    written = [i for i in body.items if isinstance(i, s.SegmentDecl)]
    _check_mode(scope, body, written)
    scheme = Scheme(
        name=decl.name.text,
        title="" if decl.title is None else str(decl.title.value),
        population=decl.population.text,
        source=source.name,
        matching=_MATCHING[body.mode],
        segments=tuple(_segment(scope, item, context, measures) for item in written),
        measures=measures,
        plugin=plugin,
        reads=reads,
        span=decl.name.span,
    )
    scope.schemes[scheme.name] = scheme
    return scheme


def _finder(
    scope: Scope, decl: s.SegmentationDecl, name: Name, context: Context, is_found: bool
) -> tuple[PluginUse, tuple[OutputColumn, ...]]:
    """The plugin that finds the segments, with what its options make it read.

    Segments that are found already (`is_found`) don't need it, so then it may be absent.
    """
    reads: dict[str, OutputColumn] = {}

    def read(reference: Reference) -> TypedField:
        # What rests on segments that are still to be found stays among what is read, so that the plugin waits for them.
        value = check_reference(scope, reference, context, in_term=False)
        reads[reference.dotted] = OutputColumn(reference.dotted, value)
        return FieldName(reference.dotted), (value.type,)

    options = [i for i in decl.items if isinstance(i, s.Property)]
    if is_found and name.text not in scope.catalog.plugins:
        _check_features(scope, options, context)
        return PluginUse(name.text, (), (), name.span), ()
    plugin = use_plugin(scope, name, PluginKind.SEGMENTER, options, read)
    if plugin.run is None:
        _check_features(scope, options, context)
    check_currencies(scope, plugin.options, (one.value.type for one in reads.values()))
    return plugin, tuple(reads.values())


def _check_features(scope: Scope, options: Iterable[s.Property], context: Context) -> None:
    """Names that customary options of a plugin that isn't there give must be fields."""
    for option in options:
        if option.name.text not in ("target", "of", "features"):
            continue
        for value in option.values:
            if isinstance(value, Reference):
                check_reference(scope, value, context, in_term=False)


# ---- shape


def _check_mode(scope: Scope, decl: s.SegmentationDecl, written: list[s.SegmentDecl]) -> None:
    if decl.mode != "using" and not written and decl.name.text not in scope.broken:
        mend = 'add `segment name "Title" when ...`'
        scope.report("SEG205", f"The segmentation `{decl.name.text}` has no segments", decl.name.span, mend)
    if decl.mode == "nearest":
        _check_nearest(scope, decl, written)
    else:
        for item in decl.items:
            if isinstance(item, s.MeasureClause):
                mend = "write `for " + decl.population.text + " nearest { ... }`"
                scope.report("SEG208", "A measure belongs to a `nearest` segmentation", item.span, mend)
        for segment in written:
            if segment.places:
                mend = "write `when` and a condition, or make the segmentation `nearest`"
                scope.report("SEG208", f"`{segment.name.text}` has a prototype", segment.span, mend)
    if decl.mode == "overlapping":
        for segment in written:
            for inner in (i for i in segment.items if isinstance(i, s.SegmentDecl)):
                mend = "give it a segmentation of its own"
                scope.report("SEG208", "Overlapping segments can't be nested", inner.span, mend)
    _check_names(scope, written, decl.mode)


def _check_names(scope: Scope, written: list[s.SegmentDecl], mode: str) -> None:
    seen: dict[str, Span] = {}
    closed: s.SegmentDecl | None = None
    for segment in written:
        name = segment.name.text
        if name in seen:
            found = f"Two segments are named `{name}`"
            scope.report("SEG202", found, segment.name.span, "give one another name", first=seen[name])
        seen.setdefault(name, segment.name.span)
        if "/" in name:
            mend = "a slash separates a segment from its nested one; leave it out"
            scope.report("SEG208", f"`{name}` has a slash in its name", segment.name.span, mend)
        if closed is not None and mode == "first":
            mend = f"put it before `{closed.name.text}`, which takes all that is left"
            scope.report("SEG803", f"No account can reach `{name}`", segment.name.span, mend)
        if segment.condition is None and not segment.places and closed is None:
            closed = segment
        _check_names(scope, [i for i in segment.items if isinstance(i, s.SegmentDecl)], mode)


def _check_nearest(scope: Scope, decl: s.SegmentationDecl, written: list[s.SegmentDecl]) -> None:
    if decl.name.text in scope.broken:
        return
    measures = [i.measure.dotted for i in decl.items if isinstance(i, s.MeasureClause)]
    if not measures:
        mend = "add `measure employees log scale 1.8`"
        scope.report("SEG205", f"`{decl.name.text}` has no measures", decl.name.span, mend)
    for name in {m for m in measures if measures.count(m) > 1}:
        scope.report("SEG209", f"`{name}` is measured twice", decl.name.span, "keep one of the two")
    for segment in written:
        if not segment.places:
            mend = "write `at` and a value for each measure"
            scope.report("SEG208", f"`{segment.name.text}` has no prototype", segment.span, mend)
            continue
        placed = [p.measure.text for p in segment.places]
        for place in segment.places:
            if place.measure.text not in measures:
                scope.unknown_name("measure", place.measure.text, place.measure.span, measures)
        lacking = [m for m in measures if m not in placed]
        if lacking:
            listed = ", ".join(f"`{m}`" for m in lacking)
            scope.report("SEG205", f"The prototype lacks {listed}", segment.name.span, "give a value for each measure")


# ---- parts


def _measure(scope: Scope, item: s.MeasureClause, context: Context) -> Measure | None:
    value = check_reference(scope, item.measure, context, in_term=False)
    scale = item.scale.value
    if isinstance(scale, bool) or not isinstance(scale, int | Decimal) or scale <= 0:
        scope.report("SEG307", "A scale is a number above 0", item.scale.span, "write `scale 1.8`")
        return None
    if value.type.is_unknown:
        return None
    if not value.type.is_numeric and value.type.kind not in _MEASURED:
        found = f"`{item.measure.dotted}` is `{value.type.or_missing(False)}`, which has no distance"
        mend = "measure a number, an amount, a duration, a category or a yes-or-no"
        scope.report("SEG302", found, item.measure.span, mend)
        return None
    if item.log and value.type.kind in COMPARED:
        found = f"`log` measures numbers, and `{item.measure.dotted}` is `{value.type.or_missing(False)}`"
        scope.report("SEG302", found, item.measure.span, "leave `log` out")
        return None
    return Measure(item.measure.dotted, value, item.log, Decimal(scale))


def _segment(scope: Scope, item: s.SegmentDecl, context: Context, measures: tuple[Measure, ...]) -> Segment:
    condition = None if item.condition is None else check_condition(scope, item.condition, context)
    inside = context
    if condition is not None:
        inside = Context(context.row, context.known | made_known(condition), context.unknown_as_false)
    written = [i for i in item.items if isinstance(i, s.Property)]
    properties = check_properties(scope, written, SEGMENT_PROPERTIES, "A segment", open_ended=True)
    unknown_as_false = any(isinstance(i, s.UnknownAsFalse) for i in item.items)
    if unknown_as_false:
        inside = Context(inside.row, inside.known, True)
    return Segment(
        name=item.name.text,
        title="" if item.title is None else str(item.title.value),
        condition=condition,
        at=_places(scope, item, measures),
        properties=tuple((name, plain_values(p)) for name, p in properties.items()),
        messages=tuple(_message(m) for m in item.items if isinstance(m, s.MessageClause)),
        children=tuple(_segment(scope, i, inside, measures) for i in item.items if isinstance(i, s.SegmentDecl)),
        span=item.span,
    )


def _places(scope: Scope, item: s.SegmentDecl, measures: tuple[Measure, ...]) -> tuple[Place, ...]:
    types = {m.name: m.value.type for m in measures}
    logged = {m.name for m in measures if m.log}
    for place in item.places:
        number = place.value.value
        if place.measure.text in logged and isinstance(number, int | Decimal) and number <= -1:
            mend = "place it above -1, or leave `log` out of the measure"
            scope.report("SEG307", "`log` measures log(1 + x), so x lies above -1", place.value.span, mend)
    # A prototype is a mean, so that of a count need not be whole.
    wanted = {name: NUMBER if kind.kind in WHOLE else kind for name, kind in types.items()}
    return tuple(
        Place(p.measure.text, constant_value(scope, p.value, wanted[p.measure.text]))
        for p in item.places
        if p.measure.text in wanted
    )


def _message(item: s.MessageClause) -> Message:
    return Message(item.stage.text, str(item.text.value), tuple(str(c.value) for c in item.channels))
