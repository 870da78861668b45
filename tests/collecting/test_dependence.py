"""What expressions rest on, through derived fields, links, aggregates and scores."""

from pathlib import Path

import pytest

from segdsl.collecting.dependence import base_fields, rests_on
from segdsl.collecting.wishes import wishes_of
from segdsl.model.model import Model
from segdsl.workflows.loading import load

SPEC = """\
param as_of : date = 2024-06-30
source accounts from "accounts.csv" {
  account_id : text key
  employees  : count?
  revenue    : money(USD)?
  country    : category?
  parent     : text?
  links parent to accounts
}
source visits from "visits.csv" {
  visit   : text key
  account : text
  at      : date
  pages   : count?
  links account to accounts
}
derive accounts {
  pages_seen = sum(visits.pages where at within 12 months before as_of)
  per_head   = revenue / employees
  larger_than_parent = employees > parent.employees
  rank_here  = rank(per_head over customers per country)
}
population customers from accounts { keep "known" when country is known }
score quality for customers { base revenue }
hypothesis h1 { expect higher per_head means higher quality  among country == "UZ" }
hypothesis h2 { expect proxy any of employees, pages_seen means higher quality }
provider research { cost: $1 per field  covers: accounts.employees, visits.pages }
"""


@pytest.fixture
def model(tmp_path: Path) -> Model:
    (tmp_path / "s.seg").write_text(
        SPEC.replace(
            "expect proxy any of employees, pages_seen means higher quality",
            "expect higher employees means higher quality  proxy any of employees, pages_seen",
        )
    )
    loaded = load(tmp_path / "s.seg")
    assert loaded.model is not None, loaded.diagnostics
    return loaded.model


def names(found: object) -> set[str]:
    return {str(one) for one in found}  # type: ignore[attr-defined]


def field(model: Model, name: str) -> tuple[str, object]:
    return "accounts", model.fields["accounts", name].expr


def test_an_aggregate_rests_on_what_it_adds_up_its_filter_and_its_link(model: Model) -> None:
    found = rests_on(model, [field(model, "pages_seen")])  # type: ignore[list-item]
    assert names(found) == {"visits.pages", "visits.at", "visits.account"}


def test_a_followed_link_rests_on_both_sides(model: Model) -> None:
    found = base_fields(model, [field(model, "larger_than_parent")])  # type: ignore[list-item]
    assert names(found) == {"accounts.employees", "accounts.parent"}


def test_a_rank_rests_on_what_is_ranked_and_its_groups_not_on_who_is_a_member(model: Model) -> None:
    found = rests_on(model, [field(model, "rank_here")])  # type: ignore[list-item]
    assert names(found) == {"accounts.per_head", "accounts.revenue", "accounts.employees", "accounts.country"}


def test_a_hypothesis_wants_what_providers_cover_and_is_given_the_rest(model: Model) -> None:
    first, second = wishes_of(model)
    (way,) = first.ways
    assert (names(way.fields), names(way.given)) == ({"accounts.employees"}, {"accounts.revenue", "accounts.country"})
    assert [(one.proxy, names(one.fields)) for one in second.ways] == [
        ("employees", {"accounts.employees"}),
        ("pages_seen", {"visits.pages"}),
    ]
