"""`collect --read`: what people found, held against the spec, with where each value comes from."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path

import pyarrow as pa

from segdsl.collecting.collected import Collected, Rechecked, compare
from segdsl.collecting.definitions import define
from segdsl.collecting.field_name import FieldName
from segdsl.collecting.offers import offers_of
from segdsl.collecting.sheet import COLLECT, RECHECK, REQUIRED
from segdsl.diagnostics import Diagnostic, Diagnostics, Label, RowExamples, has_errors
from segdsl.diagnostics.codes import PLUGIN_TROUBLE
from segdsl.diagnostics.suggestion import closest
from segdsl.engines.arrow.aggregation.columns import plain_text
from segdsl.engines.arrow.execution.state import Frame
from segdsl.engines.arrow.filled_sheets import FilledSheet, read_days, read_sheet, read_values, unfit, value_texts
from segdsl.engines.arrow.physical import display_array
from segdsl.engines.arrow.reading import DataFile
from segdsl.model.model import Model
from segdsl.model.source import ColumnContract
from segdsl.plan import clock_of
from segdsl.record import dataclass
from segdsl.runs.collected_files import WideTable, wide_table, write_collected
from segdsl.runs.inputs import refuse_stand_ins
from segdsl.runs.staging import refuse_linked
from segdsl.workflows.collect.gathering import Subject
from segdsl.workflows.collect.sheets import account_keys
from segdsl.workflows.computed_fields import ComputedFields, compute_fields
from segdsl.workflows.loading import Loaded, load

_SEVERAL = "SEG423"
_OPTIONAL = ("definition", "provider", "note", "task")
_FOLDER = "collected"

Where = dict[str, list[tuple[int, str]]]


@dataclass(frozen=True, slots=True)
class ReadRequest:
    """Sheets to be read back. Where it `writes`, what they hold goes into `out` (None: `collected` beside the spec)."""

    subject: Subject
    sheets: tuple[Path, ...]
    out: Path | None
    writes: bool


@dataclass(frozen=True, slots=True)
class ReadBack:
    """What sheets hold: the collected values, the rows that are still empty, the accuracy that a second look measured,
    and the files that were written. Nothing is given where there was an error."""

    loaded: Loaded
    computed: ComputedFields | None
    values: tuple[Collected, ...]
    empty: int
    rechecked: tuple[Rechecked, ...]
    files: tuple[Path, ...]
    diagnostics: Diagnostics
    spec_was_good: bool


@dataclass(frozen=True, slots=True)
class _Entry:
    """A filled row of a sheet: the sheet, its place there, and the row of the account in the table."""

    sheet: FilledSheet
    place: int
    field: FieldName
    row: int

    def cell(self, column: str) -> str:
        cells = self.sheet.columns.get(column)
        return "" if cells is None else cells[self.place]

    @property
    def number(self) -> int:
        return self.sheet.rows[self.place]

    @property
    def task(self) -> str:
        return self.cell("task").lower() or COLLECT


def _default_folder(loaded: Loaded) -> Path:
    return (loaded.spec.parent if loaded.spec is not None else Path()) / _FOLDER


def read_back(request: ReadRequest, shown: Sequence[str] = (), today: date | None = None) -> ReadBack:
    """Reads sheets and checks every value; all breaches are told at once, with their rows. `shown` are further columns
    to compute."""
    day = today or date.today()
    subject = request.subject
    loaded = load(subject.argument, subject.root, subject.settings)
    found = loaded.diagnostics
    if loaded.model is None or any(one.is_error and one.code not in PLUGIN_TROUBLE for one in found):
        return _stopped(loaded, found, spec_was_good=False)
    model = loaded.model
    refused = refuse_stand_ins(model.sources, subject.elsewhere, "--source")
    if refused:
        return _stopped(loaded, (*found, *refused), spec_was_good=False)
    own = _default_folder(loaded)
    linked = refuse_linked(own, loaded.project.root) if request.writes and request.out is None else None
    if linked is not None:
        return _stopped(loaded, (*found, linked), spec_was_good=True)
    sheets, unread = _sheets(request.sheets)
    if unread:
        return _stopped(loaded, (*found, *unread), spec_was_good=True)
    computed = _tables(loaded, model, subject, sheets, shown, day)
    if not isinstance(computed, ComputedFields):
        return _stopped(loaded, (*found, *computed), spec_was_good=True)
    entries, lost, empty = _entries(model, computed, sheets)
    values, wrong = _values(model, entries, day)
    twice, values = _settled(model, values)
    several = tuple(_definitions(model, sheets))
    diagnostics = loaded.accept((*found, *several, *lost, *wrong, *twice))
    if has_errors((*lost, *wrong, *twice)):
        return _stopped(loaded, diagnostics, spec_was_good=True)
    first = tuple(value for entry, value in values if entry.task == COLLECT)
    second = tuple(value for entry, value in values if entry.task == RECHECK)
    rechecked = tuple(compare(first, second, {offer.provider: offer.accuracy for offer in offers_of(model)}))
    files = _write(computed, request.out or own, first) if request.writes and first else ()
    if isinstance(files, Diagnostic):
        return _stopped(loaded, (*diagnostics, files), spec_was_good=True)
    return ReadBack(loaded, computed, first, empty, rechecked, files, diagnostics, spec_was_good=True)


def _stopped(loaded: Loaded, found: Diagnostics, spec_was_good: bool) -> ReadBack:
    return ReadBack(loaded, None, (), 0, (), (), loaded.accept(found), spec_was_good)


def _sheets(paths: Iterable[Path]) -> tuple[tuple[FilledSheet, ...], Diagnostics]:
    sheets: list[FilledSheet] = []
    found: list[Diagnostic] = []
    for path in paths:
        read = read_sheet(DataFile(path, str(path)), REQUIRED, _OPTIONAL)
        if isinstance(read, FilledSheet):
            sheets.append(read)
        else:
            found.extend(read)
    return tuple(sheets), tuple(found)


def _tables(
    loaded: Loaded, model: Model, subject: Subject, sheets: Iterable[FilledSheet], shown: Sequence[str], day: date
) -> ComputedFields | Diagnostics:
    """The tables that the sheets are about, with their keys."""
    named = {text.partition(".")[0] for sheet in sheets for text in sheet.columns["field"]}
    sources = [source for name, source in sorted(model.sources.items()) if name in named]
    names = [(source, name) for source in sources for name in (*source.key, *shown) if source.column(name)]
    fields = dict.fromkeys(FieldName(source.name, name) for source, name in names)
    return compute_fields(loaded, clock_of(model, day), fields, (), subject.elsewhere, subject.on_progress)


def _entries(
    model: Model, computed: ComputedFields, sheets: Iterable[FilledSheet]
) -> tuple[list[_Entry], Diagnostics, int]:
    """The filled rows whose field and account the spec knows; what is wrong with others; how many are empty."""
    fields: Where = {}
    accounts: Where = {}
    entries: list[_Entry] = []
    empty = 0
    known = {name: _row_by_key(frame) for name, frame in computed.state.frames.items()}
    for sheet in sheets:
        for place, (text, account) in enumerate(zip(sheet.columns["field"], sheet.columns["account"], strict=True)):
            if not text and not account and not sheet.columns["value"][place]:
                continue
            field = _field(model, text)
            if field is None:
                fields.setdefault(sheet.file, []).append((sheet.rows[place], text))
                continue
            row = known[field.source].get(_as_written(account))
            if row is None:
                shown = _masked(account, _has_personal_key(model, field))
                accounts.setdefault(sheet.file, []).append((sheet.rows[place], shown))
            elif sheet.columns["value"][place]:
                entries.append(_Entry(sheet, place, field, row))
            else:
                empty += 1
    found = []
    if fields:
        found.append(_unknown_fields(model, fields))
    if accounts:
        expected = "the key of a row, as it stands in the data"
        found.append(unfit("about an account that the data don't have", accounts, expected))
    return entries, tuple(found), empty


def _unknown_fields(model: Model, where: Where) -> Diagnostic:
    names = [f"{source.name}.{column.name}" for source in model.sources.values() for column in source.columns]
    first = next(text for found in where.values() for _, text in found)
    near = closest(first, names)
    mend = f"did you mean `{near}`?" if near else ""
    return unfit("about a field that the spec doesn't have", where, "a column of a source: `accounts.employees`", mend)


def _row_by_key(frame: Frame) -> dict[str, int]:
    return {key: row for row, key in enumerate(account_keys(frame))}


def _field(model: Model, text: str) -> FieldName | None:
    source, _, name = text.partition(".")
    known = model.sources.get(source)
    return FieldName(source, name) if known is not None and known.column(name) is not None else None


def _as_written(account: str) -> str:
    """The key without the sign that keeps a spreadsheet from computing it."""
    return account[1:] if account[:1] == "'" and account[1:2] in ("=", "+", "-", "@") else account


def _has_personal_key(model: Model, field: FieldName) -> bool:
    return any(column.pii for column in model.sources[field.source].columns if column.is_key)


def _masked(text: str, personal: bool) -> str:
    return f"{text[:1]}***" if personal else text


def _contract(model: Model, field: FieldName) -> ColumnContract:
    contract = model.sources[field.source].column(field.name)
    assert contract is not None
    return contract


def _values(model: Model, entries: Iterable[_Entry], today: date) -> tuple[list[tuple[_Entry, Collected]], Diagnostics]:
    """Each entry with its value, and what is wrong with values and with where they come from."""
    groups: dict[tuple[str, FieldName], list[_Entry]] = {}
    for entry in entries:
        groups.setdefault((entry.sheet.file, entry.field), []).append(entry)
    values: list[tuple[_Entry, Collected]] = []
    found: list[Diagnostic] = []
    origin = _Origins({}, {}, {}, {}, {})
    for (_, field), group in groups.items():
        contract = _contract(model, field)
        sheet = group[0].sheet
        array, wrong = read_values(model.sources[field.source], contract, sheet, [one.place for one in group])
        found.extend(wrong)
        days = read_days([one.cell("found_on") for one in group])
        for entry, text, day in zip(group, value_texts(array, contract), days, strict=True):
            if origin.fits(entry, day, today) and text is not None and day is not None:
                values.append((entry, _collected(entry, text, day)))
    return values, (*found, *origin.diagnostics())


def _collected(entry: _Entry, text: str, day: date) -> Collected:
    account = _as_written(entry.cell("account"))
    cells = (entry.cell("provider"), entry.cell("collector"))
    return Collected(entry.field, account, entry.row, text, *cells, day, entry.cell("note"))


@dataclass(frozen=True, slots=True)
class _Origins:
    """Rows whose value comes from nowhere: without a collector, a provider or a day, with a day that is none or that is
    still to come, or with a task that there isn't."""

    nobody: Where
    nowhere: Where
    no_day: Where
    later: Where
    tasks: Where

    def fits(self, entry: _Entry, day: date | None, today: date) -> bool:
        """Whether it is known where an entry comes from; what is wrong is noted."""
        wrong = [
            (self.nobody, "", not entry.cell("collector")),
            (self.nowhere, "", not entry.cell("provider")),
            (self.no_day, entry.cell("found_on"), day is None),
            (self.later, entry.cell("found_on"), day is not None and day > today),
            (self.tasks, entry.cell("task"), entry.task not in (COLLECT, RECHECK)),
        ]
        for where, text, is_wrong in wrong:
            if is_wrong:
                where.setdefault(entry.sheet.file, []).append((entry.number, text))
        return not any(is_wrong for _, _, is_wrong in wrong)

    def diagnostics(self) -> Iterator[Diagnostic]:
        told = (
            (self.nobody, "with a value but no collector", "who found it, in `collector`"),
            (self.nowhere, "with a value but no provider", "where it comes from, in `provider`"),
            (self.no_day, "with a value but no date in `found_on`", "a date such as 2026-01-31"),
            (self.later, "found on a day that is still to come", "a day up to today"),
            (self.tasks, "with an unknown task", f"`{COLLECT}` or `{RECHECK}`"),
        )
        return (unfit(words, where, expected) for where, words, expected in told if where)


