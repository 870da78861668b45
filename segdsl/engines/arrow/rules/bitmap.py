"""Bitmaps as NumPy arrays: one bit a row, least significant bit first as in Arrow, in words of 64 rows.

Bits past the last row are zero in every bitmap, so that counting needs no care.
"""

from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Words: TypeAlias = npt.NDArray[np.uint64]
Bytes: TypeAlias = npt.NDArray[np.uint8]

WORD = 64


def word_count(length: int) -> int:
    """How many words hold a bit for each of `length` rows."""
    return (length + WORD - 1) // WORD


def fill_all(words: Words, length: int) -> None:
    """Set the bits of all rows."""
    words[:] = np.uint64(2**64 - 1)
    spare = len(words) * WORD - length
    if spare:
        words[-1] = np.uint64((2**64 - 1) >> spare)


def pack_flags(flags: npt.NDArray[np.bool_] | Bytes, words: Words) -> None:
    """One bit for each byte that is not zero."""
    packed = np.packbits(flags, bitorder="little")
    held = words.view(np.uint8)
    held[: len(packed)] = packed
    held[len(packed) :] = 0


def copy_bits(bitmap: pa.Buffer | None, offset: int, length: int, words: Words) -> None:
    """`length` bits of an Arrow bitmap from bit `offset` on; no bitmap means that all are set."""
    if bitmap is None:
        fill_all(words, length)
        return
    if not length:
        return
    skipped, size = offset % 8, (length + 7) // 8
    held = words.view(np.uint8)
    source = np.frombuffer(bitmap, np.uint8, (skipped + length + 7) // 8, offset // 8)
    if skipped:
        np.right_shift(source[:size], skipped, out=held[:size])
        carried = source[1 : size + 1] << np.uint8(8 - skipped)
        held[: len(carried)] |= carried
    else:
        held[:size] = source
    held[size:] = 0
    if length % 8:
        held[size - 1] &= (1 << length % 8) - 1


def unpack_flags(words: Words, length: int) -> npt.NDArray[np.bool_]:
    """One byte a row."""
    return np.unpackbits(words.view(np.uint8), count=length, bitorder="little").view(np.bool_)


def count_rows(words: Words) -> int:
    """How many bits are set."""
    # Arrow counts a bitmap several times faster than NumPy.
    return int(pa.Array.from_buffers(pa.bool_(), len(words) * WORD, [None, pa.py_buffer(words)]).true_count)


def rows_of(words: Words, length: int) -> npt.NDArray[np.intp]:
    """The numbers of the rows whose bits are set, ascending."""
    held = words.view(np.uint8)
    # NumPy finds what is true several times faster than what is not zero.
    filled = np.flatnonzero(held != 0)
    if len(filled) * 8 > len(held):
        return np.flatnonzero(unpack_flags(words, length))
    found = np.flatnonzero(np.unpackbits(held[filled], bitorder="little").view(np.bool_))
    return (filled.take(found >> 3) << 3) + (found & 7)
