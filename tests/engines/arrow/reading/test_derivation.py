"""Sources made of other sources."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from segdsl.engines.arrow.reading import derive_source, stack_sources
from segdsl.model.source import BreachPolicies, Keep, KeepDuplicate
from segdsl.types import CATEGORY, COUNT, DATE, INT, NUMBER, TEXT, category, list_of, money
from tests.engines.arrow.reading.contracts import CLOCK, codes, column, source_of

USD = money("USD")
ORDERS = source_of(
    column("customer", INT.or_missing()),
    column("industry", CATEGORY.or_missing()),
    column("fee", USD.or_missing()),
    column("tools", list_of(TEXT)),
    name="orders",
)
CUSTOMERS = source_of(
    column("customer", INT, is_key=True),
    column("industry", CATEGORY.or_missing()),
    column("fee", USD.or_missing()),
    name="customers",
)


def orders(*rows: tuple[int | None, str | None, int | None]) -> pa.Table:
    return pa.table(
        {
            "customer": pa.array([r[0] for r in rows], pa.int64()),
            "industry": pa.array([r[1] for r in rows], pa.string()).dictionary_encode(),
            "fee": pa.array([r[2] for r in rows], pa.int64()),
            "tools": pa.array([["x"]] * len(rows), pa.list_(pa.string())),
        }
    )


entry = st.tuples(st.integers(1, 5))


@given(
    st.lists(st.integers(-5, 5)),
    st.dictionaries(st.integers(-5, 5), st.sampled_from(["Tech", "Retail", None])),
    st.randoms(),
)
def test_one_row_a_key_in_the_order_of_the_key_whatever_the_order_of_rows(
    customers: list[int], industry: dict[int, str | None], random: object
) -> None:
    rows = [(c, industry.get(c), c * 10) for c in customers]
    table, facts = derive_source(CUSTOMERS, ORDERS, orders(*rows))
    assert facts.diagnostics == ()
    expected = sorted(set(rows), key=lambda row: row[0])
    assert [tuple(r.values()) for r in table.to_pylist()] == expected


def test_a_column_that_varies_within_a_key_names_keys_and_values() -> None:
    table = orders((1, "Tech", 5_000_000), (2, "Retail", 1), (1, "Banking", 7_500_000), (1, "Tech", 5_000_000))
    _, facts = derive_source(CUSTOMERS, ORDERS, table)
    assert codes(facts) == ["SEG610", "SEG610"]
    assert facts.diagnostics[0].notes == ("key `1` has `Tech` and `Banking`",)
    assert facts.diagnostics[1].notes == ("key `1` has `5` and `7.5`",)


def test_a_missing_value_does_not_contradict_a_known_one() -> None:
    table, facts = derive_source(CUSTOMERS, ORDERS, orders((1, None, None), (1, "Tech", None), (1, None, 5)))
    assert facts.diagnostics == ()
    assert table.to_pylist() == [{"customer": 1, "industry": "Tech", "fee": 5}]


def test_rows_without_a_key_are_an_error_or_dropped() -> None:
    rows = orders((1, "Tech", 1), (None, "Retail", 2))
    _, facts = derive_source(CUSTOMERS, ORDERS, rows)
    assert codes(facts) == ["SEG607"]
    assert facts.diagnostics[0].rows[0].rows == (2,)
    table, facts = derive_source(replace(CUSTOMERS, policies=BreachPolicies(drop_missing_key=True)), ORDERS, rows)
    assert (codes(facts), table.num_rows, facts.rows_dropped) == (["SEG613"], 1, 1)


def test_the_derived_contract_is_checked_too() -> None:
    strict = source_of(
        column("customer", INT, is_key=True),
        column("industry", category("Tech")),
        column("fee", USD, high=Decimal("1")),
        name="customers",
    )
    _, facts = derive_source(strict, ORDERS, orders((1, "Retail", 1), (2, None, None), (3, "Tech", 1_000_001)))
    assert codes(facts) == ["SEG604", "SEG605", "SEG603", "SEG605"]


def test_a_derived_column_may_have_another_name_and_a_wider_type() -> None:
    wide = source_of(
        column("id", NUMBER, header="customer", is_key=True), column("tools", list_of(TEXT)), name="customers"
    )
    table, facts = derive_source(wide, ORDERS, orders((2, None, None), (1, None, None), (2, None, None)))
    assert facts.diagnostics == ()
    assert table.to_pylist() == [{"id": 1.0, "tools": ["x"]}, {"id": 2.0, "tools": ["x"]}]


def test_amounts_are_never_taken_for_counts() -> None:
    wrong = source_of(column("customer", INT, is_key=True), column("fee", COUNT), name="customers")
    _, facts = derive_source(wrong, ORDERS, orders((1, "Tech", 5)))
    assert codes(facts) == ["SEG602"]


def test_no_rows_derive_no_rows() -> None:
    table, facts = derive_source(CUSTOMERS, ORDERS, orders())
    assert (table.num_rows, facts.diagnostics) == (0, ())


WEB = source_of(column("email", TEXT), column("seen_on", DATE), name="web")
FAIR = source_of(column("email", TEXT), column("seen_on", DATE), column("booth", INT), name="fair")
LEADS = source_of(column("email", TEXT, is_key=True), column("seen_on", DATE), name="leads")


def leads(*rows: tuple[str | None, date], coded: bool = False) -> pa.Table:
    email = pa.array([r[0] for r in rows], pa.string())
    return pa.table({"email": email.dictionary_encode() if coded else email, "seen_on": [r[1] for r in rows]})


DAY = date(2024, 1, 1)


def test_stacked_rows_stand_one_below_the_other() -> None:
    first, second = leads(("a", DAY), ("b", DAY)), leads(("c", DAY), coded=True)
    table, facts = stack_sources(LEADS, [WEB, FAIR], [first, second], CLOCK)
    assert (table["email"].to_pylist(), facts.diagnostics, facts.rows_read) == (["a", "b", "c"], (), 3)


def test_a_key_in_two_stacked_sources_names_both() -> None:
    _, facts = stack_sources(LEADS, [WEB, FAIR], [leads(("a", DAY), ("b", DAY)), leads(("b", DAY))], CLOCK)
    assert codes(facts) == ["SEG606"]
    assert facts.diagnostics[0].notes == ("`b` in row 2 of `web` and row 1 of `fair`",)


@pytest.mark.parametrize("swapped", [False, True])
def test_policies_of_the_stacked_source_are_carried_out(swapped: bool) -> None:
    declared = replace(
        LEADS, policies=BreachPolicies(duplicate=KeepDuplicate(Keep.LAST, "seen_on"), drop_missing_key=True)
    )
    tables = [leads(("a", DAY), (None, DAY)), leads(("a", date(2024, 2, 1)))]
    table, facts = stack_sources(declared, [WEB, FAIR], tables[::-1] if swapped else tables, CLOCK)
    assert table.to_pylist() == [{"email": "a", "seen_on": date(2024, 2, 1)}]
    assert sorted(codes(facts)) == ["SEG613", "SEG613"]
    assert facts.rows_dropped == 2


def test_a_column_that_a_parent_lacks_is_told() -> None:
    declared = source_of(column("email", TEXT, is_key=True), column("booth", INT.or_missing()), name="leads")
    _, facts = stack_sources(declared, [WEB, FAIR], [leads(("a", DAY)), leads(("b", DAY))], CLOCK)
    assert codes(facts) == ["SEG601", "SEG601"]
