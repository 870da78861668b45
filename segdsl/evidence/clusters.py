"""k-means, the same whatever the order of rows and the number of threads, and how many clusters there are.

Points are rows of doubles, each column in its own unit; distances are Euclidean.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from threadpoolctl import threadpool_limits

from segdsl.evidence import lloyd
from segdsl.evidence.partitions import adjusted_rand
from segdsl.evidence.silhouettes import mean_silhouettes

Floats = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]

# Silhouettes take every pair of rows; starts are compared on rows enough to tell them apart.
JUDGED_ROWS = 5_000
STARTED_ROWS = 20_000
STARTS = 10
HALF_STARTS = 4
HALVINGS = 5
_PART_ROWS = 1 << 16
# So many rows stay in a processor's cache while their columns are gone through.
_CACHED_ROWS = 1 << 12


@dataclass(frozen=True, slots=True)
class Clusters:
    """`centres`: one row a cluster; `labels`: the cluster of each point; `within`: the sum of squares of each."""

    centres: Floats
    labels: Places
    within: Floats


@dataclass(frozen=True, slots=True)
class Candidate:
    """A number of clusters. `silhouette` is the mean over the rows judged (Rousseeuw 1987).

    `stability` is the mean adjusted Rand index (Hubert & Arabie 1985) between the clusters of two halves of the rows,
    each extended to all of them; None where there are too few rows to halve.
    """

    count: int
    silhouette: float
    stability: float | None


def ordered(points: Floats, seed: int) -> Places:
    """An order of the points that depends on their values alone: along a direction drawn with the seed."""
    along = _along(points, seed)
    return np.argsort(along, kind="stable")


def count_distinct(points: Floats, seed: int) -> int:
    """How many points differ."""
    return len(np.unique(_along(points, seed)))


def _along(points: Floats, seed: int) -> Floats:
    direction: Floats = np.random.default_rng(seed).standard_normal(size=(points.shape[1],))
    along = np.zeros(len(points))
    for start in range(0, len(points), _CACHED_ROWS):
        part = points[start : start + _CACHED_ROWS]
        own = along[start : start + _CACHED_ROWS]
        # Column after column: a product of matrices may round differently in another row.
        for place, weight in enumerate(direction):
            own += part[:, place] * weight
    return along


def sample(points: Floats, most: int, seed: int) -> Floats:
    """At most so many of the points, in their order."""
    if len(points) <= most:
        return points
    drawn = np.random.default_rng(seed).choice(len(points), most, replace=False)
    return points[np.sort(drawn)]


def find_clusters(points: Floats, count: int, seed: int) -> Clusters:
    """k-means with Lloyd's iterations from the best of ten k-means++ starts (Arthur & Vassilvitskii 2007).

    Of many points the starts are compared on a sample. Points must stand in an order that depends on nothing but their
    values (see `ordered`), and at least `count` of them must differ.
    """
    part = sample(points, STARTED_ROWS, seed)
    found = lloyd.best_of(part, count, STARTS, seed)
    if len(part) < len(points):
        found = lloyd.improve(points, found.centres)
    return Clusters(found.centres, found.labels, _within(points, found.centres, found.labels))


def _within(points: Floats, centres: Floats, labels: Places) -> Floats:
    """The sum of squares about each centre, a part of the rows at a time."""
    within = np.zeros(len(centres))
    for start in range(0, len(points), _PART_ROWS):
        part = slice(start, start + _PART_ROWS)
        squares = ((points[part] - centres[labels[part]]) ** 2).sum(axis=1)
        within += np.bincount(labels[part], squares, len(centres))
    return within


def judge_counts(points: Floats, counts: Sequence[int], seed: int) -> tuple[Candidate, ...]:
    """Silhouette and stability of each number of clusters, on at most 5,000 of the points. See `find_clusters`."""
    part = sample(points, JUDGED_ROWS, seed)
    part = part - part.mean(axis=0)
    squares = np.einsum("ij,ij->i", part, part)
    distinct = count_distinct(part, seed)
    able = [count for count in counts if count < distinct]

    def distances(rows: slice) -> Floats:
        found = squares[rows, None] - 2 * part[rows] @ part.T + squares
        return np.asarray(np.sqrt(np.maximum(found, 0.0)))

    labelled = [find_clusters(part, count, seed).labels for count in able]
    with threadpool_limits(limits=1):
        widths = mean_silhouettes(distances, labelled)
    stable = [_stability(part, count, seed) for count in able]
    return tuple(Candidate(*one) for one in zip(able, widths, stable, strict=True))


def choose_count(candidates: Sequence[Candidate], least_stability: float) -> Candidate:
    """The stable candidate of the largest silhouette; where none is stable, the largest of all. Of equals the fewest.

    One whose stability isn't known counts as stable.
    """
    stable = [one for one in candidates if one.stability is None or one.stability >= least_stability]
    return max(stable or candidates, key=lambda one: (one.silhouette, -one.count))


def _stability(points: Floats, count: int, seed: int) -> float | None:
    def differ(rows: Places) -> bool:
        return count_distinct(points[rows], seed) > count

    def extended(rows: Places) -> Places:
        return lloyd.nearest(points, lloyd.best_of(points[rows], count, HALF_STARTS, seed).centres)

    return stability(len(points), seed, differ, extended)


def stability(
    rows: int, seed: int, differ: Callable[[Places], bool], extended: Callable[[Places], Places]
) -> float | None:
    """The mean adjusted Rand index between the clusters of two halves of the rows, over five halvings.

    `differ` says whether rows enough of a half differ for clusters to be found, `extended` gives every row's cluster
    among those found in a half. None where the rows of some half don't differ.
    """
    random = np.random.default_rng(seed)
    agreements = []
    for _ in range(HALVINGS):
        order = random.permutation(rows)
        halves = (np.sort(order[: rows // 2]), np.sort(order[rows // 2 :]))
        if not all(differ(half) for half in halves):
            return None
        one, other = (extended(half) for half in halves)
        agreements.append(adjusted_rand(one, other))
    return float(np.mean(agreements))
