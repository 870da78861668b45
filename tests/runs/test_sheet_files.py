"""Sheets as files: what a workbook can't hold is told, and an existing file stays."""

from pathlib import Path

import pytest

from segdsl.collecting.sheet import COLLECT, Item, Sheet
from segdsl.runs.placing import place_file, refuse_existing
from segdsl.runs.sheet_files import items_text, refuse_form, refuse_size, write_sheet

ITEM = Item("a1", (), "accounts.employees", "whole number", "research", "", (), COLLECT)


def test_a_workbook_holds_only_so_many_rows() -> None:
    # Excel: 2^20 rows, one of them the header.
    full = Sheet((), (ITEM,) * (2**20 - 1))
    more = Sheet((), (ITEM,) * 2**20)
    assert refuse_size(full, Path("a.xlsx")) is None
    assert refuse_size(more, Path("a.csv")) is None
    refused = refuse_size(more, Path("a.xlsx"))
    assert refused is not None and "1,048,576 rows" in refused.message


def test_a_missing_extra_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "xlsxwriter", None)
    refused = refuse_form(Path("a.xlsx"))
    assert refused is not None and "pip install segdsl[xlsx]" in refused.help
    assert refuse_form(Path("a.csv")) is None


def test_an_empty_sheet_is_a_header(tmp_path: Path) -> None:
    write_sheet(Sheet(("name",), ()), ".csv", tmp_path / "a.csv")
    text = (tmp_path / "a.csv").read_text()
    assert text.strip() == "account,name,field,definition,provider,collector,value,found_on,note,task"


def test_a_file_that_appeared_meanwhile_stays(tmp_path: Path) -> None:
    place = tmp_path / "a.csv"

    def write(beside: Path) -> None:
        place.write_text("someone was faster")
        beside.write_text("late")

    refused = place_file(place, write, replace=False)
    assert refused is not None and "is there already" in refused.message
    assert place.read_text() == "someone was faster"
    assert [path.name for path in tmp_path.iterdir()] == ["a.csv"]
    assert refuse_existing(tmp_path / "b.csv") is None


def test_what_can_not_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    refused = place_file(tmp_path / "file" / "a.csv", lambda path: None, replace=False)
    assert refused is not None and refused.code == "SEG701"


def test_rows_and_accounts_are_counted() -> None:
    other = Item("a2", (), "accounts.employees", "", "", "", (), COLLECT)
    third = Item("a2", (), "accounts.plan", "", "", "", (), COLLECT)
    assert items_text((ITEM,)) == "1 row for 1 account"
    assert items_text((ITEM, other, third)) == "3 rows for 2 accounts"
