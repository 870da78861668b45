import calendar
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from segdsl.model.expression import Arithmetic, Call, Column, Expr, Literal, Negate, Operator
from segdsl.types import DATE, DURATION, INT, NUMBER, TIMESTAMP, Duration
from tests.engines.arrow.rowwise import tallied, values_of

SIGNED = Column("signed_on", DATE)
SEEN = Column("seen_at", TIMESTAMP)
OTHER = Column("other", DATE)
LENGTH = Column("length", DURATION)

dates = st.none() | st.dates()
near_dates = st.none() | st.dates(date(2019, 1, 1), date(2025, 12, 31))
moments = st.none() | st.datetimes(datetime(1900, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))


def moved(start: date, months: int) -> date | None:
    """By months of the calendar, with the day clamped to the month's last, by the standard library."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    if not 1 <= year <= 9999:
        return None
    return date(year, month + 1, min(start.day, calendar.monthrange(year, month + 1)[1]))


def stepped(start: date | None, by: timedelta) -> date | None:
    if start is None:
        return None
    try:
        return start + by
    except OverflowError:
        return None


@given(
    st.lists(dates, min_size=1, max_size=30) | st.lists(near_dates, min_size=1, max_size=300),
    st.integers(-40_000, 40_000) | st.integers(-30, 30),
)
def test_months_move_a_date_by_the_calendar_and_clamp_to_the_months_end(column, months):
    later = Arithmetic(Operator.ADD, SIGNED, Literal(Duration(months=months), DURATION), DATE)
    earlier = Arithmetic(Operator.SUBTRACT, SIGNED, Literal(Duration(months=-months), DURATION), DATE)
    expected = [None if day is None else moved(day, months) for day in column]
    lost = sum(day is not None and e is None for day, e in zip(column, expected, strict=True))
    for expr in (later, earlier):
        found, lapses = tallied(expr, {SIGNED: column})
        assert found == expected
        assert lapses.get("result out of range", 0) == lost


@given(st.lists(dates, min_size=1, max_size=30), st.integers(-(10**12), 10**12))
def test_days_and_seconds_move_a_date_to_the_day_in_which_the_result_lies(column, seconds):
    expected = [stepped(day, timedelta(days=seconds // 86_400)) for day in column]
    stated = Arithmetic(Operator.ADD, SIGNED, Literal(Duration(seconds=seconds), DURATION), DATE)
    assert values_of(stated, {SIGNED: column}) == expected
    from_data = Arithmetic(Operator.ADD, LENGTH, SIGNED, DATE)
    lengths = [Duration(seconds=seconds)] * len(column)
    assert values_of(from_data, {SIGNED: column, LENGTH: lengths}) == expected


@given(st.lists(moments, min_size=1, max_size=30), st.integers(-1000, 1000), st.integers(-(10**7), 10**7))
def test_a_timestamp_keeps_its_time_of_day_when_months_move_it(column, months, seconds):
    expr = Arithmetic(Operator.SUBTRACT, SEEN, Literal(Duration(months, seconds), DURATION), TIMESTAMP)
    expected = [
        None if at is None else datetime.combine(moved(at.date(), -months), at.timetz()) - timedelta(seconds=seconds)
        for at in column
    ]
    assert values_of(expr, {SEEN: column}) == expected


@given(st.lists(st.tuples(dates, dates), min_size=1, max_size=30))
def test_the_difference_of_two_dates_is_the_days_between_them(rows):
    left, right = map(list, zip(*rows, strict=True))
    expected = [None if a is None or b is None else Duration(seconds=(a - b).days * 86_400) for a, b in rows]
    found = values_of(Arithmetic(Operator.SUBTRACT, SIGNED, OTHER, DURATION), {SIGNED: left, OTHER: right})
    assert found == expected


@given(st.lists(dates, min_size=1, max_size=30))
def test_a_clock_less_months_is_a_scalar(column):
    clock = Literal(date(2024, 3, 31), DATE)
    month_before = Arithmetic(Operator.SUBTRACT, clock, Literal(Duration(months=1), DURATION), DATE)
    assert values_of(month_before, {}) == [date(2024, 2, 29)]


@pytest.mark.parametrize("factor_first", [True, False])
def test_a_multiple_of_stated_months_still_moves_by_the_calendar(factor_first: bool):
    month, three = Literal(Duration(months=1), DURATION), Literal(3, INT)
    left, right = (three, month) if factor_first else (month, three)
    quarter = Arithmetic(Operator.MULTIPLY, left, right, DURATION)
    back = Arithmetic(Operator.ADD, SIGNED, Negate(quarter, DURATION), DATE)
    assert values_of(back, {SIGNED: [date(2024, 5, 31)]}) == [date(2024, 2, 29)]


@given(st.lists(dates, min_size=1, max_size=30) | st.lists(near_dates, min_size=1, max_size=300))
def test_the_parts_of_a_date_are_those_of_the_calendar(column):
    def part(name: str) -> list[object]:
        return values_of(Call(name, (SIGNED,), INT), {SIGNED: column})

    assert part("year") == [day and day.year for day in column]
    assert part("quarter") == [day and (day.month + 2) // 3 for day in column]
    assert part("month") == [day and day.month for day in column]
    assert part("day") == [day and day.day for day in column]


@given(st.lists(st.none() | st.datetimes(timezones=st.just(UTC)), min_size=1, max_size=30))
def test_the_parts_of_a_timestamp_are_those_of_its_day_in_utc(column):
    def of(expr: Expr) -> list[object]:
        return values_of(expr, {SEEN: column})

    assert of(Call("date", (SEEN,), DATE)) == [at and at.date() for at in column]
    assert of(Call("year", (SEEN,), INT)) == [at and at.year for at in column]
    assert of(Call("day", (SEEN,), INT)) == [at and at.day for at in column]


def test_a_duration_is_measured_in_days_and_in_mean_months():
    rows = {LENGTH: [Duration(seconds=129_600), Duration(months=18), None]}
    found = values_of(Call("days", (LENGTH,), NUMBER), rows)
    assert [None if f is None else float(f) for f in found] == [1.5, 18 * 365.2425 / 12, None]
    found = values_of(Call("months", (LENGTH,), NUMBER), rows)
    assert found[1:] == [18, None]
