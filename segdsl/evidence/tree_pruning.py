"""How much of a tree to keep: cost-complexity pruning, its cost chosen by cross-validation.

Breiman, Friedman, Olshen and Stone, Classification and Regression Trees (1984), chapters 3 and 8. Costs are shares of
the sum of squares of the whole tree's rows, as the `cp` of R's rpart.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from segdsl.evidence.binning import Floats
from segdsl.evidence.regression_tree import Feature, Growth, Node, Rows, grow, leaf_places, leaves

# More rows tell no more of how a tree of a few leaves does.
_MOST_ROWS = 50_000


@dataclass(frozen=True, slots=True)
class Size:
    """How the size of a tree is chosen: the smallest whose error is within some standard errors of the least.

    `keep_first`: the first split stays, whatever it is worth.
    """

    folds: int = 5
    standard_errors: float = 1.0
    seed: int = 0
    keep_first: bool = False


@dataclass(frozen=True, slots=True)
class Pruned:
    """The tree that is kept. `explained` is the share of the variance that it explains in the rows it was learned from.

    `explained_out` is the same for rows that it was not learned from; None where there was nothing to prune.
    """

    tree: Node
    grown_leaves: int
    explained: float
    explained_out: float | None


def prune(node: Node, cost: float) -> Node:
    """The smallest tree whose sum of squares, with `cost` for each leaf, is least."""
    if node.low is None or node.high is None:
        return node
    low, high = prune(node.low, cost), prune(node.high, cost)
    ends = leaves(low) + leaves(high)
    if node.squares <= sum(leaf.squares for leaf in ends) + cost * (len(ends) - 1):
        return replace(node, split=None, low=None, high=None)
    return replace(node, low=low, high=high)


def critical_costs(node: Node) -> list[float]:
    """The costs, ascending, at which the pruned tree gets smaller; at the last only the root is left."""
    costs = []
    tree = prune(node, 0.0)
    while tree.split is not None:
        cost = min(_weakest(tree))
        costs.append(cost)
        # A little more, so that the weakest link gives way in spite of rounding.
        tree = prune(tree, cost * (1 + 1e-9))
    return costs


def _weakest(node: Node) -> list[float]:
    """For each inner node, what each leaf below it takes off the sum of squares."""
    if node.low is None or node.high is None:
        return []
    ends = leaves(node)
    own = (node.squares - sum(leaf.squares for leaf in ends)) / (len(ends) - 1)
    return [own, *_weakest(node.low), *_weakest(node.high)]


def explained(node: Node) -> float:
    """The share of the sum of squares of the root that the leaves take off."""
    return 1 - sum(leaf.squares for leaf in leaves(node)) / node.squares if node.squares > 0 else 0.0


def grow_pruned(features: Sequence[Feature], target: Floats, growth: Growth, size: Size) -> Pruned:
    """The tree of the chosen size, by cross-validation. Of more than 50,000 rows evenly many are cross-validated."""
    tree = grow(features, target, growth)
    if tree.split is None:
        return Pruned(tree, 1, 0.0, None)
    sample = np.arange(0, len(target), -(-len(target) // _MOST_ROWS))
    few = replace(growth, min_rows=max(1, growth.min_rows * len(sample) // len(target)))
    costs = [0.0, *(cost / tree.squares for cost in critical_costs(tree))]
    tried = [*(float(np.sqrt(a * b)) for a, b in pairwise(costs)), costs[-1] * (1 + 1e-6)]
    errors = np.zeros((len(tried), len(sample)))
    for held in fold_places(target[sample], size.folds, size.seed):
        learned = np.ones(len(sample), np.bool_)
        learned[held] = False
        part = grow(features, target, few, sample[learned])
        for place, cost in enumerate(tried):
            kept = _cut(part, cost * part.squares, size.keep_first)
            errors[place, held] = _errors(kept, features, target, sample[held])
    chosen = _simplest_good(errors, size.standard_errors)
    kept = _cut(tree, tried[chosen] * tree.squares, size.keep_first)
    spread = np.square(target[sample] - target[sample].mean()).mean()
    return Pruned(kept, len(leaves(tree)), explained(kept), float(1 - errors[chosen].mean() / spread))


def _cut(node: Node, cost: float, keep_first: bool) -> Node:
    if not keep_first or node.low is None or node.high is None:
        return prune(node, cost)
    return replace(node, low=prune(node.low, cost), high=prune(node.high, cost))


def _errors(node: Node, features: Sequence[Feature], target: Floats, rows: Rows) -> Floats:
    means = np.array([leaf.mean for leaf in leaves(node)])
    return np.asarray(np.square(target[rows] - means[leaf_places(node, features, rows)]))


def _simplest_good(errors: Floats, standard_errors: float) -> int:
    """The last of the trees, from large to small, within so many standard errors of the one with the least mean."""
    means = errors.mean(axis=1)
    best = int(np.argmin(means))
    limit = means[best] + standard_errors * errors[best].std() / np.sqrt(errors.shape[1])
    return int(np.flatnonzero(means <= limit)[-1])


def fold_places(target: Floats, folds: int, seed: int) -> list[NDArray[np.intp]]:
    """The places of each fold: equally many, and of each about the same share of high and low targets."""
    chance = np.random.default_rng(seed)
    order = np.lexsort((chance.permutation(len(target)), target))
    blocks = np.tile(np.arange(folds), (-(-len(target) // folds), 1))
    fold = np.empty(len(target), np.intp)
    fold[order] = chance.permuted(blocks, axis=1).ravel()[: len(target)]
    return [np.flatnonzero(fold == one) for one in range(folds)]
