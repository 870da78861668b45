"""How values pass to plugins and back: the Arrow type of each type of the language, and what a column must keep to."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from segdsl.types import Kind, Type, money_places

_PLAIN = {
    Kind.TEXT: pa.string(),
    Kind.CATEGORY: pa.string(),
    Kind.COUNT: pa.int64(),
    Kind.INT: pa.int64(),
    Kind.NUMBER: pa.float64(),
    Kind.RATIO: pa.float64(),
    Kind.DATE: pa.date32(),
    Kind.TIMESTAMP: pa.timestamp("us", "UTC"),
    Kind.DURATION: pa.duration("us"),
    Kind.BOOL: pa.bool_(),
    Kind.UNKNOWN: pa.null(),
}

# What is kept: days of the calendar, and amounts whose smallest units fit 64 bits.
_FIRST_AND_LAST = {
    Kind.DATE: (date.min, date.max),
    Kind.TIMESTAMP: (datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)),
}
_HIGHEST_UNITS = Decimal(2**63 - 1)

_GAPS = "declare the type with `.or_missing()`, or give a value in every row"


class BrokenPromise(Exception):
    """A plugin gave something else than it declared: what came, and one mend."""

    def __init__(self, came: str, mend: str = "") -> None:
        super().__init__(came)
        self.mend = mend


def array_type(type_: Type) -> pa.DataType:
    """The Arrow type of a column of that type as plugins see it: texts plain, money as decimals."""
    if type_.kind is Kind.MONEY:
        assert type_.currency is not None
        return pa.decimal128(19, money_places(type_.currency))
    if type_.kind is Kind.LIST:
        return pa.list_(pa.string() if type_.element is None else array_type(type_.element))
    return _PLAIN[type_.kind]


def promised_array(name: str, values: Any, type_: Type, length: int) -> pa.Array:
    """A plugin's column as an array of the promised type, one value a row. Raises BrokenPromise where it isn't that."""
    array = _as_array(name, values, type_)
    known = len(array) - array.null_count
    if len(array) != length:
        raise BrokenPromise(
            f"the column `{name}` has {len(array):,} values for {length:,} rows", "give one value a row"
        )
    if array.null_count and not type_.optional:
        raise BrokenPromise(f"the column `{name}` is {type_}, and {array.null_count:,} values are missing", _GAPS)
    if type_.kind in (Kind.NUMBER, Kind.RATIO) and known and not pc.all(pc.is_finite(array)).as_py():
        raise BrokenPromise(f"the column `{name}` has values that are no finite numbers", "give None there")
    if type_.kind is Kind.COUNT and known and pc.min(array).as_py() < 0:
        raise BrokenPromise(f"the column `{name}` is a count, and some values are below 0", "declare it INT")
    if type_.values is not None:
        _check_closed(name, array, type_.values)
    if known and type_.kind in _FIRST_AND_LAST:
        _check_within(name, array, *_FIRST_AND_LAST[type_.kind])
    if known and type_.kind is Kind.MONEY:
        units = _HIGHEST_UNITS.scaleb(-array.type.scale)
        _check_within(name, array, -units, units)
    return array


def _as_array(name: str, values: Any, type_: Type) -> pa.Array:
    wanted = array_type(type_)
    try:
        if isinstance(values, pa.ChunkedArray):
            values = values.combine_chunks()
        if not isinstance(values, pa.Array):
            return pa.array(values, wanted)
        return values if values.type == wanted else values.cast(wanted)
    except (pa.ArrowException, TypeError, ValueError, OverflowError) as failure:
        raise BrokenPromise(
            f"the column `{name}` is no {type_.or_missing(False)}: {failure}", "declare the type that comes"
        ) from failure


def _check_within(name: str, array: pa.Array, first: Any, last: Any) -> None:
    low, high = (pa.scalar(end, array.type) for end in (first, last))
    extremes = pc.min_max(array)
    if pc.less(extremes["min"], low).as_py() or pc.greater(extremes["max"], high).as_py():
        raise BrokenPromise(f"the column `{name}` has values that are not within {first} and {last}", "give None there")


def _check_closed(name: str, array: pa.Array, values: tuple[str, ...]) -> None:
    outside = pc.invert(pc.is_in(array, value_set=pa.array([*values, None], pa.string())))
    if pc.any(outside).as_py():
        first = array.filter(outside)[0].as_py()
        raise BrokenPromise(
            f'the column `{name}` has the value "{first}", which is not in its list', "add it to the list, or give None"
        )
