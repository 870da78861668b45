"""Which group of one partition is which group of another, by the rows that they share."""

import numpy as np
import numpy.typing as npt
from scipy import optimize

Places = npt.NDArray[np.int64]
Counts = npt.NDArray[np.int64]

# Two groups are the same one if they have at least as many rows in common as apart.
LEAST_LIKENESS = 0.5


def match_groups(
    before: Places, now: Places, counts: tuple[int, int], least: float = LEAST_LIKENESS
) -> tuple[tuple[int, int], ...]:
    """Pairs (group before, group now) of groups that are the same, each group in one pair at most, by group now.

    `before` and `now` are the group of each row from 0 on, -1 for none; `counts` says how many groups there are of
    each kind, also empty ones. Two groups can be the same if their likeness is at least `least` (above 0): the rows in
    both over the rows in either (P. Jaccard, Bulletin de la Societe vaudoise des sciences naturelles 37, 1901). Of all
    ways to pair such groups that with the most rows in both is taken: the assignment problem, solved exactly (D. F.
    Crouse, On implementing 2D rectangular assignment algorithms, IEEE Transactions on Aerospace and Electronic Systems
    52, 2016). Where several have as many, groups that stand first are paired. An empty group is like no other.
    """
    if least <= 0:
        raise ValueError("the least likeness is above 0")
    if 0 in counts:
        return ()
    shared = _shared(before, now, counts)
    either = _sizes(before, counts[0])[:, None] + _sizes(now, counts[1])[None, :] - shared
    alike = (shared > 0) & (shared >= least * either)
    first = np.outer(np.arange(counts[0], 0, -1), np.arange(counts[1], 0, -1))
    # One row more in both outweighs any order.
    weight = np.where(alike, shared.astype(np.float64) * (float(first.max()) * min(counts) + 1) + first, 0.0)
    pairs = zip(*optimize.linear_sum_assignment(weight, maximize=True), strict=True)
    return tuple(sorted(((int(a), int(b)) for a, b in pairs if alike[a, b]), key=lambda pair: pair[1]))


def _shared(before: Places, now: Places, counts: tuple[int, int]) -> Counts:
    """How many rows each group before has in common with each group now."""
    both = (before >= 0) & (now >= 0)
    cells = np.bincount(before[both] * counts[1] + now[both], minlength=counts[0] * counts[1])
    return cells.reshape(counts)


def _sizes(groups: Places, count: int) -> Counts:
    return np.bincount(groups[groups >= 0], minlength=count)
