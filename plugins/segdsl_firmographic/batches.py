"""Columns of a batch taken apart and put together, so that usual values are worked on as arrays."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Ints: TypeAlias = npt.NDArray[np.int64]
Bools: TypeAlias = npt.NDArray[np.bool_]


def rows_where(where: pa.Array) -> Ints:
    """The rows that are true; missing is not."""
    return np.flatnonzero(as_bools(where))


def as_bools(where: pa.Array) -> Bools:
    """Booleans for numpy; missing is false."""
    bools: Bools = pc.fill_null(where, False).to_numpy(zero_copy_only=False)
    return bools


def other_rows(rows: Ints, texts: pa.Array) -> Ints:
    """The rows that hold a text and are not among `rows`."""
    others = as_bools(texts.is_valid()).copy()
    others[rows] = False
    return np.flatnonzero(others)


def put_together(parts: Sequence[tuple[Ints, pa.Array]], length: int, type_: pa.DataType) -> pa.Array:
    """One column from parts, each with the rows that it is for; missing in all other rows."""
    places = np.full(length, -1, np.int64)
    start = 0
    for rows, _ in parts:
        places[rows] = np.arange(start, start + len(rows))
        start += len(rows)
    whole = pa.concat_arrays([pa.array([], type_), *(values for _, values in parts)])
    return whole.take(pa.array(places, mask=places < 0))


def distinct_pairs(texts: pa.Array, countries: pa.Array) -> tuple[list[tuple[str, str | None]], pa.Array]:
    """The distinct pairs of a text and a country, and for each row the place of its pair."""
    first = texts.dictionary_encode()
    second = countries.dictionary_encode(null_encoding="encode")
    width = max(1, len(second.dictionary))
    codes = first.indices.to_numpy().astype(np.int64) * width + second.indices.to_numpy()
    pairs = pa.array(codes).dictionary_encode()
    firsts, seconds = first.dictionary.to_pylist(), second.dictionary.to_pylist()
    found = [(firsts[code // width], seconds[code % width]) for code in pairs.dictionary.to_pylist()]
    return found, pairs.indices
