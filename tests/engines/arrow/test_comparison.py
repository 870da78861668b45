import operator
from datetime import UTC, date, datetime
from decimal import Decimal

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from segdsl.engines.arrow.batch import Batch
from segdsl.engines.arrow.values import evaluate
from segdsl.model.expression import Column, Compare, Comparison, InValues, Literal
from segdsl.types import (
    BOOL,
    CATEGORY,
    COUNT,
    DATE,
    DURATION,
    INT,
    NUMBER,
    RATIO,
    TEXT,
    TIMESTAMP,
    Duration,
    Type,
    Value,
    money,
)
from tests.engines.arrow.rowwise import values_of

USD = money("USD")
PYTHON = {
    Comparison.EQUAL: operator.eq,
    Comparison.UNEQUAL: operator.ne,
    Comparison.LESS: operator.lt,
    Comparison.AT_MOST: operator.le,
    Comparison.MORE: operator.gt,
    Comparison.AT_LEAST: operator.ge,
}

whole = st.integers(-(2**63), 2**63 - 1) | st.integers(-5, 5)
exact = st.decimals(-6, 6, places=1) | st.integers(-(2**64), 2**64).map(Decimal)
floats = st.floats(-10, 10).map(lambda f: Decimal(repr(f)))
moments = st.datetimes(datetime(1990, 1, 1), datetime(2050, 1, 1), timezones=st.just(UTC))
durations = st.builds(Duration, st.integers(-500, 500), st.integers(-(10**9), 10**9))
texts = st.text(max_size=3) | st.sampled_from(["a", "A", "é", "\U0001f600", "￿"])


def check_against_python(type_: Type, column: list[Value], constant: Value, constant_type: Type, key=lambda v: v):
    field = Column("x", type_)
    for sign, compare in PYTHON.items():
        expected = [None if v is None else compare(key(v), key(constant)) for v in column]
        found = values_of(Compare(sign, field, Literal(constant, constant_type)), {field: column})
        assert found == expected
        mirrored = [None if v is None else compare(key(constant), key(v)) for v in column]
        found = values_of(Compare(sign, Literal(constant, constant_type), field), {field: column})
        assert found == mirrored


def rows_of(values: st.SearchStrategy) -> st.SearchStrategy:
    return st.lists(st.none() | values, min_size=1, max_size=20)


@given(rows_of(whole), exact)
def test_a_count_is_compared_with_any_constant_exactly(column, constant):
    check_against_python(COUNT, column, constant, NUMBER)


@given(rows_of(st.integers(-3, 3).map(lambda n: Decimal(n).scaleb(-6))), st.integers(-30, 30))
def test_money_is_compared_exactly_even_with_a_constant_finer_than_its_places(column, ten_millionths):
    check_against_python(USD, column, Decimal(ten_millionths).scaleb(-7), USD)


def test_money_is_compared_with_a_constant_that_no_amount_can_reach():
    check_against_python(USD, [Decimal("9223372036854.775807"), None], Decimal(10**13), USD)
    check_against_python(USD, [Decimal("-9223372036854.775808"), None], Decimal(-(10**13)), USD)


@given(rows_of(floats), floats | exact)
def test_a_number_is_compared_with_the_float_nearest_to_the_constant(column, constant):
    check_against_python(RATIO, column, constant, NUMBER, key=float)


@given(rows_of(texts), texts)
def test_texts_compare_by_code_point(column, constant):
    check_against_python(TEXT, column, constant, TEXT, key=lambda text: [ord(c) for c in text])
    check_against_python(CATEGORY, column, constant, TEXT, key=lambda text: [ord(c) for c in text])


@given(rows_of(durations), durations)
def test_durations_compare_by_their_length_with_mean_months(column, constant):
    check_against_python(DURATION, column, constant, DURATION, key=lambda d: d.months * 2_629_746 + d.seconds)


@given(rows_of(st.dates()), st.dates())
def test_dates_compare_by_the_calendar(column, constant):
    check_against_python(DATE, column, constant, DATE)


@given(rows_of(moments), moments)
def test_timestamps_compare_by_time(column, constant):
    check_against_python(TIMESTAMP, column, constant, TIMESTAMP)


@given(rows_of(st.booleans()), st.booleans())
def test_false_comes_before_true(column, constant):
    check_against_python(BOOL, column, constant, BOOL)


@given(st.lists(st.tuples(st.none() | texts, st.none() | texts), min_size=1, max_size=20))
def test_two_columns_of_text_are_compared_row_by_row(rows):
    left, right = Column("x", CATEGORY), Column("y", TEXT)
    columns = {left: [a for a, _ in rows], right: [b for _, b in rows]}
    for sign, compare in PYTHON.items():
        expected = [None if a is None or b is None else compare(a, b) for a, b in rows]
        assert values_of(Compare(sign, left, right), columns) == expected


def test_a_whole_number_above_2_to_the_53_meets_a_float_of_the_data_as_the_nearest_float():
    count, number = Column("x", COUNT), Column("y", NUMBER)
    rows = {
        count: [2**53 + 1, 2**60, 3, None],
        number: [Decimal(2**53), Decimal("0.5"), Decimal(3), Decimal(1)],
    }
    assert values_of(Compare(Comparison.EQUAL, count, number), rows) == [True, False, True, None]
    assert values_of(Compare(Comparison.MORE, count, number), rows) == [False, True, False, None]


@given(rows_of(st.integers(-3, 3)), st.lists(st.sampled_from([-1, 0, 2, Decimal("1.5"), Decimal(3)])))
def test_membership_of_whole_numbers_is_exact_and_unknown_for_missing(column, constants):
    field = Column("x", INT)
    expected = [None if v is None else v in constants for v in column]
    assert values_of(InValues(field, tuple(constants)), {field: column}) == expected


@given(rows_of(texts), st.lists(texts, max_size=4))
def test_membership_of_texts_is_unknown_for_missing(column, constants):
    for type_ in (TEXT, CATEGORY):
        field = Column("x", type_)
        expected = [None if v is None else v in constants for v in column]
        assert values_of(InValues(field, tuple(constants)), {field: column}) == expected


@pytest.mark.parametrize(
    ("type_", "column", "constants", "expected"),
    [
        (
            USD,
            [Decimal("1.5"), Decimal(2), None],
            (Decimal("1.5"), Decimal("0.0000001")),
            [True, False, None],
        ),
        (NUMBER, [Decimal("0.1"), Decimal("0.3")], (Decimal("0.1"), 2), [True, False]),
        (DATE, [date(2024, 1, 1), date(2024, 1, 2)], (date(2024, 1, 2),), [False, True]),
        (COUNT, [2**63 - 1, 5], (2**63, 2**63 - 1), [True, False]),
        (BOOL, [True, False, None], (True,), [True, False, None]),
    ],
)
def test_membership_holds_for_every_kind(type_, column, constants, expected):
    field = Column("x", type_)
    assert values_of(InValues(field, constants), {field: column}) == expected


@pytest.mark.parametrize("constants", [(0,), (0, 1, 2, 3, 4)], ids=["compared", "looked up"])
def test_minus_zero_is_a_member_where_zero_is(constants):
    field = Column("x", NUMBER)
    batch = Batch(3, {field: pa.array([-0.0, 0.0, 0.5])})
    assert evaluate(InValues(field, constants), batch).to_pylist() == [True, True, False]
