"""A regression tree on binned features: binary splits with the greatest decrease of the sum of squares.

Breiman, Friedman, Olshen and Stone, Classification and Regression Trees (1984). For a target of 0 and 1 the decrease
of the Gini impurity, summed over rows, is twice that of the sum of squares, so the same tree serves both.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from segdsl.evidence.binning import Codes, Floats

Flags = NDArray[np.bool_]
Rows = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Feature:
    """A column as codes 0 to `bins` - 1, and `bins` for a missing value.

    `ordered`: only cuts between neighbouring codes are tried, else any two sets of codes. `direction` 1 lets the mean
    only rise with the code, -1 only fall, both with missing values and without them.
    """

    codes: Codes
    bins: int
    ordered: bool
    direction: int = 0


@dataclass(frozen=True, slots=True)
class Growth:
    """When splitting stops. `min_rows` is for each side; `min_gap` is between their means, in units of the target.

    `first` are the features that the first split must be on, None for any.
    """

    max_depth: int = 3
    min_rows: int = 1
    min_gap: float = 0.0
    first: frozenset[int] | None = None


@dataclass(frozen=True, slots=True)
class Split:
    """Which codes of a feature go to the high side. `gain` is the decrease of the sum of squares.

    `merit` is the gain that splits are compared by: less what a split into two of so many categories gains by chance.
    """

    feature: int
    to_high: Flags
    gain: float
    merit: float
    low_mean: float
    high_mean: float


@dataclass(frozen=True, slots=True)
class Node:
    """Rows of a tree: how many, the mean of the target and the sum of squares around it; `split` None in a leaf.

    `competing` has the best split on each feature that has one, by merit; ties go to the feature that stands first.
    """

    rows: int
    mean: float
    squares: float
    split: Split | None = None
    low: Node | None = None
    high: Node | None = None
    competing: tuple[Split, ...] = ()


@dataclass(frozen=True, slots=True)
class _Limits:
    """The least and the greatest mean that keep the directions of the splits above."""

    least: float = -np.inf
    greatest: float = np.inf


@dataclass(frozen=True, slots=True)
class _Counts:
    """For each code of a feature how many rows have it, and the sum of their targets."""

    rows: NDArray[np.intp]
    sums: Floats

    def without(self, part: _Counts) -> _Counts:
        return _Counts(self.rows - part.rows, self.sums - part.sums)


@dataclass(frozen=True, slots=True)
class _Task:
    """What a tree is learned from. `target` has mean 0 over the rows that are learned from."""

    features: Sequence[Feature]
    target: Floats
    growth: Growth

    def count(self, rows: Rows | None) -> tuple[_Counts, ...]:
        """The counts of each feature in some rows, None for all."""
        own = self.target if rows is None else self.target[rows]
        counted = []
        for feature in self.features:
            codes = (feature.codes if rows is None else feature.codes[rows]).astype(np.intp)
            found = np.bincount(codes, minlength=feature.bins + 1)
            sums = np.bincount(codes, own, minlength=feature.bins + 1)
            counted.append(_Counts(found, sums.astype(np.float64, copy=False)))
        return tuple(counted)


def grow(features: Sequence[Feature], target: Floats, growth: Growth, rows: Rows | None = None) -> Node:
    """The whole tree, unpruned, learned from some rows (None: all), one or more. The target has no missing values."""
    centre = float(target.mean() if rows is None else target[rows].mean())
    task = _Task(features, target - centre, growth)
    within = np.arange(len(target)) if rows is None else rows
    tree = _grow(task, within, task.count(rows), 0, _Limits())
    return _shifted(tree, centre)


def best_splits(features: Sequence[Feature], target: Floats, growth: Growth, rows: Rows | None = None) -> list[Split]:
    """The best first split on each feature that has one, by merit; ties go to the feature that stands first."""
    return list(grow(features, target, replace(growth, max_depth=1), rows).competing)


def gini_decrease(split: Split) -> float:
    """The decrease of the Gini impurity, summed over rows, for a target of 0 and 1: the `improve` of R's rpart."""
    return 2 * split.gain


