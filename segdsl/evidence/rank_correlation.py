"""Spearman's rank correlation of a proxy with a score, with an interval that holds with ties."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import special

from segdsl.evidence.permutation import Method, correlation_p
from segdsl.evidence.ranks import Ranked, known_pairs, rank

Floats = npt.NDArray[np.float64]

LEAST_ROWS = 4
_LEVEL = float(special.ndtri(0.975))
# How many rows the variance that normal theory gives is worth, beside the one that is estimated from the ranks.
_PRIOR_ROWS = 15


@dataclass(frozen=True, slots=True)
class RankCorrelation:
    """`rho` over `n` rows on which both are known, its 95 % interval, and the two-sided p of no correlation."""

    n: int
    rho: float
    low: float
    high: float
    p: float
    method: Method


def correlate(proxy: npt.ArrayLike, score: npt.ArrayLike) -> RankCorrelation | None:
    """None with fewer than four rows, or where one of them is constant. Missing values are NaN, and left out.

    The interval is Fisher's z (Fieller, Hartley & Pearson 1957). Its variance is estimated from each row's influence
    on rho, which holds with ties, times n / (n - 3); up to `_PRIOR_ROWS` rows' worth of it is Bonett and Wright's
    (2000), (1 + rho^2 / 2) / (n - 3), because an estimate from few rows errs on the small side.
    """
    first, second = known_pairs(proxy, score)
    n = len(first)
    if n < LEAST_ROWS:
        return None
    one, other = rank(first), rank(second)
    if len(one.counts) < 2 or len(other.counts) < 2:
        return None
    rho, spread = _influences(one, other)
    p, method = correlation_p(one.ranks, other.ranks)
    low, high = _interval(rho, spread, n)
    return RankCorrelation(n, rho, low, high, p, method)


def _interval(rho: float, spread: float, n: int) -> tuple[float, float]:
    # A perfect correlation has no z: the nearest one that is not perfect stands in for it.
    most = 1 - 12 / (n * (n * n - 1.0))
    near = float(np.clip(rho, -most, most))
    theory = (1 + near * near / 2) / (n - 3)
    estimate = (spread / (1 - near * near)) ** 2 / (n - 3) if abs(rho) < most else theory
    weight = _PRIOR_ROWS / max(n, _PRIOR_ROWS)
    half = _LEVEL * np.sqrt(weight * theory + (1 - weight) * estimate)
    z = np.arctanh(near)
    return min(float(np.tanh(z - half)), rho), max(float(np.tanh(z + half)), rho)


def _influences(one: Ranked, other: Ranked) -> tuple[float, float]:
    """rho, and the standard deviation of what each row adds to it, to first order (the delta method on midranks)."""
    n = len(one.ranks)
    f, g = (one.ranks - 0.5) / n, (other.ranks - 0.5) / n
    both, f_square, g_square = float((f * g).mean()), float((f * f).mean()), float((g * g).mean())
    f_variance, g_variance = f_square - 0.25, g_square - 0.25
    scale = np.sqrt(f_variance * g_variance)
    rho = float(np.clip((both - 0.25) / scale, -1, 1))
    product = f * g + _mean_above(one, g) + _mean_above(other, f) - 3 * both
    own_f = f * f + 2 * _mean_above(one, f) - 3 * f_square
    own_g = g * g + 2 * _mean_above(other, g) - 3 * g_square
    influences = product / scale - rho / 2 * (own_f / f_variance + own_g / g_variance)
    return rho, float(influences.std())


def _mean_above(ranked: Ranked, values: Floats) -> Floats:
    """For each row, the mean over all rows of the values of those ranked above it, ties by half."""
    sums = np.bincount(ranked.codes, weights=values)
    above: Floats = (np.cumsum(sums[::-1])[::-1] - sums / 2)[ranked.codes] / len(values)
    return above
