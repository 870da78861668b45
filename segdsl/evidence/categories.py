"""A score between categories."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import optimize, special

from segdsl.evidence.permutation import LEAST_IN_LEVEL, Method, groups_p
from segdsl.evidence.ranks import Numbers, coded, ranked

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


def compare_levels(codes: npt.ArrayLike, score: Numbers) -> Categories | None:
    """None with fewer than four rows, one category, a category a row, or a constant score.

    Codes are whole numbers, less than 0 where missing; a missing score is NaN. The 95 % interval is that of a
    squared multiple correlation with drawn predictors (Lee 1971), on ranks: accounts come with their categories, nobody
    assigned them. Near 0, where chance makes the figure large, it is widened to hold the figure.
    """
    kinds, scores = np.asarray(codes), coded(score)
    known = (kinds >= 0) & scores.known
    if np.count_nonzero(known) < LEAST_ROWS:
        return None
    places, pooled = _dense(kinds[known]), ranked(scores.within(known))
    n, sizes = len(places), np.bincount(places)
    if len(sizes) < 2 or len(sizes) == n or pooled.is_constant:
        return None
    ranks = pooled.ranks
    centred = ranks - (n + 1) / 2
    between = float((np.bincount(places, weights=centred) ** 2 / sizes).sum())
    effect = min(between / float((centred**2).sum()), 1.0)
    statistic = (n - 1) * effect
    p, method = groups_p(places, ranks, statistic)
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


def _dense(codes: Places) -> Places:
    """Codes as 0, 1, ... without gaps."""
    if int(codes.max()) > 2 * len(codes):
        return np.unique(codes, return_inverse=True)[1]
    present = np.bincount(codes) > 0
    return (np.cumsum(present) - 1)[codes]


def _interval(effect: float, n: int, levels: int) -> tuple[float, float]:
    # Categories that are wholly apart have no F: the nearest share stands in for it.
    share = min(effect, 1 - 1 / n**2)
    low, high = (_share_with(level, share, n, levels) for level in (0.975, 0.025))
    return min(low, effect), max(high, effect)


def _share_with(level: float, share: float, n: int, levels: int) -> float:
    """The true share with which no more than `share` is seen at that level; 0 where it is less without any effect."""
    if _tail(0.0, share, n, levels) <= level:
        return 0.0
    top = 1 - (1 - share) / 1e3
    return float(optimize.brentq(lambda true: _tail(true, share, n, levels) - level, 0.0, top))


def _tail(true: float, share: float, n: int, levels: int) -> float:
    """How likely a share of at most `share` is, by Lee's three moments of a scaled noncentral F."""
    p, rest = levels - 1, n - levels
    odds = share / (1 - share) * rest
    if true == 0:
        return float(special.fdtr(p, rest, odds / p))
    square = 1 / (1 - true)
    first, second, third = ((n - 1) * (square**power - 1) + p for power in (1, 2, 3))
    scale = (second - np.sqrt(second**2 - first * third)) / first
    reach = true * square * np.sqrt(square * (n - 1) * rest)
    freedom = (second - 2 * reach) / scale**2
    away, at = reach / scale**2, odds / (freedom * scale)
    found = float(special.ncfdtr(freedom, rest, away, at))
    if not np.isnan(found):
        return found
    # Far in the tail its series gives up, where a central F in its stead (Patnaik 1949) is good enough.
    return float(special.fdtr((freedom + away) ** 2 / (freedom + 2 * away), rest, at * freedom / (freedom + away)))
