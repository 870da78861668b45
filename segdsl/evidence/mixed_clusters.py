"""Clusters of rows that have numbers and choices: k-prototypes, and k-means where there are numbers only.

Z. Huang, Extensions to the k-means algorithm for clustering large data sets with categorical values, Data Mining and
Knowledge Discovery 2 (1998). The distance of two rows is the sum of the squares of the differences of their numbers
and, for each choice in which they differ, what that is worth. A prototype has means of numbers and modes of choices.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from segdsl.evidence import clusters
from segdsl.evidence.clusters import HALF_STARTS, JUDGED_ROWS, STARTED_ROWS, STARTS, Candidate, stability
from segdsl.evidence.silhouettes import mean_silhouettes

Floats = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]

_MOST_ROUNDS = 300
# A start is carried on while a round takes this share off the distances.
_LEAST_GAIN = 1e-4
# Modes jump where means glide, so a search ends beside the best clusters more often than k-means does.
_FEW_ROWS, _STARTS_OF_FEW = 2_000, 30
# Rows times prototypes held at a time.
_CELLS = 1 << 20


@dataclass(frozen=True, slots=True)
class MixedPoints:
    """Rows: `numbers` has a column each, in its own unit; `choices` the codes, from 0 on, of a choice each.

    `unlike` says for each choice how far apart, squared, two rows are that differ in it. Codes must depend on nothing
    but the values they stand for.
    """

    numbers: Floats
    choices: Places
    unlike: Floats

    def __len__(self) -> int:
        return len(self.numbers)

    def take(self, rows: Places | slice) -> "MixedPoints":
        return MixedPoints(self.numbers[rows], self.choices[rows], self.unlike)


@dataclass(frozen=True, slots=True)
class Prototypes:
    """One row a cluster: the means of its numbers and the modes of its choices, of equals the first code."""

    centres: Floats
    modes: Places

    def take(self, rows: Places) -> "Prototypes":
        return Prototypes(self.centres[rows], self.modes[rows])


@dataclass(frozen=True, slots=True)
class MixedClusters:
    """`labels`: the cluster of each row; `within`: for each cluster the distances of its rows from the prototype."""

    prototypes: Prototypes
    labels: Places
    within: Floats


def ordered(points: MixedPoints, seed: int) -> Places:
    """An order of the rows that depends on their values alone."""
    return clusters.ordered(_drawn(points, seed), seed)


def count_distinct(points: MixedPoints, seed: int) -> int:
    """How many rows differ."""
    return clusters.count_distinct(_drawn(points, seed), seed)


def _drawn(points: MixedPoints, seed: int) -> Floats:
    """The rows as numbers, with one drawn for each value of a choice."""
    random = np.random.default_rng(seed)
    columns = [random.standard_normal(int(codes.max(initial=0)) + 1)[codes] for codes in points.choices.T]
    return np.column_stack([points.numbers, *columns])


def find_clusters(points: MixedPoints, count: int, seed: int) -> MixedClusters:
    """The best of ten starts, of up to 2,000 rows of thirty. Of many rows the starts are compared on a sample.

    Rows must stand in an order that depends on nothing but their values (see `ordered`), and at least `count` of them
    must differ.
    """
    if not points.choices.shape[1]:
        plain = clusters.find_clusters(points.numbers, count, seed)
        modes = np.empty((count, 0), dtype=np.int64)
        return MixedClusters(Prototypes(plain.centres, modes), plain.labels, plain.within)
    part = _sample(points, STARTED_ROWS, seed)
    found = _best_start(part, count, seed, STARTS if len(part) > _FEW_ROWS else _STARTS_OF_FEW)
    found = _improve(points, found, 0.0)
    labels, costs = nearest(points, found)
    within: Floats = np.bincount(labels, costs, count).astype(np.float64)
    return MixedClusters(found, labels, within)


def nearest(points: MixedPoints, prototypes: Prototypes) -> tuple[Places, Floats]:
    """The nearest prototype of each row, of several the first, and how far it is, squared.

    Sums are taken measure after measure, numbers first.
    """
    labels, costs = np.empty(len(points), dtype=np.int64), np.empty(len(points))
    size = max(1, _CELLS // len(prototypes.centres))
    for start in range(0, len(points), size):
        part = points.take(slice(start, start + size))
        total = _distances(part, prototypes)
        labels[start : start + size] = own = np.argmin(total, axis=1)
        costs[start : start + size] = total[np.arange(len(own)), own]
    return labels, costs


def _distances(points: MixedPoints, prototypes: Prototypes) -> Floats:
    total = np.zeros((len(points), len(prototypes.centres)))
    for place in range(points.numbers.shape[1]):
        total += (points.numbers[:, place, None] - prototypes.centres[None, :, place]) ** 2
    for place, unlike in enumerate(points.unlike):
        total += np.where(points.choices[:, place, None] != prototypes.modes[None, :, place], unlike, 0.0)
    return total


def judge_counts(points: MixedPoints, counts: Sequence[int], seed: int) -> tuple[Candidate, ...]:
    """Silhouette and stability of each number of clusters, on at most 5,000 of the rows. See `find_clusters`."""
    if not points.choices.shape[1]:
        return clusters.judge_counts(points.numbers, counts, seed)
    part = _sample(points, JUDGED_ROWS, seed)
    distinct = count_distinct(part, seed)
    able = [count for count in counts if count < distinct]
    labelled = [find_clusters(part, count, seed).labels for count in able]
    widths = silhouettes(part, labelled)
    stable = [_stability(part, count, seed) for count in able]
    return tuple(Candidate(*one) for one in zip(able, widths, stable, strict=True))


def _stability(points: MixedPoints, count: int, seed: int) -> float | None:
    def differ(rows: Places) -> bool:
        return count_distinct(points.take(rows), seed) > count

    def extended(rows: Places) -> Places:
        return nearest(points, _best_start(points.take(rows), count, seed, HALF_STARTS))[0]

    return stability(len(points), seed, differ, extended)


def silhouettes(points: MixedPoints, labelled: Sequence[Places]) -> tuple[float, ...]:
    """The mean silhouette of each clustering. Distances are the roots of those that are compared, as in k-means."""
    everyone = Prototypes(points.numbers, points.choices)
    return mean_silhouettes(lambda rows: np.sqrt(_distances(points.take(rows), everyone)), labelled)


# ---- search


def _sample(points: MixedPoints, most: int, seed: int) -> MixedPoints:
    if len(points) <= most:
        return points
    drawn = np.random.default_rng(seed).choice(len(points), most, replace=False)
    return points.take(np.sort(drawn))


def _best_start(points: MixedPoints, count: int, seed: int, starts: int) -> Prototypes:
    random = np.random.default_rng(seed)
    found = [_improve(points, _start(points, count, random), _LEAST_GAIN) for _ in range(starts)]
    return min(found, key=lambda one: float(nearest(points, one)[1].sum()))


def _start(points: MixedPoints, count: int, random: np.random.Generator) -> Prototypes:
    """Rows as prototypes, each drawn by its distance from those before (Arthur & Vassilvitskii 2007)."""
    chosen = [int(random.integers(len(points)))]
    costs = np.full(len(points), np.inf)
    while len(chosen) < count:
        costs = np.minimum(costs, _distances(points, _rows(points, chosen[-1:]))[:, 0])
        reach = np.cumsum(costs)
        drawn = int(np.searchsorted(reach, random.random() * reach[-1], side="right"))
        chosen.append(min(drawn, len(points) - 1))
    return _rows(points, chosen)


def _rows(points: MixedPoints, rows: list[int]) -> Prototypes:
    return Prototypes(points.numbers[rows], points.choices[rows])


def _improve(points: MixedPoints, prototypes: Prototypes, least_gain: float) -> Prototypes:
    """Rows go to the nearest prototype, and prototypes to the middle of their rows, until no row moves.

    It ends earlier where a round takes no more than that share off the distances.
    """
    before, total = None, np.inf
    for _ in range(_MOST_ROUNDS):
        labels, costs = nearest(points, prototypes)
        labels = _filled(labels, costs, len(prototypes.centres))
        total, last = float(costs.sum()), total
        if before is not None and (np.array_equal(labels, before) or last - total < least_gain * total):
            break
        prototypes, before = _middles(points, labels, len(prototypes.centres)), labels
    return prototypes


def _filled(labels: Places, costs: Floats, count: int) -> Places:
    """A cluster that has lost all its rows takes the row that is farthest from its prototype, of equals the first."""
    empty = np.flatnonzero(np.bincount(labels, minlength=count) == 0)
    if not len(empty):
        return labels
    filled, costs = labels.copy(), costs.copy()
    for cluster in empty:
        sizes = np.bincount(filled, minlength=count)
        row = int(np.argmax(np.where(sizes[filled] > 1, costs, -1.0)))
        filled[row], costs[row] = cluster, 0.0
    return filled


def _middles(points: MixedPoints, labels: Places, count: int) -> Prototypes:
    sizes = np.bincount(labels, minlength=count)
    centres = [np.bincount(labels, column, count) / sizes for column in points.numbers.T]
    modes = []
    for codes in points.choices.T:
        values = int(codes.max()) + 1
        counts = np.bincount(labels * values + codes, minlength=count * values)
        modes.append(np.argmax(counts.reshape(count, values), axis=1))
    return Prototypes(
        np.stack(centres, axis=1) if centres else np.empty((count, 0)),
        np.stack(modes, axis=1).astype(np.int64),
    )
