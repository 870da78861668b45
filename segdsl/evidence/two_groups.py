"""A score inside a condition against outside it."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import optimize, special

from segdsl.evidence.permutation import Method, correlation_p
from segdsl.evidence.ranks import correlation, known_pairs, rank

Floats = npt.NDArray[np.float64]

LEAST_ROWS = 4
_LEVEL = float(special.ndtri(0.975))
_LEAST_ESTIMATED = 5


@dataclass(frozen=True, slots=True)
class TwoGroups:
    """`inside` rows satisfy the condition, `outside` don't.

    `difference` is the mean inside less that outside, in the score's unit; its 95 % interval is missing where a group
    has one row. `effect` is the rank-biserial correlation: how much likelier a row inside is to be above one outside
    than below, from -1 to 1. `correlation` is that of the ranks with the condition. p is two-sided.
    """

    inside: int
    outside: int
    difference: float
    difference_low: float | None
    difference_high: float | None
    effect: float
    low: float
    high: float
    correlation: float
    p: float
    method: Method


def compare(condition: npt.ArrayLike, score: npt.ArrayLike) -> TwoGroups | None:
    """None with fewer than four rows, an empty group or a constant score.

    The condition is 1 or 0, missing is NaN and left out. Intervals: Welch (1947) for means; for ranks the variance of
    Brunner and Munzel (2000) on the scale of Fisher's z, or method 5 of Newcombe (2006) where a group has fewer than
    five rows or lies wholly apart from the other.
    """
    which, values = known_pairs(condition, score)
    inside = which > 0
    n, count = len(values), int(inside.sum())
    if n < LEAST_ROWS or count in (0, n):
        return None
    pooled = rank(values)
    if len(pooled.counts) < 2:
        return None
    effect, low, high = _rank_biserial(pooled.ranks, inside)
    p, method = correlation_p(inside.astype(np.float64), pooled.ranks)
    difference, *bounds = _means(values[inside], values[~inside])
    with_ranks = correlation(inside.astype(np.float64), pooled.ranks)
    return TwoGroups(count, n - count, difference, bounds[0], bounds[1], effect, low, high, with_ranks, p, method)


def _means(inside: Floats, outside: Floats) -> tuple[float, float | None, float | None]:
    difference = float(inside.mean() - outside.mean())
    if min(len(inside), len(outside)) < 2:
        return difference, None, None
    parts = np.array([inside.var(ddof=1) / len(inside), outside.var(ddof=1) / len(outside)])
    half = _half_width(parts, len(inside), len(outside))
    return difference, difference - half, difference + half


def _half_width(parts: Floats, inside: int, outside: int) -> float:
    """Of a 95 % interval from two parts of a variance; degrees of freedom after Satterthwaite (1946)."""
    whole = float(parts.sum())
    if whole == 0:
        return 0.0
    freedom = whole**2 / (parts[0] ** 2 / (inside - 1) + parts[1] ** 2 / (outside - 1))
    return float(special.stdtrit(freedom, 0.975) * np.sqrt(whole))


def _rank_biserial(ranks: Floats, inside: npt.NDArray[np.bool_]) -> tuple[float, float, float]:
    m, n = int(inside.sum()), int((~inside).sum())
    of_inside = (ranks[inside] - rank(ranks[inside]).ranks) / n
    of_outside = (ranks[~inside] - rank(ranks[~inside]).ranks) / m
    above = float(of_inside.mean())
    effect = float(np.clip(2 * above - 1, -1, 1))
    if min(m, n) >= _LEAST_ESTIMATED and abs(effect) < 1:
        spread = np.sqrt(of_inside.var() / m + of_outside.var() / n)
        half = float(2 * _LEVEL * spread / (1 - effect * effect))
        if half > 0:
            z = np.arctanh(effect)
            return effect, float(np.tanh(z - half)), float(np.tanh(z + half))
    return effect, -(2 * _upper(1 - above, m, n) - 1), 2 * _upper(above, m, n) - 1


def _upper(above: float, m: int, n: int) -> float:
    """The largest probability of being above that is compatible with the one seen (Newcombe's method 5)."""
    half = (m + n) / 2 - 1

    def surplus(theta: float) -> float:
        terms = 1 + half * ((1 - theta) / (2 - theta) + theta / (1 + theta))
        return float(theta - above - _LEVEL * np.sqrt(theta * (1 - theta) * terms / (m * n)))

    return float(optimize.brentq(surplus, above + 1e-12, 1.0)) if above < 1 - 1e-9 else 1.0
