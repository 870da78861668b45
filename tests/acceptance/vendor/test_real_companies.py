"""Real companies matched to themselves under spellings that other lists use; a match with another company is wrong."""

import csv
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.plugins.vendor.calls import run

LISTED = "sp500_constituents/constituents.csv"
REMOTE = "remoteintech_companies/companies.csv"

SPELLINGS: dict[str, Callable[[str], str]] = {
    "capitals": str.upper,
    "and for &": lambda name: name.replace("&", "and"),
    "no punctuation": lambda name: name.replace(".", "").replace("'", "").replace(",", ""),
    "with a form": lambda name: f"{name}, Inc.",
    "two letters swapped": lambda name: _swapped(name),
}


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def _swapped(name: str) -> str:
    """The name with two inner letters of its longest word exchanged, where it has six letters or more."""
    word = max(name.split(), key=len)
    return (
        name if len(word) < 6 or not word.isalpha() else name.replace(word, f"{word[:2]}{word[3]}{word[2]}{word[4:]}")
    )


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_listed_companies_are_matched_to_themselves_alone(shared_data: Path, spelling: str) -> None:
    rows = read(shared_data / LISTED)
    made = run(
        [{"account": row["Symbol"], "name": row["Security"], "country": "US"} for row in rows],
        [{"duns": row["Symbol"], "company": SPELLINGS[spelling](row["Security"]), "land": "USA"} for row in rows],
    )
    matches = made.tables["matches"].to_pylist()
    found = [(row["account"], row["record"]) for row in matches if row["decision"] == "matched"]
    assert [(account, record) for account, record in found if account != record] == []
    assert len(found) >= (0.85 if spelling == "two letters swapped" else 0.98) * len(rows)


def test_companies_are_matched_by_their_sites(shared_data: Path) -> None:
    rows = read(shared_data / REMOTE)
    made = run(
        [{"account": row["slug"], "domain": row["website"]} for row in rows],
        [{"duns": row["slug"], "site": f"jobs@{_host(row['website'])}"} for row in rows],
        matching=("match_domain",),
    )
    matches = made.tables["matches"].to_pylist()
    found = [(row["account"], row["record"]) for row in matches if row["decision"] == "matched"]
    assert [(account, record) for account, record in found if account != record] == []
    assert len(found) >= 0.95 * len(rows)


def _host(website: str) -> str:
    return website.partition("://")[2].partition("/")[0]


# Companies that stand in both lists, as read by eye.
IN_BOTH = {
    ("Akamai Technologies Inc", "Akamai Technologies"),
    ("CVS Health", "CVS Health"),
    ("Cognizant", "Cognizant"),
    ("Crowdstrike", "CrowdStrike"),
    ("Microsoft", "Microsoft"),
    ("NetApp", "NetApp"),
    ("Oracle", "Oracle Corporation"),
    ("PNC Financial Services", "PNC Financial Services"),
    ("The Home Depot", "Home Depot (The)"),
    ("Veeva Systems", "Veeva Systems"),
}


def test_two_lists_match_in_the_companies_that_both_have(shared_data: Path) -> None:
    listed, remote = read(shared_data / LISTED), read(shared_data / REMOTE)
    made = run(
        [{"account": row["slug"], "name": row["name"], "country": "US"} for row in remote],
        [{"duns": row["Symbol"], "company": row["Security"], "land": "US"} for row in listed],
    )
    matches = made.tables["matches"].to_pylist()
    found = {(row["account_name"], row["record_name"]) for row in matches if row["decision"] == "matched"}
    assert found == IN_BOTH
