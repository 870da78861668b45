"""Columns by the places of their values: against numpy and scipy, on any numbers and any part of the rows."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from segdsl.evidence.ranks import coded, known_pairs, quantile, ranked

NUMBERS = st.lists(
    st.one_of(
        st.integers(-20, 20).map(float),
        st.floats(allow_nan=True, allow_infinity=True),
        st.sampled_from([0.5, 1e300, -1e300, np.nan]),
    ),
    max_size=60,
)


@given(NUMBERS)
def test_codes_give_the_numbers_back(numbers: list[float]) -> None:
    found = coded(numbers)
    expected = np.array([one if np.isfinite(one) else np.nan for one in numbers])
    np.testing.assert_array_equal(found.numbers(), expected)
    assert (np.diff(found.values) > 0).all()


@given(NUMBERS, st.randoms(use_true_random=False))
def test_ranks_of_a_part_are_those_of_the_part_alone(numbers: list[float], random: object) -> None:
    rows = np.array([random.random() < 0.4 for _ in numbers], dtype=bool)  # type: ignore[attr-defined]
    part = coded(numbers).within(rows)
    part = part.within(part.known)
    kept = np.array([one for one, inside in zip(numbers, rows, strict=True) if inside and np.isfinite(one)])
    found = ranked(part)
    np.testing.assert_array_equal(found.ranks, stats.rankdata(kept))
    assert found.is_constant == (len(np.unique(kept)) < 2)
    assert found.differing == len(kept) - max(np.unique(kept, return_counts=True)[1], default=0)


@given(
    st.lists(st.integers(-5, 5) | st.floats(-1e6, 1e6), min_size=1, max_size=40), st.sampled_from([0, 0.25, 0.75, 1])
)
def test_quantiles_are_those_of_numpy(numbers: list[float], share: float) -> None:
    assert quantile(coded(numbers), share) == pytest.approx(np.quantile(numbers, share), rel=1e-12, abs=1e-12)


def test_whole_numbers_far_from_zero_keep_apart() -> None:
    values = np.array([2.0**53, 2.0**53 + 2, 2.0**53 + 2, np.nan])
    found = coded(values)
    assert found.codes.tolist() == [0, 1, 1, -1]
    assert found.values.tolist() == [2.0**53, 2.0**53 + 2]


def test_pairs_are_the_rows_where_both_are_known() -> None:
    one, other = known_pairs([1.0, np.nan, 3.0, np.inf], [5.0, 6.0, 7.0, 8.0])
    assert (one.numbers().tolist(), other.numbers().tolist()) == ([1.0, 3.0], [5.0, 7.0])