def _settled(
    model: Model, values: Iterable[tuple[_Entry, Collected]]
) -> tuple[Diagnostics, list[tuple[_Entry, Collected]]]:
    """One value an account, field and task, in the order of the tables; the one found last where they say the same."""
    latest: dict[tuple[FieldName, int, str], tuple[_Entry, Collected]] = {}
    twice: Where = {}
    for entry, value in values:
        key = (entry.field, entry.row, entry.task)
        before = latest.get(key)
        if before is not None and before[1].value != value.value:
            shown = f"{_masked(value.account, _has_personal_key(model, value.field))} {value.field}"
            twice.setdefault(entry.sheet.file, []).append((entry.number, shown))
        if before is None or before[1].found_on < value.found_on:
            latest[key] = (entry, value)
    expected = "one value of a field for an account"
    mend = "settle which one holds, and empty the other"
    found = (unfit("with another value than an earlier row has", twice, expected, mend),) if twice else ()
    return found, [latest[key] for key in sorted(latest, key=lambda key: (key[0].source, key[1], key[0].name, key[2]))]


def _definitions(model: Model, sheets: Iterable[FilledSheet]) -> Iterator[Diagnostic]:
    """Fields that sheets define in several ways, or otherwise than the spec does."""
    meant: dict[FieldName, dict[str, Where]] = {}
    for sheet in sheets:
        texts = sheet.columns.get("definition", ())
        for number, text, definition in zip(sheet.rows, sheet.columns["field"], texts, strict=False):
            field = _field(model, text)
            if field is not None and definition:
                where = meant.setdefault(field, {}).setdefault(_as_written(definition), {})
                where.setdefault(sheet.file, []).append((number, definition))
    for field, found in sorted(meant.items()):
        own = define(_contract(model, field))
        others = [definition for definition in found if definition != own]
        if others:
            yield _several(model, field, own, {definition: found[definition] for definition in others})


