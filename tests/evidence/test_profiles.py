"""What sets groups apart: against scipy and plain arithmetic."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from segdsl.evidence.profiles import contrast_means, contrast_shares


@given(
    st.lists(st.tuples(st.integers(-1, 2), st.none() | st.integers(-40, 40)), min_size=1, max_size=30),
    st.sampled_from([0.0, 1e7]),
)
def test_means_are_those_of_welch(rows: list[tuple[int, int | None]], far: float) -> None:
    places = np.array([one for one, _ in rows])
    values = np.array([np.nan if two is None else two / 8 + far for _, two in rows])
    found = contrast_means(values, places, 3)
    known = np.isfinite(values)
    for place in range(3):
        own, rest = values[known & (places == place)], values[known & (places != place)]
        if min(len(own), len(rest)) < 2:
            assert np.isnan(found.p[place]) and np.isnan(found.apart[place])
            continue
        assert (found.inside[place], found.outside[place]) == pytest.approx((own.mean(), rest.mean()), rel=1e-12)
        spread = np.sqrt((own.var(ddof=1) + rest.var(ddof=1)) / 2)
        if spread > 0:
            assert found.apart[place] == pytest.approx((own.mean() - rest.mean()) / spread, abs=1e-6)
            assert found.p[place] == pytest.approx(stats.ttest_ind(own, rest, equal_var=False).pvalue, abs=1e-6)
        else:
            assert found.apart[place] == 0 if own[0] == rest[0] else np.isinf(found.apart[place])


def test_two_constants_are_apart_as_shuffles_are() -> None:
    found = contrast_means(np.array([0.1, 0.1, 0.1, 0.3, 0.3]), np.array([0, 0, 0, 1, 1]), 2)
    assert found.apart.tolist() == [-np.inf, np.inf]
    assert found.p == pytest.approx([0.1, 0.1])


def test_shares_and_their_standardised_difference() -> None:
    # 30 of 40 inside; 20 of 160 outside, of which 10 are in no group.
    found = contrast_shares(np.array([[30, 0], [20, 0], [0, 0]]), np.array([40, 150, 10]))
    assert (found.inside[0, 0], found.outside[0, 0]) == (0.75, 0.125)
    assert found.apart[0, 0] == pytest.approx(0.625 / np.sqrt((0.75 * 0.25 + 0.125 * 0.875) / 2))
    assert found.p[0, 0] == pytest.approx(2 * stats.binom.sf(29, 40, 50 / 200))
    assert (found.apart[0, 1], found.p[0, 1]) == (0, 1)


def test_the_smaller_side_is_tested() -> None:
    # 150 rows inside: the 50 outside, of which none has it, are the sharper view.
    found = contrast_shares(np.array([[60], [0]]), np.array([150, 50]))
    assert found.p[0, 0] == pytest.approx(2 * stats.binom.cdf(0, 50, 60 / 200))


@given(st.integers(1, 12), st.integers(1, 12), st.data())
def test_p_is_not_smaller_than_that_of_all_shuffles(rows: int, others: int, data: st.DataObject) -> None:
    inside, outside = data.draw(st.integers(0, rows)), data.draw(st.integers(0, others))
    found = contrast_shares(np.array([[inside], [outside]]), np.array([rows, others])).p[0, 0]
    every = stats.hypergeom(rows + others, inside + outside, rows)
    exact = min(every.cdf(inside), every.sf(inside - 1))
    # Beyond the first step from the mean the binomial tail holds the other (Hoeffding 1963).
    if abs(inside - every.mean()) >= 1:
        assert found >= min(2 * exact, 1) - 1e-9


def test_groups_without_rows_have_no_contrast() -> None:
    found = contrast_shares(np.array([[0], [3], [0]]), np.array([0, 5, 0]))
    assert np.isnan(found.p).all() and np.isnan(found.apart).all()
    nothing = contrast_means(np.full(3, np.nan), np.array([0, 1, 1]), 2)
    assert np.isnan(nothing.p).all()


def test_noise_is_told_apart_no_more_often_than_promised() -> None:
    random = np.random.default_rng(6)
    below = []
    for _ in range(400):
        places, has = random.integers(0, 3, 120), random.random(120) < 0.15
        having = np.array([[np.count_nonzero(has & (places == one))] for one in (0, 1, 2)])
        below.append(contrast_shares(having, np.bincount(places, minlength=3)).p[0, 0] < 0.05)
        below.append(contrast_means(random.normal(size=120), places, 3).p[0] < 0.05)
    assert np.mean(below[::2]) <= 0.06
    assert np.mean(below[1::2]) == pytest.approx(0.05, abs=0.035)
