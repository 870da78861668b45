"""The shifted-beta-geometric against published figures, direct integration, closed forms, and made-up customers."""

import csv
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import hyp2f1
from scipy.stats import beta

from segdsl.evidence.likelihood import Unfitted
from segdsl.evidence.retention import RetentionModel, expected_tenure, fit_retention, renewal_rate, survival

MODEL = RetentionModel(0.704, 1.182, (0.0, 0.0), 0.0)


def fitted(left: list[float], stayed: list[float]) -> RetentionModel:
    found = fit_retention(np.array(left, float), np.array(stayed, float))
    assert isinstance(found, RetentionModel)
    return found


def test_published_parameters_of_regular_customers(shared_data: Path) -> None:
    with (shared_data / "sbg_retention" / "retention.csv").open(encoding="utf-8", newline="") as file:
        there = [int(row["regular_survivors"]) for row in csv.DictReader(file)]
    left = [0, *(before - after for before, after in pairwise(there))]
    found = fitted(left, [0] * (len(there) - 1) + [there[-1]])
    assert (round(found.alpha, 3), round(found.beta, 3)) == (0.704, 1.182)


def test_survival_is_that_of_the_recursion_of_the_source() -> None:
    leaving, there = MODEL.alpha / (MODEL.alpha + MODEL.beta), 1.0
    for period in range(1, 13):
        there -= leaving
        assert survival(MODEL, period) == pytest.approx(there)
        leaving *= (MODEL.beta + period - 1) / (MODEL.alpha + MODEL.beta + period)
    assert survival(MODEL, [0, 1, 2]) * renewal_rate(MODEL, [0, 1, 2]) == pytest.approx(survival(MODEL, [1, 2, 3]))


def test_the_likelihood_is_the_integral_over_all_customers() -> None:
    found = fitted([0, 30, 12, 5], [10, 8, 0, 20])
    chances = beta(found.alpha, found.beta)
    direct = sum(
        count * np.log(chances.expect(lambda p, t=period: p * (1 - p) ** (t - 1)))
        for period, count in ((1, 30), (2, 12), (3, 5))
    ) + sum(count * np.log(chances.expect(lambda p, t=period: (1 - p) ** t)) for period, count in ((1, 8), (3, 20)))
    assert found.log_likelihood == pytest.approx(direct, rel=1e-6)


@pytest.mark.parametrize("renewals", [0, 3, 12])
def test_the_discounted_tenure_without_bound_is_that_of_the_closed_form(renewals: int) -> None:
    discount = 1.1
    series = hyp2f1(1, MODEL.beta + renewals, MODEL.alpha + MODEL.beta + renewals, 1 / discount)
    rate = np.log(discount)
    direct = -np.expm1(-rate) / rate * series
    found = expected_tenure(MODEL, np.array([float(renewals)]), np.ones(1), 600.0, rate)
    assert found == pytest.approx([direct], rel=1e-6)


@pytest.mark.parametrize(("until_next", "horizon"), [(1.0, 3.0), (0.25, 3.0), (0.25, 2.6), (0.9, 0.5)])
def test_the_tenure_is_the_mean_over_what_may_happen(until_next: float, horizon: float) -> None:
    # A customer who renewed twice leaves at the end of a period with a chance that is now beta(alpha, beta + 2).
    chances = beta(MODEL.alpha, MODEL.beta + 2)
    ends = until_next + np.arange(6)
    leaves = [chances.expect(lambda p, k=step: p * (1 - p) ** k) for step in range(6)]
    direct = sum(chance * min(end, horizon) for chance, end in zip(leaves, ends, strict=True))
    direct += (1 - sum(leaves)) * horizon
    found = expected_tenure(MODEL, np.array([2.0]), np.array([until_next]), horizon)
    assert found == pytest.approx([direct], rel=1e-6)


def test_parameters_of_made_up_customers_are_found() -> None:
    random = np.random.default_rng(3)
    leaves_after = random.geometric(random.beta(1.2, 4.0, 40_000))
    seen = random.integers(0, 9, 40_000)
    left = np.bincount(leaves_after[leaves_after <= seen], minlength=10)
    stayed = np.bincount(seen[leaves_after > seen], minlength=10)
    found = fitted(left.tolist(), stayed.tolist())
    assert abs(found.alpha - 1.2) < 3.5 * found.errors[0]
    assert abs(found.beta - 4.0) < 3.5 * found.errors[1]
    assert max(found.errors) < 0.3


@given(alpha=st.floats(0.1, 20), b=st.floats(0.1, 20), renewals=st.integers(0, 30), horizon=st.floats(0.5, 40))
def test_tenure_rises_with_renewals_and_stays_within_the_horizon(
    alpha: float, b: float, renewals: int, horizon: float
) -> None:
    model = RetentionModel(alpha, b, (), 0.0)
    sooner, later = expected_tenure(model, np.array([renewals, renewals + 1.0]), np.full(2, 0.4), horizon)
    assert 0 < sooner <= later <= horizon * (1 + 1e-12)
    assert expected_tenure(model, np.array([float(renewals)]), np.full(1, 0.4), horizon, 0.1)[0] < sooner


@pytest.mark.parametrize(
    ("left", "stayed", "reason"),
    [
        ([0], [10], "nobody has left yet"),
        ([0, 0, 0], [3, 5, 9], "nobody has left yet"),
        ([0, 9], [4, 0], "nobody has stayed"),
        ([0, 1], [0, 0], "nobody has stayed"),
        ([0, 50], [10, 40], ""),
        ([0, 100, 90, 81, 73], [0, 0, 0, 0, 656], ""),
    ],
    ids=["nobody left", "nobody left later", "all left at once", "one customer", "one renewal only", "equal chances"],
)
def test_what_tells_nothing_is_not_fitted(left: list[float], stayed: list[float], reason: str) -> None:
    found = fit_retention(np.array(left, float), np.array(stayed, float))
    assert isinstance(found, Unfitted)
    assert reason in found.reason and found.reason
