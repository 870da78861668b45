"""Sheets of work as files: CSV, or a workbook with choices to pick from."""

import importlib
from datetime import date, datetime
from io import BytesIO
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa

from segdsl.collecting.sheet import Item, Sheet
from segdsl.diagnostics import Diagnostic
from segdsl.runs.staging import CODE
from segdsl.runs.table_files import write_csv

WORKBOOK = ".xlsx"
_WIDTHS = {"definition": 40, "value": 24, "note": 30, "account": 18}
_USUAL_WIDTH = 14
_CELLS_A_RULE = 200
# What a workbook holds: rows below the header, and signs in a cell.
_MOST_ROWS = 1_048_575
_MOST_SIGNS = 32_767
# A workbook tells when it was made; a fixed day keeps the bytes the same.
_MADE = datetime(2000, 1, 1)
_FIRST_DAY = date(1990, 1, 1)


def refuse_form(place: Path) -> Diagnostic | None:
    """Why a sheet can't be written to a file of that name."""
    if place.suffix.lower() not in (".csv", WORKBOOK):
        return Diagnostic(CODE, f"`{place}` doesn't tell the form of the sheet", expected="a name in .csv or .xlsx")
    if place.suffix.lower() == WORKBOOK and _writer() is None:
        mend = "install it with `pip install segdsl[xlsx]`, or name a .csv file"
        return Diagnostic(CODE, f"`{place}`: writing XLSX is not installed", expected="the `xlsx` extra", help=mend)
    return None


def refuse_size(sheet: Sheet, place: Path) -> Diagnostic | None:
    """Why a sheet is too long for a workbook."""
    if place.suffix.lower() != WORKBOOK or len(sheet.items) <= _MOST_ROWS:
        return None
    message = f"`{place}` would have {len(sheet.items):,} rows, and a workbook holds {_MOST_ROWS:,}"
    return Diagnostic(CODE, message, help="name a .csv file, or the work of one provider with `--provider`")


def write_sheet(sheet: Sheet, form: str, path: Path) -> None:
    """Writes a sheet as CSV or as a workbook, by `form`, the end of its name. Raises OSError."""
    if form.lower() == WORKBOOK:
        _write_workbook(sheet, path)
    else:
        columns = list(zip(*map(sheet.cells, sheet.items), strict=True)) or [()] * len(sheet.header)
        arrays = [pa.array(column, pa.string()) for column in columns]
        write_csv(pa.table(arrays, names=list(sheet.header)), path)


def _writer() -> Any:
    try:
        # The one late import of this module: an extra that most runs don't need.
        return importlib.import_module("xlsxwriter")
    except ImportError:
        return None


def _write_workbook(sheet: Sheet, path: Path) -> None:
    writer = _writer()
    # Made in memory, so that a full disk is told by writing the file, as for any other.
    made = BytesIO()
    with writer.Workbook(made, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties({"created": _MADE})
        page = book.add_worksheet("work")
        formats = {
            "head": book.add_format({"bold": True, "bottom": 1}),
            "text": book.add_format({"num_format": "@", "valign": "top", "text_wrap": True}),
            "fill": book.add_format({"num_format": "@", "valign": "top", "bg_color": "#FFF8DC"}),
            "date": book.add_format({"num_format": "yyyy-mm-dd", "valign": "top", "bg_color": "#FFF8DC"}),
        }
        _write_rows(page, sheet, formats)
        _write_choices(book, page, sheet)
    path.write_bytes(made.getvalue())


def _write_rows(page: Any, sheet: Sheet, formats: dict[str, Any]) -> None:
    header = sheet.header
    for place, head in enumerate(header):
        page.write_string(0, place, head, formats["head"])
        page.set_column(place, place, _WIDTHS.get(head, _USUAL_WIDTH))
    for row, item in enumerate(sheet.items, 1):
        for place, (head, cell) in enumerate(zip(header, sheet.cells(item), strict=True)):
            form = formats["date" if head == "found_on" else "fill" if head in ("value", "note") else "text"]
            if cell:
                # Written as text whatever it looks like: a cell never computes anything.
                page.write_string(row, place, cell[:_MOST_SIGNS], form)
            else:
                page.write_blank(row, place, None, form)
    page.freeze_panes(1, 1)
    if sheet.items:
        page.autofilter(0, 0, len(sheet.items), len(header) - 1)
        found_on = header.index("found_on")
        since = {"validate": "date", "criteria": ">=", "value": _FIRST_DAY, "error_title": "found_on"}
        page.data_validation(1, found_on, len(sheet.items), found_on, since)


def _write_choices(book: Any, page: Any, sheet: Sheet) -> None:
    """Closed lists stand on a second page, so that they may be of any length, and cells pick from there."""
    value = sheet.header.index("value")
    lists: dict[tuple[str, ...], list[int]] = {}
    for row, item in enumerate(sheet.items, 1):
        if item.choices:
            lists.setdefault(item.choices, []).append(row)
    if not lists:
        return
    choices = book.add_worksheet("lists")
    choices.hide()
    cell = importlib.import_module("xlsxwriter.utility")
    for place, (values, rows) in enumerate(lists.items()):
        for row, text in enumerate(values):
            choices.write_string(row, place, text)
        last = cell.xl_rowcol_to_cell(len(values) - 1, place, row_abs=True, col_abs=True)
        first = cell.xl_rowcol_to_cell(0, place, row_abs=True, col_abs=True)
        rule = {"validate": "list", "source": f"=lists!{first}:{last}"}
        waiting = iter(rows)
        while some := list(islice(waiting, _CELLS_A_RULE)):
            cells = " ".join(cell.xl_rowcol_to_cell(row, value) for row in some)
            page.data_validation(some[0], value, some[0], value, {**rule, "multi_range": cells})


def items_text(items: tuple[Item, ...]) -> str:
    """How many rows a sheet has, of how many accounts: `120 rows for 60 accounts`."""
    accounts = len({(item.field.partition(".")[0], item.account) for item in items})
    rows = f"{len(items):,} {'row' if len(items) == 1 else 'rows'}"
    return f"{rows} for {accounts:,} {'account' if accounts == 1 else 'accounts'}"
