"""Proxies by grade, against the statistics module and by simulation."""

from statistics import fmean, stdev

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from segdsl.evidence.grades import means_by_grade, shares_by_grade, size, telling_levels


def test_means_and_difference_are_those_of_the_textbook() -> None:
    rng = np.random.default_rng(3)
    values, grades = np.round(rng.exponential(50, 120), 1), rng.integers(-1, 4, 120)
    values[rng.random(120) < 0.2] = np.nan
    found = means_by_grade(values, grades, 4)
    groups = [[float(v) for v, g in zip(values, grades, strict=True) if g == grade and v == v] for grade in range(4)]
    assert found.rows == tuple(map(len, groups))
    assert found.means == pytest.approx([fmean(group) for group in groups])
    scale = ((stdev(groups[0]) ** 2 + stdev(groups[3]) ** 2) / 2) ** 0.5
    assert found.difference == pytest.approx((fmean(groups[0]) - fmean(groups[3])) / scale)


def test_shares_differ_as_published() -> None:
    # Austin (2009), Communications in Statistics 38: d = (p1 - p2) / sqrt((p1 (1 - p1) + p2 (1 - p2)) / 2).
    inside, grades = np.array([1.0] * 30 + [0.0] * 70 + [1.0] * 10 + [0.0] * 90), np.repeat([0, 1], 100)
    found = shares_by_grade(inside, grades, 2)
    assert found.means == (0.3, 0.1)
    assert found.difference == pytest.approx(0.2 / ((0.21 + 0.09) / 2) ** 0.5)


def test_the_first_grade_with_rows_stands_against_the_last() -> None:
    values, grades = np.array([5.0, 6.0, 1.0, 2.0, 9.0, np.nan]), np.array([1, 1, 2, 2, 0, -1])
    values[4] = np.nan
    found = means_by_grade(values, grades, 5)
    assert found.rows == (0, 2, 2, 0, 0)
    assert found.means == (None, 5.5, 1.5, None, None)
    assert found.difference == pytest.approx(4 / 0.5**0.5)


@pytest.mark.parametrize("shift", [0.0, 0.7])
@pytest.mark.parametrize("n", [25, 100])
def test_intervals_of_means_hold(shift: float, n: int) -> None:
    rng = np.random.default_rng(11)
    values, grades = rng.normal(0, 1, (2_000, 2 * n)), np.repeat([0, 1], n)
    values[:, :n] += shift
    held = [means_by_grade(row, grades, 2) for row in values]
    covered = sum(one.low <= shift <= one.high for one in held if one.low is not None and one.high is not None)
    assert covered / 2_000 == pytest.approx(0.95, abs=0.02)


@pytest.mark.parametrize(("first", "last"), [(0.5, 0.5), (0.9, 0.3), (0.05, 0.1)])
def test_intervals_of_shares_hold(first: float, last: float) -> None:
    rng = np.random.default_rng(12)
    true = (first - last) / ((first * (1 - first) + last * (1 - last)) / 2) ** 0.5
    grades, covered = np.repeat([0, 1], 100), 0
    for _ in range(2_000):
        found = shares_by_grade((rng.random(200) < np.repeat([first, last], 100)).astype(float), grades, 2)
        assert found.low is not None and found.high is not None
        covered += found.low <= true <= found.high
    assert covered / 2_000 == pytest.approx(0.95, abs=0.02)


@given(st.lists(st.tuples(st.integers(-50, 50), st.integers(0, 2)), min_size=4, max_size=60), st.integers(1, 9))
def test_units_do_not_matter_and_the_other_end_is_the_opposite(pairs: list[tuple[int, int]], scale: int) -> None:
    values, grades = np.array([float(v) for v, _ in pairs]), np.array([g for _, g in pairs])
    one, other = means_by_grade(values, grades, 3), means_by_grade(values * scale + 1_000, grades, 3)
    turned = means_by_grade(values, 2 - grades, 3)
    if one.difference is None:
        assert other.difference is turned.difference is None
        return
    assert other.difference == pytest.approx(one.difference, abs=1e-9)
    assert turned.difference == pytest.approx(-one.difference, abs=1e-9)
    if one.low is not None and one.high is not None:
        assert (turned.low, turned.high) == pytest.approx((-one.high, -one.low), abs=1e-9)
        assert (other.low, other.high) == pytest.approx((one.low, one.high), abs=1e-6)


