"""Collected values as files: one long table with every value, and for each source a table with a row an account."""

import csv
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import partial
from pathlib import Path

import pyarrow as pa

from segdsl.collecting.collected import Collected
from segdsl.collecting.field_name import FieldName
from segdsl.diagnostics import Diagnostic
from segdsl.engines.arrow.physical import display_type
from segdsl.record import dataclass
from segdsl.runs.names import distinct_stems
from segdsl.runs.placing import place_file
from segdsl.runs.staging import CODE
from segdsl.runs.table_files import write_csv
from segdsl.types import Kind, Type

VALUES = "values.csv"
_LONG = ("account", "field", "value", "provider", "collector", "found_on", "note")
# What stands behind each field of the table of a source.
PROVENANCE = ("provider", "collector", "found_on")
_MARK = "_found_on"


@dataclass(frozen=True, slots=True)
class WideTable:
    """The collected values of one source: key columns for the rows that have any, then the columns of each field."""

    source: str
    table: pa.Table


def write_collected(
    folder: Path, values: Sequence[Collected], wide: Sequence[WideTable]
) -> tuple[Path, ...] | Diagnostic:
    """Writes `values.csv` and a file for each source into a folder; files that are no such tables are not touched."""
    lost = _lost(folder / VALUES, values)
    if lost:
        message = f"`{folder / VALUES}` holds {lost:,} value{'s' if lost != 1 else ''} that these sheets don't"
        mend = "read the earlier sheets along with these, or write to another folder with `--out`"
        return Diagnostic(CODE, message, help=mend)
    stems = distinct_stems(["values", *(one.source for one in wide)])
    files = zip(stems[1:], wide, strict=True)
    tables = {VALUES: long_table(values), **{f"{stem}.csv": one.table for stem, one in files}}
    for name in tables:
        refused = _refuse(folder / name)
        if refused is not None:
            return refused
    for name, table in tables.items():
        failure = place_file(folder / name, partial(write_csv, table), replace=True)
        if failure is not None:
            return failure
    return tuple(folder / name for name in tables)


def _lost(path: Path, values: Sequence[Collected]) -> int:
    """How many values that were collected before would be gone."""
    if not path.is_file() or _refuse(path) is not None:
        return 0
    with path.open(encoding="utf-8", newline="") as opened:
        before = {(_bare(row.get("account") or ""), row.get("field")) for row in csv.DictReader(opened)}
    return len(before - {(one.account, str(one.field)) for one in values})


def _bare(text: str) -> str:
    """A cell without the sign that keeps spreadsheets from computing it."""
    return text[1:] if text.startswith("'") else text


def long_table(values: Sequence[Collected]) -> pa.Table:
    """A row a value, in the order in which they are given."""
    cells = [
        (one.account, str(one.field), one.value, one.provider, one.collector, one.found_on, one.note) for one in values
    ]
    types = [pa.date32() if name == "found_on" else pa.string() for name in _LONG]
    columns = list(zip(*cells, strict=True)) or [()] * len(_LONG)
    return pa.table([pa.array(c, type_) for c, type_ in zip(columns, types, strict=True)], names=list(_LONG))


def wide_table(keys: dict[str, pa.Array], types: Mapping[str, Type], values: Sequence[Collected]) -> pa.Table:
    """A row an account in the order of the table: its key, and for each field the value and where it comes from.

    `keys` are the key columns of all rows of the source, `types` the types of its columns.
    """
    rows = sorted({one.row for one in values})
    fields: list[FieldName] = sorted({one.field for one in values})
    columns: dict[str, pa.Array] = {name: column.take(pa.array(rows, pa.int64())) for name, column in keys.items()}
    found = {(one.field, one.row): one for one in values}
    for field in fields:
        cells = [found.get((field, row)) for row in rows]
        columns[field.name] = _typed([None if one is None else one.value for one in cells], types[field.name])
        columns[f"{field.name}_provider"] = pa.array([one and one.provider for one in cells], pa.string())
        columns[f"{field.name}_collector"] = pa.array([one and one.collector for one in cells], pa.string())
        columns[f"{field.name}{_MARK}"] = pa.array([one and one.found_on for one in cells], pa.date32())
    return pa.table(columns)


def _typed(texts: Sequence[str | None], type_: Type) -> pa.Array:
    """Numbers and amounts as such: a minus at the front of a text would be taken for a formula."""
    match type_.kind:
        case Kind.COUNT | Kind.INT:
            return pa.array([None if text is None else int(text) for text in texts], pa.int64())
        case Kind.NUMBER | Kind.RATIO:
            return pa.array([None if text is None else float(text) for text in texts], pa.float64())
        case Kind.MONEY:
            return pa.array([None if text is None else Decimal(text) for text in texts], display_type(type_))
        case _:
            return pa.array(texts, pa.string())


def _refuse(place: Path) -> Diagnostic | None:
    """Why a file may not be replaced: it is no table that was collected before."""
    if not place.exists():
        return None
    try:
        with place.open(encoding="utf-8", errors="replace") as file:
            header = file.readline()
    except OSError:
        header = ""
    if "found_on" in header:
        return None
    return Diagnostic(CODE, f"`{place}` is there and holds something else", help="name another folder: `--out DIR`")
