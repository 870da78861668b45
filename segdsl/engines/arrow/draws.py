"""Random numbers of rows, by nothing but their keys."""

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from segdsl.engines.arrow.aggregation.columns import plain_text

Words = npt.NDArray[np.uint64]

_WORD = 8
# The step and the multipliers of splitmix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number generators",
# OOPSLA 2014, in the form of Vigna's splitmix64.c).
_STEP = np.uint64(0x9E3779B97F4A7C15)
_FIRST, _SECOND = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)


def draws(keys: pa.Table) -> npt.NDArray[np.float64]:
    """A number from 0 to below 1 for each row: the same in every run, on every machine and among any other rows.

    Each column of the key is mixed in by splitmix64: numbers, dates and times as 64 bits, texts as their length and
    their UTF-8 bytes, eight at a time. It is no secret: who may choose keys can choose numbers.
    """
    state = np.zeros(keys.num_rows, dtype=np.uint64)
    for column in keys.columns:
        state = _stirred(state, plain_text(column.combine_chunks()))
    return (state >> np.uint64(11)).astype(np.float64) * 2.0**-53


def _mixed(state: Words) -> Words:
    """The next number of a generator at that state."""
    state = state + _STEP
    state = (state ^ (state >> np.uint64(30))) * _FIRST
    state = (state ^ (state >> np.uint64(27))) * _SECOND
    return state ^ (state >> np.uint64(31))


def _stirred(state: Words, column: pa.Array) -> Words:
    """The states after a column without missing values."""
    if pa.types.is_string(column.type):
        return _with_texts(state, column)
    if pa.types.is_floating(column.type) or pa.types.is_decimal(column.type):
        # What is equal must be hashed alike, and 1.0 and 1.00 are.
        return _stirred(state, column.cast(pa.float64()).view(pa.int64()))
    if pa.types.is_date32(column.type):
        column = column.cast(pa.int32())
    return _mixed(state ^ column.cast(pa.int64()).to_numpy(zero_copy_only=False).astype(np.int64).view(np.uint64))


def _with_texts(state: Words, column: pa.StringArray) -> Words:
    offsets = np.frombuffer(column.buffers()[1], dtype=np.int32)[column.offset :][: len(column) + 1].astype(np.int64)
    data = np.frombuffer(column.buffers()[2] or b"", dtype=np.uint8)
    windows = np.lib.stride_tricks.sliding_window_view(np.append(data, np.zeros(_WORD, np.uint8)), _WORD)
    lengths = pc.binary_length(column).to_numpy(zero_copy_only=False).astype(np.int64)
    state = _mixed(state ^ lengths.view(np.uint64))
    for start in range(0, int(lengths.max(initial=0)), _WORD):
        rows = np.flatnonzero(lengths > start)
        words = windows[offsets[rows] + start].copy().view("<u8").ravel()
        left = np.minimum(lengths[rows] - start, _WORD).astype(np.uint64)
        # Bytes beyond the text's end belong to the next one.
        words &= np.uint64(0xFFFFFFFFFFFFFFFF) >> (np.uint64(64) - np.uint64(_WORD) * left)
        state[rows] = _mixed(state[rows] ^ words)
    return state