def _grow(task: _Task, rows: Rows, counts: tuple[_Counts, ...] | None, depth: int, limits: _Limits) -> Node:
    """`counts` are those of the rows; None where they are at the bottom."""
    own = task.target[rows]
    mean = float(own.mean())
    node = Node(len(rows), mean, float(np.square(own - mean).sum()))
    if counts is None or node.squares <= 0:
        return node
    ranked = _ranked(task, counts, node.squares / node.rows, limits)
    allowed = task.growth.first if depth == 0 else None
    split = next((one for one in ranked if allowed is None or one.feature in allowed), None)
    node = replace(node, competing=tuple(ranked))
    if split is None:
        return node
    feature = task.features[split.feature]
    is_high = split.to_high[feature.codes[rows]]
    sides = (rows[~is_high], rows[is_high])
    parts = _part_counts(task, counts, sides, depth + 1)
    kept = _side_limits(split, feature.direction, limits)
    below = zip(sides, parts, kept, strict=True)
    low, high = (_grow(task, side, own_counts, depth + 1, within) for side, own_counts, within in below)
    return replace(node, split=split, low=low, high=high)


def _part_counts(
    task: _Task, counts: tuple[_Counts, ...], sides: tuple[Rows, Rows], depth: int
) -> tuple[tuple[_Counts, ...] | None, tuple[_Counts, ...] | None]:
    """The counts of two sides that are to be split: the smaller one is counted, the other is what it leaves."""
    needed = tuple(depth < task.growth.max_depth and len(side) >= 2 * task.growth.min_rows for side in sides)
    if not any(needed):
        return None, None
    smaller = 0 if len(sides[0]) <= len(sides[1]) else 1
    few = task.count(sides[smaller])
    rest = tuple(whole.without(part) for whole, part in zip(counts, few, strict=True))
    low, high = (few, rest) if smaller == 0 else (rest, few)
    return low if needed[0] else None, high if needed[1] else None


def _shifted(node: Node, centre: float) -> Node:
    """The tree with its means as they are in a target that is so much higher."""

    def moved(split: Split) -> Split:
        return replace(split, low_mean=split.low_mean + centre, high_mean=split.high_mean + centre)

    return replace(
        node,
        mean=node.mean + centre,
        split=None if node.split is None else moved(node.split),
        low=None if node.low is None else _shifted(node.low, centre),
        high=None if node.high is None else _shifted(node.high, centre),
        competing=tuple(map(moved, node.competing)),
    )


def _side_limits(split: Split, direction: int, limits: _Limits) -> tuple[_Limits, _Limits]:
    """On a feature with a direction neither side may pass the middle between the two means, however deep it grows."""
    if not direction:
        return limits, limits
    middle = (split.low_mean + split.high_mean) / 2
    below, above = _Limits(limits.least, middle), _Limits(middle, limits.greatest)
    return (below, above) if direction > 0 else (above, below)


def _ranked(task: _Task, counts: tuple[_Counts, ...], variance: float, limits: _Limits) -> list[Split]:
    found = []
    for place, (feature, counted) in enumerate(zip(task.features, counts, strict=True)):
        histogram = _Histogram(counted.rows, counted.sums, variance, int(counted.rows.sum()))
        best = _best_cut if feature.ordered else _best_sets
        split = best(place, feature, histogram, task.growth, limits)
        if split is not None:
            found.append(split)
    return sorted(found, key=lambda split: (-split.merit, split.feature))


@dataclass(frozen=True, slots=True)
class _Histogram:
    """Rows of each code and the sums of their targets; the variance of all of these, and how many they are."""

    counts: NDArray[np.intp]
    sums: Floats
    variance: float
    rows: int


def _best_cut(place: int, feature: Feature, histogram: _Histogram, growth: Growth, limits: _Limits) -> Split | None:
    """The best cut between two codes, with missing values on either side, or all known values against them."""
    known = np.arange(feature.bins)
    missing = np.array([feature.bins])
    if not histogram.counts[-1]:
        return _best_order(place, known, histogram, growth, limits, feature.direction)
    found = [
        _best_order(place, np.concatenate(order), histogram, growth, limits, feature.direction)
        for order in ((known, missing), (missing, known))
    ]
    return max((one for one in found if one is not None), key=lambda one: one.gain, default=None)


