"""Whether there are clusters: the gap to points of one population."""

import numpy as np
import pytest
from sklearn.cluster import KMeans
from sklearn.metrics import silhouette_score

from segdsl.evidence.cluster_presence import REFERENCES, find_gaps
from segdsl.evidence.clusters import ordered


def normal(rows: int, random: np.random.Generator) -> np.ndarray:
    return random.standard_normal((rows, 3)) * [3.0, 1.0, 0.5]


def in_order(points: np.ndarray) -> np.ndarray:
    return points[ordered(points, 0)]


def test_points_of_the_population_itself_have_no_gap() -> None:
    largest = []
    for seed in range(20):
        points = in_order(normal(150, np.random.default_rng(100 + seed)))
        largest.append(max(one.deviations for one in find_gaps(points, (2, 3, 4), normal, seed)))
    assert max(largest) < 5 and np.median(largest) < 1.5


def test_groups_have_a_large_gap() -> None:
    random = np.random.default_rng(2)
    points = np.concatenate([normal(100, random) * 0.3 + [5 * side, 0, 0] for side in (-1, 1)])
    points *= np.array([3, 1, 0.5]) / points.std(axis=0)
    two, _three = find_gaps(in_order(points), (2, 3), normal, 0)
    assert two.count == 2 and two.deviations > 10


def test_the_figures_are_those_of_scikit_learn() -> None:
    points = in_order(normal(80, np.random.default_rng(3)))
    (gap,) = find_gaps(points, (3,), normal, 7)
    random = np.random.default_rng(7)
    logs, silhouettes = [], []
    for part in (points, *(normal(80, random) for _ in range(REFERENCES))):
        found = KMeans(3, n_init=3, random_state=7).fit(part)
        logs.append(np.log(found.inertia_ / ((part - part.mean(axis=0)) ** 2).sum()))
        silhouettes.append(silhouette_score(part, found.labels_))
    assert gap.deviations == pytest.approx((np.mean(logs[1:]) - logs[0]) / np.std(logs[1:], ddof=1))
    assert gap.silhouette == pytest.approx(np.mean(silhouettes[1:]))


def test_as_many_clusters_as_different_points_are_not_judged() -> None:
    points = np.repeat(np.array([[0.0, 0, 0], [1, 0, 0], [5, 0, 0]]), 5, axis=0)
    assert [one.count for one in find_gaps(points, (2, 3, 4), normal, 0)] == [2]
    assert find_gaps(points[:5], (2, 3), normal, 0) == ()


def test_references_of_fewer_different_points_have_no_infinite_gap() -> None:
    def two(rows: int, random: np.random.Generator) -> np.ndarray:
        return np.repeat(random.integers(0, 2, rows)[:, None].astype(float), 3, axis=1)

    points = in_order(normal(60, np.random.default_rng(4)))
    assert all(np.isfinite(one.deviations) for one in find_gaps(points, (2, 3), two, 0))
