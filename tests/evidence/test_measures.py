"""Columns as plain numbers, in the units that the language measures in."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from segdsl.evidence.measures import doubles, plain_numbers


@pytest.mark.parametrize(
    ("array", "number"),
    [
        (pa.array([7, None], pa.int64()), 7.0),
        (pa.array([0.25, None], pa.float64()), 0.25),
        (pa.array([Decimal("12.34"), None], pa.decimal128(19, 2)), 12.34),
        (pa.array([timedelta(days=2, hours=12), None], pa.duration("us")), 2.5),
        (pa.array([date(1970, 1, 3), None], pa.date32()), 2.0),
        (pa.array([datetime(1970, 1, 2, 6, tzinfo=UTC), None], pa.timestamp("us", "UTC")), 1.25),
    ],
)
def test_values_are_doubles_and_missing_ones_are_told(array: pa.Array, number: float) -> None:
    values, known = plain_numbers(array)
    assert values.tolist() == [number, 0.0]
    assert known.tolist() == [True, False]


def test_no_rows_are_no_numbers() -> None:
    values, known = plain_numbers(pa.array([], pa.decimal128(19, 2)))
    assert (len(values), len(known)) == (0, 0)


DECIMALS = st.integers(-(10**18), 10**18).map(lambda whole: Decimal(whole).scaleb(-6))


@given(st.lists(st.none() | DECIMALS | DECIMALS.map(lambda x: round(x / 10**7, 2)), max_size=30), st.integers(0, 3))
def test_decimals_are_the_nearest_doubles(values: list[Decimal | None], offset: int) -> None:
    found = doubles(pa.array([Decimal(7)] * offset + values, pa.decimal128(19, 6)).slice(offset))
    wanted = [float("nan") if value is None else float(value) for value in values]
    assert np.array_equal(found, np.array(wanted), equal_nan=True)


def test_decimals_of_more_than_64_bits_are_the_nearest_doubles() -> None:
    values = [Decimal(10) ** 21 / 3, -(Decimal(2) ** 63), Decimal("0.1")]
    quantized = [value.quantize(Decimal("0.000001")) for value in values]
    assert doubles(pa.array(quantized, pa.decimal128(38, 6))).tolist() == [float(value) for value in quantized]
