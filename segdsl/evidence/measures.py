"""Columns as plain numbers: what statistics are computed on."""

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

_MICROSECONDS_PER_DAY = 86_400_000_000
# Up to here all whole numbers are doubles.
_EXACT = 1 << 53


def plain_numbers(array: pa.Array) -> tuple[Floats, Mask]:
    """The values as doubles and which are known; 0 stands where one is missing.

    Money is in units of its currency, a duration in days, a date or timestamp in days since 1970.
    """
    known = np.asarray(pc.is_valid(array).to_numpy(zero_copy_only=False), dtype=np.bool_)
    days = pa.types.is_duration(array.type) or pa.types.is_timestamp(array.type)
    if pa.types.is_date32(array.type):
        array = array.view(pa.int32())
    elif days:
        array = array.view(pa.int64())
    values = np.where(known, doubles(array), 0.0)
    return (values / _MICROSECONDS_PER_DAY if days else values), known


def doubles(array: pa.Array) -> Floats:
    """Numbers as the doubles nearest to them, NaN for missing.

    Arrow's own cast of decimals is off by the last bit in a third of all amounts, so that 246816.88 isn't what a
    program reads as 246816.88.
    """
    if not pa.types.is_decimal128(array.type):
        return np.asarray(array.cast(pa.float64(), safe=False).to_numpy(zero_copy_only=False), np.float64)
    if not len(array):
        return np.empty(0)
    words = np.frombuffer(array.buffers()[1], np.int64)[2 * array.offset : 2 * (array.offset + len(array))]
    # A quotient of two doubles that are exact is the nearest double to the number; the other numbers are few.
    whole = words[0::2]
    values: Floats = whole / 10.0**array.type.scale
    known = np.asarray(array.is_valid().to_numpy(zero_copy_only=False), np.bool_)
    inexact = (words[1::2] != whole >> 63) | (np.abs(whole) > _EXACT) | (whole == np.iinfo(np.int64).min)
    for place in np.flatnonzero(inexact & known):
        values[place] = float(array[int(place)].as_py())
    values[~known] = np.nan
    return values
