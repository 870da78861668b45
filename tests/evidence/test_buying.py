"""BG/NBD against published figures, direct integration, the closed forms of its source, and made-up customers."""

import csv
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.special import beta as beta_function
from scipy.special import gamma, hyp2f1

from segdsl.evidence.buying import BuyingModel, Histories, expected_purchases, fit_buying, probability_alive
from segdsl.evidence.likelihood import Unfitted
from tests.evidence.buying_histories import make_histories

MODEL = BuyingModel(0.243, 4.414, 0.793, 2.426, (0.0, 0.0, 0.0, 0.0), 0.0)


def history(repeats: float, last: float, age: float) -> Histories:
    return Histories(np.array([repeats], float), np.array([last], float), np.array([age], float))


def fitted(histories: Histories) -> BuyingModel:
    found = fit_buying(histories)
    assert isinstance(found, BuyingModel)
    return found


@pytest.fixture(scope="module")
def cdnow(shared_data: Path) -> Histories:
    """The 2,357 customers of CDNOW, in weeks up to week 39."""
    path = shared_data / "cdnow" / "cdnow_customers_summary.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return Histories(*(np.array([float(row[name]) for row in rows]) for name in ("frequency", "recency", "T")))


def test_published_parameters_of_cdnow(cdnow: Histories) -> None:
    found = fitted(cdnow)
    assert (round(found.r, 3), round(found.alpha, 3)) == (0.243, 4.414)
    assert (round(found.a, 3), round(found.b, 3)) == (0.793, 2.426)
    assert round(found.log_likelihood, 1) == -9582.4


def test_published_expected_purchases_of_a_customer_of_cdnow(cdnow: Histories) -> None:
    expected = expected_purchases(fitted(cdnow), history(2, 30.43, 38.86), 39)
    assert expected == pytest.approx([1.226], abs=5e-4)


def integrated_likelihood(model: BuyingModel, repeats: int, last: float, age: float) -> float:
    """The likelihood of one history, integrated over the rates and the chances to go."""

    def over_rates(power: float, time: float) -> float:
        def density(rate: float) -> float:
            return float(rate**power * np.exp(-rate * (time + model.alpha)) * model.alpha**model.r / gamma(model.r))

        low, _ = quad(density, 0, 0.1, weight="alg", wvar=(model.r - 1, 0))
        high, _ = quad(lambda rate: density(rate) * rate ** (model.r - 1), 0.1, np.inf)
        return float(low + high)

    def over_chances(gone: int, stayed: int) -> float:
        whole, _ = quad(lambda p: p**gone * (1 - p) ** stayed, 0, 1, weight="alg", wvar=(model.a - 1, model.b - 1))
        return float(whole / beta_function(model.a, model.b))

    alive = over_chances(0, repeats) * over_rates(repeats, age)
    return alive + (over_chances(1, repeats - 1) * over_rates(repeats, last) if repeats else 0.0)


def test_the_likelihood_is_the_integral_over_all_customers() -> None:
    histories = make_histories(80, 1.2, 6.0, 0.8, 2.5, np.linspace(20, 60, 80), seed=5)
    found = fitted(histories)
    each = zip(histories.repeats.astype(int).tolist(), histories.last.tolist(), histories.age.tolist(), strict=True)
    direct = sum(np.log(integrated_likelihood(found, *one)) for one in each)
    assert found.log_likelihood == pytest.approx(direct, rel=1e-7)


def test_no_parameters_near_by_are_more_likely() -> None:
    histories = make_histories(80, 1.2, 6.0, 0.8, 2.5, np.linspace(20, 60, 80), seed=5)
    found = fitted(histories)
    each = list(
        zip(histories.repeats.astype(int).tolist(), histories.last.tolist(), histories.age.tolist(), strict=True)
    )
    for place in range(4):
        for factor in (0.95, 1.05):
            values = [found.r, found.alpha, found.a, found.b]
            values[place] *= factor
            moved = BuyingModel(*values, errors=(), log_likelihood=0.0)
            assert sum(np.log(integrated_likelihood(moved, *one)) for one in each) < found.log_likelihood


