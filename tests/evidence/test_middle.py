"""A score that is best in the middle of a proxy, and what only looks like it."""

import numpy as np
import pytest
from scipy import stats

from segdsl.evidence.middle import find_turn


@pytest.mark.parametrize("sign", [1, -1])
def test_a_turn_is_found_where_it_is(sign: int) -> None:
    rng = np.random.default_rng(1)
    x = rng.uniform(0, 10, 600)
    found = find_turn(x, sign * (rng.standard_normal(600) - (x - 6) ** 2 / 8))
    assert found is not None
    assert found.best is (sign > 0)
    assert found.at == pytest.approx(6, abs=1)
    assert found.p < 0.001


def test_both_sides_are_spearmans() -> None:
    rng = np.random.default_rng(2)
    x = rng.uniform(0, 10, 200)
    y = rng.standard_normal(200) - (x - 5) ** 2 / 8
    found = find_turn(x, y)
    assert found is not None
    low = x <= found.at
    assert found.before == pytest.approx(stats.spearmanr(x[low], y[low]).statistic)
    assert found.after == pytest.approx(stats.spearmanr(x[~low], y[~low]).statistic)


def test_a_line_that_levels_off_is_no_turn() -> None:
    # A parabola fits a saturating curve very well, and its vertex is within the range.
    rng = np.random.default_rng(3)
    false = 0
    for _ in range(200):
        x = rng.uniform(0, 10, 300)
        found = find_turn(x, np.minimum(x, 6) + rng.standard_normal(300))
        false += found is not None and found.p < 0.05
    assert false / 200 <= 0.07


@pytest.mark.slow
def test_noise_is_no_turn() -> None:
    rng = np.random.default_rng(4)
    turns = [find_turn(rng.standard_normal(60), rng.standard_normal(60)) for _ in range(400)]
    assert sum(one is not None and one.p < 0.05 for one in turns) / 400 <= 0.03


@pytest.mark.parametrize("x", [np.zeros(50), np.arange(10), np.repeat([0, 1], 30)])
def test_nothing_to_be_told(x: np.ndarray) -> None:
    assert find_turn(x, np.arange(len(x))) is None