def _best_sets(place: int, feature: Feature, histogram: _Histogram, growth: Growth, limits: _Limits) -> Split | None:
    """The best two sets of codes, missing among them: a cut of the codes ordered by mean.

    No two other sets do better: W. D. Fisher, On grouping for maximum homogeneity, JASA 53 (1958).
    """
    present = np.flatnonzero(histogram.counts)
    order = present[np.argsort(histogram.sums[present] / histogram.counts[present], kind="stable")]
    # The sum of squares between k groups of equal expectation is (k - 1) variances; cut in two at the middle of their
    # order it keeps the share 2 / pi, the square of the mean of half a normal distribution. Two sides cost nothing.
    chance = 2 / np.pi * max(len(order) - 2, 0) * histogram.variance
    return _best_order(place, order, histogram, growth, limits, feature.direction, float(chance))


def _best_order(
    place: int,
    order: NDArray[np.intp],
    histogram: _Histogram,
    growth: Growth,
    limits: _Limits,
    direction: int,
    chance: float = 0.0,
) -> Split | None:
    """The best cut of some codes in a given order; the codes that are in no row go with the larger side."""
    counts, sums = histogram.counts[order], histogram.sums[order]
    low, low_sum = np.cumsum(counts)[:-1], np.cumsum(sums)[:-1]
    high, high_sum = histogram.rows - low, sums.sum() - low_sum
    enough = (low >= max(growth.min_rows, 1)) & (high >= max(growth.min_rows, 1)) & (counts[:-1] > 0)
    cuts = np.flatnonzero(enough)
    if not len(cuts):
        return None
    low_mean, high_mean = low_sum[cuts] / low[cuts], high_sum[cuts] / high[cuts]
    gaps = high_mean - low_mean
    gains = low[cuts] * (high[cuts] / histogram.rows) * np.square(gaps)
    allowed = (np.abs(gaps) >= growth.min_gap) & (gains > 1e-12 * histogram.rows * histogram.variance)
    allowed &= gains > chance
    if direction:
        allowed &= (gaps * direction > 0) & _in_direction(order, histogram, cuts, direction)
    for mean in (low_mean, high_mean):
        allowed &= (mean >= limits.least) & (mean <= limits.greatest)
    if not allowed.any():
        return None
    best = int(np.argmax(np.where(allowed, gains, -1.0)))
    at = int(cuts[best])
    to_high = np.full(len(histogram.counts), bool(high[at] > low[at]))
    to_high[order[: at + 1]] = False
    to_high[order[at + 1 :]] = True
    return Split(
        place,
        to_high,
        float(gains[best]),
        float(gains[best]) - chance,
        float(low_mean[best]),
        float(high_mean[best]),
    )


def _in_direction(order: NDArray[np.intp], histogram: _Histogram, cuts: NDArray[np.intp], direction: int) -> Flags:
    """Whether the known rows by themselves go that way, so that missing ones on a side can't turn it round."""
    is_known = order < len(histogram.counts) - 1
    counts, sums = histogram.counts[order] * is_known, histogram.sums[order] * is_known
    low, low_sum = np.cumsum(counts)[cuts], np.cumsum(sums)[cuts]
    high, high_sum = counts.sum() - low, sums.sum() - low_sum
    # Means compared by their products with both counts; a side without known rows has nothing to say.
    return np.asarray((low == 0) | (high == 0) | ((high_sum * low - low_sum * high) * direction > 0))


def leaf_places(node: Node, features: Sequence[Feature], rows: Rows) -> Rows:
    """For each row the place of its leaf among `leaves(node)`."""
    places = np.zeros(len(rows), np.intp)
    if node.split is None or node.low is None or node.high is None:
        return places
    high = node.split.to_high[features[node.split.feature].codes[rows]]
    places[~high] = leaf_places(node.low, features, rows[~high])
    places[high] = leaf_places(node.high, features, rows[high]) + len(leaves(node.low))
    return places


def leaves(node: Node) -> list[Node]:
    """The leaves, low sides first."""
    if node.low is None or node.high is None:
        return [node]
    return [*leaves(node.low), *leaves(node.high)]
