"""Gamma-Gamma against published figures, direct integration, and made-up customers."""

import csv
from math import exp, lgamma, log
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad

from segdsl.evidence.likelihood import Unfitted
from segdsl.evidence.spending import SpendingModel, expected_spend, fit_spending

MODEL = SpendingModel(6.25, 3.74, 15.44, (0.0, 0.0, 0.0), 0.0)


def fitted(purchases: np.ndarray, mean: np.ndarray) -> SpendingModel:
    found = fit_spending(purchases, mean)
    assert isinstance(found, SpendingModel)
    return found


def made_up(number: int, p: float, q: float, rate: float, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Customers with 1 to 9 amounts, each drawn by itself."""
    random = np.random.default_rng(seed)
    purchases = random.integers(1, 10, number)
    means = [random.gamma(p, 1 / random.gamma(q, 1 / rate), count).mean() for count in purchases]
    return purchases.astype(float), np.array(means)


def test_published_parameters_of_the_repeat_buyers_of_cdnow(shared_data: Path) -> None:
    path = shared_data / "cdnow" / "cdnow_customers_summary_with_transactions.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    purchases, mean = (np.array([float(row[name]) for row in rows]) for name in ("x", "zbar"))
    assert ((purchases > 0) & (mean > 0)).sum() == 946
    found = fitted(purchases, mean)
    assert (round(found.p, 2), round(found.q, 2)) == (6.25, 3.74)
    # The paper gives 15.44, from a search that stopped a little earlier.
    assert found.gamma == pytest.approx(15.44, abs=0.02)


def gamma_density(value: float, shape: float, rate: float) -> float:
    return exp(shape * log(rate) - lgamma(shape) + (shape - 1) * log(value) - rate * value)


def weigh(rate: float, purchases: float, mean: float, model: SpendingModel) -> float:
    """How likely a customer has a rate and that mean."""
    seen = gamma_density(mean, model.p * purchases, rate * purchases)
    return seen * gamma_density(rate, model.q, model.gamma)


def test_the_likelihood_is_the_integral_over_all_customers() -> None:
    purchases, mean = made_up(60, 3.0, 4.0, 20.0, seed=1)
    found = fitted(purchases, mean)
    direct = sum(
        np.log(quad(weigh, 0, np.inf, args=(x, z, found), epsabs=0, limit=200)[0])
        for x, z in zip(purchases.tolist(), mean.tolist(), strict=True)
    )
    assert found.log_likelihood == pytest.approx(direct, rel=1e-7)


@pytest.mark.parametrize(("purchases", "mean"), [(1, 11.77), (2, 22.35), (29, 60.0)])
def test_the_expected_spend_is_the_mean_over_rates(purchases: float, mean: float) -> None:
    whole, _ = quad(weigh, 0, np.inf, args=(purchases, mean, MODEL), epsabs=0, limit=200)
    spent, _ = quad(lambda rate: MODEL.p / rate * weigh(rate, purchases, mean, MODEL), 0, np.inf, epsabs=0, limit=200)
    assert expected_spend(MODEL, np.array([purchases], float), np.array([mean])) == pytest.approx(
        [spent / whole], rel=1e-6
    )


def test_parameters_of_made_up_customers_are_found() -> None:
    found = fitted(*made_up(25_000, 6.0, 4.0, 15.0, seed=2))
    apart = np.abs(np.array([found.p, found.q, found.gamma]) - (6.0, 4.0, 15.0)) / np.array(found.errors)
    assert apart.max() < 3.5


def test_the_currency_and_the_order_of_customers_change_nothing() -> None:
    purchases, mean = made_up(300, 3.0, 4.0, 20.0, seed=3)
    one, other = fitted(purchases, mean), fitted(purchases[::-1], mean[::-1] * 12_600)
    assert (other.p, other.q, other.gamma) == pytest.approx((one.p, one.q, one.gamma * 12_600), rel=1e-6)
    assert fitted(purchases[::-1], mean[::-1]) == one


@given(purchases=st.integers(1, 500), mean=st.floats(0.01, 1e6))
def test_the_expected_spend_lies_between_the_own_mean_and_that_of_all(purchases: int, mean: float) -> None:
    own, everyone = mean, expected_spend(MODEL, np.zeros(1), np.full(1, np.nan))[0]
    # With p x + q - 1 in the denominator the own mean counts p x / (p x + q - 1), the mean of all the rest.
    found = expected_spend(MODEL, np.array([float(purchases)]), np.array([mean]))[0]
    assert min(own, everyone) * (1 - 1e-9) <= found <= max(own, everyone) * (1 + 1e-9)


def test_a_mean_that_is_infinite_is_not_a_number() -> None:
    wild = SpendingModel(0.5, 0.8, 10.0, (), 0.0)
    assert np.isnan(expected_spend(wild, np.array([0.0]), np.array([np.nan]))).all()
    assert np.isfinite(expected_spend(wild, np.array([1.0]), np.array([5.0]))).all()


@pytest.mark.parametrize(
    ("purchases", "mean", "reason"),
    [
        ([], [], "fewer than two customers"),
        ([3.0], [20.0], "fewer than two customers"),
        ([0.0] * 9, [0.0] * 9, "fewer than two customers"),
        ([2.0] * 50, [7.0] * 50, "all customers spend the same"),
        ([2.0] * 50, [7.0] * 49 + [8.0], ""),
        ([2.0] * 50, [1e-300] * 49 + [1e300], "more than twelve digits"),
        ([2.0, 3.0], [5.0, float("nan")], "fewer than two customers"),
    ],
)
def test_what_tells_nothing_is_not_fitted(purchases: list[float], mean: list[float], reason: str) -> None:
    found = fit_spending(np.array(purchases), np.array(mean))
    assert isinstance(found, Unfitted)
    assert reason in found.reason and found.reason
