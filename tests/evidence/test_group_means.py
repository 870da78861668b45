"""Means of groups against scipy, and what can't be told."""

import numpy as np
import pytest
from scipy import stats

from segdsl.evidence.group_means import group_means


def test_means_and_intervals_are_those_of_scipy() -> None:
    rng = np.random.default_rng(1)
    values, groups = rng.exponential(1e6, 60), np.repeat([0, 1, 2], [30, 20, 10])
    found = group_means(values, groups, 3)
    for group in range(3):
        own = values[groups == group]
        low, high = stats.t.interval(0.95, len(own) - 1, own.mean(), stats.sem(own))
        assert (found.mean[group], found.low[group], found.high[group]) == pytest.approx((own.mean(), low, high))


def test_rows_without_a_value_or_group_take_no_part() -> None:
    found = group_means(np.array([1.0, np.nan, np.inf, 3, 9, 5]), np.array([0, 0, 0, 0, -1, 1]), 3)
    assert found.rows.tolist() == [2, 1, 0]
    assert found.mean[:2].tolist() == [2, 5]
    assert np.isnan(found.mean[2]) and np.isnan(found.low[1:]).all() and np.isfinite(found.low[0])
    assert group_means(np.zeros(0), np.zeros(0, np.int64), 0).mean.tolist() == []
