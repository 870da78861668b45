"""Shifted-beta-geometric: how long customers with a contract stay.

At the end of each period a customer leaves with a chance of its own, which is beta distributed over customers (alpha,
beta). So retention rises with tenure, as those who leave easily leave first. Source: P. S. Fader, B. G. S. Hardie, How
to Project Customer Retention, Journal of Interactive Marketing 21 (2007).
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import betaln, psi

from segdsl.evidence.distinct import distinct_pairs
from segdsl.evidence.likelihood import LogLikelihood, Numbers, Unfitted, maximise

Counts = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class RetentionModel:
    """The parameters of the shifted-beta-geometric, their standard errors in that order, and the log-likelihood."""

    alpha: float
    beta: float
    errors: tuple[float, ...]
    log_likelihood: float


_STARTS = ((1.0, 1.0), (0.5, 4.0), (3.0, 3.0), (0.1, 0.1))


def fit_retention(left: Numbers, stayed: Numbers) -> RetentionModel | Unfitted:
    """The parameters that are most likely.

    `left[t]` is the number of customers who left at the end of their period t (from 1; `left[0]` is 0), `stayed[t]` of
    those who have renewed t times and are still there. Unfitted where nobody has left, nobody has ever stayed, or the
    likelihood has no maximum.
    """
    if not left.sum():
        return Unfitted("nobody has left yet")
    if not stayed[1:].sum() and not left[2:].sum():
        return Unfitted("nobody has stayed for a second period")
    found = maximise(_log_likelihood(left, stayed), _STARTS)
    if isinstance(found, Unfitted):
        return found
    alpha, beta = found.parameters
    return RetentionModel(alpha, beta, found.errors, found.log_likelihood)


def _log_likelihood(left: Numbers, stayed: Numbers) -> LogLikelihood:
    """Equations (5) and (6): P(t) = B(alpha+1, beta+t-1) / B(alpha, beta), S(t) = B(alpha, beta+t) / B(alpha, beta)."""
    gone_at, there_at = np.flatnonzero(left), np.flatnonzero(stayed)
    gone, there = left[gone_at], stayed[there_at]

    def evaluate(parameters: Numbers) -> tuple[float, Numbers]:
        alpha, beta = parameters.tolist()
        value = gone @ betaln(alpha + 1, beta + gone_at - 1) + there @ betaln(alpha, beta + there_at)
        value -= (gone.sum() + there.sum()) * betaln(alpha, beta)
        gone_both, there_both = psi(alpha + beta + gone_at), psi(alpha + beta + there_at)
        none = psi(alpha + beta)
        slope_alpha = gone @ (psi(alpha + 1) - gone_both - psi(alpha) + none) + there @ (none - there_both)
        slope_beta = gone @ (psi(beta + gone_at - 1) - gone_both - psi(beta) + none)
        slope_beta += there @ (psi(beta + there_at) - there_both - psi(beta) + none)
        return float(value), np.array([slope_alpha, slope_beta])

    return evaluate


def survival(model: RetentionModel, periods: npt.ArrayLike) -> Numbers:
    """The share of customers who renew at least so many times, from 1 for 0 periods down to 0."""
    times = np.asarray(periods, np.float64)
    return np.asarray(np.exp(betaln(model.alpha, model.beta + times) - betaln(model.alpha, model.beta)))


def renewal_rate(model: RetentionModel, renewals: npt.ArrayLike) -> Numbers:
    """The chance that a customer who renewed so many times renews again: (beta + n) / (alpha + beta + n)."""
    times = np.asarray(renewals, np.float64)
    return np.asarray((model.beta + times) / (model.alpha + model.beta + times))


def expected_tenure(
    model: RetentionModel, renewals: Numbers, until_next: Numbers, horizon: float, discount_rate: float = 0.0
) -> Numbers:
    """How long each customer is expected to stay within a time from now, in periods, at most `horizon`.

    A customer has renewed `renewals` times and decides next after `until_next` periods (0 to 1), then after each whole
    one. With a `discount_rate` (continuous, a period) the time s from now counts exp(-rate s): a margin that comes in
    evenly, times this, is the discounted residual value. Without a bound, at the start of a period, it is
    (1 - exp(-rate)) / rate 2F1(1, beta+n; alpha+beta+n; exp(-rate)), by the source's residual lifetime (P. S. Fader,
    B. G. S. Hardie, Customer-Base Valuation in a Contractual Setting, Marketing Science 29 (2010), equation 6).
    """
    times, wait, place = distinct_pairs(renewals, until_next)
    total = _discounted(np.zeros(len(times)), np.minimum(wait, horizon), discount_rate)
    staying = np.ones(len(times))
    for step in range(int(np.ceil(horizon)) + 1):
        staying = staying * renewal_rate(model, times + step)
        begin, end = np.minimum(wait + step, horizon), np.minimum(wait + step + 1, horizon)
        total += staying * _discounted(begin, end, discount_rate)
    return np.asarray(total[place])


def _discounted(begin: Numbers, end: Numbers, rate: float) -> Numbers:
    """The integral of exp(-rate s) from begin to end."""
    if rate == 0:
        return end - begin
    return np.asarray(np.exp(-rate * begin) * -np.expm1(-rate * (end - begin)) / rate)
