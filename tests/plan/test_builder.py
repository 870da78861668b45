"""The steps of a plan: what is computed, in which order, for which targets."""

import pytest

from segdsl.plan import Target
from segdsl.plan.steps import (
    AddTerms,
    AggregateLink,
    Classify,
    Compute,
    Filter,
    FollowLink,
    ListAudience,
    Plan,
    RankScore,
    Scan,
    all_steps,
)
from segdsl.plan.uses import Thing, gives, takes
from tests.plan.specs import SHOP, only, plan_of


def kinds(plan: Plan) -> set[str]:
    return {type(step).__name__ for step in all_steps(plan.steps)}


def test_every_declaration_has_its_step() -> None:
    plan = plan_of(SHOP)
    assert only(plan, Filter).population == "customers"
    assert only(plan, AddTerms).score == only(plan, RankScore).score == "quality"
    assert only(plan, Classify).scheme == "plan"
    assert only(plan, ListAudience).audience.name == "first"


def test_each_step_finds_what_it_takes() -> None:
    known: set[Thing] = set()
    plan = plan_of(SHOP)
    given = set().union(*(gives(step) for step in plan.steps))
    for step in plan.steps:
        missing = (takes(step) & given) - known - gives(step)
        assert not missing, step
        known |= gives(step)


def test_one_pass_serves_all_aggregates_of_a_link() -> None:
    assert len(only(plan_of(SHOP), AggregateLink).aggregates) == 3


def test_a_score_alone_needs_no_segments_and_no_lists() -> None:
    plan = plan_of(SHOP, Target("score", "quality"))
    assert kinds(plan).isdisjoint({"Classify", "ListAudience", "AggregateTable"})


def test_a_population_alone_reads_one_table() -> None:
    plan = plan_of(SHOP, Target("population", "customers"))
    assert [type(step) for step in plan.steps] == [Scan]
    assert only(plan, Scan).table == "accounts"


def test_a_value_may_go_from_accounts_to_deals_and_back() -> None:
    plan = plan_of(
        """
        source accounts from "a.csv" { id : int key   fee : money(USD) }
        source deals from "d.csv" { deal : int key   account : int   amount : money(USD)   links account to accounts }
        derive deals { part = amount / account.total }
        derive accounts { total = sum(deals.amount)   largest = max(deals.part) }
        score best "Best" for accounts { base largest }
        """
    )
    order = [type(s).__name__ for s in all_steps(plan.steps) if isinstance(s, AggregateLink | FollowLink | Compute)]
    # total over the deals; total as a field; back to the deals; part; its greatest; as a field.
    assert order == ["AggregateLink", "Compute", "FollowLink", "Compute", "AggregateLink", "Compute"]


def test_what_a_plugin_has_yet_to_find_is_left_out_with_the_reason() -> None:
    plan = plan_of(
        SHOP
        + """
        segmentation found for customers using tree { target: quality }
        audience second from customers { where found == "a"   columns id }
        """
    )
    left_out = {one.name: one.reason for one in plan.skipped}
    assert set(left_out) == {"found", "second"}
    assert "`tree`" in left_out["found"]
    assert {step.scheme for step in all_steps(plan.steps) if isinstance(step, Classify)} == {"plan"}


def test_a_hypothesis_has_its_rows_listed_beside_the_lists_of_the_spec() -> None:
    plan = plan_of(SHOP + "hypothesis h { expect higher size means higher quality  among size > 1 }")
    lists = {step.audience.name: step.audience for step in all_steps(plan.steps) if isinstance(step, ListAudience)}
    assert set(lists) == {"first", "rows to test h"}
    assert [column.name for column in lists["rows to test h"].columns] == ["score", "grade", "among", "proxy 1"]
    assert plan.skipped == ()


def test_a_hypothesis_about_segments_of_a_plugin_that_is_not_there_is_left_out() -> None:
    hypothesis = 'hypothesis h { expect found == "a" means higher quality }'
    plan = plan_of(SHOP + "segmentation found for customers using tree { target: quality } " + hypothesis)
    assert ("hypothesis", "h") in {(one.kind, one.name) for one in plan.skipped}
    assert all("rows to test" not in one.name for one in plan.skipped)


@pytest.mark.parametrize("length", [2_000])
def test_a_long_chain_of_fields_is_one_step(length: int) -> None:
    fields = "\n".join(f"f{n} = f{n - 1} + $1" for n in range(1, length))
    plan = plan_of(
        f"""source accounts from "a.csv" {{ id : int key   f0 : money(USD) }}
        derive accounts {{ {fields} }}
        score last "Last" for accounts {{ base f{length - 1} }}"""
    )
    assert len(only(plan, Compute).fields) == length - 1
