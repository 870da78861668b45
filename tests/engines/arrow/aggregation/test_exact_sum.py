"""Sums that are exact whatever their size and order."""

from fractions import Fraction

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from segdsl.engines.arrow.aggregation.exact_sum import ExactSum, divided, divided_half_even

INT64 = st.integers(-(2**63), 2**63 - 1)
EDGES = st.sampled_from([0, 1, -1, 2**63 - 1, -(2**63), 2**32, 2**32 - 1, -(2**32), 2**53 + 1])
ROWS = st.lists(st.tuples(st.integers(0, 2), INT64 | EDGES), max_size=30)


def summed(rows: list[tuple[int, int]]) -> ExactSum:
    total = ExactSum(3)
    for part in (rows[::2], rows[1::2]):
        groups = np.array([group for group, _ in part], dtype=np.int64)
        total.add(groups, np.array([value for _, value in part], dtype=np.int64))
    return total


@given(ROWS)
def test_sums_are_those_of_whole_numbers_without_bounds(rows: list[tuple[int, int]]) -> None:
    total = summed(rows)
    for group in range(3):
        expected = sum(value for own, value in rows if own == group)
        assert total.whole(group) == expected
        assert bool(total.beyond()[group]) == (not -(2**63) <= expected < 2**63)
        if not total.beyond()[group]:
            assert int(total.totals()[group]) == expected


@given(ROWS)
def test_means_round_once(rows: list[tuple[int, int]]) -> None:
    counts = np.array([sum(own == group for own, _ in rows) for group in range(3)], dtype=np.int64)
    whole, floating = divided_half_even(summed(rows), counts), divided(summed(rows), counts)
    for group in range(3):
        values = [value for own, value in rows if own == group]
        if values:
            mean = Fraction(sum(values), len(values))
            assert int(whole[group]) == round(mean)
            assert float(floating[group]) == float(mean)
