"""Groups apart in a score: against scipy, plain arithmetic and all shuffles."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from segdsl.evidence.separation import compare_pairs, explained, groups_of, kruskal_wallis, predicted_share

# Three doses, of the kind that textbooks test: 5 + 6 + 4 rows.
ONE = [6.4, 6.8, 7.2, 8.3, 8.4]
TWO = [2.5, 3.7, 4.9, 5.4, 5.9, 8.1]
THREE = [1.3, 4.1, 4.9, 5.2]
SCORE = np.array([*ONE, *TWO, *THREE])
PLACES = np.array([0] * 5 + [1] * 6 + [2] * 4)


def test_the_share_between_groups_is_that_of_the_analysis_of_variance() -> None:
    found = explained(groups_of(PLACES, SCORE, 4))
    assert found is not None
    f = stats.f_oneway(ONE, TWO, THREE).statistic
    # F = (between / 2) / (within / 12), so that between / whole = 2 F / (2 F + 12).
    share = 2 * f / (2 * f + 12)
    assert found.share == pytest.approx(share)
    # Epsilon squared, as Carroll and Nordholm (1975) write it: (between - 2 mean square within) / whole.
    assert found.adjusted == pytest.approx((2 * f - 2) / (2 * f + 12))


def test_without_an_effect_the_adjusted_share_is_nought_on_average() -> None:
    random = np.random.default_rng(4)
    found = [explained(groups_of(random.integers(0, 6, 40), random.normal(size=40), 6)) for _ in range(2000)]
    adjusted = np.array([one.adjusted for one in found if one is not None and one.adjusted is not None])
    assert abs(adjusted.mean()) < 3 * adjusted.std() / np.sqrt(len(adjusted))
    assert np.mean([one.share for one in found if one is not None]) > 0.1


@pytest.mark.parametrize(
    ("places", "score"), [([], []), ([0, 0], [1, 2]), ([0, 1], [3, 3]), ([0, 0, 1], [0.1, 0.1, 0.1])]
)
def test_nothing_is_explained_of_nothing(places: list[int], score: list[float]) -> None:
    assert explained(groups_of(np.array(places, dtype=np.int64), np.array(score, dtype=np.float64), 3)) is None


def test_a_group_a_row_is_not_adjusted() -> None:
    found = explained(groups_of(np.array([0, 1, 2]), np.array([1.0, 5.0, 6.0]), 3))
    assert found is not None and found.share == pytest.approx(1) and found.adjusted is None


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(-50, 50)), min_size=1, max_size=40), st.sampled_from([0, 1e9]))
def test_groups_are_those_of_numpy_also_far_from_nought(rows: list[tuple[int, int]], far: float) -> None:
    places, score = np.array([one for one, _ in rows]), np.array([two / 8 + far for _, two in rows])
    found = groups_of(places, score, 5)
    for place in range(5):
        own = score[places == place]
        assert found.counts[place] == len(own)
        assert found.means[place] == pytest.approx(own.mean() if len(own) else 0, rel=1e-15, abs=1e-12)
        assert found.squares[place] == pytest.approx(own.var() * len(own) if len(own) else 0, rel=1e-6, abs=1e-9)


def test_pairs_are_those_of_welch() -> None:
    first, second = np.array([0, 0, 1]), np.array([1, 2, 2])
    found = compare_pairs(groups_of(PLACES, SCORE, 3), first, second)
    for place, (one, other) in enumerate(combinations([ONE, TWO, THREE], 2)):
        expected = stats.ttest_ind(one, other, equal_var=False)
        interval = expected.confidence_interval(0.95)
        assert found.difference[place] == pytest.approx(np.mean(one) - np.mean(other))
        assert found.p[place] == pytest.approx(expected.pvalue)
        assert (found.low[place], found.high[place]) == pytest.approx((interval.low, interval.high))


def test_one_row_is_not_tested() -> None:
    found = compare_pairs(groups_of(np.array([0, 1, 1]), np.array([9.0, 1.0, 2.0]), 2), np.array([0]), np.array([1]))
    assert found.difference[0] == pytest.approx(7.5)
    assert np.isnan([found.p[0], found.low[0], found.high[0]]).all()


@pytest.mark.parametrize(("one", "other"), [(2, 2), (2, 3), (5, 3), (4, 4)])
def test_groups_that_do_not_vary_are_shuffled(one: int, other: int) -> None:
    values = [0.1] * one + [0.3] * other
    ways = list(combinations(range(one + other), one))
    gaps = [
        abs(
            np.mean([values[row] for row in way])
            - np.mean([values[row] for row in range(len(values)) if row not in way])
        )
        for way in ways
    ]
    expected = np.mean([gap > 0.2 - 1e-9 for gap in gaps])
    found = compare_pairs(
        groups_of(np.array([0] * one + [1] * other), np.array(values), 2), np.array([0]), np.array([1])
    )
    assert found.p[0] == pytest.approx(expected)
    assert (found.low[0], found.high[0]) == pytest.approx((-0.2, -0.2))


def test_groups_that_neither_vary_nor_differ_are_alike() -> None:
    groups = groups_of(np.array([0, 0, 1, 1, 2, 2]), np.array([2.0, 2.0, 2.0, 2.0, 1.0, 9.0]), 3)
    assert compare_pairs(groups, np.array([0]), np.array([1])).p[0] == 1


def test_kruskal_and_wallis_is_that_of_scipy() -> None:
    random = np.random.default_rng(3)
    places = random.integers(0, 4, 300)
    score = np.round(random.normal(places * 0.2, 1.0), 1)
    expected = stats.kruskal(*(score[places == one] for one in range(4))).pvalue
    # A place without rows is no group.
    assert kruskal_wallis(places + (places > 1), score) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("places", "score"), [([0, 1, 0], [1, 2, 3]), ([1] * 5, range(5)), (range(5), range(5)), ([0, 1] * 3, [7] * 6)]
)
def test_what_cannot_be_tested_has_no_p(places: list[int], score: list[float]) -> None:
    assert kruskal_wallis(np.array(places), np.array(score, dtype=np.float64)) is None


def test_the_share_that_predictions_take_away() -> None:
    score = np.array([1.0, 3.0, 8.0])
    mean = np.full(3, 4.0)
    assert predicted_share(score, score, mean) == 1
    assert predicted_share(score, mean, mean) == 0
    assert predicted_share(score, np.array([1.0, 5.0, 5.0]), mean) == pytest.approx(1 - 13 / 26)
    assert predicted_share(mean, score, mean) is None
