"""Legal forms, domains and free mail on real lists of companies."""

import csv
from pathlib import Path
from urllib.parse import urlsplit

import publicsuffixlist
import pytest

from segdsl_firmographic.company_names import part_name
from segdsl_firmographic.countries import find_country
from segdsl_firmographic.states import find_state
from segdsl_firmographic.web_domains import is_free_mail, read_domain

LABELLED = Path(__file__).parents[2] / "plugins" / "firmographic" / "listed_names_labelled.csv"
LISTS = {
    "sp500": ("sp500_constituents/constituents.csv", "Security"),
    "remote": ("remoteintech_companies/companies.csv", "name"),
}


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def labels(of: str) -> dict[str, tuple[str, str]]:
    """Family and cleaned name, as read by eye, of the names in a list that carry a legal form."""
    return {row["name"]: (row["legal_form"], row["clean_name"]) for row in read(LABELLED) if row["list"] == of}


@pytest.mark.parametrize("of", LISTS)
def test_legal_forms_of_real_names_are_those_that_people_read(shared_data: Path, of: str) -> None:
    file, column = LISTS[of]
    names = [row[column] for row in read(shared_data / file)]
    expected = labels(of)
    assert set(expected) <= set(names)
    wrong = [
        name
        for name in names
        if (form := part_name(name, None).form, form and form.family)[1] != expected.get(name, (None, name))[0]
    ]
    carrying = [name for name in wrong if name in expected]
    assert len(carrying) <= 0.05 * len(expected), carrying
    assert len(wrong) <= 0.01 * len(names), wrong


@pytest.mark.parametrize("of", LISTS)
def test_real_names_are_cleaned_as_people_would(shared_data: Path, of: str) -> None:
    file, column = LISTS[of]
    expected = labels(of)
    names = [row[column] for row in read(shared_data / file)]
    wrong = [name for name in names if part_name(name, None).name != expected.get(name, ("", name))[1]]
    assert len(wrong) <= 0.01 * len(names), wrong


def test_domains_of_the_remote_companies_are_those_of_the_library(shared_data: Path) -> None:
    library = publicsuffixlist.PublicSuffixList(accept_unknown=False)
    rows = read(shared_data / "remoteintech_companies" / "companies.csv")
    assert len(rows) == 441
    for row in rows:
        assert read_domain(row["website"]).name == library.privatesuffix(urlsplit(row["website"]).hostname or "")


def test_free_mail_agrees_with_the_reference_list(shared_data: Path) -> None:
    domains = (shared_data / "ref_email_domains" / "free_email_domains.txt").read_text(encoding="utf-8").split()
    assert len(domains) > 4000
    assert [domain for domain in domains if is_free_mail(f"someone@{domain}") is not True] == []


def test_headquarters_of_the_s_and_p_500_have_their_state_or_lie_abroad(shared_data: Path) -> None:
    places = {row["Headquarters Location"] for row in read(shared_data / LISTS["sp500"][0])} - {"none"}
    assert len(places) > 200
    for place in places:
        found = find_state(place, None)
        abroad = find_country(place.split(",")[-1]).code not in (None, "GE")
        assert (found.state is not None and not found.guessed) or abroad, place


def test_countries_of_the_crm_export_are_known(shared_data: Path) -> None:
    found = {
        row["office_location"]: find_country(row["office_location"])
        for row in read(shared_data / "crm_sales_opportunities" / "accounts.csv")
    }
    assert all(named.code for named in found.values()), found
    assert found["Philipines"].code == "PH"