def _several(model: Model, field: FieldName, own: str, others: Mapping[str, Where]) -> Diagnostic:
    rows = tuple(
        RowExamples(file, len(cells), tuple(row for row, _ in cells[:3]), tuple(text for _, text in cells[:3]))
        for where in others.values()
        for file, cells in where.items()
    )
    label = Label(_contract(model, field).span, f"means: {own}")
    mend = "values that were found for another meaning can't be compared: collect them again, or correct the sheet"
    return Diagnostic(_SEVERAL, f"`{field}` has several definitions", (label,), help=mend, rows=rows)


def _write(computed: ComputedFields, folder: Path, values: Sequence[Collected]) -> tuple[Path, ...] | Diagnostic:
    wide = []
    for source in sorted({one.field.source for one in values}):
        frame = computed.state.frames[source]
        keys = {name: _shown_key(frame, name, key) for name, key in zip(frame.source.key, frame.key(), strict=True)}
        types = {column.name: column.type for column in frame.source.columns}
        own = [one for one in values if one.field.source == source]
        wide.append(WideTable(source, wide_table(keys, types, own)))
    return write_collected(folder, values, wide)


def _shown_key(frame: Frame, name: str, key: pa.Array) -> pa.Array:
    contract = frame.source.column(name)
    assert contract is not None
    return display_array(plain_text(key), contract.type)
