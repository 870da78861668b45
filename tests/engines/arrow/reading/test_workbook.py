"""XLSX files, where the extra that reads them is installed."""

from datetime import date, datetime
from pathlib import Path

import pytest

from segdsl.model.source import ReadOptions
from segdsl.types import BOOL, DATE, INT, NUMBER, TEXT, TIMESTAMP, money
from tests.engines.arrow.reading.contracts import codes, column, read_files, source_of

pytest.importorskip("python_calamine")
xlsxwriter = pytest.importorskip("xlsxwriter")

DECLARED = source_of(
    column("id", INT, is_key=True),
    column("name", TEXT.or_missing()),
    column("amount", money("USD").or_missing()),
    column("growth", NUMBER.or_missing()),
    column("signed", DATE.or_missing()),
    column("seen", TIMESTAMP.or_missing()),
    column("ok", BOOL.or_missing()),
)


def write(path: Path, rows: list[list[object]], sheet: str = "Accounts", above: int = 0) -> None:
    with xlsxwriter.Workbook(str(path), {"default_date_format": "yyyy-mm-dd hh:mm"}) as book:
        page = book.add_worksheet(sheet)
        book.add_worksheet("Other")
        for at, row in enumerate([["id", "name", "amount", "growth", "signed", "seen", "ok"], *rows]):
            for place, cell in enumerate(row):
                page.write(at + above, place, cell)


def test_cells_are_read_as_their_types(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    write(
        path,
        [[1, " Acme ", 12.5, 0.1, date(2024, 1, 31), datetime(2024, 1, 31, 9, 30), True], [2, "", "", "", "", "", ""]],
    )
    table, facts = read_files(DECLARED, path)
    assert facts.diagnostics == ()
    first, second = table.to_pylist()
    assert (first["id"], first["name"], first["amount"], first["growth"]) == (1, "Acme", 12_500_000, 0.1)
    assert (first["signed"], first["seen"].replace(tzinfo=None)) == (date(2024, 1, 31), datetime(2024, 1, 31, 9, 30))
    assert first["ok"] is True
    assert [second[c.name] for c in DECLARED.columns] == [2, None, None, None, None, None, None]


def test_sheet_and_header_line_may_be_named(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    write(path, [[1]], sheet="Data", above=3)
    for read in (ReadOptions(sheet="Data"), ReadOptions(sheet="Data", header=4)):
        table, facts = read_files(source_of(column("id", INT), read=read), path)
        assert (table["id"].to_pylist(), facts.diagnostics) == ([1], ())


def test_a_sheet_that_is_not_there_is_named_with_those_that_are(tmp_path: Path) -> None:
    write(tmp_path / "a.xlsx", [[1]])
    _, facts = read_files(source_of(column("id", INT), read=ReadOptions(sheet="Acounts")), tmp_path / "a.xlsx")
    assert codes(facts) == ["SEG611"]
    assert "`Accounts`, `Other`" in facts.diagnostics[0].expected


def test_a_file_that_is_no_workbook_is_a_finding(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(b"PK not really")
    assert codes(read_files(DECLARED, tmp_path / "a.xlsx")[1]) == ["SEG611"]
