"""k-prototypes against every way of parting a few rows, and against costs written out in plain Python."""

from collections import Counter
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import silhouette_score

from segdsl.evidence.clusters import choose_count
from segdsl.evidence.clusters import find_clusters as find_plain
from segdsl.evidence.mixed_clusters import (
    MixedPoints,
    count_distinct,
    find_clusters,
    judge_counts,
    nearest,
    ordered,
    silhouettes,
)

SEEDS = st.integers(0, 10**6)
UNLIKE = np.array([1.5, 0.7])


def some_points(seed: int, rows: int, values: int = 3) -> MixedPoints:
    rng = np.random.default_rng(seed)
    points = MixedPoints(rng.normal(size=(rows, 2)), rng.integers(0, values, (rows, 2)), UNLIKE)
    return points.take(ordered(points, 0))


def cost(points: MixedPoints, labels: list[int]) -> float:
    """The distances of rows from the middles of their clusters, one by one."""
    total = 0.0
    for label in set(labels):
        rows = [place for place, own in enumerate(labels) if own == label]
        for column in points.numbers.T.tolist():
            own = [column[row] for row in rows]
            total += sum((value - sum(own) / len(own)) ** 2 for value in own)
        for column, unlike in zip(points.choices.T.tolist(), UNLIKE.tolist(), strict=True):
            counts = Counter(column[row] for row in rows)
            total += unlike * (len(rows) - max(counts.values()))
    return total


def test_the_best_parting_of_few_rows_is_found() -> None:
    missed = 0
    for seed in range(40):
        points = some_points(seed, 8)
        least = min(cost(points, [0, *rest]) for rest in product((0, 1), repeat=7) if any(rest))
        found = float(find_clusters(points, 2, 0).within.sum())
        assert found >= least - 1e-9
        missed += found > least + 1e-9
    # A search from thirty starts may end beside the best one now and then, as k-means does.
    assert missed <= 2


@settings(max_examples=60)
@given(SEEDS, st.integers(2, 6))
def test_rows_are_at_the_nearest_prototype_and_prototypes_in_the_middle(seed: int, count: int) -> None:
    points = some_points(seed, 60)
    found = find_clusters(points, count, 0)
    assert set(found.labels.tolist()) == set(range(count))
    assert found.within.sum() == pytest.approx(cost(points, found.labels.tolist()), rel=1e-9)
    for row in range(len(points)):
        apart = [
            float(((points.numbers[row] - centre) ** 2).sum() + UNLIKE @ (points.choices[row] != modes))
            for centre, modes in zip(found.prototypes.centres, found.prototypes.modes, strict=True)
        ]
        assert apart[found.labels[row]] == pytest.approx(min(apart), rel=1e-9, abs=1e-12)


@settings(max_examples=30)
@given(SEEDS, st.integers(2, 5))
def test_silhouettes_are_those_of_scikit_learn(seed: int, count: int) -> None:
    points = some_points(seed, 50)
    labels = np.random.default_rng(seed).integers(0, count, 50)
    labels[:count] = np.arange(count)
    apart = np.array(
        [
            [
                np.sqrt(
                    ((points.numbers[a] - points.numbers[b]) ** 2).sum()
                    + UNLIKE @ (points.choices[a] != points.choices[b])
                )
                for b in range(50)
            ]
            for a in range(50)
        ]
    )
    assert silhouettes(points, [labels])[0] == pytest.approx(
        silhouette_score(apart, labels, metric="precomputed"), abs=1e-12
    )


def test_planted_groups_of_numbers_and_choices_are_found_and_counted() -> None:
    rng = np.random.default_rng(4)
    group = rng.integers(0, 3, 300)
    # Groups 0 and 1 differ in a choice alone, groups 1 and 2 in the numbers alone.
    numbers = np.where(group == 2, 6.0, 0.0)[:, None] + rng.normal(0, 0.4, (300, 2))
    choices = np.stack([(group > 0).astype(int), rng.integers(0, 2, 300)], axis=1)
    points = MixedPoints(numbers, choices, np.array([72.0, 0.1]))
    order = ordered(points, 0)
    points, group = points.take(order), group[order]
    assert choose_count(judge_counts(points, range(2, 7), 0), 0.8).count == 3
    labels = find_clusters(points, 3, 0).labels
    assert len(set(zip(group.tolist(), labels.tolist(), strict=True))) == 3


def test_the_order_of_rows_does_not_show_however_many_they_are() -> None:
    rng = np.random.default_rng(2)
    points = MixedPoints(rng.normal(size=(30_000, 2)), rng.integers(0, 4, (30_000, 2)), UNLIKE)
    turned = points.take(rng.permutation(30_000))
    one, other = (find_clusters(some.take(ordered(some, 5)), 4, 5) for some in (points, turned))
    assert one.prototypes.centres.tolist() == other.prototypes.centres.tolist()
    assert one.prototypes.modes.tolist() == other.prototypes.modes.tolist()


def test_numbers_alone_are_clustered_by_k_means() -> None:
    numbers = np.random.default_rng(1).normal(size=(200, 3))
    points = MixedPoints(numbers, np.empty((200, 0), np.int64), np.empty(0))
    assert find_clusters(points, 3, 0).within.tolist() == find_plain(numbers, 3, 0).within.tolist()


def test_choices_alone_are_clustered() -> None:
    codes = np.array([[0, 0, 0], [0, 0, 1], [0, 0, 2], [1, 1, 0], [1, 1, 1], [1, 1, 2]])
    points = MixedPoints(np.empty((6, 0)), codes, np.array([1.0, 1.0, 0.1]))
    labels = find_clusters(points, 2, 0).labels.tolist()
    assert labels[:3] == [labels[0]] * 3 and labels[3:] == [labels[3]] * 3 and labels[0] != labels[3]
    assert count_distinct(points, 0) == 6
    assert nearest(points, find_clusters(points, 6, 0).prototypes)[1].tolist() == [0.0] * 6
