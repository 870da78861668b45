"""Ranks of numbers among cut-points: one small whole number that answers every comparison with them.

The rank of x is how many cut-points are at most x. With many cut-points it pays to compute the rank once and to
answer each comparison from its binary digits. Ranks are looked up by buckets: a monotone map of the values to 16 bits,
with a table that knows the rank of each bucket, but for the buckets that hold a cut-point inside; values there are few,
and are placed by binary search. So the ranks are exact.
"""

from bisect import bisect_left
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from math import inf, nextafter
from typing import Any

import numpy as np
import numpy.typing as npt

from segdsl.engines.arrow.physical import INT64_HIGH, INT64_LOW
from segdsl.engines.arrow.rules.atom import Below, OneOf, OneText, Storage

_BUCKETS = 1 << 16
# A set with more members than this is looked up as a set, not by ranks.
MOST_VALUES = 16


@dataclass(frozen=True, slots=True)
class Ranks:
    """The cut-points of one operand, ascending."""

    storage: Storage
    cuts: tuple[int | float, ...]

    @property
    def bits(self) -> int:
        """How many binary digits the greatest rank takes."""
        return len(self.cuts).bit_length()

    def answers(self, test: Below | OneOf | OneText) -> bytes | None:
        """For each rank, padded to a power of two, whether a test is true; None where ranks don't tell."""
        size = 1 << self.bits
        if isinstance(test, Below):
            below = bisect_left(self.cuts, test.cut) + 1
            return bytes([1]) * below + bytes(size - below)
        if isinstance(test, OneText) or len(test.values) > MOST_VALUES:
            return None
        answers = bytearray(size)
        for value in test.values:
            answers[bisect_left(self.cuts, value) + 1] = 1
        return bytes(answers)


def cuts_of(test: Below | OneOf) -> tuple[int | float, ...]:
    """The cut-points between which a test does not change its answer."""
    match test:
        case Below(cut=cut):
            return (cut,)
        case OneOf(storage=Storage.FLOAT64, values=values):
            return tuple(c for v in values for c in (v, nextafter(v, inf) + 0.0))
        case OneOf(values=values):
            return tuple(c for v in values for c in (int(v), int(v) + 1) if c <= INT64_HIGH)


class Bucketing(StrEnum):
    """The monotone map of values to 16 bits.

    EXACT: a whole number itself. BITS: the highest bits of the value as a positive float, which grow about evenly with
    its logarithm. LINEAR: evenly from the first cut-point to the last.
    """

    EXACT = "exact"
    BITS = "bits"
    LINEAR = "linear"


@dataclass(frozen=True, slots=True)
class RankTable:
    """Ranks by bucket.

    Values (BITS: their bits) are clipped to `low` .. `high`, then shifted by `shift` (EXACT, BITS) or less `low` times
    `scale` (LINEAR); the low 16 bits of that are the bucket. `ranks` has `unsure` for a bucket with a
    cut-point inside.
    """

    bucketing: Bucketing
    cuts: npt.NDArray[Any]
    low: int | float
    high: int | float
    shift: int
    scale: float
    ranks: npt.NDArray[Any]
    unsure: int | None


@cache
def rank_table(ranks: Ranks) -> RankTable:
    """The buckets of some cut-points."""
    whole = ranks.storage is not Storage.FLOAT64
    cuts: npt.NDArray[Any] = np.array(ranks.cuts, np.int64 if whole else np.float64)
    first, last = ranks.cuts[0], ranks.cuts[-1]
    if whole and first > INT64_LOW and last - first < _BUCKETS - 1:
        buckets = (cuts & (_BUCKETS - 1)).astype(np.int64)
        order = (np.arange(_BUCKETS) + int(first) - 1) & (_BUCKETS - 1)
        return RankTable(Bucketing.EXACT, cuts, int(first) - 1, int(last), 0, 0.0, _fill(buckets, order, None), None)
    unsure = 255 if len(cuts) < 255 else _BUCKETS - 1
    if first > 0:
        keys = cuts.astype(np.float64).view(np.int64)
        shift = max(0, (int(keys[-1]) - int(keys[0])).bit_length() - 15)
        low, high = int(keys[0]) - (1 << shift), int(keys[-1]) + (1 << shift)
        buckets = (keys >> shift) & (_BUCKETS - 1)
        order = (np.arange(_BUCKETS) + (low >> shift)) & (_BUCKETS - 1)
        return RankTable(Bucketing.BITS, cuts, low, high, shift, 0.0, _fill(buckets, order, unsure), unsure)
    width = (float(last) - float(first)) / (_BUCKETS / 2) or 1.0
    start, end = float(first) - width, float(last) + width
    scale = (_BUCKETS - 1) / (end - start) if end > start else 0.0
    if not 0.0 < scale < inf:
        # Cut-points too far apart for a float to span, or too near: one bucket, in which nothing is sure.
        start, end, scale = 0.0, 0.0, 0.0
    buckets = ((cuts.astype(np.float64) - start) * scale).astype(np.int64)
    table = _fill(buckets, np.arange(_BUCKETS), unsure)
    return RankTable(Bucketing.LINEAR, cuts, start, end, 0, scale, table, unsure)


def _fill(buckets: npt.NDArray[np.int64], order: npt.NDArray[np.int64], unsure: int | None) -> npt.NDArray[Any]:
    """The rank of each bucket: of the cut-points' `buckets`, how many come no later in the `order` of buckets."""
    counts = np.bincount(buckets, minlength=_BUCKETS)[order]
    ranks = np.cumsum(counts)
    if unsure is not None:
        ranks[counts > 0] = unsure
    table: npt.NDArray[Any] = np.empty(_BUCKETS, np.uint8 if len(buckets) < 255 else np.uint16)
    table[order] = ranks
    return table
