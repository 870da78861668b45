"""Values as small whole codes, so that a tree counts bins instead of sorting rows."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Codes = NDArray[np.uint16]

MOST_BINS = 255
# Quantiles of this many values are close enough to place the bins by.
_SAMPLE = 100_000
_CHUNK = 1 << 14


@dataclass(frozen=True, slots=True)
class Bins:
    """A code for each value: how many of `edges` it reaches; `len(edges) + 1` for a missing value.

    Each edge is an observed value, the least of its bin, in ascending order: a code is above `j` exactly where the
    value is at least `edges[j]`.
    """

    codes: Codes
    edges: Floats


def bin_values(values: Floats, most: int = MOST_BINS) -> Bins:
    """Bins of about equally many values, or one a distinct value where there are at most `most`. NaN is missing."""
    missing = np.isnan(values)
    known = values[~missing] if missing.any() else values
    codes = np.empty(len(values), np.uint16)
    edges = _edges(known, most)
    tree, found = _search_tree(edges), np.empty(_CHUNK, np.intp)
    for start in range(0, len(values), _CHUNK):
        part = slice(start, start + _CHUNK)
        codes[part] = _reached(values[part], tree, found)
    codes[missing] = len(edges) + 1
    return Bins(codes, edges)


def _edges(known: Floats, most: int) -> Floats:
    """The least value of each bin but the first."""
    sample = known[:: max(1, len(known) // _SAMPLE)]
    distinct, counts = np.unique(sample, return_counts=True)
    if len(distinct) <= most:
        return distinct[1:]
    reached = np.cumsum(counts)
    # A value that is in many rows fills a bin of its own, and the others share the rest.
    wanted = np.arange(1, most) * (reached[-1] / most)
    places = np.unique(np.searchsorted(reached, wanted))
    return np.asarray(distinct[places[places > 0]], np.float64)


def _reached(values: Floats, tree: Floats, found: NDArray[np.intp]) -> NDArray[np.intp]:
    """How many edges each value reaches: a binary search without branches, several times as fast as numpy's."""
    found = found[: len(values)]
    found.fill(1)
    while found[0] < len(tree):
        is_above = values >= tree.take(found)
        found <<= 1
        found += is_above
    found -= len(tree)
    return found


def _search_tree(edges: Floats) -> Floats:
    """The edges in the order a binary search meets them: the children of place k are at 2 k and 2 k + 1."""
    depth = len(edges).bit_length()
    padded = np.full((1 << depth) - 1, np.inf)
    padded[: len(edges)] = edges
    tree = np.full(1 << depth, np.inf)
    for level in range(depth):
        step = 1 << (depth - level)
        tree[1 << level : 2 << level] = padded[step // 2 - 1 :: step]
    return tree
