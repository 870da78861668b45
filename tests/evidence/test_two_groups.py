"""A condition against a score: against scipy, by brute force, and how often the intervals hold."""

from itertools import combinations

import numpy as np
import pytest
from scipy import stats

from segdsl.evidence.permutation import Method
from segdsl.evidence.two_groups import compare


def test_means_and_their_interval_are_welchs() -> None:
    rng = np.random.default_rng(1)
    inside, outside = rng.normal(2, 3, 40), rng.normal(1, 1, 90)
    found = compare(np.repeat([1, 0], [40, 90]), np.concatenate([inside, outside]))
    expected = stats.ttest_ind(inside, outside, equal_var=False).confidence_interval()
    assert found is not None
    assert found.difference == pytest.approx(inside.mean() - outside.mean())
    assert (found.difference_low, found.difference_high) == pytest.approx((expected.low, expected.high))


def test_rank_biserial_counts_pairs() -> None:
    rng = np.random.default_rng(2)
    inside, outside = rng.integers(0, 6, 15).astype(float), rng.integers(0, 5, 25).astype(float)
    found = compare(np.repeat([1, 0], [15, 25]), np.concatenate([inside, outside]))
    pairs = [np.sign(one - other) for one in inside for other in outside]
    assert found is not None
    assert found.effect == pytest.approx(np.mean(pairs))
    u = stats.mannwhitneyu(inside, outside)
    assert found.effect == pytest.approx(2 * u.statistic / (15 * 25) - 1)
    assert found.p == pytest.approx(u.pvalue, abs=0.01)


def test_p_of_few_rows_counts_every_choice() -> None:
    score = np.array([3.0, 1, 4, 1, 5, 9, 2, 6])
    found = compare([1, 0, 1, 0, 1, 1, 0, 0], score)
    ranks = stats.rankdata(score)
    sums = [ranks[list(rows)].sum() for rows in combinations(range(8), 4)]
    seen = abs(ranks[[0, 2, 4, 5]].sum() - 18)
    assert found is not None
    assert found.method is Method.EXACT
    assert found.p == pytest.approx(np.mean([abs(one - 18) >= seen for one in sums]))


def test_groups_wholly_apart_have_an_interval_below_one() -> None:
    found = compare(np.repeat([1, 0], 20), np.arange(40)[::-1])
    assert found is not None
    assert (found.effect, found.high) == (1, 1)
    assert 0.6 < found.low < 1


def test_newcombes_interval_of_a_small_group() -> None:
    # His formula solved by hand on a grid, for all of 3 rows above all of 6.
    m, n = 3, 6
    theta = np.linspace(0.001, 0.999999, 999_999)
    half = (m + n) / 2 - 1
    spread = theta * (1 - theta) * (1 + half * ((1 - theta) / (2 - theta) + theta / (1 + theta))) / (m * n)
    within = theta[1 - theta <= 1.959964 * np.sqrt(spread)]
    found = compare([1] * 3 + [0] * 6, [7, 8, 9, 1, 2, 3, 4, 5, 6])
    assert found is not None
    assert found.low == pytest.approx(2 * within[0] - 1, abs=1e-4)


@pytest.mark.parametrize(
    ("condition", "score"),
    [([1, 1, 1, 1], [1, 2, 3, 4]), ([1, 0, 1, 0], [2, 2, 2, 2]), ([1, 0], [1, 2]), ([np.nan] * 5, [1, 2, 3, 4, 5])],
)
def test_nothing_to_be_told(condition: list[float], score: list[float]) -> None:
    assert compare(condition, score) is None


@pytest.mark.slow
@pytest.mark.parametrize("n", [30, 100])
@pytest.mark.parametrize("shift", [0.0, 0.5, 1.0])
@pytest.mark.parametrize("kind", ["smooth", "tied", "0 and 1"])
def test_the_intervals_hold_as_often_as_they_say(kind: str, shift: float, n: int) -> None:
    rng = np.random.default_rng(20260630)
    # A step of the score, or for 0 and 1 a cut of it.
    see = {"smooth": lambda y: y, "tied": np.round, "0 and 1": lambda y: (y > 0.4).astype(float)}[kind]
    inside = np.arange(n) < n * 0.4
    many = see(rng.standard_normal(200_000) + shift), see(rng.standard_normal(200_000))
    true_effect = 2 * stats.mannwhitneyu(*many).statistic / 200_000**2 - 1
    true_difference = many[0].mean() - many[1].mean()
    held = np.zeros(2)
    for _ in range(2_000):
        found = compare(inside, see(rng.standard_normal(n) + shift * inside))
        if found is None or found.difference_low is None or found.difference_high is None:
            continue
        held[0] += found.low <= true_effect <= found.high
        held[1] += found.difference_low <= true_difference <= found.difference_high
    assert (held / 2_000 >= 0.93).all(), held / 2_000
    assert (held / 2_000 <= 0.97).all(), held / 2_000
