"""The columns that plugins add in the tour, computed in plain Python on their own."""

from pathlib import Path

import pyarrow.parquet as arrow_parquet
import pytest

from segdsl.workflows.run import Request, run
from tests.acceptance.quickstart.reading import Row, read_accounts, read_list

# UN M49, typed from the standard for the countries of the data.
REGIONS = {
    "Americas": {"US", "CA", "BR", "MX"},
    "Asia": {"JP", "KZ", "UZ", "IN", "SG", "CN", "KR", "AE", "GE"},
    "Europe": {"DE", "FR", "GB", "AT", "PL", "ES", "IT", "NL", "SE", "CH", "UA", "RU", "BE", "DK", "CZ"},
    "Oceania": {"AU", "NZ"},
}
# Members of the European Union since 2020.
EU = set("AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK".split())


@pytest.fixture(scope="module")
def added(tmp_path_factory: pytest.TempPathFactory, quickstart: Path) -> dict[str, Row]:
    """The enriched accounts of a run by key."""
    finished = run(Request(quickstart / "tour.seg", out=tmp_path_factory.mktemp("tour") / "results"))
    assert [one.message for one in finished.diagnostics if one.is_error] == []
    assert finished.folder is not None
    rows = arrow_parquet.read_table(finished.folder / "enriched" / "accounts.parquet").to_pylist()
    return {row["account_id"]: row for row in rows}


@pytest.fixture(scope="module")
def accounts(quickstart: Path) -> dict[str, Row]:
    return {row["account_id"]: row for row in read_accounts(quickstart / "data")}


def test_every_account_is_enriched_once(added: dict[str, Row], accounts: dict[str, Row]) -> None:
    assert added.keys() == accounts.keys()
    assert len(added) > 1_900


def test_regions_and_membership_are_those_of_the_standards(added: dict[str, Row], accounts: dict[str, Row]) -> None:
    for key, row in added.items():
        country = accounts[key]["country"]
        assert country in REGIONS[row["region"]], country
        assert row["eu_member"] == (country in EU)


def test_size_is_that_of_the_european_definition(added: dict[str, Row], accounts: dict[str, Row]) -> None:
    for key, row in added.items():
        employees = accounts[key]["employees"]
        bounds = ((10, "micro"), (50, "small"), (250, "medium"))
        wanted = None if employees is None else next((name for top, name in bounds if employees < top), "large")
        assert row["eu_size"] == wanted


def test_rivals_are_found_in_the_stack(added: dict[str, Row], accounts: dict[str, Row], quickstart: Path) -> None:
    rivals = set(read_list(quickstart / "lists" / "rivals.csv"))
    for key, row in added.items():
        tools = accounts[key]["tools"]
        assert row["competitor_in_use"] == (None if tools is None else bool(rivals & set(tools)))
        assert row["uses_crm"] == (None if tools is None else bool({"Salesforce", "HubSpot"} & set(tools)))
