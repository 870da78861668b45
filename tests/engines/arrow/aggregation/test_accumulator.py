"""Each aggregate against a plain computation, in whatever batches the values come."""

import math
import statistics
from collections.abc import Callable
from datetime import date
from fractions import Fraction
from itertools import pairwise
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from segdsl.engines.arrow.aggregation.accumulator import accumulator
from segdsl.engines.arrow.aggregation.chosen_values import Ending
from segdsl.engines.arrow.physical import arrow_type
from segdsl.types import CATEGORY, COUNT, DATE, NUMBER, TEXT, Type, money

USD = money("USD")
SIZE = 3
Rows = list[tuple[int, Any]]

VALUES: dict[Type, st.SearchStrategy[Any]] = {
    COUNT: st.integers(0, 5) | st.integers(0, 2**62),
    USD: st.integers(-20, 20),
    NUMBER: st.sampled_from([0.1, 0.2, -0.0, 0.0, 1e16, -1e16, 1.5]),
    DATE: st.dates(date(2025, 1, 1), date(2025, 1, 9)),
    TEXT: st.sampled_from(["", "a", "b", "Ä", "aa"]),
    CATEGORY: st.sampled_from(["x", "y", "Z"]),
}


def rows_of(type_: Type) -> st.SearchStrategy[Rows]:
    return st.lists(st.tuples(st.integers(0, SIZE - 1), VALUES[type_]), max_size=20)


def array(values: list[Any], type_: Type) -> pa.Array:
    return (
        pa.array(values, pa.string()).dictionary_encode() if type_ is CATEGORY else pa.array(values, arrow_type(type_))
    )


def found(function: str, rows: Rows, cuts: list[int], value: Type, result: Type) -> list[Any]:
    target = accumulator(function, SIZE, value, result)
    places = sorted({0, *(min(cut, len(rows)) for cut in cuts), len(rows)})
    for start, end in pairwise(places):
        part = rows[start:end]
        target.add(np.array([g for g, _ in part], dtype=np.int64), array([v for _, v in part], value))
    values: list[Any] = target.outcome().values.to_pylist()
    return values


def by_group(rows: Rows, compute: Callable[[list[Any]], Any], none: Any = None) -> list[Any]:
    groups = [[value for own, value in rows if own == group] for group in range(SIZE)]
    return [compute(values) if values else none for values in groups]


CUTS = st.lists(st.integers(0, 20), max_size=3)


@pytest.mark.parametrize("type_", [COUNT, USD, NUMBER, DATE, TEXT, CATEGORY], ids=str)
def test_counts_extremes_and_distinct_values(type_: Type) -> None:
    @given(rows_of(type_), CUTS)
    def check(rows: Rows, cuts: list[int]) -> None:
        assert found("count", rows, cuts, type_, COUNT) == by_group(rows, len, 0)
        assert found("min", rows, cuts, type_, type_) == by_group(rows, min)
        assert found("max", rows, cuts, type_, type_) == by_group(rows, max)
        assert found("distinct", rows, cuts, type_, COUNT) == by_group(rows, lambda v: len(set(v)), 0)

    check()


@given(rows_of(USD), CUTS)
def test_amounts_are_exact_and_rounded_half_even(rows: Rows, cuts: list[int]) -> None:
    assert found("sum", rows, cuts, USD, USD) == by_group(rows, sum, 0)
    assert found("mean", rows, cuts, USD, USD) == by_group(rows, lambda v: round(Fraction(sum(v), len(v))))
    assert found("median", rows, cuts, USD, USD) == by_group(rows, lambda v: round(statistics.median(map(Fraction, v))))


@given(rows_of(COUNT), CUTS)
def test_means_and_medians_of_whole_numbers_are_numbers(rows: Rows, cuts: list[int]) -> None:
    assert found("mean", rows, cuts, COUNT, NUMBER) == by_group(rows, lambda v: float(Fraction(sum(v), len(v))))
    medians = by_group(rows, lambda v: float(statistics.median(map(Fraction, v))))
    for one, expected in zip(found("median", rows, cuts, COUNT, NUMBER), medians, strict=True):
        assert one == (None if expected is None else pytest.approx(expected, rel=1e-15))


@given(rows_of(NUMBER), CUTS, st.randoms(use_true_random=False))
def test_sums_of_numbers_are_the_same_in_any_order(rows: Rows, cuts: list[int], shuffler: Any) -> None:
    shuffled = shuffler.sample(rows, len(rows))
    assert found("sum", rows, cuts, NUMBER, NUMBER) == by_group(shuffled, math.fsum, 0.0)
    assert found("mean", rows, cuts, NUMBER, NUMBER) == found("mean", shuffled, [], NUMBER, NUMBER)


def test_a_sum_beyond_64_bits_is_told() -> None:
    target = accumulator("sum", 2, USD, USD)
    target.add(np.array([0, 1, 1], dtype=np.int64), pa.array([5, 2**63 - 1, 1]))
    outcome = target.outcome()
    assert outcome.values.to_pylist() == [5, None]
    assert outcome.beyond == 1


def test_the_mean_of_amounts_whose_sum_is_beyond_64_bits_is_right() -> None:
    target = accumulator("mean", 1, USD, USD)
    target.add(np.zeros(3, dtype=np.int64), pa.array([2**63 - 1, 2**63 - 2, 2**63 - 3]))
    assert target.outcome().values.to_pylist() == [2**63 - 2]


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2), st.sampled_from("ab")), max_size=12), CUTS)
def test_first_and_last_settle_ties_by_the_key(rows: list[tuple[int, int, str]], cuts: list[int]) -> None:
    keyed = [(group, by, key, value) for key, (group, by, value) in enumerate(rows)]
    for last, pick in ((True, max), (False, min)):
        target = Ending(SIZE, pa.string(), last)
        places = sorted({0, *(min(cut, len(rows)) for cut in cuts), len(rows)})
        for start, end in pairwise(places):
            part = keyed[start:end]
            order = (pa.array([by for _, by, _, _ in part]), pa.array([key for _, _, key, _ in part]))
            groups = np.array([group for group, *_ in part], dtype=np.int64)
            target.add_rows(groups, pa.array([value for *_, value in part]), order)
        expected = [
            pick([(by, key, value) for g, by, key, value in keyed if g == group], default=(0, 0, None))[2]
            for group in range(SIZE)
        ]
        assert target.outcome().values.to_pylist() == expected


@given(st.lists(st.tuples(st.integers(0, 2), st.booleans()), max_size=8))
def test_any_and_all(rows: list[tuple[int, bool]]) -> None:
    for function, compute, none in (("any", any, False), ("all", all, True)):
        target = accumulator(function, SIZE, None, COUNT)
        target.add(np.array([g for g, _ in rows], dtype=np.int64), pa.array([v for _, v in rows], pa.bool_()))
        assert target.outcome().values.to_pylist() == by_group(rows, compute, none)
