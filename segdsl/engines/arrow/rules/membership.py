"""The segments of each row of an overlapping scheme, as a list column."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from segdsl.engines.arrow.rules.bitmap import rows_of, word_count


def member_lists(bits: npt.NDArray[np.uint8], names: Sequence[str], length: int) -> pa.ListArray:
    """For each of `length` rows the names of the rules true of it, in the order of the rules; an empty list for none.

    `bits` as `AllMatches.bits`. The lists hold int32 dictionary codes of `names`.
    """
    words = np.zeros(word_count(length), np.uint64)
    held = words.view(np.uint8)[: bits.shape[1]]
    sizes = np.zeros(length, np.int32)
    for rule in range(len(names)):
        held[:] = bits[rule]
        sizes[rows_of(words, length)] += 1
    offsets = np.zeros(length + 1, np.int64)
    np.cumsum(sizes, out=offsets[1:])
    place = offsets[:-1].copy()
    codes = np.empty(int(offsets[-1]), np.int32)
    for rule in range(len(names)):
        held[:] = bits[rule]
        rows = rows_of(words, length)
        codes[place[rows]] = rule
        place[rows] += 1
    texts = pa.DictionaryArray.from_arrays(codes, pa.array(list(names), pa.string()))
    return pa.ListArray.from_arrays(pa.array(offsets.astype(np.int32)), texts)
