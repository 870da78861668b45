"""Reads the quickstart's files into plain Python rows, by hand and independently of the program.

Money is Decimal, ratios are Fraction, dates are `date`, lists are tuples of text, a missing value is None.
"""

import csv
import json
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

Row = dict[str, Any]

_INDUSTRIES = {"Sofware": "Software", "Heathcare": "Healthcare", "Manufactoring": "Manufacturing"}
_SENIORITIES = ("C-level", "VP", "Director", "Manager", "Staff")
_PRIORITIES = ("low", "normal", "high", "urgent")
_POWERS = {"": 0, "k": 3, "M": 6, "MM": 6, "B": 9}


def read_accounts(folder: Path) -> list[Row]:
    """One row an account: of duplicates the one modified last."""
    return _last_by(_read_crm(folder / "accounts.csv"), "account_id", "modified_on")


def read_prospects(folder: Path) -> list[Row]:
    return _last_by(_read_crm(folder / "prospects.csv"), "account_id", "modified_on")


def read_contacts(folder: Path, accounts: Sequence[Row]) -> list[Row]:
    rows: list[Row] = [
        {
            "contact_id": cells["contact_id"],
            "account_id": cells["account_id"],
            "seniority": _known(cells["seniority"], _SENIORITIES),
            "consent": cells["consent"] or None,
            "role": cells["role"] or None,
            "title": cells["title"] or None,
            "email": cells["email"] or None,
            "stage": cells["stage"],
            "email_checked_on": _iso(cells["email_checked_on"]),
            "last_reply_on": _iso(cells["last_reply_on"]),
            "updated_on": _iso(cells["updated_on"]),
        }
        for cells in _cells(folder / "contacts.csv", ",")
    ]
    return _linked(_last_by(rows, "contact_id", "updated_on"), accounts)


def read_invoices(folder: Path, accounts: Sequence[Row], as_of: date) -> list[Row]:
    rows = [row for path in sorted((folder / "invoices").glob("*.parquet")) for row in pq.read_table(path).to_pylist()]
    return _linked([row for row in rows if row["paid_on"] <= as_of], accounts)


def read_tickets(folder: Path, accounts: Sequence[Row], as_of: date) -> list[Row]:
    rows: list[Row] = [
        {
            "account_id": cells["account_id"],
            "contact": cells["contact_id"] or None,
            "opened_on": _iso(cells["opened_on"]),
            "priority": _known(cells["priority"], _PRIORITIES),
        }
        for cells in _cells(folder / "tickets.csv", ",")
    ]
    return _linked([row for row in rows if row["opened_on"] <= as_of], accounts)


def read_events(folder: Path, as_of: date) -> list[Row]:
    table = pq.read_table(folder / "events.parquet", columns=["account_id", "happened_on", "feature"])
    return [row for row in table.to_pylist() if row["happened_on"] <= as_of]


def read_answers(folder: Path, as_of: date) -> list[Row]:
    lines = (folder / "survey.jsonl").read_text(encoding="utf-8").split("\n")
    rows = [json.loads(line) for line in lines if line]
    for row in rows:
        row["answered_on"] = date.fromisoformat(row["answered_on"])
    return [row for row in rows if row["answered_on"] <= as_of]


def read_families(folder: Path) -> dict[str, str]:
    return {cells["product_id"]: cells["family"] for cells in _cells(folder / "products.csv", ",")}


def read_list(path: Path) -> tuple[str, ...]:
    """The one column of a list, without its heading."""
    return tuple(path.read_text(encoding="utf-8").split()[1:])


def number(text: str) -> Decimal:
    """A number as people write it: `$1,200`, `18.3k`, `(350)`, `-$20`, `12 %`."""
    bare = text.strip()
    if bare.startswith("(") and bare.endswith(")"):
        return -number(bare[1:-1])
    if bare.startswith("-"):
        return -number(bare[1:])
    if bare.endswith("%"):
        return number(bare[:-1]) / 100
    bare = bare.removeprefix("$").replace(",", "").strip()
    digits = bare.rstrip("kMB ")
    return Decimal(digits).scaleb(_POWERS[bare[len(digits) :].strip()])


def _read_crm(path: Path) -> list[Row]:
    return [_crm_row(cells) for cells in _cells(path, ";")]


def _crm_row(cells: dict[str, str]) -> Row:
    industry = None if cells["Industry"] in ("", "Select") else cells["Industry"]
    row: Row = {
        "account_id": cells["Account ID"],
        "name": cells["Account Name"],
        "address": cells["Billing Address"] or None,
        "industry": _INDUSTRIES.get(industry or "", industry),
        "country": cells["Country Code"],
        "business_model": cells["Business Model"],
        # `on broken as missing`: some wrote "about 50".
        "employees": _or_none(cells["Employees"], lambda text: None if "about" in text else int(number(text))),
        "headcount_growth": _or_none(cells["Headcount Growth"], lambda text: Fraction(number(text))),
        "annual_revenue": _or_none(cells["Annual Revenue"], number),
        "offices": _or_none(cells["Offices"], int),
        "web_visits": _or_none(cells["Web Visits"], lambda text: int(number(text))),
        "it_budget": _or_none(cells["IT Budget"], number),
        "remote_share": _or_none(cells["Remote Share"], lambda text: Fraction(number(text))),
        "founded": _or_none(cells["Founded"], int),
        "awards": _or_none(cells["Awards"], int),
        "tools": None if cells["Tools"] == "n/a" else tuple(filter(None, cells["Tools"].split("|"))),
        "modified_on": _day_first(cells["Modified On"]),
    }
    if "MRR" in cells:
        row |= _customer_fields(cells)
    else:
        row |= {"opted_out": cells["Opted Out"] == "true", "talks_open": cells["In Talks"] == "true"}
    return row


def _customer_fields(cells: dict[str, str]) -> Row:
    return {
        "mrr": _or_none(cells["MRR"], number),
        "sales_hours": _or_none(cells["Sales Hours"], Decimal),
        "balance": number(cells["Balance"]),
        "signed_on": _day_first(cells["Signed On"]),
        "cancelled_on": _or_none(cells["Cancelled On"], _day_first),
        "owner": cells["Owner"],
        "parent": cells["Parent Account"] or None,
        "is_test": cells["Test"] == "true",
    }


def _cells(path: Path, delimiter: str) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, delimiter=delimiter))


def _or_none(text: str, convert: Callable[[str], Any]) -> Any:
    return None if text in ("", "n/a", "Select") else convert(text)


def _day_first(text: str) -> date:
    day, month, year = text.split("/")
    return date(int(year), int(month), int(day))


def _iso(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _known(text: str, vocabulary: tuple[str, ...]) -> str | None:
    return text if text in vocabulary else None


def _last_by(rows: Sequence[Row], key: str, by: str) -> list[Row]:
    best: dict[str, Row] = {}
    for row in rows:
        if row[key] not in best or row[by] >= best[row[key]][by]:
            best[row[key]] = row
    return sorted(best.values(), key=lambda row: row[key])


def _linked(rows: Sequence[Row], accounts: Sequence[Row]) -> list[Row]:
    """Rows whose account exists."""
    known = {row["account_id"] for row in accounts}
    return [row for row in rows if row["account_id"] in known]
