"""Values of several providers, in order and by age."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from segdsl.plugin import CATEGORY, COUNT, INT, ColumnName, Duration, ProviderTerms, category, list_of, money
from segdsl_vendor import ENRICHER
from segdsl_vendor.making import make
from segdsl_vendor.settings import day_before
from tests.plugins.vendor.calls import make_call, run

KEY = ("match_key",)
DATED = {"dated": (ColumnName("hoovers", "seen"), ColumnName("clearbit", "updated")), "max_age": Duration(months=12)}


def accounts(*keys: str) -> list[dict[str, Any]]:
    return [{"account": key, "key": key} for key in keys]


def test_the_first_provider_with_a_value_wins_and_is_named() -> None:
    hoovers = [{"duns": "a", "headcount": 1, "seen": date(2026, 1, 1)}, {"duns": "b", "seen": date(2026, 2, 2)}]
    clearbit = [{"id": "a", "employees": 2}, {"id": "b", "employees": 3, "updated": date(2026, 3, 3)}]
    made = run(accounts("a", "b", "c"), hoovers, clearbit, matching=KEY, options=DATED)
    assert made.columns["employees"].to_pylist() == [1, 3, None]
    assert made.columns["employees_provider"].to_pylist() == ["hoovers", "clearbit", None]
    assert made.columns["employees_date"].to_pylist() == [date(2026, 1, 1), date(2026, 3, 3), None]
    assert made.columns["employees_confidence"].to_pylist() == [1.0, 1.0, None]


def test_each_column_has_an_order_of_its_own() -> None:
    made = run(
        accounts("a"),
        [{"duns": "a", "headcount": 1}],
        [{"id": "a", "employees": 2}],
        matching=KEY,
        asked={"one": ["hoovers.headcount", "clearbit.employees"], "two": ["clearbit.employees", "hoovers.headcount"]},
    )
    assert [made.columns[name].to_pylist() for name in ("one", "two")] == [[1], [2]]


def test_the_table_itself_may_come_first() -> None:
    rows = [{"account": "a", "key": "a", "employees": 9}, {"account": "b", "key": "b"}]
    made = run(
        rows,
        [{"duns": key, "headcount": 1} for key in "ab"],
        matching=KEY,
        asked={"size": ["accounts.employees", "hoovers.headcount"]},
    )
    assert made.columns["size"].to_pylist() == [9, 1]
    assert made.columns["size_provider"].to_pylist() == ["accounts", "hoovers"]


def test_own_values_may_be_stale_too() -> None:
    made = run(
        [{"account": "a", "key": "a", "employees": 9, "checked": date(2020, 1, 1)}],
        [{"duns": "a", "headcount": 1, "seen": date(2026, 1, 1)}],
        matching=KEY,
        asked={"size": ["accounts.employees", "hoovers.headcount"]},
        options={**DATED, "dated": (ColumnName("accounts", "checked"), ColumnName("hoovers", "seen"))},
    )
    assert made.columns["size"].to_pylist() == [1]


def test_a_time_counts_by_its_day() -> None:
    call = make_call([{"account": "a", "key": "a"}], [{"duns": "a", "headcount": 1}], [], matching=KEY, options=DATED)
    seen = pa.array([datetime(2025, 6, 30, 23, 59, tzinfo=UTC)], pa.timestamp("us", "UTC"))
    call.tables["hoovers"].columns["seen"] = seen  # type: ignore[index]
    assert make(call).columns["employees"].to_pylist() == [None]


@pytest.mark.parametrize(
    ("seen", "value"),
    [
        (date(2026, 6, 30), 1),
        (date(2025, 7, 1), 1),
        (date(2025, 6, 30), None),
        (date(2019, 1, 1), None),
        (None, None),
        (date(2026, 7, 1), None),
    ],
)
def test_stale_undated_and_later_values_are_left_out(seen: date | None, value: int | None) -> None:
    hoovers = [{"duns": "a", "headcount": 1, "seen": seen}]
    made = run(accounts("a"), hoovers, [], matching=KEY, options=DATED)
    assert made.columns["employees"].to_pylist() == [value]
    assert [note.where.to_pylist() for note in made.notes if note.column == "employees"] == ([] if value else [[True]])


def test_a_stale_value_makes_way_for_the_next_provider() -> None:
    hoovers = [{"duns": "a", "headcount": 1, "seen": date(2020, 1, 1)}]
    clearbit = [{"id": "a", "employees": 2, "updated": date(2026, 1, 1)}]
    made = run(accounts("a"), hoovers, clearbit, matching=KEY, options=DATED)
    assert made.columns["employees"].to_pylist() == [2]


@pytest.mark.parametrize(("age", "value"), [(Duration(months=6), 1), (Duration(months=24), None), (None, 1)])
def test_without_dates_the_age_that_the_provider_states_counts(age: Duration | None, value: int | None) -> None:
    options = {"max_age": Duration(months=12), "providers": (ProviderTerms("db", None, None, None, age),)}
    made = run(accounts("a"), [{"duns": "a", "headcount": 1}], matching=KEY, options=options)
    assert made.columns["employees"].to_pylist() == [value]


@pytest.mark.parametrize(
    ("day", "span", "expected"),
    [
        (date(2026, 3, 31), Duration(months=1), date(2026, 2, 28)),
        (date(2024, 3, 31), Duration(months=1), date(2024, 2, 29)),
        (date(2026, 1, 31), Duration(months=13), date(2024, 12, 31)),
        (date(2026, 1, 1), Duration(seconds=86_400), date(2025, 12, 31)),
        (date(2026, 1, 1), Duration(seconds=86_401), date(2025, 12, 30)),
        (date(5, 1, 1), Duration(months=600), date.min),
        (date(1, 1, 2), Duration(seconds=86_400 * 9), date.min),
    ],
)
def test_day_before(day: date, span: Duration, expected: date) -> None:
    assert day_before(day, span) == expected


VALUES = st.lists(st.one_of(st.none(), st.integers(0, 9)), min_size=3, max_size=3)


@given(VALUES, VALUES)
def test_the_waterfall_is_the_first_value_of_each_row(first: list[int | None], second: list[int | None]) -> None:
    keys = ["a", "b", "c"]
    made = run(
        accounts(*keys),
        [{"duns": key, "headcount": value} for key, value in zip(keys, first, strict=True)],
        [{"id": key, "employees": value} for key, value in zip(keys, second, strict=True)],
        matching=KEY,
    )
    expected = [one if one is not None else other for one, other in zip(first, second, strict=True)]
    assert made.columns["employees"].to_pylist() == expected


def test_money_keeps_its_places() -> None:
    hoovers = [{"duns": "a", "sales": Decimal("12.345678")}]
    made = run(accounts("a"), hoovers, matching=KEY, asked={"revenue": ["hoovers.sales"]})
    assert made.columns["revenue"].to_pylist() == [Decimal("12.345678")]
    assert made.columns["revenue"].type == pa.decimal128(19, 6)


def test_the_type_is_that_of_the_columns_and_may_be_missing() -> None:
    (output,) = ENRICHER.outputs
    assert callable(output.type)
    assert output.type([COUNT, COUNT.or_missing()], {}) == COUNT.or_missing()
    assert output.type([category("a", "b"), category("a", "b")], {}) == category("a", "b").or_missing()
    assert output.type([category("a"), CATEGORY], {}) == CATEGORY.or_missing()
    for wrong in ([COUNT, INT], [money("USD"), money("EUR")], [list_of(CATEGORY), list_of(COUNT)]):
        assert isinstance(output.type(wrong, {}), str)
