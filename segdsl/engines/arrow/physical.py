"""How each type of the language is held in Arrow. The only place that knows; everything else asks here.

text: string · category: dictionary of strings · count, int: int64 · number, ratio: float64, finite, zero without
a minus · money: int64, a whole number of 10^-places of the currency · date: date32 · timestamp: microseconds in
UTC, dates and timestamps of the years 1 to 9999 · duration: microseconds · bool · list: list of the item's type,
texts plain. Missing is null everywhere.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType

import numpy as np
import pyarrow as pa

from segdsl.types import Duration, Kind, Type, Value, money_places
from segdsl.types.value import SECONDS_PER_DAY

MICROSECONDS = 1_000_000
INT64_LOW = -(2**63)
INT64_HIGH = 2**63 - 1

INT64 = pa.int64()
FLOAT64 = pa.float64()
TEXT = pa.string()
CODED_TEXT = pa.dictionary(pa.int32(), pa.string())
DATE = pa.date32()
TIMESTAMP = pa.timestamp("us", "UTC")
DURATION = pa.duration("us")
BOOL = pa.bool_()

_ARROW: Mapping[Kind, pa.DataType] = MappingProxyType(
    {
        Kind.TEXT: TEXT,
        Kind.CATEGORY: CODED_TEXT,
        Kind.COUNT: INT64,
        Kind.INT: INT64,
        Kind.NUMBER: FLOAT64,
        Kind.RATIO: FLOAT64,
        Kind.MONEY: INT64,
        Kind.DATE: DATE,
        Kind.TIMESTAMP: TIMESTAMP,
        Kind.DURATION: DURATION,
        Kind.BOOL: BOOL,
        Kind.UNKNOWN: pa.null(),
    }
)

Physical = str | int | float | bool | date | datetime | list["Physical"] | None


def arrow_type(type_: Type) -> pa.DataType:
    """The Arrow type that holds values of a type. Text and category arrays may each come plain or coded."""
    if type_.kind is not Kind.LIST:
        return _ARROW[type_.kind]
    element = type_.element
    if element is None or element.is_textual:
        return pa.list_(TEXT)
    return pa.list_(arrow_type(element))


def scalar_type(type_: Type) -> pa.DataType:
    """The Arrow type of one value: as `arrow_type`, but a category's text is plain."""
    return TEXT if type_.is_textual else arrow_type(type_)


def to_physical(value: Value, type_: Type) -> Physical:
    """A value of the language as Python hands it to `pa.scalar` or `pa.array` with `arrow_type(type_)`.

    Money finer than the currency's places is rounded half-even. Raises OverflowError for an amount or whole
    number beyond 64 bits, or a number beyond a float.
    """
    if value is None:
        return None
    match type_.kind:
        case Kind.MONEY:
            assert isinstance(value, int | Decimal)
            return _whole(round(Fraction(value) * 10 ** places(type_)))
        case Kind.COUNT | Kind.INT:
            assert isinstance(value, int | Decimal)
            return _whole(int(value))
        case Kind.NUMBER | Kind.RATIO:
            assert isinstance(value, int | Decimal)
            return float(Fraction(value))
        case Kind.DURATION:
            assert isinstance(value, Duration)
            return _whole(value.total_seconds * MICROSECONDS)
        case Kind.LIST:
            assert isinstance(value, tuple) and type_.element is not None
            return [to_physical(item, type_.element) for item in value]
        case _:
            assert not isinstance(value, Decimal | Duration | tuple)
            return value


def from_physical(value: object, type_: Type) -> Value:
    """A value of the language from what `as_py()` of an Arrow scalar gives; the inverse of `to_physical`.

    A number becomes the shortest decimal that is read back as the same float. A duration keeps whole seconds,
    rounded down.
    """
    match value:
        case None | str() | bool():
            return value
        case int() if type_.kind is Kind.MONEY:
            return Decimal(value).scaleb(-places(type_))
        case int():
            return value
        case float():
            return Decimal(repr(value))
        case timedelta():
            return Duration(seconds=value.days * SECONDS_PER_DAY + value.seconds)
        case date():
            return value
        case list():
            assert type_.element is not None
            return tuple(from_physical(item, type_.element) for item in value)
        case _:
            raise TypeError(f"{value!r} is no physical value of {type_}")


def display_array(array: pa.Array, type_: Type) -> pa.Array:
    """The array as output files hold it: money as decimal128(19, places), everything else as it is."""
    if type_.kind is Kind.MONEY:
        return _decimals(array, places(type_))
    if type_.kind is Kind.LIST and type_.element is not None and type_.element.kind is Kind.MONEY:
        items = _decimals(array.values, places(type_.element))
        # A sliced array's offsets are a slice too, which can't be joined with a mask.
        offsets = pa.array(array.offsets.to_numpy())
        return pa.ListArray.from_arrays(offsets, items, mask=array.is_null())
    return array


def display_type(type_: Type) -> pa.DataType:
    """The Arrow type of `display_array`."""
    if type_.kind is Kind.MONEY:
        return pa.decimal128(19, places(type_))
    if type_.kind is Kind.LIST and type_.element is not None and type_.element.kind is Kind.MONEY:
        return pa.list_(display_type(type_.element))
    return arrow_type(type_)


def places(type_: Type) -> int:
    """How many decimal places money of that type is kept to."""
    assert type_.currency is not None
    return money_places(type_.currency)


def _whole(value: int) -> int:
    if not INT64_LOW <= value <= INT64_HIGH:
        raise OverflowError(f"{value} does not fit 64 bits")
    return value


def _decimals(array: pa.Array, places: int) -> pa.Array:
    # A cast can't set the scale, so the 128-bit integers are laid out here: low word, then sign.
    filled = array.fill_null(0) if array.null_count else array
    units = filled.to_numpy(zero_copy_only=True)
    words = np.empty((len(units), 2), dtype="<i8")
    words[:, 0] = units
    words[:, 1] = units >> 63
    validity = array.is_valid().buffers()[1] if array.null_count else None
    return pa.Array.from_buffers(pa.decimal128(19, places), len(units), [validity, pa.py_buffer(words)])
