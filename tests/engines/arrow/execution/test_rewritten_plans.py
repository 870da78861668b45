"""No rewrite of a plan changes what it gives."""

from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings

from segdsl.engines.arrow.results import RunTables
from segdsl.plan import Plan, clock_of
from segdsl.plan.builder import REWRITES, draft_plan, rewritten
from tests.engines.arrow.execution.running import TODAY, carry_out
from tests.engines.arrow.execution.test_whole_runs import model, worlds

Rows = dict[str, list[dict[str, Any]]]


@cache
def draft() -> Plan:
    return draft_plan(model(), clock_of(model(), TODAY))


def carried_out(plan: Plan, rows: Rows) -> RunTables:
    found, _ = carry_out(plan, model(), rows)
    assert found is not None
    return found


def assert_same(one: RunTables, other: RunTables) -> None:
    assert one.scores == other.scores
    assert one.members == other.members
    assert one.segments == other.segments
    assert one.attrition == other.attrition
    assert one.audiences == other.audiences


@settings(max_examples=10)
@given(worlds())
def test_all_rewrites_together(rows: Rows) -> None:
    assert_same(carried_out(draft(), rows), carried_out(rewritten(draft()), rows))


@pytest.mark.parametrize("rewrite", REWRITES, ids=lambda rewrite: rewrite.__name__)
def test_each_rewrite_alone(rewrite: Any) -> None:
    @settings(max_examples=5)
    @given(worlds())
    def check(rows: Rows) -> None:
        assert_same(carried_out(draft(), rows), carried_out(rewrite(draft()), rows))

    check()
