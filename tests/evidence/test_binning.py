"""Codes of values, against comparisons one by one."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from segdsl.evidence.binning import bin_values

VALUES = arrays(np.float64, st.integers(0, 400), elements=st.one_of(st.floats(-1e9, 1e9), st.just(np.nan)))


@given(VALUES, st.integers(1, 40))
def test_a_code_says_how_many_edges_a_value_reaches(values: np.ndarray, most: int) -> None:
    bins = bin_values(values, most)
    assert len(bins.edges) < max(most, 1)
    for value, code in zip(values, bins.codes, strict=True):
        reached = len(bins.edges) + 1 if np.isnan(value) else sum(edge <= value for edge in bins.edges)
        assert code == reached


@given(arrays(np.float64, st.integers(1, 100), elements=st.integers(0, 30).map(float)))
def test_few_distinct_values_have_a_bin_each(values: np.ndarray) -> None:
    assert bin_values(values).edges.tolist() == sorted(set(values.tolist()))[1:]


def test_many_values_are_in_bins_of_about_equally_many() -> None:
    values = np.random.default_rng(3).lognormal(0, 3, 500_000)
    counts = np.bincount(bin_values(values).codes)
    assert len(counts) == 255
    assert counts.min() > 500_000 / 255 * 0.6
    assert counts.max() < 500_000 / 255 * 1.6


def test_a_value_that_is_in_most_rows_leaves_bins_for_the_others() -> None:
    values = np.concatenate([np.zeros(9_000), np.arange(1.0, 1_001.0)])
    assert len(bin_values(values).edges) > 20