def closed_form(model: BuyingModel, repeats: float, last: float, age: float, horizon: float) -> float:
    """Equation (10) of Fader, Hardie and Lee (2005)."""
    r, alpha, a, b = model.r, model.alpha, model.a, model.b
    series = hyp2f1(r + repeats, b + repeats, a + b + repeats - 1, horizon / (alpha + age + horizon))
    grown = 1 - ((alpha + age) / (alpha + age + horizon)) ** (r + repeats) * series
    odds = a / (b + repeats - 1) * ((alpha + age) / (alpha + last)) ** (r + repeats) if repeats else 0.0
    return float((a + b + repeats - 1) / (a - 1) * grown / (1 + odds))


@pytest.mark.parametrize("past", [(0, 0, 38.86), (1, 1.71, 38.86), (2, 30.43, 38.86), (29, 31, 33), (0, 0, 0)])
@pytest.mark.parametrize("horizon", [0.5, 39, 500])
@pytest.mark.parametrize("chances", [(0.793, 2.426), (3.2, 0.7), (12, 40)])
def test_expected_purchases_are_those_of_the_closed_form(
    past: tuple[float, float, float], horizon: float, chances: tuple[float, float]
) -> None:
    model = BuyingModel(0.243, 4.414, *chances, errors=(), log_likelihood=0.0)
    assert expected_purchases(model, history(*past), horizon) == pytest.approx(
        [closed_form(model, *past, horizon)], rel=1e-6
    )


@pytest.mark.parametrize("past", [(59, 0.9, 1), (0, 0, 0)])
def test_expected_purchases_of_customers_who_are_soon_gone_are_those_of_the_closed_form(
    past: tuple[float, float, float],
) -> None:
    model = BuyingModel(23.3, 6.4, 18.2, 0.3, (), 0.0)
    assert expected_purchases(model, history(*past), 5_000) == pytest.approx(
        [closed_form(model, *past, 5_000)], rel=1e-5
    )


def test_expected_purchases_have_no_gap_where_the_closed_form_has_one() -> None:
    below, at, above = (
        expected_purchases(BuyingModel(0.5, 5, a, 2, (), 0), history(3, 20, 30), 52)[0] for a in (0.999, 1, 1.001)
    )
    assert at == pytest.approx((below + above) / 2, rel=1e-5)


def test_discounted_purchases_are_the_sum_of_discounted_short_times() -> None:
    past, rate = history(2, 30.43, 38.86), 0.002
    until = [closed_form(MODEL, 2, 30.43, 38.86, week) for week in np.arange(0, 156.01, 0.1)]
    middle = np.arange(0.05, 156, 0.1)
    direct = float((np.diff(until) * np.exp(-rate * middle)).sum())
    assert expected_purchases(MODEL, past, 156, rate) == pytest.approx([direct], rel=1e-5)


@pytest.mark.parametrize("true", [(0.25, 4.4, 0.8, 2.4), (2.0, 10.0, 1.0, 5.0)])
def test_parameters_of_made_up_customers_are_found(true: tuple[float, float, float, float]) -> None:
    ages = np.random.default_rng(1).integers(20, 100, 30_000).astype(float)
    found = fitted(make_histories(30_000, *true, ages, seed=2))
    apart = np.abs(np.array([found.r, found.alpha, found.a, found.b]) - true) / np.array(found.errors)
    assert apart.max() < 3.5
    assert (np.array(found.errors) / np.array(true)).max() < 0.08


def test_newcomers_buy_as_often_as_made_up_customers_did() -> None:
    ages = np.full(20_000, 100.0)
    whole = make_histories(20_000, 1.0, 8.0, 0.9, 4.0, ages, seed=3)
    model = BuyingModel(1.0, 8.0, 0.9, 4.0, (), 0.0)
    newcomers = Histories(np.zeros(1), np.zeros(1), np.zeros(1))
    assert expected_purchases(model, newcomers, 100.0) == pytest.approx([whole.repeats.mean()], rel=0.03)


