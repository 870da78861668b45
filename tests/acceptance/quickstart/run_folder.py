"""Reads what a run has written, as plain rows: only this module knows how a run folder is laid out."""

import csv
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq


def members(folder: Path, scheme: str) -> list[dict[str, Any]]:
    """`account_id`, and `segment` and `micro`, or `segments` of an overlapping scheme."""
    return pq.read_table(folder / "members" / f"{scheme}.parquet").to_pylist()


def scores(folder: Path, score: str) -> list[dict[str, Any]]:
    """`account_id`, a column a term under its label, the total under the name of the score, `rank` and `grade`."""
    return pq.read_table(folder / "scores" / f"{score}.parquet").to_pylist()


def attrition(folder: Path, population: str) -> list[tuple[str, int, int]]:
    """(rule, dropped, left) in the order of the rules."""
    return [
        (row["rule"], int(row["dropped"]), int(row["left"]))
        for row in _rows(folder / "attrition.csv")
        if row["population"] == population and row["rule"]
    ]


def audience(folder: Path, name: str) -> list[dict[str, str]]:
    """The rows of a list as written, in order."""
    return _rows(folder / "audiences" / f"{name}.csv")


def control(folder: Path, name: str) -> list[dict[str, str]]:
    """The rows that were held out of a list."""
    return _rows(folder / "audiences" / f"{name}.control.csv")


def amount(value: Decimal | str | None) -> Decimal | None:
    """Money as written, in a table or in text."""
    return None if value in (None, "") else Decimal(str(value))


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))
