"""Categories against a score: against scipy, Lee's distribution by simulation, and how often intervals hold."""

import numpy as np
import pytest
from scipy import stats

from segdsl.evidence.categories import compare_levels
from segdsl.evidence.permutation import Method


def _groups(codes: np.ndarray, score: np.ndarray) -> list[np.ndarray]:
    return [score[codes == one] for one in np.unique(codes)]


@pytest.mark.parametrize("step", [0.0, 1.0])
def test_statistic_and_p_are_those_of_kruskal_and_wallis(step: float) -> None:
    rng = np.random.default_rng(1)
    codes = rng.integers(0, 4, 120)
    score = np.round(rng.normal(codes * 0.2, 1, 120) * 2) if step else rng.normal(codes * 0.2, 1, 120)
    found, expected = compare_levels(codes, score), stats.kruskal(*_groups(codes, score))
    assert found is not None
    assert found.statistic == pytest.approx(expected.statistic)
    assert found.p == pytest.approx(expected.pvalue)
    assert found.effect == pytest.approx(expected.statistic * (120 + 1) / (120**2 - 1))


def test_a_rare_level_is_told_and_p_is_drawn() -> None:
    rng = np.random.default_rng(2)
    codes = np.concatenate([np.repeat([0, 1, 2], 30), [3, 3]])
    score = rng.standard_normal(92)
    found = compare_levels(codes, score)
    assert found is not None
    assert (found.rare, found.method) == (1, Method.PERMUTATION)
    assert found.p == pytest.approx(stats.kruskal(*_groups(codes, score)).pvalue, abs=0.05)


def test_two_levels_are_two_groups() -> None:
    rng = np.random.default_rng(3)
    codes, score = rng.integers(0, 2, 60), rng.standard_normal(60)
    found = compare_levels(codes, score)
    u = stats.mannwhitneyu(*_groups(codes, score), use_continuity=False, method="asymptotic")
    assert found is not None
    assert found.p == pytest.approx(u.pvalue, abs=0.005)


def test_ends_of_the_interval_are_where_the_figure_would_be_extreme() -> None:
    # Shares of drawn normal predictors, which the interval is about, by simulation.
    rng = np.random.default_rng(4)
    codes = np.repeat([0, 1, 2], 20)
    found = compare_levels(codes, rng.normal(codes * 0.8, 1))
    assert found is not None
    for end, level in ((found.low, 0.975), (found.high, 0.025)):
        one, other, noise = rng.standard_normal((3, 20_000, 60))
        y = np.sqrt(end) * one + np.sqrt(1 - end) * noise
        one, other, y = (part - part.mean(axis=1, keepdims=True) for part in (one, other, y))
        other = other - one * ((one * other).sum(axis=1) / (one**2).sum(axis=1))[:, None]
        shares = sum((x * y).sum(axis=1) ** 2 / (x**2).sum(axis=1) for x in (one, other)) / (y**2).sum(axis=1)
        assert np.mean(shares <= found.effect) == pytest.approx(level, abs=0.006)


def test_missing_categories_are_left_out_and_codes_need_not_be_dense() -> None:
    score = np.arange(12.0)
    found = compare_levels([5, 5, 5, 5, 90, 90, 90, 90, -1, -1, -1, -1], score)
    assert found == compare_levels([0] * 4 + [1] * 4, score[:8])


@pytest.mark.parametrize(
    ("codes", "score"),
    [([0] * 6, range(6)), (range(6), range(6)), ([0, 0, 1, 1], [3] * 4), ([], []), ([-1] * 5, range(5))],
)
def test_nothing_to_be_told(codes: list[int], score: list[float]) -> None:
    assert compare_levels(codes, list(score)) is None


def test_five_thousand_categories_of_noise_are_noise() -> None:
    rng = np.random.default_rng(5)
    found = compare_levels(rng.integers(0, 5_000, 12_000), rng.standard_normal(12_000))
    assert found is not None
    assert found.p > 0.01
    assert found.low == 0


@pytest.mark.parametrize("n", [2_000, 20_000, 300_000])
@pytest.mark.parametrize("slope", [0.02, 0.1, 0.6, 3.0])
def test_many_rows_have_an_interval_about_as_wide_as_that_of_a_large_sample(slope: float, n: int) -> None:
    rng = np.random.default_rng(6)
    codes = rng.integers(0, 20, n)
    found = compare_levels(codes, slope * codes / 6 + rng.standard_normal(n))
    assert found is not None
    share = found.adjusted
    # Olkin & Finn (1995): the variance of a squared correlation is about 4 R^2 (1 - R^2)^2 / n.
    half = 1.96 * 2 * np.sqrt(share) * (1 - share) / np.sqrt(n)
    if share * n > 300:
        assert (found.high - found.low) / 2 == pytest.approx(half, rel=0.1)
    assert found.low <= share <= found.high


@pytest.mark.slow
@pytest.mark.parametrize("n", [30, 100])
@pytest.mark.parametrize("step", [0.5, 1.0])
@pytest.mark.parametrize("tied", [False, True])
def test_the_interval_holds_as_often_as_it_says(tied: bool, step: float, n: int) -> None:
    rng = np.random.default_rng(20260630)

    def draw(codes: np.ndarray) -> np.ndarray:
        score = rng.normal(codes * step, 1)
        return np.round(score) if tied else score

    many = np.arange(300_000) % 3
    ranks = stats.rankdata(draw(many))
    true = np.var([ranks[many == one].mean() for one in range(3)]) / ranks.var()
    codes = [rng.integers(0, 3, n) for _ in range(2_000)]
    found = [compare_levels(one, draw(one)) for one in codes]
    held = sum(one is not None and one.low <= true <= one.high for one in found)
    assert 0.93 <= held / 2_000 <= 0.97
