from datetime import UTC, date, datetime
from decimal import Decimal

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from segdsl.engines.arrow.physical import (
    arrow_type,
    display_array,
    display_type,
    from_physical,
    scalar_type,
    to_physical,
)
from segdsl.types import (
    BOOL,
    CATEGORY,
    COUNT,
    DATE,
    DURATION,
    INT,
    NUMBER,
    TEXT,
    TIMESTAMP,
    UNKNOWN,
    Duration,
    list_of,
    money,
)

USD, IDR = money("USD"), money("IDR")

VALUES = [
    (TEXT, "é", "é"),
    (CATEGORY, "x", "x"),
    (COUNT, 2**62, 2**62),
    (NUMBER, Decimal("0.1"), 0.1),
    (USD, Decimal("-1.25"), -1_250_000),
    (IDR, Decimal("-1.25"), -1_250),
    (DATE, date(2024, 2, 29), date(2024, 2, 29)),
    (TIMESTAMP, datetime(2024, 2, 29, 9, tzinfo=UTC), datetime(2024, 2, 29, 9, tzinfo=UTC)),
    (DURATION, Duration(seconds=-90), -90_000_000),
    (BOOL, True, True),
    (list_of(CATEGORY), ("a", "b"), ["a", "b"]),
    (list_of(USD), (Decimal("0.5"),), [500_000]),
    (INT, None, None),
]


@pytest.mark.parametrize(("type_", "value", "held"), VALUES, ids=lambda v: str(v))
def test_a_value_is_held_as_the_contract_says_and_read_back(type_, value, held):
    assert to_physical(value, type_) == held
    assert from_physical(pa.scalar(held, scalar_type(type_)).as_py(), type_) == value


def test_a_month_of_a_duration_is_a_twelfth_of_a_mean_year():
    assert to_physical(Duration(months=12), DURATION) == int(Decimal("365.2425") * 86_400 * 10**6)


def test_money_finer_than_its_places_is_rounded_half_even():
    assert [to_physical(Decimal(n).scaleb(-7), USD) for n in (5, 15, 25, 26, -15)] == [0, 2, 2, 3, -2]


@pytest.mark.parametrize(
    ("type_", "value"),
    [(USD, Decimal(10**13)), (COUNT, 2**63), (DURATION, Duration(10**9)), (NUMBER, Decimal("1e999"))],
)
def test_what_does_not_fit_is_an_overflow(type_, value):
    with pytest.raises(OverflowError):
        to_physical(value, type_)


def test_every_kind_has_its_arrow_type():
    assert arrow_type(CATEGORY) == pa.dictionary(pa.int32(), pa.string())
    assert arrow_type(list_of(CATEGORY)) == pa.list_(pa.string())
    assert arrow_type(list_of(USD)) == pa.list_(pa.int64())
    assert arrow_type(UNKNOWN) == pa.null()
    assert scalar_type(CATEGORY) == pa.string()


@given(st.lists(st.none() | st.integers(-(2**63), 2**63 - 1), max_size=30), st.integers(0, 3))
def test_money_is_shown_as_decimals_with_the_places_of_its_currency(units, start):
    array = pa.array(units, pa.int64()).slice(start)
    expected = [None if u is None else Decimal(u).scaleb(-6) for u in units[start:]]
    shown = display_array(array, USD)
    assert shown.type == display_type(USD) == pa.decimal128(19, 6)
    assert shown.to_pylist() == expected


def test_lists_of_money_are_shown_as_decimals_and_the_rest_as_it_is():
    array = pa.array([[1, None], None, [], [2_500]], pa.list_(pa.int64())).slice(1)
    assert display_array(array, list_of(IDR)).to_pylist() == [None, [], [Decimal("2.500")]]
    assert display_type(list_of(IDR)) == pa.list_(pa.decimal128(19, 3))
    texts = pa.array(["a"])
    assert display_array(texts, TEXT) is texts
    assert display_type(TEXT) == pa.string()
