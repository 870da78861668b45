"""Kendall's rank correlation with ties: how much likelier two rows are to be in the same order than in the other."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import special

from segdsl.evidence.ranks import Ranked, known_pairs, rank

Floats = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]

LEAST_ROWS = 5
_LEVEL = float(special.ndtri(0.975))
# How many rows the variance that normal theory gives is worth, beside the one that is estimated from the pairs.
_PRIOR_ROWS = 15
_THEORY = 0.437


@dataclass(frozen=True, slots=True)
class Kendall:
    """tau-b over `n` rows on which both are known, and its 95 % interval."""

    n: int
    tau: float
    low: float
    high: float


def kendall(one: npt.ArrayLike, other: npt.ArrayLike) -> Kendall | None:
    """None with fewer than five rows, or where one of them is constant. Missing values are NaN, and left out.

    tau-b = (P - Q) / sqrt(pairs not tied in one x pairs not tied in the other) (M. G. Kendall, Biometrika 33, 1945).
    The interval is on the scale of Fisher's z: its variance is that of M. B. Brown & J. K. Benedetti (Journal of the
    American Statistical Association 72, 1977), which holds with ties, times n / (n - 4); up to `_PRIOR_ROWS` rows'
    worth of it is .437 / (n - 4) of E. C. Fieller, H. O. Hartley & E. S. Pearson (Biometrika 44, 1957), because an
    estimate from few rows errs on the small side.
    """
    first, second = (rank(values) for values in known_pairs(one, other))
    n = len(first.ranks)
    if n < LEAST_ROWS or len(first.counts) < 2 or len(second.counts) < 2:
        return None
    surplus = surpluses(first, second).astype(np.float64)
    rows, columns = (float(n) ** 2 - float((side.counts.astype(np.float64) ** 2).sum()) for side in (first, second))
    scale = np.sqrt(rows * columns)
    tau = float(np.clip(surplus.sum() / scale, -1, 1))
    ties = first.counts[first.codes] * columns + second.counts[second.codes] * rows
    square = float(((2 * scale * surplus + tau * ties) ** 2).sum()) - n**3 * tau**2 * (rows + columns) ** 2
    low, high = _interval(tau, max(square, 0.0) / scale**4, n)
    return Kendall(n, tau, low, high)


def surpluses(first: Ranked, second: Ranked) -> Places:
    """For each row, how many others are in the same order on both sides, less those in the other order."""
    n = len(first.codes)
    below = _below_on_both(first.codes, second.codes)
    less, same = _counts(first)
    less_other, same_other = _counts(second)
    both, before, before_other = _tied(first, second)
    # Of those that are less on one side, the rest are tied or more on the other.
    less_more = less - below - before
    more_less = less_other - below - before_other
    more_same = same_other - before - both
    more_more = n - less - same - more_less - more_same
    found: Places = below + more_more - less_more - more_less
    return found


def _counts(side: Ranked) -> tuple[Places, Places]:
    """For each row, how many rows are less than it, and how many equal to it, itself among them."""
    ends = np.cumsum(side.counts)
    return (ends - side.counts)[side.codes], side.counts[side.codes]


def _tied(first: Ranked, second: Ranked) -> tuple[Places, Places, Places]:
    """For each row: rows tied on both sides; tied on the second and less on the first; tied on the first, and less."""
    width = len(second.counts)
    cells, where = np.unique(first.codes * width + second.codes, return_inverse=True)
    sizes = np.bincount(where)
    return (
        sizes[where],
        _earlier(cells % width, cells // width, sizes)[where],
        _earlier(cells // width, cells % width, sizes)[where],
    )


def _earlier(groups: Places, order: Places, sizes: Places) -> Places:
    """For each cell, the rows of cells of the same group that come earlier in the order."""
    by = np.lexsort((order, groups))
    running = np.cumsum(sizes[by]) - sizes[by]
    starts = np.concatenate(([True], groups[by][1:] != groups[by][:-1]))
    found = np.empty(len(groups), dtype=np.int64)
    found[by] = running - np.maximum.accumulate(np.where(starts, running, 0))
    return found


def _below_on_both(first: Places, second: Places) -> Places:
    """For each row, how many rows are less on both sides: by merging ever longer stretches of one order."""
    n = len(first)
    # Of rows tied on the first side the larger on the second comes first, so none of them counts as less.
    by = np.lexsort((-second, first))
    values = second[by]
    places = np.arange(n)
    found = np.zeros(n, dtype=np.int64)
    step = int(second.max(initial=0)) + 1
    width = 1
    while width < n:
        offsets = places // (2 * width) * step
        left = places // width % 2 == 0
        ascending = np.sort((offsets + values)[left])
        right = ~left
        starts = np.searchsorted(ascending, offsets[right])
        found[right] += np.searchsorted(ascending, (offsets + values)[right]) - starts
        width *= 2
    back = np.empty(n, dtype=np.int64)
    back[by] = found
    return back


def _interval(tau: float, variance: float, n: int) -> tuple[float, float]:
    # A perfect correlation has no z: the nearest one that is not perfect stands in for it.
    most = 1 - 4 / (n * (n - 1.0))
    near = float(np.clip(tau, -most, most))
    theory = _THEORY / (n - 4)
    estimate = variance / (1 - near * near) ** 2 * n / (n - 4) if abs(tau) < most else theory
    weight = _PRIOR_ROWS / max(n, _PRIOR_ROWS)
    half = _LEVEL * np.sqrt(weight * theory + (1 - weight) * estimate)
    z = np.arctanh(near)
    return min(float(np.tanh(z - half)), tau), max(float(np.tanh(z + half)), tau)
