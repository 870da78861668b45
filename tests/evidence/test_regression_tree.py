"""Splits against scikit-learn's exact trees and against every possible split tried one by one."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

from segdsl.evidence.binning import bin_values
from segdsl.evidence.regression_tree import Feature, Growth, best_splits, gini_decrease, grow, leaf_places, leaves

SEEDS = st.integers(0, 10**6)


def measure(values: np.ndarray, direction: int = 0) -> Feature:
    bins = bin_values(values)
    return Feature(bins.codes, len(bins.edges) + 1, True, direction)


def choice(codes: list[int] | np.ndarray, bins: int) -> Feature:
    return Feature(np.asarray(codes, np.uint16), bins, False)


def squares(values: np.ndarray) -> float:
    return float(np.square(values - values.mean()).sum()) if len(values) else 0.0


@given(SEEDS, st.integers(1, 15), st.integers(1, 4))
def test_a_tree_explains_as_much_as_scikit_learns_exact_one(seed: int, min_rows: int, depth: int) -> None:
    rng = np.random.default_rng(seed)
    data = rng.normal(size=(120, 4))
    target = data @ rng.normal(size=4) + rng.normal(size=120)
    exact = DecisionTreeRegressor(max_depth=depth, min_samples_leaf=min_rows).fit(data, target)
    own = grow([measure(column) for column in data.T], target, Growth(depth, min_rows))
    left = sum(leaf.squares for leaf in leaves(own))
    assert left == pytest.approx(squares(target) * (1 - exact.score(data, target)), rel=1e-9)
    assert min(leaf.rows for leaf in leaves(own)) >= min_rows


@given(SEEDS, st.integers(1, 10))
def test_the_first_split_of_yes_and_no_takes_off_as_much_gini_impurity_as_scikit_learns(seed: int, fewest: int) -> None:
    rng = np.random.default_rng(seed)
    data = rng.integers(0, 9, size=(80, 3)).astype(float)
    target = (data[:, 0] + rng.normal(0, 3, 80) > 4).astype(float)
    exact = DecisionTreeClassifier(criterion="gini", max_depth=1, min_samples_leaf=fewest).fit(data, target).tree_
    ranked = best_splits([measure(column) for column in data.T], target, Growth(1, fewest))
    if exact.node_count == 1:
        assert ranked == []
        return
    sides = exact.impurity[1:] * exact.n_node_samples[1:]
    assert gini_decrease(ranked[0]) == pytest.approx(exact.impurity[0] * 80 - sides.sum(), rel=1e-9, abs=1e-9)


@given(SEEDS, st.integers(2, 6))
def test_the_best_two_sets_of_categories_are_found(seed: int, count: int) -> None:
    rng = np.random.default_rng(seed)
    codes = rng.integers(0, count, 60)
    target = rng.normal(size=60) + 3 * rng.normal(size=count)[codes]
    found = best_splits([choice(codes, count)], target, Growth(min_rows=3))
    gains = [0.0]
    for size in range(1, count):
        for chosen in combinations(range(count), size):
            inside = np.isin(codes, chosen)
            if 3 <= inside.sum() <= 57:
                gains.append(squares(target) - squares(target[inside]) - squares(target[~inside]))
    present = len(set(codes.tolist()))
    chance = 2 / np.pi * max(present - 2, 0) * target.var()
    if max(gains) <= chance:
        assert found == []
    else:
        assert found[0].gain == pytest.approx(max(gains), rel=1e-9)
        assert found[0].merit == pytest.approx(max(gains) - chance, rel=1e-9)


@given(SEEDS)
def test_missing_values_go_to_the_side_that_explains_more(seed: int) -> None:
    rng = np.random.default_rng(seed)
    values = np.where(rng.random(70) < 0.3, np.nan, rng.integers(0, 6, 70))
    target = rng.normal(size=70) + np.where(np.isnan(values), rng.normal() * 2, values > 2)
    found = best_splits([measure(values)], target, Growth(min_rows=2))[0]
    sides = [values >= cut for cut in range(1, 6)]
    sides += [side | np.isnan(values) for side in sides] + [np.isnan(values)]
    gains = [squares(target) - squares(target[s]) - squares(target[~s]) for s in sides if 2 <= s.sum() <= 68]
    assert found.gain == pytest.approx(max(gains), rel=1e-9)


def test_of_many_categories_and_a_flag_that_tell_the_same_by_chance_the_flag_is_taken() -> None:
    rng = np.random.default_rng(5)
    taken = 0
    for _ in range(60):
        flag = rng.random(400) < 0.5
        target = rng.normal(size=400) + 0.3 * flag
        features = [choice(rng.integers(0, 20, 400), 20), choice(flag.astype(int), 2)]
        taken += best_splits(features, target, Growth(min_rows=20))[0].feature
    # Twenty noisy categories gain 12 variances of 400 by chance, the flag 9: without the correction they'd win.
    assert taken >= 45


@settings(max_examples=50)
@given(SEEDS, st.sampled_from([1, -1]))
def test_with_a_direction_the_prediction_never_turns(seed: int, direction: int) -> None:
    rng = np.random.default_rng(seed)
    data = rng.integers(0, 12, size=(300, 2)).astype(float)
    target = np.sin(data[:, 0]) + data[:, 1] * rng.normal() + rng.normal(0, 0.3, 300)
    features = [measure(data[:, 0], direction), measure(data[:, 1])]
    tree = grow(features, target, Growth(4, 5))
    every = np.array([[a, b] for b in range(12) for a in range(12)], float)
    # The same edges, so that the codes mean the same.
    cells = [
        Feature(np.searchsorted(bin_values(c).edges, e, side="right").astype(np.uint16), f.bins, True)
        for c, e, f in zip(data.T, every.T, features, strict=True)
    ]
    means = np.array([leaf.mean for leaf in leaves(tree)])[leaf_places(tree, cells, np.arange(144))].reshape(12, 12)
    assert (np.diff(means, axis=1) * direction >= -1e-9).all()


@given(SEEDS, st.sampled_from([1, -1]))
def test_the_best_cut_that_keeps_a_direction_is_found_also_where_values_are_missing(seed: int, way: int) -> None:
    rng = np.random.default_rng(seed)
    values = np.where(rng.random(60) < 0.3, np.nan, rng.integers(0, 5, 60))
    target = rng.normal(size=60) + np.where(np.isnan(values), rng.normal() * 2, rng.normal() * values)
    known = ~np.isnan(values)
    gains = [0.0]
    for cut in range(1, 5):
        for missing_high in (False, True):
            high = (values >= cut) | (~known & missing_high)
            sides = (target[high], target[~high], target[high & known], target[~high & known])
            if min(len(sides[0]), len(sides[1])) < 2:
                continue
            turned = (sides[0].mean() - sides[1].mean()) * way <= 0
            if len(sides[2]) and len(sides[3]):
                turned |= (sides[2].mean() - sides[3].mean()) * way <= 0
            if not turned:
                gains.append(squares(target) - squares(sides[0]) - squares(sides[1]))
    if 2 <= known.sum() <= 58:
        gains.append(squares(target) - squares(target[known]) - squares(target[~known]))
    found = best_splits([measure(values, way)], target, Growth(min_rows=2))
    assert (found[0].gain if found else 0.0) == pytest.approx(max(gains), rel=1e-9)


def test_means_closer_than_the_least_gap_are_not_split() -> None:
    target = np.array([0.0] * 10 + [1.0] * 10)
    feature = choice([0] * 10 + [1] * 10, 2)
    assert best_splits([feature], target, Growth(min_gap=1.01)) == []
    assert best_splits([feature], target, Growth(min_gap=1.0))[0].gain == pytest.approx(5.0)


def test_the_first_split_is_on_a_field_that_is_allowed() -> None:
    rng = np.random.default_rng(1)
    data = rng.normal(size=(200, 2))
    target = 5 * data[:, 0] + data[:, 1]
    features = [measure(column) for column in data.T]
    free, forced = grow(features, target, Growth()), grow(features, target, Growth(first=frozenset({1})))
    assert free.split is not None and free.split.feature == 0
    assert forced.split is not None and forced.split.feature == 1
    assert forced.low is not None and forced.low.split is not None and forced.low.split.feature == 0


def test_nothing_is_split_where_the_target_is_constant() -> None:
    assert grow([measure(np.arange(50.0))], np.full(50, 0.1), Growth()).split is None
