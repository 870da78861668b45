"""XLSX: one sheet, read through python-calamine, which is an extra."""

import importlib
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from functools import partial

import pyarrow as pa

from segdsl.diagnostics import Diagnostic, Span
from segdsl.engines.arrow.reading.files import DataFile, reason, unfit, unreadable
from segdsl.engines.arrow.reading.raw import RawBatch, RawTable, WantedColumn
from segdsl.model.source import ReadOptions

Cell = str | int | float | bool | date | datetime | time | timedelta


def open_workbook(file: DataFile, span: Span, read: ReadOptions) -> RawTable | Diagnostic:
    """The sheet named by `read { sheet }`, else the first; the header is its first row that isn't empty."""
    try:
        # The one late import of this package: an extra that most runs don't need.
        calamine = importlib.import_module("python_calamine")
    except ImportError:
        why = "is an XLSX file, and reading these is not installed"
        return unfit(file, span, why, "the `xlsx` extra", "install it with `pip install segdsl[xlsx]`, or save as CSV")
    try:
        book = calamine.CalamineWorkbook.from_path(str(file.path))
        if read.sheet is not None and read.sheet not in book.sheet_names:
            listed = ", ".join(f"`{name}`" for name in book.sheet_names)
            return unfit(file, span, f"has no sheet `{read.sheet}`", f"one of {listed}", "correct `read { sheet }`")
        rows = book.get_sheet_by_name(read.sheet or book.sheet_names[0]).to_python(skip_empty_area=False)
    except calamine.CalamineError as error:
        return unfit(file, span, f"is not a whole XLSX file: {error}", "an XLSX file", "save it again")
    except OSError as error:
        return unreadable(file, span, reason(error))
    return _table(file, span, read, rows)


def _table(file: DataFile, span: Span, read: ReadOptions, rows: list[list[Cell]]) -> RawTable | Diagnostic:
    at = (read.header or 1) - 1
    if read.header is None:
        at = next((n for n, row in enumerate(rows) if any(c != "" for c in row)), len(rows))
    if at >= len(rows):
        return unfit(file, span, "has no header row", "column names in the first row", "check the sheet")
    headers = tuple(_text(cell).strip() for cell in rows[at])
    return RawTable(headers, partial(_stream, rows[at + 1 :]))


def _stream(rows: list[list[Cell]], wanted: tuple[WantedColumn, ...]) -> Iterator[RawBatch | Diagnostic]:
    """Rows that are empty throughout are no data rows, as blank lines of a text file are none."""
    filled = [row for row in rows if any(c != "" for c in row)]
    columns = tuple(pa.array([_text(row[w.position]) for row in filled], pa.string()) for w in wanted)
    yield RawBatch(columns, len(filled), 1, len(filled))


def _text(cell: Cell) -> str:
    """A cell as CSV would hold it: whole numbers without a point, dates by ISO."""
    match cell:
        case bool():
            return "true" if cell else "false"
        case float() if cell.is_integer() and abs(cell) < 2**53:
            return str(int(cell))
        case float():
            return repr(cell)
        case datetime() if cell.time() == time():
            return cell.date().isoformat()
        case datetime() | date() | time():
            return cell.isoformat()
        case timedelta():
            return f"{cell.total_seconds()} seconds"
        case _:
            return str(cell)
