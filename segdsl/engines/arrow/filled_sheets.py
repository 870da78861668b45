"""Sheets that people filled in: their cells as text, and values held against the contract of their column."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

import numpy as np
import pyarrow as pa

from segdsl.diagnostics import Diagnostic, Diagnostics, RowExamples, Span
from segdsl.engines.arrow.physical import display_array
from segdsl.engines.arrow.reading import DataFile
from segdsl.engines.arrow.reading.breaches import BreachLog
from segdsl.engines.arrow.reading.columns import read_cells
from segdsl.engines.arrow.reading.opening import open_table
from segdsl.engines.arrow.reading.raw import RawTable, WantedColumn
from segdsl.engines.arrow.reading.rule import rule_of
from segdsl.model.source import BreachPolicies, ColumnContract, ReadOptions, Source
from segdsl.types import DATE, TEXT, Kind

_UNFIT = "SEG422"
_NOWHERE = Span("", 0, 0)


@dataclass(frozen=True, slots=True)
class FilledSheet:
    """The cells of a sheet by header, trimmed, empty for none; `rows` are the numbers of its data rows."""

    file: str
    columns: Mapping[str, Sequence[str]]
    rows: Sequence[int]


def read_sheet(file: DataFile, required: Iterable[str], optional: Iterable[str]) -> FilledSheet | Diagnostics:
    """Reads a sheet of any format that sources are read from. Other columns are not looked at."""
    wanted = (*required, *optional)
    opened = open_table(file, _NOWHERE, ReadOptions(), frozenset(wanted))
    if isinstance(opened, Diagnostic):
        return (_without_place(opened),)
    table, _ = opened
    absent = [name for name in required if name not in table.headers]
    if absent:
        return (_absent(file, absent, table.headers),)
    return _cells(file, table, [name for name in wanted if name in table.headers])


def _cells(file: DataFile, table: RawTable, names: Sequence[str]) -> FilledSheet | Diagnostics:
    contracts = tuple(WantedColumn(table.headers.index(n), ColumnContract(n, n, TEXT, _NOWHERE)) for n in names)
    columns: dict[str, list[str]] = {name: [] for name in names}
    rows: list[int] = []
    found: list[Diagnostic] = []
    for batch in table.stream(contracts):
        if isinstance(batch, Diagnostic):
            found.append(_without_place(batch))
            break
        for name, array in zip(names, batch.columns, strict=True):
            columns[name].extend((text or "").strip() for text in array.cast(pa.string()).to_pylist())
        rows.extend(batch.row_numbers().tolist())
        if batch.misfits:
            examples = tuple((m.row, m.why) for m in batch.misfits)
            found.append(unfit("that can't be taken apart", {file.shown: examples}, "as many cells as the header"))
    return tuple(found) or FilledSheet(file.shown, columns, rows)


def unfit(words: str, where: Mapping[str, Sequence[tuple[int, str]]], expected: str, mend: str = "") -> Diagnostic:
    """Rows of sheets that don't fit, by file: their numbers and what stands there."""
    count = sum(map(len, where.values()))
    examples = tuple(
        RowExamples(file, len(found), tuple(row for row, _ in found[:5]), _values([text for _, text in found[:5]]))
        for file, found in where.items()
    )
    message = f"{count:,} {'row' if count == 1 else 'rows'} {words}"
    return Diagnostic(_UNFIT, message, expected=expected, help=mend, rows=examples)


def _values(texts: Sequence[str]) -> tuple[str, ...]:
    return tuple(texts) if any(texts) else ()


def _absent(file: DataFile, absent: Sequence[str], headers: Sequence[str]) -> Diagnostic:
    listed = ", ".join(f"`{name}`" for name in absent)
    noun = "column" if len(absent) == 1 else "columns"
    shown = ", ".join(f"`{header}`" for header in headers[:20])
    mend = "read back a sheet that `collect --sheet` wrote, with its header as it was"
    return Diagnostic(_UNFIT, f"`{file.shown}` has no {noun} {listed}", expected=f"{listed} among {shown}", help=mend)


def _without_place(found: Diagnostic) -> Diagnostic:
    """A finding about a sheet: no spec says how it is to be read."""
    mend = "save the sheet as XLSX, or as CSV in UTF-8" if "read {" in found.help else found.help
    return replace(found, labels=(), help=mend)


def read_values(
    source: Source, contract: ColumnContract, sheet: FilledSheet, places: Sequence[int]
) -> tuple[pa.Array, Diagnostics]:
    """The values at some places of a sheet by the contract of their column, null where one breaks it, and the breaches.

    People write numbers as they like; amounts are meant in full, whatever scale the source's own file has.
    """
    own = replace(
        contract,
        type=contract.type.or_missing(),
        lenient=True,
        scale=None,
        default=None,
        other_as_missing=False,
        split=(contract.split or ";") if contract.type.kind is Kind.LIST else None,
    )
    texts = pa.array([sheet.columns["value"][place] for place in places], pa.string())
    cells = read_cells(texts, rule_of(own, ReadOptions()))
    log = BreachLog(replace(source, columns=(own,), policies=BreachPolicies()))
    if cells.flaws is not None:
        rows = np.array([sheet.rows[place] for place in places], np.int64)
        log.add_flaws(sheet.file, own, cells.flaws, texts, rows, cells.mismatch or "")
    mend = "correct these cells; an empty one says that nothing was found"
    return cells.array, tuple(replace(found, help=mend) for found in log.diagnostics())


def read_days(texts: Sequence[str]) -> list[date | None]:
    """Dates as ISO writes them, also where a workbook added a time; None for any other text."""
    contract = ColumnContract("found_on", "found_on", DATE.or_missing(), _NOWHERE)
    days = [text.partition("T")[0].partition(" ")[0] for text in texts]
    found: list[date | None] = read_cells(
        pa.array(days, pa.string()), rule_of(contract, ReadOptions())
    ).array.to_pylist()
    return found


def value_texts(array: pa.Array, contract: ColumnContract) -> list[str | None]:
    """Values as a file holds them that a source is read from: numbers plain, dates by ISO, lists parted."""
    separator = f"{contract.split or ';'} "
    shown = display_array(array, contract.type.or_missing())
    return [None if value is None else _text(value, separator) for value in shown.to_pylist()]


def _text(value: object, separator: str) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case list():
            return separator.join(_text(item, separator) for item in value)
        case float():
            return repr(value).removesuffix(".0")
        case Decimal():
            plain = format(value, "f")
            return plain.rstrip("0").rstrip(".") if "." in plain else plain
        case date():
            return value.isoformat()
        case timedelta():
            return f"{value / timedelta(days=1):.10g} days"
        case _:
            return str(value)
