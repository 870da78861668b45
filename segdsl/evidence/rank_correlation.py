"""Spearman's rank correlation of a proxy with a score, with an interval that holds with ties."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import special

from segdsl.evidence.permutation import Method, asymptotic_p, correlation_p, is_asymptotic
from segdsl.evidence.ranks import Numbers, Places, Ranked, known_pairs, ranked

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


def correlate(proxy: Numbers, score: Numbers) -> RankCorrelation | None:
    """None with fewer than four rows, or where one of them is constant. Missing values are NaN, and left out.

    The interval is Fisher's z (Fieller, Hartley & Pearson 1957). Its variance is estimated from each row's influence
    on rho, which holds with ties, times n / (n - 3); up to `_PRIOR_ROWS` rows' worth of it is Bonett and Wright's
    (2000), (1 + rho^2 / 2) / (n - 3), because an estimate from few rows errs on the small side.
    """
    first, second = known_pairs(proxy, score)
    n = len(first.codes)
    if n < LEAST_ROWS:
        return None
    one, other = ranked(first), ranked(second)
    if one.is_constant or other.is_constant:
        return None
    rho, spread = _influences(one, other)
    p, method = _p(one, other, rho)
    low, high = _interval(rho, spread, n)
    return RankCorrelation(n, rho, low, high, p, method)


def rho_and_p(one: Ranked, other: Ranked) -> tuple[float, float] | None:
    """As `correlate` of the same rows, without the interval."""
    if len(one.codes) < LEAST_ROWS or one.is_constant or other.is_constant:
        return None
    f, g = _centred(one), _centred(other)
    both = float((f[one.codes] * g[other.codes]).sum())
    scale = np.sqrt(float((one.counts * f * f).sum()) * float((other.counts * g * g).sum()))
    rho = float(np.clip(both / scale, -1, 1))
    return rho, _p(one, other, rho)[0]


def _centred(one: Ranked) -> Floats:
    """Midranks by code, less their mean."""
    return one.midranks - (len(one.codes) + 1) / 2


def _p(one: Ranked, other: Ranked, rho: float) -> tuple[float, Method]:
    if is_asymptotic(len(one.codes), min(one.differing, other.differing)):
        return asymptotic_p(len(one.codes), rho), Method.ASYMPTOTIC
    return correlation_p(one.ranks, other.ranks)


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
    """rho, and the standard deviation of what each row adds to it, to first order (the delta method on midranks).

    With f and g the places of a row in both columns, from 0 to 1, a row adds f g and what it does to the places of the
    others, by scale, less rho times half of what it adds to both variances. All but f g rests on one column's value.
    """
    n = len(one.codes)
    f, g = (one.midranks - 0.5) / n, (other.midranks - 0.5) / n
    f_of, g_of = f[one.codes], g[other.codes]
    product = f_of * g_of
    f_variance = float((one.counts * f * f).sum()) / n - 0.25
    g_variance = float((other.counts * g * g).sum()) / n - 0.25
    scale = np.sqrt(f_variance * g_variance)
    rho = float(np.clip((float(product.mean()) - 0.25) / scale, -1, 1))
    own = _mean_above(_sums(one.codes, g_of, len(f)), n) / scale
    own -= rho / 2 * (f * f + 2 * _mean_above(one.counts * f, n)) / f_variance
    others = _mean_above(_sums(other.codes, f_of, len(g)), n) / scale
    others -= rho / 2 * (g * g + 2 * _mean_above(other.counts * g, n)) / g_variance
    product /= scale
    product += own[one.codes]
    product += others[other.codes]
    return rho, float(product.std())


def _sums(codes: Places, values: Floats, count: int) -> Floats:
    """The sum of values of each code."""
    return np.asarray(np.bincount(codes, values, count), np.float64)


def _mean_above(sums: Floats, n: int) -> Floats:
    """For each value, the mean over n rows of what stands above it, of that value by half; `sums` are by value."""
    return np.asarray((np.cumsum(sums[::-1])[::-1] - sums / 2) / n)
