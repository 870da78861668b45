"""Rows that are equal in some columns, found once, so that work on them is done once."""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from segdsl.engines.arrow.aggregation.columns import Ints

# Codes of several columns are one number as long as all combinations fit.
_MOST_CODES = 1 << 62


def distinct_rows(columns: Sequence[pa.Array], length: int) -> tuple[Ints, Ints | None]:
    """The first row of each distinct combination, and for each row the place of its combination.

    The second is None where every row is distinct, or taken to be: so are rows with a list among their columns. Missing
    equals missing.
    """
    if any(pa.types.is_list(column.type) for column in columns):
        return np.arange(length, dtype=np.int64), None
    codes = np.zeros(length, dtype=np.int64)
    number = 1
    for column in columns:
        found, values = _codes(column)
        if values > length and not column.null_count and not pa.types.is_dictionary(column.type):
            return np.arange(length, dtype=np.int64), None
        if number * values > _MOST_CODES:
            codes, number = _numbered(codes)
        codes = codes * values + found
        number *= values
    place, count = _numbered(codes)
    first = np.empty(count, np.int64)
    # Where a place is met again the last assignment stands, so rows go from last to first.
    first[place[::-1]] = np.arange(length - 1, -1, -1)
    return first, place


def _numbered(codes: Ints) -> tuple[Ints, int]:
    """Codes numbered in the order in which they appear, and how many differ; faster than sorting them."""
    coded = pa.array(codes).dictionary_encode()
    return coded.indices.to_numpy().astype(np.int64), len(coded.dictionary)


def _codes(column: pa.Array) -> tuple[Ints, int]:
    """A number for each value, and how many numbers there are."""
    coded = column if pa.types.is_dictionary(column.type) else pc.dictionary_encode(column, null_encoding="mask")
    places = coded.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64) + 1
    # A dictionary may hold a value twice; such rows are then worked on twice, which changes nothing.
    return places, len(coded.dictionary) + 1
