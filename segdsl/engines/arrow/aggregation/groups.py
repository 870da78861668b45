"""Values with the number of their group, gathered over batches and sorted at the end."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from segdsl.diagnostics import Diagnostic
from segdsl.engines.arrow.aggregation.columns import Floats, Ints, Mask, Numbers
from segdsl.engines.arrow.aggregation.sorting import sorted_within
from segdsl.engines.arrow.batch import EvaluationStopped


@dataclass(slots=True)
class Gathered:
    """All values of all groups, for figures that need every one of them."""

    groups: list[Ints] = field(default_factory=list)
    values: list[Numbers] = field(default_factory=list)

    def add(self, groups: Ints, values: Numbers) -> None:
        self.groups.append(groups)
        self.values.append(values)

    def sorted(self, size: int) -> "Sorted":
        """The values by group, in ascending order within each."""
        groups, values = self._joined()
        return _by_group(groups, sorted_within(groups, values), size)

    def grouped(self, size: int) -> "Sorted":
        """The values by group, in any order within each."""
        groups, values = self._joined()
        return _by_group(groups, values[np.argsort(groups)], size)

    def _joined(self) -> tuple[Ints, Numbers]:
        if not self.groups:
            return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
        return np.concatenate(self.groups), np.concatenate(self.values)


@dataclass(frozen=True, slots=True)
class Sorted:
    """Values by group: group g has `counts[g]` of them from `starts[g]` on."""

    values: Numbers
    starts: Ints
    counts: Ints

    def empty(self) -> Mask:
        nothing: Mask = self.counts == 0
        return nothing

    def at(self, places: Ints) -> Numbers:
        """The value at a place (from 0) of each group; anything for a group without that place."""
        if not len(self.values):
            return np.zeros(len(places), dtype=self.values.dtype)
        found: Numbers = self.values[np.clip(self.starts + places, 0, len(self.values) - 1)]
        return found

    def each(self) -> Iterator[list[int] | list[float]]:
        """The values of one group after the other."""
        for start, count in zip(self.starts.tolist(), self.counts.tolist(), strict=True):
            yield self.values[start : start + count].tolist()


def _by_group(groups: Ints, values: Numbers, size: int) -> Sorted:
    counts: Ints = np.bincount(groups, minlength=size).astype(np.int64)
    starts = np.concatenate((np.zeros(1, dtype=np.int64), np.cumsum(counts)[:-1]))[:size]
    return Sorted(values, starts, counts)


def float_sums(values: Sorted) -> Floats:
    """The sum of each group, rounded once from the exact sum (Shewchuk 1997), so the order of rows can't matter."""
    try:
        return np.array([math.fsum(group) for group in values.each()], dtype=np.float64)
    except OverflowError:
        mend = "check the data for numbers that can't be meant"
        raise EvaluationStopped(Diagnostic("SEG612", "A sum is larger than any number can be", help=mend)) from None


def middle_ints(values: Sorted) -> Ints:
    """The median of each group; the mean of the two in the middle is rounded half-even."""
    low, high = _middle(values)
    # The floor of the mean of two whole numbers without adding them, which could overflow.
    floor = (low & high) + ((low ^ high) >> 1)
    between = (low ^ high) & 1
    middle: Ints = (floor + (between & floor & 1)).astype(np.int64)
    return middle


def middle_floats(values: Sorted) -> Floats:
    """The median of each group; the mean of the two in the middle."""
    low, high = _middle(values)
    middle: Floats = low.astype(np.float64) / 2 + high.astype(np.float64) / 2
    return middle


def _middle(values: Sorted) -> tuple[Numbers, Numbers]:
    return values.at((values.counts - 1) // 2), values.at(values.counts // 2)
