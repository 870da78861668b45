"""How far two partitions of the same rows agree. A partition is the group of each row; rows in none have -1."""

import numpy as np
import numpy.typing as npt

Places = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


def adjusted_rand(one: Places, other: Places) -> float:
    """The adjusted Rand index: 1 where both are the same, on average 0 where they have nothing to do with each other.

    Of the pairs of rows those that are together in both, less what chance gives, over the most that is possible less
    what chance gives (L. Hubert & P. Arabie, Comparing partitions, Journal of Classification 2, 1985). Rows in no group
    are a group of their own. Two partitions that both part nothing, or everything, agree.
    """
    cells = _table(one, other).astype(np.float64)
    together = _pairs(cells)
    rows, columns, all_pairs = _pairs(cells.sum(axis=1)), _pairs(cells.sum(axis=0)), _pairs(cells.sum(keepdims=True))
    chance = rows * columns / all_pairs if all_pairs else 0.0
    most = (rows + columns) / 2
    return 1.0 if most == chance else float((together - chance) / (most - chance))


def best_likeness(groups: Places, other: Places, count: int) -> Floats:
    """For each of `count` groups, how like it the group of the other partition is that is most like it: 0 to 1.

    Likeness is that of Jaccard (1901): rows in both over rows in either. NaN for a group without rows.
    """
    both = _table(groups, other)[1:, 1:] if len(groups) else np.zeros((0, 0), dtype=np.int64)
    own, theirs = np.bincount(groups + 1, minlength=count + 1)[1:], np.bincount(other + 1)[1:]
    best = np.full(count, np.nan)
    for group in np.flatnonzero(own):
        shared = both[group]
        best[group] = (shared / (own[group] + theirs - shared)).max(initial=0.0)
    return best


def _table(one: Places, other: Places) -> Places:
    """How many rows are in each pair of groups; the first row and column are those in no group."""
    width = int(other.max(initial=-1)) + 2
    cells = np.bincount((one + 1) * width + other + 1, minlength=(int(one.max(initial=-1)) + 2) * width)
    return cells.reshape(-1, width)


def _pairs(counts: Floats) -> float:
    return float((counts * (counts - 1)).sum() / 2)
