"""Tenure of contracts, counted in their periods, and what is made of it."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from segdsl.plugin import DURATION, Asked, ColumnName, Duration, Refused
from segdsl_lifetime_value.making import make
from tests.plugins.lifetime_value.calls import CLOCK, columns_of, contracts_call, figures_of

MONTH = Duration(months=1)


def shifted(day: date, years: int) -> date:
    return date(day.year + years, day.month, day.day)


def cohort() -> tuple[list[date], list[date | None], list[float]]:
    """100 customers from 2020-02-01: 40 leave after a year, 15 after two, 8 after three, 5 after four; 32 stay."""
    start = date(2020, 2, 1)
    after = [1] * 40 + [2] * 15 + [3] * 8 + [4] * 5
    ends = [shifted(start, years) - timedelta(days=1) for years in after]
    return [start] * 100, [*ends, *[None] * 32], [100.0] * 100


def test_the_retention_of_each_period_is_counted() -> None:
    curve = make(contracts_call(*cohort())).tables["retention"].to_pydict()
    # At the clock the contracts of 2020-02-01 are one day short of their sixth year.
    assert curve["period"] == [1, 2, 3, 4, 5]
    assert curve["due"] == [100, 60, 45, 37, 32]
    assert curve["left"] == [40, 15, 8, 5, 0]
    assert curve["retention"] == pytest.approx([60 / 100, 45 / 60, 37 / 45, 32 / 37, 1])
    assert curve["fitted_survival"][1] == pytest.approx(curve["fitted_retention"][0] * curve["fitted_retention"][1])


@pytest.mark.parametrize(
    ("start", "end", "period", "left_in"),
    [
        (date(2024, 1, 1), date(2024, 12, 31), Duration(months=12), 1),
        (date(2024, 1, 1), date(2025, 1, 1), Duration(months=12), 1),
        (date(2024, 1, 1), date(2025, 1, 2), Duration(months=12), 2),
        (date(2024, 1, 1), date(2024, 1, 1), Duration(months=12), 1),
        (date(2024, 1, 31), date(2024, 2, 29), MONTH, 1),
        (date(2024, 1, 31), date(2024, 3, 1), MONTH, 2),
        (date(2024, 1, 31), date(2024, 3, 31), MONTH, 2),
        (date(2023, 12, 15), date(2024, 3, 14), Duration(months=3), 1),
        (date(2024, 1, 1), date(2024, 1, 15), Duration(seconds=7 * 86_400), 2),
        (date(2024, 1, 1), date(2024, 1, 16), Duration(seconds=7 * 86_400), 3),
    ],
)
def test_one_leaves_in_the_period_in_which_the_contract_ends(
    start: date, end: date, period: Duration, left_in: int
) -> None:
    curve = make(contracts_call([start], [end], [1.0], period=period)).tables["retention"].to_pydict()
    assert curve["left"].index(1) + 1 == left_in


def test_former_customers_bring_nothing_and_unknown_ones_are_missing() -> None:
    starts, ends, fees = cohort()
    call = contracts_call(
        [*starts, None, CLOCK + timedelta(days=1), date(2025, 5, 1), date(2025, 5, 1)],
        [*ends, None, None, date(2025, 4, 1), None],
        [*fees, 1.0, 1.0, 1.0, None],
    )
    made = make(call)
    found = columns_of(call)
    assert found["clv"][0] == 0 and found["residual_tenure"][0] == timedelta(0) and found["renewal"][0] == 0
    assert found["clv"][100:] == [None] * 4
    assert [value is None for value in found["renewal"][100:]] == [True, True, True, False]
    assert [(note.message, sum(note.where.to_pylist())) for note in made.notes] == [
        ("accounts that end before they start, left out", 1)
    ]


def test_one_who_leaves_after_the_clock_is_a_customer_still() -> None:
    starts, ends, fees = cohort()
    ends[0] = CLOCK + timedelta(days=1)
    assert columns_of(contracts_call(starts, ends, fees))["renewal"][0] > 0


def test_the_renewal_rate_and_the_tenure_are_those_of_the_parameters() -> None:
    call = contracts_call(*cohort(), horizon=Duration(months=24))
    figures = figures_of(make(call))
    alpha, beta = (float(figures["shifted-beta-geometric", name]) for name in ("alpha", "beta"))
    found = columns_of(call)
    # Those who stay have renewed five times; they decide in a day, and again a year after.
    first, second = (beta + 5) / (alpha + beta + 5), (beta + 6) / (alpha + beta + 6)
    third = (beta + 7) / (alpha + beta + 7)
    year = 365.2425
    wait = year / 365
    days = wait + first * (year + second * (year - wait))
    assert found["renewal"][-1] == pytest.approx(first)
    assert found["residual_tenure"][-1].days == pytest.approx(days, abs=0.6)
    assert third > second > first


def test_the_value_without_discount_is_tenure_times_the_amount_of_a_day() -> None:
    options = {"discount": Decimal(0), "margin": Decimal("0.5"), "amount_per": MONTH}
    found = columns_of(contracts_call(*cohort(), horizon=Duration(months=36), **options))
    years = found["residual_tenure"][-1].days / 365.2425
    assert float(found["clv"][-1]) == pytest.approx(years * 12 * 100 * 0.5, rel=1e-3)


def test_a_discount_lowers_the_value() -> None:
    plain = columns_of(contracts_call(*cohort(), discount=Decimal(0)))["clv"][-1]
    less = columns_of(contracts_call(*cohort(), discount=Decimal("0.1")))["clv"][-1]
    assert float(plain) / 1.1 < float(less) < float(plain)


@pytest.mark.parametrize(
    ("ends", "reason"),
    [
        ([None] * 30, "nobody has left yet"),
        ([date(2020, 5, 1)] * 30, "nobody has stayed for a second period"),
    ],
)
def test_a_model_that_does_not_fit_gives_missing_values_and_a_note(ends: list[date | None], reason: str) -> None:
    staying = ends.count(None)
    made = make(contracts_call([date(2020, 2, 1)] * 30, ends, [1.0] * 30))
    assert made.columns["renewal"].null_count == made.columns["clv"].null_count == staying
    assert figures_of(made)["shifted-beta-geometric", "not fitted"] == reason
    assert [sum(note.where.to_pylist()) for note in made.notes] == ([staying] if staying else [])


def test_no_customers_are_no_fault() -> None:
    made = make(contracts_call([], [], []))
    assert len(made.columns["clv"]) == 0 and made.notes == ()


def test_columns_of_another_table_are_refused() -> None:
    call = contracts_call(*cohort(), asked=("residual_tenure",))
    (asked,) = call.asked
    other = Asked(
        asked.name, asked.output, DURATION, (ColumnName("deals", "a"), ColumnName("deals", "b")), asked.inputs
    )
    with pytest.raises(Refused, match="columns of `customers` alone"):
        make(type(call)((other,), call.length, call.options, clock=CLOCK, table="customers"))


def test_a_period_of_parts_of_days_is_refused() -> None:
    with pytest.raises(Refused, match="whole number of days"):
        make(contracts_call(*cohort(), period=Duration(seconds=86_401)))
