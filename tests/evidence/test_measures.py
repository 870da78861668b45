"""Columns as plain numbers, in the units that the language measures in."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pyarrow as pa
import pytest

from segdsl.evidence.measures import plain_numbers


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
