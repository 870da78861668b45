"""What a plugin gives is held to its declaration, and to what can be kept."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pyarrow as pa
import pytest

from segdsl.plugin.arrays import BrokenPromise, promised_array
from segdsl.types import DATE, TIMESTAMP, Type, money

USD = money("USD")
LARGEST = Decimal("9223372036854.775807")
DAY, MICROSECOND, CENT = pa.date32(), pa.timestamp("us", "UTC"), pa.decimal128(19, 6)


@pytest.mark.parametrize(
    ("values", "type_"),
    [
        ([date.min, date.max, None], DATE),
        ([datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, 23, 59, 59, 999_999, UTC)], TIMESTAMP),
        ([LARGEST, -LARGEST, None], USD),
    ],
)
def test_the_first_and_the_last_that_can_be_kept_are_taken(values: list[object], type_: Type) -> None:
    assert promised_array("x", values, type_.or_missing(), len(values)).to_pylist() == values


@pytest.mark.parametrize(
    ("array", "type_"),
    [
        (pa.array([0, 2_932_897], pa.int32()).view(DAY), DATE),
        (pa.array([0, -719_163], pa.int32()).view(DAY), DATE),
        (pa.array([0, 2**62]).view(MICROSECOND), TIMESTAMP),
        (pa.array([0, -(2**62)]).view(MICROSECOND), TIMESTAMP),
        (pa.array([0, LARGEST + Decimal("0.000001")], CENT), USD),
        (pa.array([0, -LARGEST - Decimal("0.000001")], CENT), USD),
    ],
    ids=str,
)
def test_what_lies_beyond_breaks_the_promise(array: pa.Array, type_: Type) -> None:
    with pytest.raises(BrokenPromise, match="not within"):
        promised_array("x", array, type_, 2)
