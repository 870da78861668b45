"""Spearman's correlation against scipy, every order by brute force, and how often the interval holds."""

from itertools import permutations

import numpy as np
import numpy.typing as npt
import pytest
from scipy import stats

from segdsl.evidence.permutation import Method
from segdsl.evidence.rank_correlation import correlate

Floats = npt.NDArray[np.float64]

# Spearman's example of IQ and hours of television, as in textbooks: rho = -29/165.
IQ = [106, 100, 86, 101, 99, 103, 97, 113, 112, 110]
HOURS = [7, 27, 2, 50, 28, 29, 20, 12, 6, 17]


def _drawn(rng: np.random.Generator, kind: str, rho: float, n: int) -> tuple[Floats, Floats]:
    x = rng.standard_normal(n)
    y = rho * x + np.sqrt(1 - rho * rho) * rng.standard_normal(n)
    match kind:
        case "tied proxy":
            return np.round(1.5 * x), y
        case "three levels, many zeros":
            return np.digitize(x, [-0.5, 0.5]).astype(np.float64), np.maximum(np.round(2 * y), 0)
        case "score of 0 and 1":
            return np.round(2 * x), (y > 0.3).astype(np.float64)
        case _:
            return x, y


def test_textbook_example() -> None:
    found = correlate(IQ, HOURS)
    assert found is not None
    assert found.rho == pytest.approx(-29 / 165)
    assert found.n == 10


@pytest.mark.parametrize("kind", ["smooth", "tied proxy", "three levels, many zeros", "score of 0 and 1"])
def test_rho_and_p_are_those_of_scipy(kind: str) -> None:
    x, y = _drawn(np.random.default_rng(1), kind, 0.3, 200)
    found, expected = correlate(x, y), stats.spearmanr(x, y)
    assert found is not None
    assert found.method is Method.ASYMPTOTIC
    assert found.rho == pytest.approx(expected.statistic)
    assert found.p == pytest.approx(expected.pvalue)


def test_p_of_few_rows_counts_every_order() -> None:
    x, y = [1.0, 2, 3, 3, 5, 6], [2.0, 1, 4, 3, 3, 8]
    found = correlate(x, y)
    seen = abs(stats.spearmanr(x, y).statistic)
    orders = [abs(stats.spearmanr(x, order).statistic) for order in permutations(y)]
    assert found is not None
    assert found.method is Method.EXACT
    assert found.p == pytest.approx(np.mean([one >= seen - 1e-9 for one in orders]))


def test_p_of_a_proxy_that_is_nearly_constant_is_drawn() -> None:
    rng = np.random.default_rng(2)
    y = rng.standard_normal(400)
    x = np.zeros(400)
    x[np.argsort(y)[-3:]] = 1
    found = correlate(x, y)
    assert found is not None
    assert found.method is Method.PERMUTATION
    # Three certain rows are the three best, or the three worst, in 2 of C(400, 3) choices.
    assert found.p == pytest.approx(1e-4)


def test_drawn_p_is_near_the_one_of_scipys_permutation_test() -> None:
    x, y = _drawn(np.random.default_rng(3), "three levels, many zeros", 0.4, 20)
    found = correlate(x, y)
    ranks = stats.rankdata(x)
    drawn = stats.permutation_test(
        (stats.rankdata(y),), lambda one: np.corrcoef(ranks, one)[0, 1], permutation_type="pairings", rng=4
    )
    assert found is not None
    assert found.p == pytest.approx(drawn.pvalue, abs=0.02)


def test_missing_and_infinite_values_are_left_out() -> None:
    x = [*IQ, np.nan, 90, np.inf]
    y = [*HOURS, 3, np.nan, 4]
    found, expected = correlate(x, y), correlate(IQ, HOURS)
    assert found is not None
    assert expected is not None
    assert (found.n, found.method) == (expected.n, expected.method)
    assert (found.rho, found.low, found.high) == pytest.approx((expected.rho, expected.low, expected.high), abs=1e-12)
    assert found.p == pytest.approx(expected.p, abs=1e-12)


@pytest.mark.parametrize("x", [[1, 2, 3], [5, 5, 5, 5, 5], [np.nan] * 6, []])
def test_nothing_to_be_told(x: list[float]) -> None:
    assert correlate(x, list(range(len(x)))) is None


def test_a_perfect_correlation_has_an_interval_that_ends_at_one() -> None:
    found = correlate(range(30), range(30))
    assert found is not None
    assert (found.rho, found.high) == (1, 1)
    assert 0.9 < found.low < 1


def test_the_order_of_rows_does_not_matter() -> None:
    x, y = _drawn(np.random.default_rng(5), "tied proxy", 0.3, 25)
    order = np.random.default_rng(6).permutation(25)
    one, other = correlate(x, y), correlate(x[order], y[order])
    assert one is not None
    assert other is not None
    assert (other.rho, other.low, other.high) == pytest.approx((one.rho, one.low, one.high))
    assert other.p == pytest.approx(one.p, abs=0.02)


@pytest.mark.slow
@pytest.mark.parametrize("n", [30, 100])
@pytest.mark.parametrize("rho", [0.0, 0.3, 0.6, 0.8])
@pytest.mark.parametrize("kind", ["smooth", "tied proxy", "three levels, many zeros", "score of 0 and 1"])
def test_the_interval_holds_as_often_as_it_says(kind: str, rho: float, n: int) -> None:
    rng = np.random.default_rng(20260630)
    true = stats.spearmanr(*_drawn(rng, kind, rho, 400_000)).statistic
    held = 0
    for _ in range(2_000):
        found = correlate(*_drawn(rng, kind, rho, n))
        held += found is not None and found.low <= true <= found.high
    assert 0.93 <= held / 2_000 <= 0.97
