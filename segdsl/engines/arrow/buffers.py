"""Arrow arrays of fixed width as numpy views, and back, without copies; validity as Arrow's own bitmaps.

A view shows whatever stands under nulls; `settled` clears it where a kernel looks at all rows.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from segdsl.engines.arrow.batch import Values
from segdsl.engines.arrow.physical import BOOL, DATE, DURATION, FLOAT64, INT64, TIMESTAMP

_NUMPY: dict[pa.DataType, np.dtype[Any]] = {
    INT64: np.dtype("<i8"),
    DURATION: np.dtype("<i8"),
    TIMESTAMP: np.dtype("<i8"),
    FLOAT64: np.dtype("<f8"),
    DATE: np.dtype("<i4"),
    pa.int32(): np.dtype("<i4"),
    pa.uint8(): np.dtype("u1"),
}

# Rows of a block: a few temporaries of 8 bytes a row fit the second-level cache, and none is mapped anew.
_BLOCK = 8192


def has_missing_scalar(*operands: Values) -> bool:
    """Whether one operand is missing in every row."""
    return any(isinstance(v, pa.Scalar) and not v.is_valid for v in operands)


def view(values: Values) -> np.ndarray:
    """Values as numbers (dates in days, timestamps and durations in microseconds); a scalar is one row."""
    if isinstance(values, pa.Scalar):
        values = pa.array([values], values.type)
    dtype = _NUMPY[values.type]
    data = values.buffers()[1]
    if data is None or not len(values):
        return np.zeros(len(values), dtype)
    return np.frombuffer(data, dtype, len(values), values.offset * dtype.itemsize)


def settled(values: Values) -> np.ndarray:
    """As `view` of whole numbers, with 0 in place of what stands under nulls."""
    seen = view(values)
    if isinstance(values, pa.Array) and values.null_count:
        cleared: np.ndarray = np.multiply(seen, known_bytes(values), out=room(len(seen), seen.dtype))
        return cleared
    return seen


def room(length: int, dtype: np.dtype[Any]) -> np.ndarray:
    """Space for results, from Arrow's pool: what batch after batch gives back is not mapped anew."""
    return np.frombuffer(pa.allocate_buffer(length * dtype.itemsize), dtype)


def truth_bytes(condition: pa.BooleanArray) -> np.ndarray:
    """True where the condition is true, false where it is false or unknown; one byte a row."""
    true = bits(condition.buffers()[1], condition.offset, len(condition))
    return true & known_bytes(condition) if condition.null_count else true


def known_bytes(array: pa.Array) -> np.ndarray:
    """True where a value is known; one byte a row."""
    if not array.null_count:
        return np.ones(len(array), np.bool_)
    if pa.types.is_null(array.type):
        return np.zeros(len(array), np.bool_)
    return bits(array.buffers()[0], array.offset, len(array))


def bits(bitmap: pa.Buffer | None, offset: int, length: int) -> np.ndarray:
    """`length` bits from `offset` on of a bitmap, least significant bit first, as one byte each."""
    if bitmap is None or not length:
        return np.ones(length, np.bool_) if bitmap is None else np.zeros(0, np.bool_)
    skipped = offset % 8
    octets = np.frombuffer(bitmap, np.uint8, (skipped + length + 7) // 8, offset // 8)
    return np.unpackbits(octets, count=skipped + length, bitorder="little")[skipped:].view(np.bool_)


def validity(*operands: Values) -> pa.Buffer | None:
    """The bitmap of the rows where all operands are known; None if that is every row."""
    found: pa.Buffer | None = None
    for array in operands:
        if not isinstance(array, pa.Array) or not array.null_count:
            continue
        own = pc.is_valid(array)
        both = own if found is None else pc.and_(pa.Array.from_buffers(BOOL, len(own), [None, found]), own)
        found = _aligned(both)
    return found


def _aligned(flags: pa.BooleanArray) -> pa.Buffer:
    if flags.offset == 0:
        return flags.buffers()[1]
    return packed(truth_bytes(flags))


def packed(flags: np.ndarray) -> pa.Buffer:
    """Bytes of true and false as a bitmap."""
    return pa.py_buffer(np.packbits(flags, bitorder="little"))


def booleans(flags: np.ndarray, known: pa.Buffer | None = None) -> pa.BooleanArray:
    """Bytes of true and false as an Arrow array."""
    return pa.Array.from_buffers(BOOL, len(flags), [known, packed(flags)])


def known_true(condition: Values) -> Values:
    """A condition with unknown made false."""
    if isinstance(condition, pa.Scalar):
        return pa.scalar(condition.as_py() is True)
    if not condition.null_count:
        return condition
    if pa.types.is_null(condition.type):
        return booleans(np.zeros(len(condition), np.bool_))
    answers = pa.Array.from_buffers(BOOL, len(condition), [None, condition.buffers()[1]], offset=condition.offset)
    return pc.and_(answers, pc.is_valid(condition))


def known_only(flags: pa.BooleanArray, known: pa.Buffer | None) -> pa.BooleanArray:
    """Answers without nulls, made unknown where the bitmap `known` says so."""
    if known is None:
        return flags
    return pa.Array.from_buffers(BOOL, len(flags), [known, _aligned(flags)])


def array_from_view(data: np.ndarray, type_: pa.DataType, known: pa.Buffer | None) -> pa.Array:
    """Numbers as an array of an Arrow type, null where the bitmap `known` says so."""
    data = np.ascontiguousarray(data, _NUMPY[type_])
    return pa.Array.from_buffers(type_, len(data), [known, pa.py_buffer(data)])


def from_view(data: np.ndarray, type_: pa.DataType, known: pa.Buffer | None, operands: Sequence[Values]) -> Values:
    """As `array_from_view`, but a scalar if all `operands` the numbers were computed from are scalars."""
    array = array_from_view(data, type_, known)
    return array[0] if all(isinstance(v, pa.Scalar) for v in operands) else array


def blockwise(compute: Callable[..., np.ndarray], *operands: np.ndarray) -> np.ndarray:
    """`compute` of the operands, elementwise, in blocks whose temporaries stay in the processor's cache.

    An operand of one element stands for every row.
    """
    length = max(len(operand) for operand in operands)
    if length <= _BLOCK:
        return compute(*operands)
    result: np.ndarray | None = None
    for start in range(0, length, _BLOCK):
        rows = slice(start, start + _BLOCK)
        block = compute(*(o if len(o) == 1 else o[rows] for o in operands))
        if result is None:
            result = room(length, block.dtype)
        result[rows] = block
    assert result is not None
    return result


def without(data: np.ndarray, lapsed: np.ndarray, known: pa.Buffer | None) -> tuple[pa.Buffer, int]:
    """The bitmap `known` without the rows that `lapsed`, and how many of the known rows those were."""
    kept = ~lapsed
    if known is not None:
        before = bits(known, 0, len(data))
        kept &= before
        return packed(kept), int(before.sum() - kept.sum())
    return packed(kept), int(lapsed.sum())


def retyped(values: Values, type_: pa.DataType) -> Values:
    """The same 64 bits under another type (amounts, durations and whole numbers)."""
    if values.type == type_:
        return values
    if isinstance(values, pa.Scalar):
        return pa.array([values], values.type).view(type_)[0]
    return values.view(type_)


def as_floats(values: Values) -> Values:
    """Numbers as float64; whole numbers above 2^53 go to the nearest float."""
    if pa.types.is_floating(values.type):
        return values
    return pc.cast(values, FLOAT64, safe=False)
