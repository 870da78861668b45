"""BG/NBD: how often customers without a contract buy, and whether they still do.

While a customer is alive, purchases come at a rate of its own, which is gamma distributed over customers (shape r,
rate alpha); after each repeat purchase it is gone with a chance of its own, which is beta distributed (a, b).
Source: P. S. Fader, B. G. S. Hardie, K. L. Lee, "Counting Your Customers" the Easy Way, Marketing Science 24 (2005).
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import betaln, expit, gammaln, hyp2f1, psi

from segdsl.evidence.distinct import distinct_pairs
from segdsl.evidence.likelihood import LogLikelihood, Numbers, Unfitted, maximise


@dataclass(frozen=True, slots=True)
class Histories:
    """What customers bought, one row each, in one unit of time; nothing is missing.

    `repeats` is the number of purchases after the first, `last` the time from the first to the last purchase (0
    without repeats), `age` the time from the first purchase to now, at least `last`.
    """

    repeats: Numbers
    last: Numbers
    age: Numbers


@dataclass(frozen=True, slots=True)
class BuyingModel:
    """The parameters of BG/NBD, their standard errors in that order, and the log-likelihood. 1/alpha has the unit of
    a rate; the others have none."""

    r: float
    alpha: float
    a: float
    b: float
    errors: tuple[float, ...]
    log_likelihood: float


@dataclass(frozen=True, slots=True)
class _Grouped:
    """Distinct histories and how many customers have each; distinct values of each of their parts, with places."""

    weights: Numbers
    repeats: Numbers
    repeats_at: npt.NDArray[np.intp]
    last: Numbers
    last_at: npt.NDArray[np.intp]
    age: Numbers
    age_at: npt.NDArray[np.intp]


_STARTS = ((1.0, 1.0, 1.0, 1.0), (0.25, 0.1, 0.5, 2.0), (2.0, 0.5, 0.2, 5.0), (0.5, 1.0, 3.0, 3.0))
# On how many distinct histories starts are tried.
_TRIED = 20_000
_NODES = 32


def fit_buying(histories: Histories) -> BuyingModel | Unfitted:
    """The parameters that are most likely. Unfitted where nobody bought again, or the likelihood has no maximum."""
    if not (histories.repeats > 0).any():
        return Unfitted("nobody bought a second time")
    if (histories.repeats > 0).sum() < 2:
        return Unfitted("only one customer bought a second time")
    # The likelihood is well scaled where ages are about 1.
    unit = float(np.sort(histories.age).mean())
    scaled = Histories(histories.repeats, histories.last / unit, histories.age / unit)
    grouped = _group(scaled)
    part = _log_likelihood(_thin(grouped)) if len(grouped.weights) > _TRIED else None
    found = maximise(_log_likelihood(grouped), _STARTS, part)
    if isinstance(found, Unfitted):
        return found
    r, alpha, a, b = found.parameters
    r_error, alpha_error, a_error, b_error = found.errors
    value = found.log_likelihood - float(histories.repeats.sum()) * float(np.log(unit))
    return BuyingModel(r, alpha * unit, a, b, (r_error, alpha_error * unit, a_error, b_error), value)


def _group(histories: Histories) -> _Grouped:
    repeats, repeats_at = np.unique(histories.repeats, return_inverse=True)
    last, last_at = np.unique(histories.last, return_inverse=True)
    age, age_at = np.unique(histories.age, return_inverse=True)
    place = (repeats_at * len(last) + last_at) * len(age) + age_at
    _, first, counts = np.unique(place, return_index=True, return_counts=True)
    return _Grouped(counts.astype(np.float64), repeats, repeats_at[first], last, last_at[first], age, age_at[first])


def _thin(grouped: _Grouped) -> _Grouped:
    """Every so many-th of the distinct histories, so that about `_TRIED` are left."""
    step = 1 + len(grouped.weights) // _TRIED
    kept = slice(None, None, step)
    return _Grouped(
        grouped.weights[kept],
        grouped.repeats,
        grouped.repeats_at[kept],
        grouped.last,
        grouped.last_at[kept],
        grouped.age,
        grouped.age_at[kept],
    )


def _log_likelihood(grouped: _Grouped) -> LogLikelihood:
    """Equation (6) of the source, summed with logarithms so that long histories neither over- nor underflow.

    log L = log G(r+x)/G(r) + r log alpha + log B(a, b+x)/B(a, b)
            + log[ (alpha+T)^-(r+x) + (x > 0) a/(b+x-1) (alpha+t_x)^-(r+x) ]
    """
    weights, x = grouped.weights, grouped.repeats
    x_each = x[grouped.repeats_at]
    again = x > 0
    customers = float(weights.sum())
    by_repeats = np.bincount(grouped.repeats_at, weights, len(x)).astype(np.float64)

    def evaluate(parameters: Numbers) -> tuple[float, Numbers]:
        r, alpha, a, b = parameters.tolist()
        log_age, log_last = np.log(alpha + grouped.age)[grouped.age_at], np.log(alpha + grouped.last)[grouped.last_at]
        # The odds, given the history, of being gone to being alive.
        odds_log = np.where(again, np.log(a) - np.log(np.where(again, b + x - 1, 1.0)), -np.inf)[grouped.repeats_at]
        odds_log += (r + x_each) * (log_age - log_last)
        weight_gone = weights * expit(odds_log)
        tail = -(r + x_each) * log_age + np.logaddexp(0, odds_log)
        fixed = gammaln(r + x) - gammaln(r) + r * np.log(alpha) + betaln(a, b + x) - betaln(a, b)
        value = _total(by_repeats, fixed) + _total(weights, tail)
        by_age = 1 / (alpha + grouped.age)[grouped.age_at]
        by_last = 1 / (alpha + grouped.last)[grouped.last_at]
        gone_by_repeats = np.bincount(grouped.repeats_at, weight_gone, len(x)).astype(np.float64)
        slope_r = _total(by_repeats, psi(r + x) - psi(r) + np.log(alpha)) - _total(weights, log_age)
        slope_r += _total(weight_gone, log_age - log_last)
        slope_alpha = customers * r / alpha - _total(weights * (r + x_each), by_age)
        slope_alpha += _total(weight_gone * (r + x_each), by_age - by_last)
        slope_a = _total(by_repeats, psi(a + b) - psi(a + b + x)) + gone_by_repeats.sum() / a
        slope_b = _total(by_repeats, psi(b + x) - psi(a + b + x) - psi(b) + psi(a + b))
        slope_b -= _total(gone_by_repeats[again], 1 / (b + x[again] - 1))
        return value, np.array([slope_r, slope_alpha, slope_a, slope_b])

    return evaluate


def _total(weights: Numbers, values: Numbers) -> float:
    """The weighted sum. Not by BLAS, whose threads are slow on a busy machine and vary in the last digit."""
    return float((weights * values).sum())


def probability_alive(model: BuyingModel, histories: Histories) -> Numbers:
    """The chance that each customer will still buy: 1 / (1 + a/(b+x-1) ((alpha+T)/(alpha+t_x))^(r+x)), 1 for x = 0.

    Source: P. S. Fader, B. G. S. Hardie, K. L. Lee, Computing P(alive) Using the BG/NBD Model (2008).
    """
    x = histories.repeats
    again = x > 0
    ratio = np.log(model.alpha + histories.age) - np.log(model.alpha + histories.last)
    odds = np.log(model.a) - np.log(np.where(again, model.b + x - 1, 1.0)) + (model.r + x) * ratio
    alive = np.exp(-np.logaddexp(0, odds))
    return np.asarray(np.where(again, alive, 1.0))


def expected_purchases(model: BuyingModel, histories: Histories, horizon: float, discount_rate: float = 0.0) -> Numbers:
    """How many purchases each customer is expected to make within a time from now, at least 0.

    `horizon` has the unit of the histories. With a `discount_rate` (continuous, by that unit) a purchase at time s
    from now counts exp(-rate s), which gives the discounted expected transactions.

    Of a customer who is alive now, the rate and the chance to go are independent, gamma(r+x, alpha+T) and beta(a, b+x),
    so purchases come at time s from now with the density
        (r+x)/(alpha+T) 2F1(r+x+1, a; a+b+x; -s/(alpha+T))
    whose integral is equation (10) of the source, but without its singularity at a = 1. By Pfaff's transformation the
    function is (1+z)^-a 2F1(a, a+b-r-1; a+b+x; z/(1+z)), z = s/(alpha+T), which needs no great parameter and converges.
    """
    x, age, place = distinct_pairs(histories.repeats, histories.age)
    # Gauss-Legendre over log(1 + time / scale), in which the density is smooth; it falls off at about that scale.
    scale = (model.alpha + age) / (model.r + x + 1)
    half = np.log1p(horizon / scale) / 2
    total = np.zeros(len(x))
    for node, weight in zip(*np.polynomial.legendre.leggauss(_NODES), strict=True):
        time = scale * np.expm1(half * (node + 1))
        total += weight * half * (scale + time) * np.exp(-discount_rate * time) * _density(model, x, age, time)
    return np.asarray(total[place] * probability_alive(model, histories))


def _density(model: BuyingModel, repeats: Numbers, age: Numbers, time: Numbers) -> Numbers:
    """How often a customer who is alive now is expected to buy at a time from now, a unit of time."""
    z = time / (model.alpha + age)
    both = model.a + model.b + repeats
    series = hyp2f1(model.a, model.a + model.b - model.r - 1, both, z / (1 + z))
    return np.asarray((model.r + repeats) / (model.alpha + age) * (1 + z) ** -model.a * series)
