"""The smallest change that leads to another rule, against trying everything."""

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segdsl.engines.arrow.explaining.alternatives import spread_of
from segdsl.engines.arrow.explaining.nearest_change import Found, nearest_change
from segdsl.engines.arrow.explaining.rules import rule_set
from segdsl.engines.arrow.physical import arrow_type
from segdsl.model.expression import And, Compare, Comparison, InValues, Literal, Not
from segdsl.plan.traversal import externals
from segdsl.types import COUNT
from tests.engines.arrow.explaining import rules_by_hand as by_hand


def search(rules, row, population) -> tuple[list[str], Found]:
    nodes = externals(rules)
    bound = {node: pa.array([row[node.name]], arrow_type(node.type)) for node in nodes}
    asked = rule_set(rules, bound, by_hand.source())
    names = [field.node.name for field in asked.fields]
    columns = [pa.array([one[name] for one in population], arrow_type(by_hand.TYPES[name])) for name in names]
    return names, nearest_change(asked, [spread_of(column) for column in columns])


@settings(max_examples=150)
@given(st.lists(by_hand.conditions, min_size=2, max_size=4), by_hand.rows, by_hand.populations)
def test_no_change_is_smaller_than_the_one_found(rules, row, population):
    names, found = search(rules, row, population)
    expected = by_hand.by_trying_everything(rules, row, population, names)
    assert found.complete
    if found.change is None:
        assert expected is None
        return
    assert expected is not None
    assert len(found.change.assignment) == expected[0]
    assert found.change.distance == pytest.approx(expected[1])


@settings(max_examples=100)
@given(st.lists(by_hand.conditions, min_size=2, max_size=4), by_hand.rows, by_hand.populations)
def test_the_changed_account_really_lands_there(rules, row, population):
    names, found = search(rules, row, population)
    if found.change is not None:
        changed = {**row, **{names[place]: value for place, value in found.change.assignment}}
        assert by_hand.first_true(rules, changed) == found.change.rule
        assert found.change.rule != by_hand.first_true(rules, row)


def at_least(name: str, value: int) -> Compare:
    return Compare(Comparison.AT_LEAST, by_hand.column(name), Literal(value, COUNT))


ROW = {"n": 3, "m": 2, "k": 1, "c": "a", "d": "b", "f": False}
POPULATION = [{**ROW, "n": n, "k": n % 7} for n in range(9)]


def test_one_field_goes_before_a_nearer_pair():
    rules = [And((at_least("n", 4), at_least("k", 2))), InValues(by_hand.column("c"), ("b",))]
    _, found = search(rules, ROW, POPULATION)
    assert found.change is not None and found.change.rule == 1
    assert [value for _, value in found.change.assignment] == ["b"]


def test_an_earlier_rule_must_not_fire():
    # n >= 4 would be the nearest way to the second rule, but the first one catches n from 4 to 5.
    between = And((at_least("n", 4), Not(at_least("n", 6))))
    rules = [And((between, InValues(by_hand.column("c"), ("a",)))), at_least("n", 4)]
    names, found = search([rules[0], rules[1]], {**ROW, "n": 3}, POPULATION)
    assert found.change is not None
    assert (found.change.rule, found.change.assignment) == (0, ((names.index("n"), 4),))
    only_second = nearest_to_second(rules)
    assert only_second == 6


def nearest_to_second(rules) -> int:
    nodes = externals(rules)
    bound = {node: pa.array([ROW[node.name]], arrow_type(node.type)) for node in nodes}
    asked = rule_set(rules, bound, by_hand.source())
    spreads = [spread_of(pa.array([one[f.node.name] for one in POPULATION])) for f in asked.fields]
    found = nearest_change(asked, spreads, [1])
    assert found.change is not None
    return next(value for place, value in found.change.assignment if asked.fields[place].node.name == "n")


def test_nothing_is_found_where_four_fields_would_have_to_change():
    rules = [And((at_least("n", 7), at_least("m", 7), at_least("k", 5), InValues(by_hand.column("c"), ("c",))))]
    assert search(rules, ROW, POPULATION)[1] == Found(None, True)


def test_a_declared_range_is_kept_to():
    assert search([at_least("k", 7)], ROW, POPULATION)[1] == Found(None, True)
