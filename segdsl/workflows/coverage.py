"""`coverage`: what is known of each field, where it comes from, and what depends on it."""

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

from segdsl.collecting.definitions import define
from segdsl.collecting.field_name import FieldName
from segdsl.collecting.offers import offers_of
from segdsl.collecting.staleness import fresh_from, longest_age
from segdsl.collecting.users import User, users_of
from segdsl.diagnostics import Diagnostic, Diagnostics, Label
from segdsl.diagnostics.codes import PLUGIN_TROUBLE
from segdsl.diagnostics.suggestion import closest
from segdsl.engines.arrow.coverage import FieldCount, count_field
from segdsl.engines.arrow.execution.state import Progress, silent
from segdsl.model.model import Model
from segdsl.model.source import ColumnContract, DerivedOrigin, FileOrigin, Source, StackedOrigin
from segdsl.plan import Clock, clock_of
from segdsl.record import dataclass
from segdsl.report.coverage import FieldCoverage, SourceCoverage
from segdsl.runs.inputs import refuse_stand_ins
from segdsl.types import Kind, Type
from segdsl.workflows.computed_fields import ComputedFields, compute_fields, type_of
from segdsl.workflows.loading import NOTHING_SET, Loaded, load

_NO_SOURCE = "SEG703"
_REFUSED = "SEG506"
_SEVERAL = "SEG423"
_FOUND_ON = "_found_on"
_TIMES = (Kind.DATE, Kind.TIMESTAMP)


@dataclass(frozen=True, slots=True)
class CoverageRequest:
    """Which spec is looked at, on which data; `dated` says, by source, the column with the day of its values."""

    argument: Path
    root: Path | None = None
    settings: Mapping[str, str] = NOTHING_SET
    elsewhere: Mapping[str, str] = NOTHING_SET
    dated: Mapping[str, str] = NOTHING_SET
    on_progress: Progress = silent


@dataclass(frozen=True, slots=True)
class Coverage:
    """What came of it; `sources` is empty where there was an error."""

    loaded: Loaded
    clock: Clock | None
    sources: tuple[SourceCoverage, ...]
    diagnostics: Diagnostics
    spec_was_good: bool


def measure_coverage(request: CoverageRequest, today: date | None = None) -> Coverage:
    """Reads all sources and counts, for each field, what is known, missing, stale and distinct."""
    loaded = load(request.argument, request.root, request.settings)
    found = loaded.diagnostics
    if loaded.model is None or any(one.is_error and one.code not in PLUGIN_TROUBLE for one in found):
        return _stopped(loaded, found, spec_was_good=False)
    model = loaded.model
    refused = tuple(_refuse(model, request, loaded.name))
    if refused:
        return _stopped(loaded, (*found, *refused), spec_was_good=False)
    clock = clock_of(model, today or date.today())
    fields = [FieldName(source, name) for source in model.sources for name in _made_by(model, source)]
    computed = compute_fields(loaded, clock, fields, (), request.elsewhere, request.on_progress)
    if not isinstance(computed, ComputedFields):
        return _stopped(loaded, (*found, *computed), spec_was_good=True)
    counting = _Counting(model, computed, clock, request.dated)
    sources = tuple(counting.source(source) for source in model.sources.values())
    diagnostics = loaded.accept((*found, *computed.diagnostics, *_several_definitions(model)))
    return Coverage(loaded, clock, sources, diagnostics, spec_was_good=True)


def _stopped(loaded: Loaded, found: Diagnostics, spec_was_good: bool) -> Coverage:
    return Coverage(loaded, None, (), loaded.accept(found), spec_was_good)


def _refuse(model: Model, request: CoverageRequest, name: str) -> Iterator[Diagnostic]:
    """What is wrong with the request itself."""
    if not model.sources:
        yield Diagnostic(_NO_SOURCE, f"`{name}` declares no source", expected="a source with fields to look at")
    yield from refuse_stand_ins(model.sources, request.elsewhere, "--source")
    for source, column in request.dated.items():
        known = model.sources.get(source)
        if known is None:
            near = closest(source, model.sources)
            mend = f"did you mean `{near}`?" if near else "name a source of the spec"
            yield Diagnostic(_REFUSED, f"`--dated {source}={column}`: the spec has no such source", help=mend)
            continue
        contract = known.column(column)
        if contract is None or contract.type.kind not in _TIMES:
            days = ", ".join(f"`{one.name}`" for one in known.columns if one.type.kind in _TIMES)
            message = f"`--dated {source}={column}`: `{source}` has no such date"
            yield Diagnostic(_REFUSED, message, expected="a column of dates", help=f"it has {days or 'none'}")


