"""Values on their way to a plugin and back: plain Arrow arrays outside, physical types inside."""

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from segdsl.engines.arrow.aggregation.columns import plain_text
from segdsl.engines.arrow.physical import CODED_TEXT, display_array
from segdsl.plugin.arrays import promised_array
from segdsl.types import Kind, Type


def for_plugin(array: pa.Array, type_: Type) -> pa.Array:
    """The array as plugins see it: plain text, money as decimals."""
    return display_array(plain_text(array), type_)


def from_plugin(name: str, values: Any, type_: Type, length: int) -> pa.Array:
    """A plugin's column in its physical type. Raises BrokenPromise where it isn't what was declared."""
    array = promised_array(name, values, type_, length)
    match type_.kind:
        case Kind.MONEY:
            return _units(array)
        case Kind.NUMBER | Kind.RATIO:
            # Plus zero for minus zero.
            return pc.add(array, 0.0)
        case Kind.CATEGORY:
            return array.dictionary_encode().cast(CODED_TEXT)
        case _:
            return array


def _units(decimals: pa.Array) -> pa.Array:
    """Decimals of up to 19 digits as whole numbers of their last place: the low words of their 128 bits."""
    if decimals.null_count == len(decimals):
        return pa.nulls(len(decimals), pa.int64())
    words = np.frombuffer(decimals.buffers()[1], dtype="<i8")
    low = words[2 * decimals.offset : 2 * (decimals.offset + len(decimals)) : 2]
    missing = decimals.is_null().to_numpy(zero_copy_only=False) if decimals.null_count else None
    return pa.array(low, pa.int64(), mask=missing)
