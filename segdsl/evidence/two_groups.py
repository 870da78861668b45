"""A score inside a condition against outside it."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import optimize, special

from segdsl.evidence.permutation import Method, asymptotic_p, correlation_p, is_asymptotic
from segdsl.evidence.ranks import Numbers, Ranked, known_pairs, ranked

Floats = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]

LEAST_ROWS = 4
_LEVEL = float(special.ndtri(0.975))
_LEAST_ESTIMATED = 5


@dataclass(frozen=True, slots=True)
class TwoGroups:
    """`inside` rows satisfy the condition, `outside` don't; `means` of both in that order.

    `difference` is the mean inside less that outside, in the score's unit; its 95 % interval is missing where a group
    has one row. `effect` is the rank-biserial correlation: how much likelier a row inside is to be above one outside
    than below, from -1 to 1. `correlation` is that of the ranks with the condition. p is two-sided.
    """

    inside: int
    outside: int
    means: tuple[float, float]
    difference: float
    difference_low: float | None
    difference_high: float | None
    effect: float
    low: float
    high: float
    correlation: float
    p: float
    method: Method


def compare(condition: Numbers, score: Numbers) -> TwoGroups | None:
    """None with fewer than four rows, an empty group or a constant score.

    The condition is 1 or 0, missing is NaN and left out. Intervals: Welch (1947) for means; for ranks the variance of
    Brunner and Munzel (2000) on the scale of Fisher's z, or method 5 of Newcombe (2006) where a group has fewer than
    five rows or lies wholly apart from the other.
    """
    which, scores = known_pairs(condition, score)
    inside = (which.values > 0)[which.codes]
    n, m = len(inside), int(np.count_nonzero(inside))
    if n < LEAST_ROWS or m in (0, n):
        return None
    pooled = ranked(scores)
    if pooled.is_constant:
        return None
    counts = np.bincount(scores.codes[inside], minlength=len(scores.values))
    rest = pooled.counts - counts
    effect, low, high = _rank_biserial(counts, rest)
    with_ranks = _correlation(pooled, counts)
    if is_asymptotic(n, min(m, n - m, pooled.differing)):
        p, method = asymptotic_p(n, with_ranks), Method.ASYMPTOTIC
    else:
        p, method = correlation_p(inside.astype(np.float64), pooled.ranks)
    means, *bounds = _means(scores.values, counts, rest)
    return TwoGroups(
        m, n - m, means, means[0] - means[1], bounds[0], bounds[1], effect, low, high, with_ranks, p, method
    )


def _correlation(pooled: Ranked, inside: Places) -> float:
    """Of the ranks with the condition; `inside` are rows by value."""
    n, m = len(pooled.codes), int(inside.sum())
    centred = pooled.midranks - (n + 1) / 2
    scale = np.sqrt(float((pooled.counts * centred * centred).sum()) * m * (n - m) / n)
    return float(np.clip(float((inside * centred).sum()) / scale, -1, 1))


def _means(values: Floats, inside: Places, outside: Places) -> tuple[tuple[float, float], float | None, float | None]:
    """The means and the interval of their difference; groups are rows by value."""
    (m, first, one), (n, second, other) = (_moments(values, counts) for counts in (inside, outside))
    if min(m, n) < 2:
        return (first, second), None, None
    half = _half_width(np.array([one / (m - 1) / m, other / (n - 1) / n]), m, n)
    return (first, second), first - second - half, first - second + half


def _moments(values: Floats, counts: Places) -> tuple[int, float, float]:
    """Rows, their mean, and the sum of squares around it."""
    n = int(counts.sum())
    mean = float((counts * values).sum()) / n
    return n, mean, float((counts * (values - mean) ** 2).sum())


def _half_width(parts: Floats, inside: int, outside: int) -> float:
    """Of a 95 % interval from two parts of a variance; degrees of freedom after Satterthwaite (1946)."""
    whole = float(parts.sum())
    if whole == 0:
        return 0.0
    first, second = (parts / whole).tolist()
    freedom = 1 / (first**2 / (inside - 1) + second**2 / (outside - 1))
    return float(special.stdtrit(freedom, 0.975) * np.sqrt(whole))


def _rank_biserial(inside: Places, outside: Places) -> tuple[float, float, float]:
    """The effect and its interval; groups are rows by value."""
    m, n = int(inside.sum()), int(outside.sum())
    # For each value, the share of the other group that is below it, ties by half.
    of_inside = (np.cumsum(outside) - outside / 2) / n
    of_outside = (np.cumsum(inside) - inside / 2) / m
    above = float((inside * of_inside).sum()) / m
    effect = float(np.clip(2 * above - 1, -1, 1))
    if min(m, n) >= _LEAST_ESTIMATED and abs(effect) < 1:
        one, other = _moments(of_inside, inside)[2] / m, _moments(of_outside, outside)[2] / n
        half = float(2 * _LEVEL * np.sqrt(one / m + other / n) / (1 - effect * effect))
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
