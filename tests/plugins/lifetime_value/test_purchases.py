"""What counts as a purchase, and what is made of purchases."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest

from segdsl.plugin import COUNT, DATE, NUMBER, Duration, Refused
from segdsl_lifetime_value.making import make
from tests.plugins.lifetime_value.calls import (
    BUYERS,
    CLOCK,
    PURCHASE_OUTPUTS,
    USD,
    as_dates,
    as_money,
    bought,
    columns_of,
    days_of_buyers,
    figures_of,
    purchases_call,
    type_of,
)

SIMPLE = ("frequency", "recency", "monetary")
YEAR_AGO = CLOCK - timedelta(days=365)


def simple(*purchases: tuple[int | None, date | None, float | None], customers: int = 1) -> dict[str, list[Any]]:
    """Frequency, recency and monetary of purchases: customer, day, amount."""
    rows, days, amounts = (list(column) for column in zip(*purchases, strict=True))
    return dict(columns_of(purchases_call(customers, rows, as_dates(days), as_money(amounts), SIMPLE)))


def days_ago(number: int) -> date:
    return CLOCK - timedelta(days=number)


def test_the_first_purchase_is_no_repeat() -> None:
    found = simple((0, days_ago(40), 10.0), (0, days_ago(9), 20.0), (1, days_ago(3), 5.0), customers=3)
    assert found["frequency"] == [1, 0, None]
    assert found["recency"] == [timedelta(days=9), timedelta(days=3), None]
    assert found["monetary"] == [Decimal(15), Decimal(5), None]


def test_purchases_of_one_day_are_one() -> None:
    found = simple((0, days_ago(40), 10.0), (0, days_ago(9), 20.0), (0, days_ago(9), 4.0))
    assert (found["frequency"], found["monetary"]) == ([1], [Decimal(17)])


def test_purchases_after_the_clock_are_not_known() -> None:
    found = simple((0, days_ago(40), 10.0), (0, days_ago(-1), 20.0), (0, CLOCK, 30.0))
    assert (found["frequency"], found["recency"], found["monetary"]) == ([1], [timedelta(0)], [Decimal(20)])


def test_rows_without_customer_or_date_are_left_out() -> None:
    found = simple((None, days_ago(40), 10.0), (0, None, 20.0), (0, days_ago(7), 30.0))
    assert (found["frequency"], found["monetary"]) == ([0], [Decimal(30)])


def test_a_purchase_without_an_amount_counts_and_adds_no_amount() -> None:
    found = simple((0, days_ago(40), 10.0), (0, days_ago(7), None), (1, days_ago(7), None), customers=2)
    assert (found["frequency"], found["monetary"]) == ([1, 0], [Decimal(10), None])


def test_a_day_of_returns_is_no_purchase_and_is_noted() -> None:
    call = purchases_call(
        2,
        [0, 0, 0, 1],
        as_dates([days_ago(40), days_ago(7), days_ago(7), days_ago(2)]),
        as_money([10.0, 5.0, -8.0, 0.0]),
        SIMPLE,
    )
    made = make(call)
    assert made.columns["frequency"].to_pylist() == [0, 0]
    assert [(note.message, note.where.to_pylist()) for note in made.notes] == [
        ("accounts with days of returns, which don't count as purchases", [True, False])
    ]


def test_times_count_by_their_day_in_utc() -> None:
    evening = datetime(2026, 1, 1, 23, 59, tzinfo=UTC)
    times = pa.array([evening, evening + timedelta(minutes=2)], pa.timestamp("us", "UTC"))
    call = purchases_call(1, [0, 0], times, as_money([1.0, 2.0]), SIMPLE)
    assert columns_of(call)["frequency"] == [1]


def test_the_lifetime_value_without_discount_is_purchases_times_spend_times_margin() -> None:
    found = columns_of(purchases_call(BUYERS, *bought(), discount=Decimal(0), margin=Decimal("0.25")))
    each = zip(found["clv"], found["expected_purchases"], found["expected_spend"], strict=True)
    for value, number, spend in each:
        assert float(value) == pytest.approx(0.25 * number * float(spend), abs=0.005 * (1 + number))


def test_a_discount_lowers_the_value_by_less_than_a_year_and_leaves_purchases_alone() -> None:
    plain = columns_of(purchases_call(BUYERS, *bought(), discount=Decimal(0)))
    less = columns_of(purchases_call(BUYERS, *bought(), discount=Decimal("0.5")))
    assert sum(less["clv"]) < sum(plain["clv"])
    assert less["expected_purchases"] == plain["expected_purchases"]
    for before, after in zip(plain["clv"], less["clv"], strict=True):
        assert float(before) / 1.5 - 0.01 < float(after) <= float(before)


def test_the_unit_of_the_parameters_changes_no_prediction() -> None:
    weeks = columns_of(purchases_call(BUYERS, *bought()))
    months = columns_of(purchases_call(BUYERS, *bought(), period=Duration(months=1)))
    assert months["expected_purchases"] == pytest.approx(weeks["expected_purchases"], rel=1e-6)
    assert months["probability_alive"] == pytest.approx(weeks["probability_alive"], rel=1e-6)


def test_the_parameters_are_written_down() -> None:
    made = make(purchases_call(BUYERS, *bought()))
    figures = figures_of(made)
    assert figures["BG/NBD", "customers"] == BUYERS
    again = sum(len(days) > 1 for days in days_of_buyers())
    assert figures["BG/NBD", "customers who bought again"] == again
    assert {name for model, name in figures if model == "BG/NBD"} >= {"r", "alpha", "a", "b", "log-likelihood"}
    assert {name for model, name in figures if model == "Gamma-Gamma"} >= {"p", "q", "gamma", "log-likelihood"}
    assert set(made.tables["model"]["made_from"].to_pylist()) == {"orders.ordered_on, orders.amount"}


@pytest.mark.parametrize(
    ("rows", "days", "reason"),
    [
        (list(range(20)), [YEAR_AGO + timedelta(days=n) for n in range(20)], "nobody bought a second time"),
        ([0, 0, 0], [days_ago(9), days_ago(5), days_ago(2)], "only one customer bought a second time"),
    ],
    ids=["everybody once", "one customer"],
)
def test_a_model_that_does_not_fit_gives_missing_values_and_a_note(
    rows: list[int], days: list[date], reason: str
) -> None:
    made = make(purchases_call(21, rows, as_dates(days), as_money([5.0] * len(rows))))
    for name in ("expected_purchases", "probability_alive", "clv"):
        assert made.columns[name].null_count == 21
    assert made.columns["frequency"].null_count == 21 - len(set(rows))
    notes = [note for note in made.notes if "BG/NBD" in note.message]
    assert len(notes) == 1 and reason in notes[0].message
    assert sum(notes[0].where.to_pylist()) == len(set(rows))
    assert figures_of(made)["BG/NBD", "not fitted"] == reason


def test_constant_amounts_leave_the_purchases_predicted() -> None:
    rows, days, amounts = bought()
    made = make(purchases_call(BUYERS, rows, days, as_money([9.0] * len(amounts))))
    assert made.columns["expected_purchases"].null_count == 0
    assert made.columns["expected_spend"].null_count == made.columns["clv"].null_count == BUYERS
    assert figures_of(made)["Gamma-Gamma", "not fitted"] == "all customers spend the same"


def test_without_rows_there_is_nothing_and_no_note() -> None:
    made = make(purchases_call(0, [], as_dates([]), as_money([])))
    assert all(len(made.columns[name]) == 0 for name in PURCHASE_OUTPUTS)
    assert made.notes == ()


def test_no_link_is_refused() -> None:
    with pytest.raises(Refused, match="No link leads from `orders` to `customers`"):
        make(purchases_call(3, None, as_dates([CLOCK]), as_money([1.0])))


@pytest.mark.parametrize("option", ["horizon", "period"])
@pytest.mark.parametrize(
    "time", [Duration(seconds=0), Duration(months=-1), Duration(seconds=3600), Duration(months=2400)]
)
def test_absurd_times_are_refused(option: str, time: Duration) -> None:
    with pytest.raises(Refused, match=option):
        make(purchases_call(BUYERS, *bought(), **{option: time}))


def test_without_a_clock_it_is_refused() -> None:
    with pytest.raises(Refused, match="no clock"):
        make(purchases_call(BUYERS, *bought(), clock=date.max))


def test_types_follow_the_amounts() -> None:
    assert type_of("clv", [DATE, USD], {}) == USD.or_missing()
    assert type_of("monetary", [DATE, COUNT], {}) == NUMBER.or_missing()


@pytest.mark.parametrize(
    ("output", "types", "options"),
    [
        ("clv", [DATE, DATE, USD], {}),
        ("clv", [DATE, USD, USD], {}),
        ("residual_tenure", [DATE, DATE], {}),
        ("clv", [DATE, USD], {"model": "contractual"}),
        ("clv", [DATE, DATE], {"model": "contractual"}),
        ("expected_spend", [DATE, USD], {"model": "contractual"}),
    ],
)
def test_what_is_of_the_other_model_is_told_before_a_run(output: str, types: Any, options: Any) -> None:
    found = type_of(output, types, options)
    assert isinstance(found, str) and "`model: " in found
