"""The steps of a regression and its coefficients, as tables."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any

import pyarrow as pa

from segdsl.evidence.backward_elimination import Elimination
from segdsl_regression.proxies import Proxies

_STEPS = pa.schema(
    {
        "within": pa.string(),
        "step": pa.int64(),
        "dropped": pa.string(),
        "why": pa.string(),
        "figure": pa.float64(),
        "accounts": pa.int64(),
        "r2": pa.float64(),
    }
)
_COEFFICIENTS = pa.schema(
    {
        "within": pa.string(),
        "proxy": pa.string(),
        "level": pa.string(),
        "baseline": pa.string(),
        **dict.fromkeys(("coefficient", "standardised", "robust_error", "t", "p", "low", "high"), pa.float64()),
        **dict.fromkeys(("proxy_p", "vif"), pa.float64()),
    }
)
INTERCEPT = "(intercept)"


@dataclass(frozen=True, slots=True)
class Part:
    """An elimination on all accounts, whose name is empty, or inside a value of a field."""

    name: str
    found: Elimination


def step_table(parts: Sequence[Part], proxies: Proxies) -> pa.Table:
    """For each part a line for all proxies together, those that can't be taken, and each one that was dropped.

    `figure` is the variance inflation factor (missing where it is infinite), p, or the number of accounts on which the
    proxy is known; `accounts` and `r2` are those of the regression after the step.
    """
    return pa.Table.from_pylist([row for part in parts for row in _steps(part, proxies)], _STEPS)


def _steps(part: Part, proxies: Proxies) -> Iterator[dict[str, Any]]:
    first = {"within": part.name, "step": 0, "accounts": part.found.n, "r2": part.found.r2}
    yield {**first, "why": "all proxies"}
    for name, why in proxies.left_out.items():
        yield {**first, "dropped": name, "why": why}
    for place, step in enumerate(part.found.steps, start=1):
        yield {
            "within": part.name,
            "step": place,
            "dropped": proxies.names[step.dropped],
            "why": str(step.why),
            "figure": step.figure if step.figure is not None and isfinite(step.figure) else None,
            "accounts": step.n,
            "r2": step.r2,
        }


def coefficient_table(parts: Sequence[Part], proxies: Proxies) -> pa.Table:
    """The coefficients that are left. A category has a line for each level but the baseline, which they compare with.

    `proxy_p` tests all levels of a category together; `vif` is that of the proxy.
    """
    return pa.Table.from_pylist([row for part in parts for row in _coefficients(part, proxies)], _COEFFICIENTS)


def _coefficients(part: Part, proxies: Proxies) -> Iterator[dict[str, Any]]:
    design, regression = part.found.design, part.found.regression
    if design is None or regression is None:
        return
    for one in regression.coefficients:
        row = {
            "within": part.name,
            "proxy": INTERCEPT,
            "coefficient": one.estimate,
            "standardised": one.standardised,
            "robust_error": one.error,
            "t": one.t,
            "p": one.p,
            "low": one.low,
            "high": one.high,
        }
        if one.variable is not None:
            row["proxy"] = proxies.names[one.variable]
            row["proxy_p"] = regression.p_of.get(one.variable)
            row["vif"] = part.found.factors.get(one.variable)
        if one.variable is not None and one.level is not None:
            row["level"] = proxies.labels[one.variable][one.level]
            row["baseline"] = proxies.labels[one.variable][design.baselines[one.variable]]
        yield row
