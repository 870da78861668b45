"""Kendall's tau-b against scipy, every pair, a published table, and how often its interval holds."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from segdsl.evidence.kendall import kendall, surpluses
from segdsl.evidence.ranks import rank

PAIRS = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 9)), min_size=1, max_size=40)


@given(PAIRS)
def test_surpluses_are_those_of_every_pair(pairs: list[tuple[int, int]]) -> None:
    x, y = (np.array(side) for side in zip(*pairs, strict=True))
    signs = np.sign(x[:, None] - x[None, :]) * np.sign(y[:, None] - y[None, :])
    assert surpluses(rank(x), rank(y)).tolist() == signs.sum(axis=1).tolist()


@given(PAIRS)
def test_tau_is_that_of_scipy(pairs: list[tuple[int, int]]) -> None:
    x, y = (np.array(side) for side in zip(*pairs, strict=True))
    found = kendall(x, y)
    if len(pairs) < 5 or len(set(x)) < 2 or len(set(y)) < 2:
        assert found is None
        return
    assert found is not None
    assert found.tau == pytest.approx(stats.kendalltau(x, y).statistic, abs=1e-12)
    assert -1 <= found.low <= found.tau <= found.high <= 1


def test_the_error_with_ties_is_the_delta_method_on_shares_of_cells() -> None:
    # The variance of Brown & Benedetti is that of tau-b as a function of multinomial shares, to first order; here its
    # gradient is taken by differences, on a table of 4 by 3.
    rng = np.random.default_rng(1)
    x = rng.integers(0, 4, 3_000)
    y = np.clip(x + rng.integers(-2, 3, 3_000), 0, 2)
    cells = np.zeros((4, 3))
    np.add.at(cells, (x, y), 1)
    shares = cells / 3_000

    def tau(p: np.ndarray) -> float:
        def concordance(q: np.ndarray) -> float:
            return sum(q[i, j] * (q[i + 1 :, j + 1 :].sum() - q[i + 1 :, :j].sum()) for i in range(4) for j in range(3))

        rows, columns = 1 - (p.sum(axis=1) ** 2).sum(), 1 - (p.sum(axis=0) ** 2).sum()
        return float(2 * concordance(p) / np.sqrt(rows * columns))

    gradient = np.zeros((4, 3))
    for place in np.ndindex(4, 3):
        step = np.zeros((4, 3))
        step[place] = 1e-6
        up, down = shares + step, shares - step
        gradient[place] = (tau(up / up.sum()) - tau(down / down.sum())) / 2e-6
    variance = float((shares * gradient**2).sum() - (shares * gradient).sum() ** 2) / 3_000
    found = kendall(x, y)
    assert found is not None
    half = (np.arctanh(found.high) - np.arctanh(found.low)) / 2 / stats.norm.ppf(0.975)
    expected = 15 / 3_000 * 0.437 / 2_996 + (1 - 15 / 3_000) * variance / (1 - found.tau**2) ** 2 * 3_000 / 2_996
    assert found.tau == pytest.approx(tau(shares))
    assert half**2 == pytest.approx(expected, rel=1e-4)


@pytest.mark.slow
@pytest.mark.parametrize("n", [30, 100])
@pytest.mark.parametrize("levels", [0, 5])
@pytest.mark.parametrize("rho", [0.3, 0.8])
def test_the_interval_holds_the_truth_in_about_95_of_100_cases(n: int, levels: int, rho: float) -> None:
    rng = np.random.default_rng(n + levels)

    def draw(rows: int) -> tuple[np.ndarray, np.ndarray]:
        x, noise = rng.standard_normal((2, rows))
        y = rho * x + np.sqrt(1 - rho**2) * noise
        return (x, y) if not levels else (np.digitize(x, stats.norm.ppf(np.arange(1, levels) / levels)), y)

    many = kendall(*draw(400_000))
    assert many is not None
    truth = many.tau if levels else 2 / np.pi * np.arcsin(rho)
    held = 0
    for _ in range(2_000):
        found = kendall(*draw(n))
        assert found is not None
        held += found.low <= truth <= found.high
    assert 0.93 <= held / 2_000 <= 0.97


def test_rows_with_a_missing_side_are_left_out() -> None:
    found = kendall([1, 2, 3, 4, 5, np.nan, 7], [2, 1, 4, 3, 5, 6, np.nan])
    assert found is not None
    assert (found.n, found.tau) == (5, pytest.approx(0.6))


def test_a_perfect_order_has_an_interval() -> None:
    found = kendall(np.arange(10.0), np.arange(10.0))
    assert found is not None and found.tau == found.high == 1 and 0.5 < found.low < 1
