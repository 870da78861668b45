"""Several sort keys as one whole number a row, so that one direct sort does the work of an indirect one on each."""

from collections.abc import Sequence

import numpy as np

from segdsl.engines.arrow.aggregation.columns import Ints, Numbers

_LARGEST = 2**62


def combined_codes(keys: Sequence[Numbers]) -> Ints:
    """Whole numbers from 0 that sort as the rows do by the keys, the most important first.

    Rows that are equal in all keys get equal numbers.
    """
    codes, span = _compact(keys[0])
    for key in keys[1:]:
        more, width = _compact(key)
        if span * width > _LARGEST:
            codes, span = _ranked(codes)
        if span * width > _LARGEST:
            more, width = _ranked(more)
        codes, span = codes * width + more, span * width
    return codes


def _compact(key: Numbers) -> tuple[Ints, int]:
    """A key as numbers from 0, and one more than the largest of them."""
    if not len(key):
        return np.zeros(0, dtype=np.int64), 1
    if key.dtype.kind == "f":
        return _ranked(key)
    low, high = int(key.min()), int(key.max())
    if high - low >= _LARGEST:
        return _ranked(key)
    return key.astype(np.int64, copy=False) - low, high - low + 1


def _ranked(key: Numbers) -> tuple[Ints, int]:
    """A key as the ranks of its distinct values."""
    distinct, ranks = np.unique(key, return_inverse=True)
    return ranks.astype(np.int64), max(1, len(distinct))


def ends_of_groups(groups: Ints, order: Sequence[Numbers], last: bool) -> Ints:
    """The row of each group that comes last (or first) by `order`, most important first, in ascending group."""
    if not len(groups):
        return np.zeros(0, dtype=np.int64)
    rows = np.argsort(combined_codes((groups, *order)))
    ordered = groups[rows]
    edge = np.ones(len(rows), dtype=bool)
    np.not_equal(ordered[1:], ordered[:-1], out=edge[:-1] if last else edge[1:])
    ends: Ints = rows[edge].astype(np.int64)
    return ends


def distinct_ints(values: Ints) -> Ints:
    """The distinct values, ascending. (numpy's own, by hashing, takes fifty times as long on numbers like these.)"""
    ordered = np.sort(values)
    first = np.ones(len(ordered), dtype=bool)
    np.not_equal(ordered[1:], ordered[:-1], out=first[1:])
    found: Ints = ordered[first]
    return found


def sorted_within(groups: Ints, values: Numbers) -> Numbers:
    """The values in ascending order of their groups, and ascending within each."""
    distinct, ranks = (None, values) if values.dtype.kind != "f" else np.unique(values, return_inverse=True)
    if not len(ranks):
        return values
    low, high = int(ranks.min()), int(ranks.max())
    span = high - low + 1
    if (int(groups.max()) + 1) * span > _LARGEST:
        slow: Numbers = values[np.lexsort((values, groups))]
        return slow
    pairs = groups * span + (ranks - low)
    pairs.sort()
    found = pairs % span + low
    return found if distinct is None else distinct[found]
