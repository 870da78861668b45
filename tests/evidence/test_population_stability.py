"""The population stability index: worked examples, what is true of any, and how far chance goes."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from segdsl.evidence.population_stability import population_stability

COUNTS = st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), min_size=1, max_size=8)


def test_a_worked_example() -> None:
    # Shares .5 .3 .2 become .4 .35 .25: -.1 ln .8 + .05 ln (.35 / .3) + .05 ln 1.25.
    found = population_stability(np.array([50, 30, 20]), np.array([40, 35, 25]))
    assert found is not None
    assert list(found.parts) == pytest.approx([0.0223144, 0.0077075, 0.0111572], abs=1e-7)
    assert found.index == pytest.approx(0.0411791, abs=1e-7)


@given(COUNTS)
def test_it_is_never_negative_and_the_same_both_ways(counts: list[tuple[int, int]]) -> None:
    before, after = (np.array(one, np.int64) for one in zip(*counts, strict=True))
    found, turned = population_stability(before, after), population_stability(after, before)
    if found is None or turned is None:
        assert not before.sum() or not after.sum()
        return
    assert found.index == pytest.approx(turned.index)
    assert found.index >= -1e-12 and np.isfinite(found.index)
    same = population_stability(before, 3 * before)
    assert same is not None and same.index == pytest.approx(0)


def test_a_segment_that_appears_counts_half_a_row_before() -> None:
    found = population_stability(np.array([100, 0]), np.array([50, 50]))
    assert found is not None
    assert found.parts[1] == pytest.approx((0.5 - 0.005) * np.log(0.5 / 0.005))


def test_chance_reaches_its_bound_in_one_of_twenty_cases() -> None:
    rng = np.random.default_rng(1)
    shares = np.array([0.4, 0.3, 0.2, 0.1])
    beyond = 0
    for _ in range(4_000):
        found = population_stability(rng.multinomial(800, shares), rng.multinomial(500, shares))
        assert found is not None
        beyond += found.index > found.by_chance
    assert beyond / 4_000 == pytest.approx(0.05, abs=0.012)
