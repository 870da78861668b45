"""Gamma-Gamma: how much a customer spends in a purchase, from the few that were seen.

Amounts of a customer are gamma distributed with shape p and a rate of its own, which is gamma distributed over
customers (shape q, rate gamma), whatever the number of purchases. Source: P. S. Fader, B. G. S. Hardie, The Gamma-Gamma
Model of Monetary Value (2013).
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import betaln, psi

from segdsl.evidence.likelihood import LogLikelihood, Numbers, Unfitted, maximise


@dataclass(frozen=True, slots=True)
class SpendingModel:
    """The parameters of Gamma-Gamma, their standard errors in that order, and the log-likelihood. `gamma` has the
    unit of the amounts; the others have none."""

    p: float
    q: float
    gamma: float
    errors: tuple[float, ...]
    log_likelihood: float


_STARTS = ((1.0, 2.0, 1.0), (6.0, 4.0, 0.5), (20.0, 3.0, 0.1), (2.0, 10.0, 5.0))
_FINEST = 1e-12
# On how many customers starts are tried.
_TRIED = 20_000


def fit_spending(purchases: Numbers, mean: Numbers) -> SpendingModel | Unfitted:
    """The parameters that are most likely, from each customer's number of purchases and their mean amount.

    Only customers with a purchase and a mean above zero count. Unfitted where there are too few, all spend the same,
    amounts span more than twelve digits, or the likelihood has no maximum.
    """
    known = (purchases > 0) & (mean > 0)
    # Sums of fractions depend on their order, and that of the customers must not matter.
    order = np.lexsort((mean[known], purchases[known]))
    x, z = purchases[known][order], mean[known][order]
    if len(x) < 2:
        return Unfitted("fewer than two customers have known amounts")
    if np.ptp(z) <= 1e-9 * z.max():
        return Unfitted("all customers spend the same")
    if z.min() <= _FINEST * z.max():
        return Unfitted("the amounts span more than twelve digits")
    # The likelihood is well scaled where amounts are about 1.
    unit = float(z.mean())
    step = 1 + len(x) // _TRIED
    part = _log_likelihood(x[::step], z[::step] / unit) if step > 1 else None
    found = maximise(_log_likelihood(x, z / unit), _STARTS, part)
    if isinstance(found, Unfitted):
        return found
    p, q, gamma = found.parameters
    p_error, q_error, gamma_error = found.errors
    value = found.log_likelihood - len(x) * float(np.log(unit))
    return SpendingModel(p, q, gamma * unit, (p_error, q_error, gamma_error * unit), value)


def _log_likelihood(x: Numbers, z: Numbers) -> LogLikelihood:
    """Equation (1a) of the source, of the mean z of x amounts.

    log L = q log gamma + (p x - 1) log z + p x log x - (p x + q) log(gamma + x z) - log B(p x, q)
    """
    counts, place = np.unique(x, return_inverse=True)
    log_z, log_x, total = np.log(z), np.log(x), x * z

    def evaluate(parameters: Numbers) -> tuple[float, Numbers]:
        p, q, gamma = parameters.tolist()
        log_sum = np.log(gamma + total)
        value = q * np.log(gamma) + (p * x - 1) * log_z + p * x * log_x - (p * x + q) * log_sum
        value -= betaln(p * counts, q)[place]
        both = psi(p * counts + q)
        slope_p = x * ((both - psi(p * counts))[place] + log_z + log_x - log_sum)
        slope_q = (both - psi(q))[place] + np.log(gamma) - log_sum
        slope_gamma = q / gamma - (p * x + q) / (gamma + total)
        return float(value.sum()), np.array([slope_p.sum(), slope_q.sum(), slope_gamma.sum()])

    return evaluate


def expected_spend(model: SpendingModel, purchases: Numbers, mean: Numbers) -> Numbers:
    """What each customer is expected to spend in a purchase: p (gamma + x z) / (p x + q - 1), equation (5).

    A customer without known amounts (x = 0) gets the mean of all, p gamma / (q - 1). NaN where the mean is infinite,
    which for x = 0 is where q is 1 or less.
    """
    finite = model.p * purchases + model.q > 1
    seen = np.where(purchases > 0, purchases * mean, 0.0)
    below = np.where(finite, model.p * purchases + model.q - 1, 1.0)
    return np.asarray(np.where(finite, model.p * (model.gamma + seen) / below, np.nan))
