"""No rewrite of a plan changes what it gives."""

from typing import Any

import pytest
from hypothesis import given

from segdsl.engines.arrow.execution import RunInputs, execute
from segdsl.engines.arrow.results import RunTables
from segdsl.plan import Plan, bindings_of
from segdsl.plan.builder import REWRITES, draft_plan, rewritten
from tests.engines.arrow.execution.running import TODAY, table_of
from tests.engines.arrow.execution.test_whole_runs import model, worlds

Rows = dict[str, list[dict[str, Any]]]


def carried_out(plan: Plan, rows: Rows) -> RunTables:
    sources = model().sources
    tables = {name: table_of(sources[name], found) for name, found in rows.items()}
    found, _ = execute(plan, sources, RunInputs(files={}, tables=tables))
    assert found is not None
    return found


def assert_same(one: RunTables, other: RunTables) -> None:
    assert one.scores == other.scores
    assert one.members == other.members
    assert one.segments == other.segments
    assert one.attrition == other.attrition
    assert one.audiences == other.audiences


@given(worlds())
def test_all_rewrites_together(rows: Rows) -> None:
    draft = draft_plan(model(), bindings_of(model(), {}, TODAY))
    assert_same(carried_out(draft, rows), carried_out(rewritten(draft), rows))


@pytest.mark.parametrize("rewrite", REWRITES, ids=lambda rewrite: rewrite.__name__)
def test_each_rewrite_alone(rewrite: Any) -> None:
    @given(worlds())
    def check(rows: Rows) -> None:
        draft = draft_plan(model(), bindings_of(model(), {}, TODAY))
        assert_same(carried_out(draft, rows), carried_out(rewrite(draft), rows))

    check()
