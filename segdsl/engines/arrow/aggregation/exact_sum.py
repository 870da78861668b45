"""Sums of whole numbers by group that are exact whatever their size, and the same in any order."""

from dataclasses import dataclass, field

import numpy as np

from segdsl.engines.arrow.aggregation.columns import Floats, Ints, Mask

_LOW_BITS = 32
_LOW_MASK = (1 << _LOW_BITS) - 1
_HIGHEST = 2**31
# Adding up doubles is exact below 2^53: so many halves of 32 bits may be added in one go.
_BLOCK = 1 << 20


@dataclass(slots=True)
class ExactSum:
    """Running sums of `groups` groups, each held as high * 2^32 + low with 0 <= low < 2^32."""

    groups: int
    high: Ints = field(init=False)
    low: Ints = field(init=False)

    def __post_init__(self) -> None:
        self.high = np.zeros(self.groups, dtype=np.int64)
        self.low = np.zeros(self.groups, dtype=np.int64)

    def add(self, groups: Ints, values: Ints) -> None:
        for start in range(0, len(values), _BLOCK):
            part = slice(start, start + _BLOCK)
            self._add_block(groups[part], values[part])

    def _add_block(self, groups: Ints, values: Ints) -> None:
        self.high += _summed(groups, values >> _LOW_BITS, self.groups)
        self.low += _summed(groups, values & _LOW_MASK, self.groups)
        self.high += self.low >> _LOW_BITS
        self.low &= _LOW_MASK

    def beyond(self) -> Mask:
        """Where a sum doesn't fit 64 bits."""
        return (self.high < -_HIGHEST) | (self.high >= _HIGHEST)

    def totals(self) -> Ints:
        """The sums; those that don't fit 64 bits are cut."""
        return (self.high << _LOW_BITS) + self.low

    def whole(self, group: int) -> int:
        """One sum, of any size."""
        return (int(self.high[group]) << _LOW_BITS) + int(self.low[group])

    def floats(self) -> Floats:
        """The sums as the nearest floats."""
        return np.array([float(self.whole(group)) for group in range(self.groups)], dtype=np.float64)


def _summed(groups: Ints, values: Ints, size: int) -> Ints:
    sums: Ints = np.bincount(groups, weights=values.astype(np.float64), minlength=size).astype(np.int64)
    return sums


def divided_half_even(total: ExactSum, counts: Ints) -> Ints:
    """Each sum divided by its count, rounded half-even; 0 where the count is 0."""
    sums, safe = total.totals(), np.maximum(counts, 1)
    quotient = sums // safe
    rest = (sums - quotient * safe) * 2
    up = (rest > safe) | ((rest == safe) & (quotient & 1 == 1))
    result: Ints = quotient + up
    for group in np.flatnonzero(total.beyond()):
        result[group] = _divide(total.whole(int(group)), int(safe[group]))
    return result


def divided(total: ExactSum, counts: Ints) -> Floats:
    """Each sum divided by its count as the nearest float; 0 where the count is 0."""
    safe = np.maximum(counts, 1)
    sums = total.totals()
    result = sums / safe
    # A float holds whole numbers up to 2^53; beyond, Python's own division rounds once.
    for group in np.flatnonzero(total.beyond() | (np.abs(sums) > 2**53)):
        result[group] = total.whole(int(group)) / int(safe[group])
    return result


def _divide(total: int, count: int) -> int:
    quotient, rest = divmod(total, count)
    return quotient + (2 * rest > count or (2 * rest == count and quotient % 2 == 1))