def test_the_unit_of_time_and_the_order_of_customers_change_nothing() -> None:
    weeks = make_histories(500, 0.8, 6.0, 0.7, 3.0, np.linspace(30, 60, 500), seed=4)
    days = Histories(weeks.repeats[::-1], weeks.last[::-1] * 7, weeks.age[::-1] * 7)
    one, other = fitted(weeks), fitted(days)
    assert (other.r, other.a, other.b) == pytest.approx((one.r, one.a, one.b), rel=1e-6)
    assert other.alpha == pytest.approx(7 * one.alpha, rel=1e-6)
    assert expected_purchases(other, days, 364)[::-1] == pytest.approx(expected_purchases(one, weeks, 52), rel=1e-6)
    assert fitted(Histories(weeks.repeats[::-1], weeks.last[::-1], weeks.age[::-1])) == one


parameters = st.builds(
    lambda r, alpha, a, b: BuyingModel(r, alpha, a, b, (), 0.0),
    st.floats(0.05, 5),
    st.floats(0.5, 50),
    st.floats(0.1, 10),
    st.floats(0.1, 10),
)


@given(model=parameters, repeats=st.integers(0, 60), last=st.floats(0.1, 100), silence=st.floats(0, 100))
def test_the_longer_the_silence_the_less_likely_alive(
    model: BuyingModel, repeats: int, last: float, silence: float
) -> None:
    sooner = probability_alive(model, history(repeats, last, last + silence))[0]
    later = probability_alive(model, history(repeats, last, last + silence + 10))[0]
    assert 0 <= later <= sooner <= 1
    assert (later < sooner) == (repeats > 0) or sooner < 1e-12
    assert repeats > 0 or later == 1


@given(model=parameters, repeats=st.integers(0, 60), age=st.floats(0, 200), horizon=st.floats(0.1, 300))
def test_more_is_bought_in_a_longer_time_and_less_counts_with_a_discount(
    model: BuyingModel, repeats: int, age: float, horizon: float
) -> None:
    past = history(repeats, age * 0.8 if repeats else 0, age)
    near, far = (expected_purchases(model, past, horizon * factor)[0] for factor in (1, 1.5))
    # Once nobody is left, no more is bought: the two differ by rounding alone.
    assert 0 < near < far * (1 + 1e-6)
    assert 0 < expected_purchases(model, past, horizon, 0.01)[0] < near


@pytest.mark.parametrize(
    ("histories", "reason"),
    [
        (Histories(np.zeros(50), np.zeros(50), np.linspace(1, 50, 50)), "nobody bought a second time"),
        (Histories(np.zeros(0), np.zeros(0), np.zeros(0)), "nobody bought a second time"),
        (Histories(np.zeros(9), np.zeros(9), np.zeros(9)), "nobody bought a second time"),
        (history(3, 20, 30), "only one customer bought a second time"),
        (Histories(np.full(90, 2.0), np.full(90, 9.0), np.full(90, 30.0)), ""),
        (Histories(np.array([1e6, 2e6, 0]), np.array([1.0, 3, 0]), np.array([2.0, 4, 5])), ""),
    ],
    ids=["everybody once", "no customers", "all zero", "one customer", "all the same", "absurd"],
)
def test_what_tells_nothing_is_not_fitted(histories: Histories, reason: str) -> None:
    found = fit_buying(histories)
    assert isinstance(found, Unfitted)
    assert reason in found.reason and found.reason


def test_customers_who_never_go_have_no_maximum() -> None:
    histories = make_histories(2_000, 1.0, 5.0, 1e-9, 1.0, np.full(2_000, 60.0), seed=6)
    assert isinstance(fit_buying(histories), Unfitted)
