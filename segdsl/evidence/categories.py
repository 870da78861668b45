"""A score between categories."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import optimize, stats

from segdsl.evidence.permutation import LEAST_IN_LEVEL, Method, groups_p
from segdsl.evidence.ranks import rank

Places = npt.NDArray[np.int64]

LEAST_ROWS = 4


@dataclass(frozen=True, slots=True)
class Categories:
    """`n` rows in `levels` categories, of which `rare` have fewer than five.

    `effect` is epsilon-squared, the share of the ranks' variance between categories: Kruskal and Wallis' `statistic` by
    n - 1 (Tomczak & Tomczak 2014), from 0 to 1. `adjusted` takes away what chance gives (Kelley 1935).
    """

    n: int
    levels: int
    rare: int
    statistic: float
    effect: float
    adjusted: float
    low: float
    high: float
    p: float
    method: Method


def compare_levels(codes: npt.ArrayLike, score: npt.ArrayLike) -> Categories | None:
    """None with fewer than four rows, one category, a category a row, or a constant score.

    Codes are whole numbers, less than 0 where missing; a missing score is NaN. The 95 % interval inverts the noncentral
    F distribution on ranks (Steiger 2004); near 0, where chance makes the figure large, it is widened to hold the
    figure.
    """
    places, values = np.asarray(codes, dtype=np.int64), np.asarray(score, dtype=np.float64)
    known = (places >= 0) & np.isfinite(values)
    if np.count_nonzero(known) < LEAST_ROWS:
        return None
    places = np.unique(places[known], return_inverse=True)[1]
    ranked = rank(values[known])
    n, sizes = len(places), np.bincount(places)
    if len(sizes) < 2 or len(sizes) == n or len(ranked.counts) < 2:
        return None
    centred = ranked.ranks - ranked.ranks.mean()
    between = float((np.bincount(places, weights=centred) ** 2 / sizes).sum())
    effect = min(between / float((centred**2).sum()), 1.0)
    statistic = (n - 1) * effect
    p, method = groups_p(places, ranked.ranks, statistic)
    low, high = _interval(effect, n, len(sizes))
    return Categories(
        n,
        len(sizes),
        int(np.count_nonzero(sizes < LEAST_IN_LEVEL)),
        statistic,
        effect,
        max(0.0, 1 - (1 - effect) * (n - 1) / (n - len(sizes))),
        low,
        high,
        p,
        method,
    )


def _interval(effect: float, n: int, levels: int) -> tuple[float, float]:
    # Categories that are wholly apart have no F: the nearest share stands in for it.
    share = min(effect, 1 - 1 / n**2)
    between, within = levels - 1, n - levels
    f = share / between / ((1 - share) / within)

    def tail(noncentrality: float) -> float:
        return float(stats.ncf.cdf(f, between, within, noncentrality))

    low, high = (_noncentrality(tail, level, share, n) for level in (0.975, 0.025))
    return min(low / (low + n), effect), max(high / (high + n), effect)


def _noncentrality(tail: Callable[[float], float], level: float, share: float, n: int) -> float:
    """Where the distribution has that level; 0 where it has less even without any effect."""
    if tail(0.0) <= level:
        return 0.0
    top = max(4.0, 2 * n * share / (1 - share))
    while tail(top) > level:
        top *= 2
    return float(optimize.brentq(lambda at: tail(at) - level, 0.0, top))