def test_ends_that_are_wholly_apart_have_no_interval() -> None:
    grades = np.repeat([0, 1], 10)
    apart = shares_by_grade(np.repeat([1.0, 0.0], 10), grades, 2)
    assert (apart.difference, apart.low, apart.high) == (np.inf, None, None)
    same = means_by_grade(np.full(20, 7.0), grades, 2)
    assert (same.difference, same.low, same.means) == (0.0, None, (7.0, 7.0))


def test_one_grade_or_one_row_of_a_grade_or_nothing_has_no_difference() -> None:
    assert means_by_grade(np.arange(5.0), np.zeros(5, np.int64), 4).difference is None
    assert means_by_grade(np.arange(5.0), np.array([0, 0, 0, 0, 3]), 4).difference is None
    nothing = means_by_grade(np.full(5, np.nan), np.arange(5) % 4, 4)
    assert (nothing.rows, nothing.means, nothing.difference) == ((0,) * 4, (None,) * 4, None)
    assert means_by_grade(np.array([np.inf, 1.0, 2.0, 4.0, 3.0]), np.array([0, 0, 0, 1, 1]), 2).rows == (2, 2)


def test_large_numbers_keep_their_digits() -> None:
    values, grades = 1e12 + np.tile([0.0, 1.0], 50), np.repeat([0, 1], 50)
    values[:50] += 1
    assert means_by_grade(values, grades, 2).difference == pytest.approx(1 / (0.25 * 50 / 49) ** 0.5, rel=1e-3)


def test_the_levels_that_differ_most_come_first() -> None:
    # Of 20 rows a grade: level 0 falls from 10 to 5, level 1 rises from 2 to 12, level 2 has too few rows, 3 the rest.
    best, worst = [0] * 10 + [1] * 2 + [2] * 2 + [3] * 6, [0] * 5 + [1] * 12 + [2] * 2 + [3]
    codes, grades = np.array([*best, *worst, -1]), np.array([0] * 20 + [3] * 20 + [0])
    found = telling_levels(codes, grades, 4, 2)
    assert [level for level, _ in found] == [1, 3]
    assert found[0][1].means == (0.1, None, None, 0.6)
    assert [level for level, _ in telling_levels(codes, grades, 4, 9)] == [1, 3, 0]
    assert size(found[0][1]) > size(found[1][1])


def test_of_two_levels_one_says_it_all() -> None:
    codes, grades = np.array([0] * 9 + [1] * 6 + [0] * 12 + [1] * 3), np.repeat([0, 1], 15)
    assert [level for level, _ in telling_levels(codes, grades, 2, 3)] == [1]


def test_a_level_a_row_tells_nothing() -> None:
    assert telling_levels(np.arange(40), np.arange(40) % 4, 4, 3) == ()
    assert telling_levels(np.full(10, -1), np.arange(10) % 4, 4, 3) == ()


def test_many_levels_are_counted_at_once() -> None:
    rng = np.random.default_rng(4)
    codes, grades = rng.integers(0, 5_000, 60_000), rng.integers(0, 4, 60_000)
    codes[(grades == 3) & (rng.random(60_000) < 0.01)] = 77
    found = telling_levels(codes, grades, 4, 3)
    assert found[0][0] == 77
    ends = [np.bincount(codes[grades == grade], minlength=5_000) / np.sum(grades == grade) for grade in (0, 3)]
    enough = np.flatnonzero(np.bincount(codes[(grades == 0) | (grades == 3)], minlength=5_000) >= 5)
    first, last = (end[enough] for end in ends)
    told = np.abs(first - last) / np.sqrt((first * (1 - first) + last * (1 - last)) / 2)
    assert [size(one) for _, one in found] == pytest.approx(np.sort(told)[::-1][:3])
