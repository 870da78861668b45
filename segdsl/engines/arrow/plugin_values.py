"""Values on their way to a plugin and back: plain Arrow arrays outside, physical types inside."""

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from segdsl.engines.arrow.aggregation.columns import joined, plain_text
from segdsl.engines.arrow.physical import CODED_TEXT, display_array, display_type
from segdsl.types import Kind, Type

_FLOATS = (Kind.NUMBER, Kind.RATIO)


class BrokenPromise(Exception):
    """A plugin gave something else than it declared."""


def for_plugin(array: pa.Array, type_: Type) -> pa.Array:
    """The array as plugins see it: plain text, money as decimals."""
    return display_array(plain_text(array), type_)


def from_plugin(name: str, values: Any, type_: Type, length: int) -> pa.Array:
    """A plugin's column in its physical type. Raises BrokenPromise where it isn't what was declared."""
    wanted = pa.string() if type_.is_textual else display_type(type_)
    array = _as_array(name, values, wanted, type_)
    if len(array) != length:
        raise BrokenPromise(f"the column `{name}` has {len(array):,} values for {length:,} rows")
    if array.null_count and not type_.optional:
        raise BrokenPromise(f"the column `{name}` is {type_}, and {array.null_count:,} values are missing")
    if type_.kind in _FLOATS and not pc.all(pc.is_finite(array)).as_py() and len(array) > array.null_count:
        raise BrokenPromise(f"the column `{name}` has values that are no finite numbers")
    if type_.kind is Kind.COUNT and len(array) > array.null_count and pc.min(array).as_py() < 0:
        raise BrokenPromise(f"the column `{name}` is a count, and some values are below 0")
    if type_.values is not None:
        _check_closed(name, array, type_)
    if type_.kind is Kind.MONEY:
        return _units(array)
    return array.dictionary_encode().cast(CODED_TEXT) if type_.kind is Kind.CATEGORY else array


def _units(decimals: pa.Array) -> pa.Array:
    """Decimals of up to 19 digits as whole numbers of their last place: the low words of their 128 bits."""
    words = np.frombuffer(decimals.buffers()[1], dtype="<i8")
    low = words[2 * decimals.offset : 2 * (decimals.offset + len(decimals)) : 2]
    missing = decimals.is_null().to_numpy(zero_copy_only=False) if decimals.null_count else None
    return pa.array(low, pa.int64(), mask=missing)


def _as_array(name: str, values: Any, wanted: pa.DataType, type_: Type) -> pa.Array:
    try:
        if isinstance(values, pa.ChunkedArray):
            values = joined(values.chunks, values.type)
        if not isinstance(values, pa.Array):
            return pa.array(values, wanted)
        if pa.types.is_dictionary(values.type):
            values = plain_text(values)
        return values if values.type == wanted else values.cast(wanted)
    except (pa.ArrowException, TypeError, ValueError, OverflowError) as failure:
        raise BrokenPromise(f"the column `{name}` is no {type_.or_missing(False)}: {failure}") from failure


def _check_closed(name: str, array: pa.Array, type_: Type) -> None:
    assert type_.values is not None
    known = pa.array([*type_.values, None], pa.string())
    outside = pc.invert(pc.is_in(array, value_set=known))
    if pc.any(outside).as_py():
        first = array.filter(outside)[0].as_py()
        raise BrokenPromise(f'the column `{name}` has the value "{first}", which is not in its list')
