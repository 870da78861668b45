"""Columns as plain numbers: what statistics are computed on."""

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

_MICROSECONDS_PER_DAY = 86_400_000_000


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
    values = array.cast(pa.float64(), safe=False).fill_null(0.0).to_numpy(zero_copy_only=False)
    return (values / _MICROSECONDS_PER_DAY if days else values), known
