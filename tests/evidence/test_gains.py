"""Gains curves: the worked example of the method, ties broken at random, and resampling row by row."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from segdsl.evidence.gains import Gains, best_parts, gains, pooled, resampled_gains

QUARTER = 0.25


def curve_of(segments: list[int], score: list[float], top: float = QUARTER) -> Gains:
    return gains(np.array(segments), best_parts(np.array(score, dtype=np.float64), top))


def hundred(sizes: list[tuple[int, int]]) -> Gains:
    """100 accounts, 25 of them good, in segments of that many accounts of which that many are good."""
    segments = [place for place, (size, _) in enumerate(sizes) for _ in range(size)]
    good = [float(row < best) for size, best in sizes for row in range(size)]
    return curve_of(segments, good)


@pytest.mark.parametrize(
    ("sizes", "lift", "area", "depth"),
    [
        ([(100, 25)], 1, 0.5, 1),
        ([(90, 25), (10, 0)], 1 / 0.9, 0.55, 0.9),
        ([(50, 25), (50, 0)], 2, 0.75, 0.5),
        ([(25, 25), (75, 0)], 4, 0.875, 0.25),
    ],
)
def test_a_hundred_accounts(sizes: list[tuple[int, int]], lift: float, area: float, depth: float) -> None:
    # The example of the method: no information, segments of 90 and 10, of 50 and 50, and the perfect model.
    curve = hundred(sizes)
    assert float(curve.at(QUARTER)) / QUARTER == pytest.approx(lift, abs=1e-12)
    assert curve.area == pytest.approx(area, abs=1e-12)
    assert curve.depth_of(1) == pytest.approx(depth, abs=1e-12)
    assert curve.depth_of(0.5) == pytest.approx(depth / 2, abs=1e-12)


def mean_over_ways(segments: list[int], score: list[float], best: int, first: int) -> float:
    """The share of the best in the first rows, over all ways to break all ties, each as likely."""
    rows = range(len(score))
    ranks = [p for p in itertools.permutations(rows) if list(p) == sorted(p, key=lambda row: segments[row])]
    values = [p for p in itertools.permutations(rows) if list(p) == sorted(p, key=lambda row: -score[row])]
    caught = [len(set(one[:first]) & set(other[:best])) for one in ranks for other in values]
    return sum(caught) / (len(caught) * best)


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2)), min_size=2, max_size=5), st.data())
def test_ties_are_shared_as_if_broken_at_random(rows: list[tuple[int, int]], data: st.DataObject) -> None:
    segments, score = [one for one, _ in rows], [float(two) for _, two in rows]
    best = data.draw(st.integers(1, len(rows) - 1))
    curve = curve_of(segments, score, best / len(rows))
    for first in range(len(rows) + 1):
        expected = mean_over_ways(segments, score, best, first)
        assert float(curve.at(first / len(rows))) == pytest.approx(expected, abs=1e-9)


@given(st.lists(st.integers(-3, 3), min_size=1, max_size=30), st.floats(0.01, 0.99))
def test_the_best_are_as_many_as_were_asked_for_and_none_is_better(values: list[int], top: float) -> None:
    score = np.array(values, dtype=np.float64)
    parts = best_parts(score, top)
    assert parts.sum() == pytest.approx(top * len(values), abs=1e-6)
    for part, value in zip(parts, values, strict=True):
        assert part == parts[score == value][0]
        assert part == 0 or np.all(parts[score > value] == 1)


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 9)), min_size=1, max_size=40), st.floats(0.02, 0.99))
def test_the_depth_is_where_the_curve_reaches_a_share(rows: list[tuple[int, int]], share: float) -> None:
    curve = curve_of([one for one, _ in rows], [float(two) for _, two in rows])
    depth = curve.depth_of(share)
    assert float(curve.at(depth)) == pytest.approx(share, abs=1e-9)
    assert depth == 0 or float(curve.at(max(depth - 0.001, 0))) < share + 1e-9


def test_several_lists_are_taken_from_alike() -> None:
    # From each of two lists its first half: the one catches all of its best there, the other none of its.
    good, bad = hundred([(50, 25), (50, 0)]), hundred([(75, 0), (25, 25)])
    both = pooled([good, bad], [300, 100])
    assert float(both.at(0.5)) == pytest.approx(0.75)
    assert both.area == pytest.approx(0.75 * good.area + 0.25 * bad.area)
    assert both.depth_of(1) == 1


def row_by_row(places: np.ndarray, score: np.ndarray, top: float, count: int, seed: int) -> np.ndarray:
    """The plain bootstrap: rows are drawn one by one."""
    random, rows = np.random.default_rng(seed), len(score)
    drawn = (random.integers(0, rows, rows) for _ in range(count))
    return np.array([float(gains(places[one], best_parts(score[one], top)).at(top)) for one in drawn])


@pytest.mark.parametrize(("rows", "distinct", "top"), [(30, 7, 0.25), (400, 10**6, 0.1), (3000, 10**6, 0.25)])
def test_resamples_of_cells_are_spread_as_resamples_of_rows(rows: int, distinct: int, top: float) -> None:
    random = np.random.default_rng(5)
    places = random.integers(0, 4, rows)
    score = np.floor(random.normal(-0.4 * places, 1.0) * distinct)
    fast = resampled_gains(places, score, top, np.array([top]), 4000, np.random.default_rng(1))[:, 0]
    plain = row_by_row(places, score, top, 4000, 2)
    error = np.hypot(fast.std(), plain.std()) / np.sqrt(4000)
    assert abs(fast.mean() - plain.mean()) < 4 * error
    levels = np.array([2.5, 25, 50, 75, 97.5])
    # A quantile of 4,000 draws stands at most two points from its level nearly always.
    reached = np.searchsorted(np.sort(plain), np.percentile(fast, levels)) / 40
    exact = np.searchsorted(np.sort(plain), np.percentile(fast, levels), side="right") / 40
    assert np.all((reached - 3.5 < levels) & (levels < exact + 3.5))


def test_a_boundary_beyond_what_is_told_apart_is_found() -> None:
    random = np.random.default_rng(3)
    places, score = random.integers(0, 3, 500), random.normal(size=500)
    narrow = resampled_gains(places, score, QUARTER, np.array([QUARTER]), 2000, np.random.default_rng(1), reach=0.0)
    usual = resampled_gains(places, score, QUARTER, np.array([QUARTER]), 2000, np.random.default_rng(2))
    assert narrow.mean() == pytest.approx(usual.mean(), abs=4 * usual.std() / np.sqrt(1000))
    assert narrow.std() == pytest.approx(usual.std(), rel=0.1)


def test_resamples_of_no_ranking_are_the_diagonal() -> None:
    places, score, depths = np.zeros(100, dtype=np.int64), np.arange(100.0), np.array([0.1, 0.7, 1])
    found = resampled_gains(places, score, QUARTER, depths, 50, np.random.default_rng(1))
    assert found == pytest.approx(np.tile(depths, (50, 1)))
