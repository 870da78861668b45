"""Pruning against every possible pruned tree, and how often noise is cut back to one leaf."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from segdsl.evidence.binning import bin_values
from segdsl.evidence.regression_tree import Feature, Growth, Node, grow, leaves
from segdsl.evidence.tree_pruning import Size, critical_costs, fold_places, grow_pruned, prune

SEEDS = st.integers(0, 10**6)


def measures(data: np.ndarray) -> list[Feature]:
    found = [bin_values(column) for column in data.T]
    return [Feature(bins.codes, len(bins.edges) + 1, True) for bins in found]


def some_tree(seed: int) -> Node:
    rng = np.random.default_rng(seed)
    data = rng.normal(size=(150, 3))
    return grow(measures(data), data[:, 0] + rng.normal(size=150), Growth(3, 5))


def subtrees(node: Node) -> list[Node]:
    """Every tree that is left when some inner nodes are made leaves."""
    alone = [replace(node, split=None, low=None, high=None)]
    if node.low is None or node.high is None:
        return alone
    pairs = product(subtrees(node.low), subtrees(node.high))
    return alone + [replace(node, low=low, high=high) for low, high in pairs]


def cost_of(node: Node, cost: float) -> float:
    return sum(leaf.squares for leaf in leaves(node)) + cost * len(leaves(node))


@given(SEEDS, st.floats(0, 40))
def test_no_other_subtree_costs_less_than_the_pruned_one(seed: int, cost: float) -> None:
    tree = some_tree(seed)
    least = min(cost_of(one, cost) for one in subtrees(tree))
    assert cost_of(prune(tree, cost), cost) == pytest.approx(least, rel=1e-9)


@given(SEEDS)
def test_the_tree_gets_smaller_at_the_critical_costs_and_only_there(seed: int) -> None:
    tree = some_tree(seed)
    costs = critical_costs(tree)
    assert costs == sorted(costs)
    sizes = [len(leaves(prune(tree, cost * 1.0001))) for cost in [0.0, *costs]]
    assert sizes == sorted(set(sizes), reverse=True)
    assert sizes[-1] == 1
    for before, cost in zip(sizes, costs, strict=False):
        assert len(leaves(prune(tree, cost * 0.9999))) == before


def test_noise_is_cut_back_to_one_leaf_nearly_always() -> None:
    rng = np.random.default_rng(11)
    grown = 0
    for seed in range(60):
        data = rng.normal(size=(150, 8))
        pruned = grow_pruned(measures(data), rng.normal(size=150), Growth(3, 8), Size(seed=seed))
        grown += pruned.tree.split is not None
    assert grown <= 6


def test_a_step_is_kept_and_explains_as_much_out_of_sample() -> None:
    rng = np.random.default_rng(2)
    data = rng.normal(size=(600, 3))
    target = np.where(data[:, 1] > 0.5, 4.0, 0.0) + rng.normal(size=600)
    pruned = grow_pruned(measures(data), target, Growth(3, 30), Size())
    assert len(leaves(pruned.tree)) == 2
    share = 16 * 0.3085 * 0.6915
    assert pruned.explained == pytest.approx(share / (share + 1), abs=0.04)
    assert pruned.explained_out == pytest.approx(share / (share + 1), abs=0.04)


def test_the_first_split_stays_where_that_is_asked_for() -> None:
    rng = np.random.default_rng(4)
    features, target = measures(rng.normal(size=(100, 1))), rng.normal(size=100)
    assert grow_pruned(features, target, Growth(2, 10), Size()).tree.split is None
    kept = grow_pruned(features, target, Growth(2, 10), Size(keep_first=True))
    assert len(leaves(kept.tree)) == 2


def test_folds_have_as_many_rows_and_as_many_high_targets_each() -> None:
    target = np.random.default_rng(1).permutation(np.arange(103.0))
    folds = fold_places(target, 5, seed=0)
    assert sorted(np.concatenate(folds).tolist()) == list(range(103))
    assert {len(fold) for fold in folds} == {20, 21}
    assert all(9 <= (target[fold] > 51).sum() <= 12 for fold in folds)
    assert [a.tolist() for a in fold_places(target, 5, seed=0)] == [fold.tolist() for fold in folds]
