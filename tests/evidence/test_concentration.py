"""Gini and Pareto against published figures and plain arithmetic."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from segdsl.evidence.concentration import fewest_with, gini, herfindahl, share_of_largest

COUNTS = st.lists(st.integers(0, 10**6), min_size=1, max_size=40).filter(any)


def floats(*values: float) -> np.ndarray:
    return np.array(values, dtype=np.float64)


def test_gini_of_the_incomes_in_the_manual_of_rs_package_ineq() -> None:
    # Zeileis, ineq: ineq(c(541, 1463, ...), type = "Gini") is 0.4620911.
    incomes = floats(541, 1463, 2445, 3438, 4437, 5401, 6392, 8304, 11904, 22261)
    assert gini(incomes) == pytest.approx(0.4620911, abs=5e-8)


def test_gini_of_one_who_has_everything_and_of_all_alike() -> None:
    assert gini(floats(0, 0, 0, 7)) == pytest.approx(0.75)
    assert gini(floats(3, 3, 3)) == pytest.approx(0, abs=1e-15)


@given(COUNTS)
def test_gini_is_half_the_relative_mean_difference_of_all_pairs(values: list[int]) -> None:
    pairs = sum(abs(one - other) for one in values for other in values)
    expected = Fraction(pairs, 2 * len(values) * sum(values))
    assert gini(floats(*values)) == pytest.approx(float(expected), abs=1e-12)


@pytest.mark.parametrize("values", [(), (0, 0), (-1, 3)])
def test_there_is_no_gini_of_nothing_or_of_debts(values: tuple[float, ...]) -> None:
    with pytest.raises(ValueError, match="Gini"):
        gini(floats(*values))


@given(COUNTS, st.integers(1, 99))
def test_the_fewest_bring_the_share_and_one_less_does_not(values: list[int], percent: int) -> None:
    count = fewest_with(floats(*values), percent / 100)
    largest = sorted(values, reverse=True)
    assert 100 * sum(largest[:count]) >= percent * sum(values)
    assert 100 * sum(largest[: count - 1]) < percent * sum(values)


def test_a_share_that_is_met_exactly_is_met() -> None:
    assert fewest_with(floats(40, 40, 20), 0.8) == 2
    assert fewest_with(floats(0.1, 0.1, 0.1, 0.7), 0.9) == 3


@given(COUNTS, st.integers(0, 40))
def test_the_largest_bring_their_sum_and_one_taken_in_part_that_part(values: list[int], tenths: int) -> None:
    taken = Fraction(min(tenths, 10 * len(values)), 10)
    largest = sorted(values, reverse=True)
    whole = int(taken)
    part = sum(largest[:whole]) + (taken - whole) * (largest[whole] if whole < len(values) else 0)
    found = share_of_largest(floats(*values), floats(float(taken / len(values))))
    assert found[0] == pytest.approx(float(part / sum(values)), abs=1e-9)


def test_herfindahl_of_the_textbook_market() -> None:
    # The guidelines of the U.S. Department of Justice: shares of 30, 30, 20 and 20 % give 2,600 of 10,000 points.
    assert herfindahl(floats(30, 30, 20, 20)) == pytest.approx(0.26)
    assert herfindahl(floats(5, 5, 5, 5)) == pytest.approx(0.25)
    assert herfindahl(floats(0, 7, 0)) == pytest.approx(1)


def test_nothing_has_no_shares() -> None:
    with pytest.raises(ValueError, match="nothing"):
        herfindahl(floats(0, 0))
    with pytest.raises(ValueError, match="nothing"):
        share_of_largest(floats(), floats(0.5))
