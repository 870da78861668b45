"""Whether there are clusters at all: how much closer points lie to centres than points of one population do."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from sklearn.cluster import KMeans
from sklearn.metrics import silhouette_score
from threadpoolctl import threadpool_limits

from segdsl.evidence.clusters import count_distinct, sample

Floats = npt.NDArray[np.float64]

COMPARED_ROWS = 500
REFERENCES = 20
_STARTS = 3
# Of logarithms: spreads that are alike but for rounding aren't told apart.
_LEAST_SPREAD = 0.01
_LEAST_SHARE = 1e-9


@dataclass(frozen=True, slots=True)
class Gap:
    """For `count` clusters: how many standard deviations of the references the points lie closer to their centres, and
    the mean silhouette of the references."""

    count: int
    deviations: float
    silhouette: float


def find_gaps(
    points: Floats, counts: Sequence[int], draw: Callable[[int, np.random.Generator], Floats], seed: int
) -> tuple[Gap, ...]:
    """The gap statistic (Tibshirani, Walther & Hastie 2001) for each number of clusters below that of different points.

    It is the difference of log(W), W the sum of squares within clusters over that of all points, between the points
    and references that `draw` makes: so many points without clusters. Here it is told in standard deviations of
    the references. At most 500 of the points are taken, as many are drawn. Coarse answers lie in heaps, which have high
    silhouettes without being groups: those of the references tell how high.
    """
    random = np.random.default_rng(seed)
    part = sample(points, COMPARED_ROWS, seed)
    told = [count for count in counts if count < count_distinct(part, seed)]
    if not told:
        return ()
    with threadpool_limits(limits=1):
        found = _clustered(part, told, seed)[0]
        references = np.array([_clustered(draw(len(part), random), told, seed) for _ in range(REFERENCES)])
    spread = np.maximum(references[:, 0].std(axis=0, ddof=1), _LEAST_SPREAD)
    within, silhouettes = references.mean(axis=0)
    deviations = (within - found) / spread
    return tuple(Gap(*one) for one in zip(told, deviations.tolist(), silhouettes.tolist(), strict=True))


def _clustered(points: Floats, counts: Sequence[int], seed: int) -> Floats:
    """For each number of clusters the logarithm of the share of the sum of squares within them, and the silhouette."""
    total = max(float(((points - points.mean(axis=0)) ** 2).sum()), np.finfo(np.float64).tiny)
    distinct = count_distinct(points, seed)
    figures = []
    for count in counts:
        # Where no more points differ every cluster is a point.
        share, silhouette = 0.0, 1.0
        if count < distinct:
            found = KMeans(count, n_init=_STARTS, random_state=seed).fit(points)
            share, silhouette = found.inertia_ / total, float(silhouette_score(points, found.labels_))
        figures.append((np.log(max(share, _LEAST_SHARE)), silhouette))
    return np.array(figures).T
