"""k-means: planted groups, and the same result in any order of rows."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.cluster import KMeans

from segdsl.evidence import lloyd
from segdsl.evidence.clusters import choose_count, find_clusters, judge_counts, ordered, sample

CORNERS = np.array([[0.0, 0.0], [10.0, 0.0], [0.0, 10.0], [10.0, 10.0]])


def planted(size: int, seed: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """Points about four corners, a tenth of their distance wide, and the corner of each."""
    random = np.random.default_rng(seed)
    corner = random.integers(0, 4, size)
    return CORNERS[corner] + random.standard_normal((size, 2)), corner


def test_planted_groups_are_found_and_counted() -> None:
    points, corner = planted(400)
    order = ordered(points, 0)
    points, corner = points[order], corner[order]
    assert choose_count(judge_counts(points, range(2, 8), 0), 0.8).count == 4
    found = find_clusters(points, 4, 0)
    pairs = set(zip(corner.tolist(), found.labels.tolist(), strict=True))
    assert len(pairs) == 4
    for label, corner_of in ((label, corner) for corner, label in pairs):
        assert np.allclose(found.centres[label], points[corner == corner_of].mean(axis=0))


def test_the_order_of_rows_does_not_show() -> None:
    points, _ = planted(3_000)
    turned = points[np.random.default_rng(2).permutation(len(points))]
    one, other = (find_clusters(rows[ordered(rows, 5)], 3, 5) for rows in (points, turned))
    assert one.centres.tolist() == other.centres.tolist()


def test_many_rows_are_clustered_as_well_as_by_scikit_learn_itself() -> None:
    points = np.random.default_rng(3).standard_normal((60_000, 5))
    own = find_clusters(points[ordered(points, 0)], 6, 0)
    theirs = KMeans(6, n_init=1, random_state=0).fit(points)
    assert own.within.sum() <= 1.01 * theirs.inertia_


@settings(max_examples=15)
@given(st.integers(0, 10**6), st.integers(2, 6))
def test_the_same_centres_become_what_scikit_learn_makes_of_them(seed: int, count: int) -> None:
    points = np.random.default_rng(seed).standard_normal((200, 3)) + 50
    own = lloyd.improve(points, points[:count])
    theirs = KMeans(count, init=points[:count], n_init=1, algorithm="lloyd").fit(points)
    assert own.inertia == pytest.approx(theirs.inertia_, rel=1e-6)
    assert np.allclose(own.centres, theirs.cluster_centers_)
    assert own.inertia == pytest.approx(((points - own.centres[own.labels]) ** 2).sum(), rel=1e-9)
    assert own.labels.tolist() == lloyd.nearest(points, own.centres).tolist()


def test_a_centre_that_loses_its_points_takes_the_farthest() -> None:
    points = np.array([[0.0], [1.0], [2.0], [50.0]])
    found = lloyd.improve(points, np.array([[1.0], [49.0], [1000.0]]))
    assert found.labels.max() == 2 and len(set(found.labels.tolist())) == 3


def test_starts_are_as_good_as_those_of_scikit_learn() -> None:
    shares = []
    for seed in range(20):
        points = np.random.default_rng(seed).standard_normal((400, 4))
        theirs = KMeans(5, n_init=10, random_state=seed).fit(points).inertia_
        shares.append(lloyd.best_of(points, 5, 10, seed).inertia / theirs)
    assert 0.99 < np.mean(shares) < 1.005


def test_noise_is_neither_silhouetted_nor_stable() -> None:
    points = np.random.default_rng(4).standard_normal((800, 6))
    for one in judge_counts(points[ordered(points, 0)], (3, 4), 0):
        assert one.silhouette < 0.25
        assert one.stability is not None and one.stability < 0.8


def test_stability_is_not_told_of_too_few_rows() -> None:
    points = np.array([[0.0], [1.0], [5.0], [6.0]])
    (one,) = judge_counts(points, (2,), 0)
    assert one.stability is None
    # Silhouettes by hand: a = 1 each, b = 5.5, 4.5, 4.5, 5.5.
    assert one.silhouette == pytest.approx((2 * (1 - 1 / 5.5) + 2 * (1 - 1 / 4.5)) / 4)


def test_a_sample_keeps_the_order_and_draws_no_row_twice() -> None:
    points = np.arange(100.0)[:, None]
    part = sample(points, 10, 3)[:, 0].tolist()
    assert part == sorted(set(part)) and len(part) == 10