def _made_by(model: Model, source: str) -> dict[str, str]:
    """What makes each field of a source, by name: a file, the spec, or a plugin."""
    declared = model.sources[source]
    made = dict.fromkeys((column.name for column in declared.columns), "file")
    for table, name in model.fields:
        if table in (source, declared.row_type):
            made.setdefault(name, "derived")
    for enrichment in model.enrichments:
        if enrichment.source == declared.row_type:
            for name, _ in enrichment.added:
                made.setdefault(name, enrichment.plugin)
    return made


@dataclass(frozen=True, slots=True)
class _Counting:
    """What counting rests on."""

    model: Model
    computed: ComputedFields
    clock: Clock
    dated: Mapping[str, str]

    def source(self, source: Source) -> SourceCoverage:
        users = users_of(self.model)
        made = _made_by(self.model, source.name)
        fields = tuple(self._field(FieldName(source.name, name), by, users) for name, by in made.items())
        frame = self.computed.state.frames.get(source.name)
        rows = 0 if frame is None else frame.length
        return SourceCoverage(source.name, self._read_from(source), rows, fields)

    def _field(self, field: FieldName, made_by: str, users: Mapping[FieldName, tuple[User, ...]]) -> FieldCoverage:
        blocked = self.computed.blocked.get(str(field), "")
        providers = tuple(sorted(p.name for p in self.model.providers.values() if tuple_of(field) in p.covers))
        count = None if blocked else self._count(field)
        type_ = type_of(self.model, field)
        return FieldCoverage(field, type_, made_by, count, blocked, providers, users.get(field, ()))

    def _count(self, field: FieldName) -> FieldCount:
        frame = self.computed.state.frames[field.source]
        age = longest_age(field, offers_of(self.model))
        before = None if age is None else fresh_from(self.clock.day, age)
        return count_field(frame, field.name, self._dated(field), before)

    def _dated(self, field: FieldName) -> str | None:
        """The column that says when a value was found: the field's own, the one that was named, or that of the row."""
        source = self.model.sources[field.source]
        own = source.column(f"{field.name}{_FOUND_ON}")
        if own is not None and own.type.kind in _TIMES:
            return own.name
        return self.dated.get(source.name, source.known_from)

    def _read_from(self, source: Source) -> tuple[str, ...]:
        match source.origin:
            case FileOrigin():
                return tuple(file.shown for file in self.computed.files.get(source.name, ()))
            case DerivedOrigin(parent=parent):
                return (parent,)
            case StackedOrigin(parents=parents):
                return parents


def tuple_of(field: FieldName) -> tuple[str, str]:
    """The field as providers name what they cover."""
    return field.source, field.name


def _several_definitions(model: Model) -> Iterator[Diagnostic]:
    """Columns of one name that mean different things in different sources."""
    named: dict[str, list[tuple[str, ColumnContract]]] = {}
    for source in model.sources.values():
        if isinstance(source.origin, FileOrigin):
            for column in source.columns:
                named.setdefault(column.name, []).append((source.name, column))
    for name, found in named.items():
        kinds: dict[object, tuple[str, ColumnContract]] = {}
        for source_name, column in found:
            kinds.setdefault(_meaning(column.type), (source_name, column))
        if len(kinds) > 1:
            labels = tuple(Label(column.span, f"{source}: {define(column)}") for source, column in kinds.values())
            mend = "give one of them another name, or the same type and unit"
            yield Diagnostic(_SEVERAL, f"`{name}` has several definitions", labels, help=mend)


def _meaning(type_: Type) -> object:
    """What two columns must share to mean the same; open categories are texts."""
    if type_.is_textual and type_.values is None:
        return Kind.TEXT
    if type_.kind is Kind.LIST and type_.element is not None:
        return (Kind.LIST, _meaning(type_.element))
    return type_.or_missing(False)
