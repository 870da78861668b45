"""The labelled pairs, and the fit that the weights of `segdsl_vendor.likeness` come from.

Logistic regression with a ridge penalty of 0.1, on the pairs marked `tune` that can be compared at all. No weight may
pass its bound, so that no difference is better evidence than none. `initials` stays out: its weight is set by hand.
Run as a program, it prints the weights.
"""

import csv
from collections.abc import Iterable
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
from scipy.optimize import minimize

from segdsl_vendor.blocking import Placed
from segdsl_vendor.likeness import Difference, compare
from segdsl_vendor.names import read_name
from segdsl_vendor.places import read_country

PAIRS = Path(__file__).parent / "labelled_pairs.csv"
RIDGE = 0.1
BOUNDS = {"swapped": -0.3, "weak": -0.2, "bare": -0.1, "order": -1.0, "joined": -0.2, "sound": -0.1}
TERMS = tuple(field.name for field in fields(Difference))


@dataclass(frozen=True, slots=True)
class Pair:
    """Two names and whether they are one firm's; `tune` says that weights may be fitted on it."""

    account: Placed | None
    record: Placed | None
    same: bool
    tune: bool
    text: str


def read_pairs() -> list[Pair]:
    """All labelled pairs."""
    with PAIRS.open(encoding="utf-8", newline="") as file:
        return [
            Pair(
                _placed(row["account_name"], row["account_country"]),
                _placed(row["record_name"], row["record_country"]),
                row["same"] == "yes",
                row["set"] == "tune",
                f"{row['account_name']} | {row['record_name']}",
            )
            for row in csv.DictReader(file)
        ]


def _placed(text: str, country_text: str) -> Placed | None:
    country = read_country(country_text)
    name = read_name(text, country)
    return None if name is None else Placed(name, country)


def difference(pair: Pair) -> Difference | None:
    """What separates a pair; None in different countries, too."""
    one, other = pair.account, pair.record
    if one is None or other is None or (one.country and other.country and one.country != other.country):
        return None
    return compare(one.name, other.name)


def fit(pairs: Iterable[Pair]) -> dict[str, float]:
    """The weight of each term, and the `intercept`."""
    known = [(found, pair.same) for pair in pairs if pair.tune and (found := difference(pair)) and not found.initials]
    x = np.array([[1.0, *(getattr(found, term) for term in TERMS)] for found, _ in known])
    y = np.array([float(same) for _, same in known])
    penalty = np.array([0.0, *[RIDGE] * len(TERMS)])

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        score = x @ weights
        value = np.sum(np.logaddexp(0, score) - y * score) + np.sum(penalty * weights**2) / 2
        return value, x.T @ (1 / (1 + np.exp(-score)) - y) + penalty * weights

    bounds = [(None, None), *((None, BOUNDS.get(term, 0.0)) for term in TERMS)]
    start = np.array([3.0, *[-1.0] * len(TERMS)])
    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds).x
    return dict(zip(("intercept", *TERMS), found.tolist(), strict=True))


if __name__ == "__main__":
    for term, weight in fit(read_pairs()).items():
        print(f"{term:10} {weight:6.2f}")
