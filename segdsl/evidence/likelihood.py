"""Maximum likelihood for models whose parameters are all positive, with a word for where there is no maximum."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

Numbers: TypeAlias = npt.NDArray[np.float64]
# From positive parameters to the log-likelihood and its derivative by each of them.
LogLikelihood: TypeAlias = Callable[[Numbers], tuple[float, Numbers]]


@dataclass(frozen=True, slots=True)
class Maximum:
    """Where a log-likelihood is greatest: the parameters, their standard errors, and the log-likelihood there."""

    parameters: tuple[float, ...]
    errors: tuple[float, ...]
    log_likelihood: float


@dataclass(frozen=True, slots=True)
class Unfitted:
    """A model that doesn't fit: why, as a clause such as "nobody bought a second time"."""

    reason: str


# Logarithms of parameters, for data scaled to 1; what lies outside isn't told apart from 0 or infinity.
_FARTHEST = 14.0
# A standard error of a logarithm above this says that the data don't tell the parameter within a factor of 20.
_WIDEST = 3.0
# A Newton step that would gain less log-likelihood than half of this counts as none.
_FLAT = 1e-10
_STEP = 1e-4
_NEWTON_STEPS = 20

NO_MAXIMUM = "the likelihood has no maximum: it still grows as a parameter goes to zero or to infinity"
NOT_CONVERGED = "the search for the maximum of the likelihood did not converge"
UNTOLD = "the data don't tell the parameters: their standard errors are too wide"


def maximise(
    function: LogLikelihood, starts: Sequence[Sequence[float]], part: LogLikelihood | None = None
) -> Maximum | Unfitted:
    """The maximum over positive parameters, from several starts; Unfitted where none is found that is one.

    The best result of L-BFGS-B from the starts is refined by Newton's method on the logarithms of the parameters. It is
    a maximum if no parameter is at the bounds, no step gains more, and the observed information is positive definite.
    Standard errors are the roots of the diagonal of its inverse, brought from logarithms to parameters (delta method).
    `part` is the log-likelihood of a part of many data: starts are tried on it, and only the best goes on with all.
    """
    logs = _climb(part or function, [np.log(start) for start in starts])
    refined = None if _is_far(logs) else _refine(function, logs)
    if part is not None and refined is None:
        logs = _climb(function, [logs])
        refined = None if _is_far(logs) else _refine(function, logs)
    if refined is None:
        return Unfitted(NO_MAXIMUM if _is_far(logs) else NOT_CONVERGED)
    logs, information = refined
    errors = np.sqrt(np.diag(np.linalg.inv(information)))
    if errors.max() > _WIDEST:
        return Unfitted(UNTOLD)
    parameters = np.exp(logs)
    value, _ = function(parameters)
    return Maximum(tuple(parameters.tolist()), tuple((errors * parameters).tolist()), value)


def _is_far(logs: Numbers) -> bool:
    return bool(np.abs(logs).max() > _FARTHEST - 0.5)


def _climb(function: LogLikelihood, starts: Sequence[Numbers]) -> Numbers:
    """The best logarithms of parameters that L-BFGS-B finds from any of the starts, within bounds."""

    def downhill(logs: Numbers) -> tuple[float, Numbers]:
        parameters = np.exp(logs)
        value, slope = function(parameters)
        return -value, -slope * parameters

    bounds = [(-_FARTHEST, _FARTHEST)] * len(starts[0])
    found = [
        minimize(downhill, start, jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": 500})
        for start in starts
    ]
    return np.asarray(min(found, key=lambda one: float(one.fun) if np.isfinite(one.fun) else np.inf).x)


def _refine(function: LogLikelihood, logs: Numbers) -> tuple[Numbers, Numbers] | None:
    """The maximum near by, and the observed information there; None where Newton's method finds none."""
    for _ in range(_NEWTON_STEPS):
        slope, information = _slope(function, logs), _information(function, logs)
        if not (np.isfinite(slope).all() and np.isfinite(information).all()):
            return None
        if np.linalg.eigvalsh(information)[0] <= 0:
            return None
        step = np.linalg.solve(information, slope)
        if slope @ step <= _FLAT:
            return logs + step, information
        logs = logs + step / max(1.0, float(np.abs(step).max()))
        if _is_far(logs):
            return None
    return None


def _slope(function: LogLikelihood, logs: Numbers) -> Numbers:
    parameters = np.exp(logs)
    return function(parameters)[1] * parameters


def _information(function: LogLikelihood, logs: Numbers) -> Numbers:
    """Minus the second derivative by the logarithms, from central differences of the gradient."""
    rows = [
        (_slope(function, logs - step) - _slope(function, logs + step)) / (2 * _STEP)
        for step in np.eye(len(logs)) * _STEP
    ]
    return np.asarray((np.array(rows) + np.array(rows).T) / 2)
