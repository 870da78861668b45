"""Verdicts: the published example of Benjamini and Hochberg, power by simulation, and specs of pure noise."""

import numpy as np
import pytest
from scipy import stats

from segdsl.evidence.categories import compare_levels
from segdsl.evidence.rank_correlation import correlate
from segdsl.evidence.verdicts import Finding, Verdict, judge, rows_needed
from tests.evidence.simulated_specs import simulate

# Benjamini & Hochberg (1995), section 3.2: of 15 p-values four are rejected at 5 %.
PUBLISHED = (
    0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0,
)  # fmt: skip


def test_published_example_finds_four() -> None:
    found = judge([Finding(p, True, 0.3) for p in PUBLISHED])
    assert [one.verdict for one in found].count(Verdict.SUPPORTED) == 4
    assert found[3].p == pytest.approx(0.0095 * 15 / 4)


def test_an_effect_the_other_way_is_refuted() -> None:
    found = judge([Finding(0.001, True, 0.4), Finding(0.001, False, -0.4), Finding(0.6, False, -0.05)])
    assert [one.verdict for one in found] == [Verdict.SUPPORTED, Verdict.REFUTED, Verdict.INCONCLUSIVE]
    assert [one.needed is None for one in found] == [True, True, False]


def test_nothing_tested_nothing_judged() -> None:
    assert judge([]) == ()


def test_no_effect_has_no_number_of_rows() -> None:
    assert rows_needed(0.0) is None
    assert rows_needed(0.0, levels=4) is None


def test_rows_for_a_correlation_as_published() -> None:
    # G*Power and Cohen's tables give 84 or 85 rows for Pearson's r = .3; ranks need (1 + r^2 / 2) times as many.
    needed = rows_needed(0.3)
    assert needed is not None
    assert needed == pytest.approx((85 - 3) * 1.045 + 3, abs=2)


@pytest.mark.slow
def test_the_rows_needed_find_four_of_five() -> None:
    rng = np.random.default_rng(1)
    many = rng.standard_normal(400_000)
    rho = stats.spearmanr(many, 0.3 * many + rng.standard_normal(400_000)).statistic
    n = rows_needed(rho)
    assert n is not None
    hits = 0
    for _ in range(1_500):
        x = rng.standard_normal(n)
        found = correlate(x, 0.3 * x + rng.standard_normal(n))
        hits += found is not None and found.p < 0.05
    assert hits / 1_500 == pytest.approx(0.8, abs=0.04)


@pytest.mark.slow
def test_the_rows_needed_between_categories_find_four_of_five() -> None:
    rng = np.random.default_rng(2)
    many = np.arange(300_000) % 4
    ranks = stats.rankdata(rng.normal(many * 0.2, 1))
    share = np.var([ranks[many == one].mean() for one in range(4)]) / ranks.var()
    n = rows_needed(share, levels=4)
    assert n is not None
    codes = np.arange(n) % 4
    found = [compare_levels(codes, rng.normal(codes * 0.2, 1)) for _ in range(1_000)]
    assert np.mean([one is not None and one.p < 0.05 for one in found]) == pytest.approx(0.8, abs=0.05)


@pytest.mark.slow
def test_specs_of_noise_support_nothing() -> None:
    assert simulate(1_000, 60, 0.0).any_null <= 0.07


@pytest.mark.slow
@pytest.mark.parametrize("effect", [0.15, 0.3])
def test_power_is_what_the_rows_needed_promise(effect: float) -> None:
    # With all five planted effects found but one, the level is 5/20 of 5 %; the rows for it find four of five.
    rows = rows_needed(effect, 0.05 * 5 / 20)
    assert rows is not None
    found = simulate(200, rows, effect)
    assert found.power == pytest.approx(0.8, abs=0.05)
    assert found.nulls <= 0.05


def test_correction_is_that_of_benjamini_and_hochberg() -> None:
    from scipy.stats import false_discovery_control

    random = np.random.default_rng(7)
    for n in (1, 2, 20, 100):
        p = np.round(random.random(n) ** 2, 2)
        judged = judge([Finding(float(one), True, 0.3) for one in p])
        assert [one.p for one in judged] == pytest.approx(false_discovery_control(p, method="bh"), rel=1e-12)


@pytest.mark.parametrize("levels", [None, 5])
def test_an_effect_that_is_nothing_but_rounding_is_decided_by_no_number_of_rows(levels: int | None) -> None:
    assert rows_needed(1e-17, levels=levels) is None
    assert judge([Finding(0.99, True, 1e-17, levels)])[0].needed is None
