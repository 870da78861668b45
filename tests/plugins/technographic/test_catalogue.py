"""The catalogue that is shipped holds together. It is read here with the csv module alone."""

import csv
import unicodedata
from collections import Counter
from pathlib import Path

import pytest

import segdsl_technographic
from segdsl_technographic.categories import CATEGORIES


@pytest.fixture(scope="module")
def rows() -> list[dict[str, str]]:
    with (Path(segdsl_technographic.__file__).parent / "tools.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def plain(name: str) -> str:
    """A name as catalogues compare it: letters, digits, + and #."""
    return "".join(c for c in unicodedata.normalize("NFKC", name).casefold() if c.isalnum() or c in "+#")


def names(row: dict[str, str]) -> list[str]:
    return [row["tool"], *(alias.strip() for alias in row["aliases"].split(";") if alias.strip())]


def test_there_are_more_than_500_tools(rows: list[dict[str, str]]) -> None:
    assert len(rows) > 500


def test_no_name_stands_for_two_tools_or_twice(rows: list[dict[str, str]]) -> None:
    counts = Counter(plain(name) for row in rows for name in names(row))
    assert [name for name, count in counts.items() if count > 1] == []


def test_no_name_folds_to_nothing(rows: list[dict[str, str]]) -> None:
    assert [name for row in rows for name in names(row) if not plain(name)] == []


def test_categories_are_those_that_check_knows(rows: list[dict[str, str]]) -> None:
    used = {category.strip() for row in rows for category in row["category"].split(";")}
    assert used == set(CATEGORIES)
    assert list(CATEGORIES) == sorted(CATEGORIES)


def test_deployments_are_known_words(rows: list[dict[str, str]]) -> None:
    assert {row["deployment"] for row in rows} == {"", "cloud", "on-premises", "either"}


def test_every_category_has_several_tools(rows: list[dict[str, str]]) -> None:
    counts = Counter(category.strip() for row in rows for category in row["category"].split(";"))
    assert [category for category, count in counts.items() if count < 5] == []


def test_cells_have_no_space_around_them(rows: list[dict[str, str]]) -> None:
    assert [cell for row in rows for cell in row.values() if cell != cell.strip()] == []
