"""Ranks of numbers among cut-points: one small whole number that answers every comparison with them.

The rank of x is how many cut-points are at most x. With many cut-points it pays to compute the rank once and to
answer each comparison from its binary digits. Ranks are looked up by buckets: a monotone map of the values to 16 bits,
with a table that knows the rank of each bucket, but for the buckets that hold a cut-point inside; values there are few,
and are placed by binary search. So the ranks are exact.
"""

from bisect import bisect_left
from dataclasses import dataclass, field
from math import inf, nextafter

import numpy as np
import numpy.typing as npt

from segdsl.engines.arrow.rules.atom import Below, OneOf, Storage

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

    def answers(self, test: Below | OneOf) -> bytes | None:
        """For each rank, padded to a power of two, whether a test is true; None where ranks don't tell."""
        size = 1 << self.bits
        if isinstance(test, Below):
            below = bisect_left(self.cuts, test.cut) + 1
            return bytes([1]) * below + bytes(size - below)
        if len(test.values) > MOST_VALUES:
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
            return tuple(c for v in values for c in (int(v), int(v) + 1))


@dataclass(frozen=True, slots=True)
class RankTable:
    """Ranks by buckets of 16 bits.

    A bucket is the low 16 bits of `key >> shift`, where the key is a whole number clipped to `low` .. `high`: the value
    itself, or with `by_bits` the bits of the value as a float, which for positive numbers grow as the value does, about
    evenly with its logarithm. `ranks` has `unsure` for a bucket with values of several ranks.
    """

    cuts: npt.NDArray[np.int64] | npt.NDArray[np.float64]
    by_bits: bool
    low: int
    high: int
    shift: int
    ranks: npt.NDArray[np.uint8] | npt.NDArray[np.uint16]
    unsure: int | None


def rank_table(ranks: Ranks) -> RankTable:
    """The buckets of some cut-points."""
    floats = ranks.storage is Storage.FLOAT64
    cuts = np.array(ranks.cuts, np.float64 if floats else np.int64)
    by_bits = floats or int(cuts[-1]) - int(cuts[0]) >= _BUCKETS
    low, high = _key(cuts[0], by_bits), _key(cuts[-1], by_bits)
    shift = max(0, (high - low + 2).bit_length() - 16)
    low -= 1 << shift
    buckets = [((_key(c, by_bits) >> shift) - (low >> shift)) for c in cuts]
    counts = np.bincount(buckets, minlength=(high >> shift) - (low >> shift) + 1)
    narrow = len(cuts) < 255
    unsure = None if shift == 0 and not _blurred(ranks, by_bits) else (255 if narrow else _BUCKETS - 1)
    found = np.cumsum(counts)
    if unsure is not None:
        found[counts > 0] = unsure
    table = np.zeros(_BUCKETS, np.uint8 if narrow else np.uint16)
    table[(np.arange(len(found)) + (low >> shift)) & (_BUCKETS - 1)] = found
    return RankTable(cuts, by_bits, low, high, shift, table, unsure)
