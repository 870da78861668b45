"""Columns that plugins add on real data, through the whole program, against plain Python."""

import csv
from collections import Counter
from pathlib import Path
from urllib.parse import urlsplit

import pyarrow.parquet as arrow_parquet

from segdsl.workflows.run import Finished, Request, run


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as opened:
        return list(csv.DictReader(opened))


def enriched(finished: Finished, source: str) -> list[dict[str, object]]:
    assert finished.folder is not None
    return arrow_parquet.read_table(finished.folder / "enriched" / f"{source}.parquet").to_pylist()


def test_remote_companies_run_end_to_end(shared: Path, shared_data: Path, tmp_path: Path) -> None:
    finished = run(Request(shared / "examples" / "remote_companies.seg", out=tmp_path / "results"))
    assert [one.message for one in finished.diagnostics if one.is_error] == []
    rows = {str(row["slug"]): row for row in enriched(finished, "companies")}
    written = read(shared_data / "remoteintech_companies" / "companies.csv")
    assert rows.keys() == {one["slug"] for one in written}
    assert len(rows) == 441
    for one in written:
        host = (urlsplit(one["website"]).hostname or "").removeprefix("www.")
        domain = str(rows[one["slug"]]["domain"])
        assert host == domain or host.endswith(f".{domain}"), one["website"]
        stack = rows[one["slug"]]["stack"]
        assert isinstance(stack, list)
        # Each tag is one tool of the catalogue, or two tags are the same tool.
        assert len(stack) <= len(list(filter(None, one["technologies"].split("|"))))
    assert finished.tables is not None
    assert finished.tables.attrition["prospects"].left == sum(bool(one["technologies"]) for one in written)


# Of the countries of the export, the region of UN M49.
REGIONS = {
    "United States": "Americas",
    "Brazil": "Americas",
    "Panama": "Americas",
    "Kenya": "Africa",
    "Korea": "Asia",
    "Japan": "Asia",
    "China": "Asia",
    "Jordan": "Asia",
    "Philipines": "Asia",
    "Italy": "Europe",
    "Norway": "Europe",
    "Romania": "Europe",
    "Germany": "Europe",
    "Poland": "Europe",
    "Belgium": "Europe",
}


def test_crm_accounts_are_enriched(shared: Path, shared_data: Path, tmp_path: Path) -> None:
    finished = run(Request(shared / "examples" / "crm_opportunities.seg", out=tmp_path / "results"))
    assert {one.code for one in finished.diagnostics if one.is_error} <= {"SEG401"}
    rows = {str(row["account"]): row for row in enriched(finished, "accounts")}
    written = read(shared_data / "crm_sales_opportunities" / "accounts.csv")
    assert len(rows) == len(written) == 85
    for one in written:
        row = rows[one["account"]]
        employees = int(one["employees"])
        size = "micro" if employees < 10 else "small" if employees < 50 else "medium" if employees < 250 else "large"
        assert row["size_band"] == size
        assert row["region"] == REGIONS[one["office_location"]]
        ending = one["account"].split()[-1].rstrip(".").lower()
        assert (row["legal_form"] == "limited") == (ending in {"co", "company", "corporation"})
    counted = Counter(str(row["region"]) for row in rows.values())
    assert counted["Americas"] == sum(REGIONS[one["office_location"]] == "Americas" for one in written)
