"""Cuts: where the score truly jumps, and figures from rows that had no say in the cut."""

from decimal import Decimal

import numpy as np
import pytest

from segdsl.evidence.threshold import choose_cut, two_sides


def test_the_cut_is_where_the_score_jumps_and_is_round() -> None:
    rng = np.random.default_rng(1)
    x = rng.integers(1, 1_000, 800).astype(float)
    y = (x >= 500) * 3 + rng.standard_normal(800)
    found = choose_cut(x, y, np.arange(800) % 2 == 0)
    assert found is not None
    assert found.at == Decimal(500)


def test_figures_come_from_the_other_rows() -> None:
    rng = np.random.default_rng(2)
    x, y = rng.standard_normal(200), rng.standard_normal(200)
    chosen = np.arange(200) < 120
    found = choose_cut(x, y, chosen)
    assert found is not None
    assert found.below.n + found.above.n == 80
    above = (x >= float(found.at)) & ~chosen
    assert found.above.mean == pytest.approx(y[above].mean())
    assert found.above.top == pytest.approx(np.mean(y[above] >= np.quantile(y, 0.75)))
    # Scores of the rows that chose nothing can't move the cut.
    moved = choose_cut(x, np.where(chosen, y, 0.0), chosen)
    assert moved is not None
    assert moved.at == found.at


def test_no_cut_leaves_less_than_a_tenth() -> None:
    rng = np.random.default_rng(3)
    x = np.zeros(400)
    x[:15] = 1
    assert choose_cut(x, rng.standard_normal(400), np.arange(400) % 2 == 0) is None


def test_too_few_rows_have_no_cut() -> None:
    assert choose_cut(np.arange(39), np.arange(39), np.arange(39) % 2 == 0) is None


def test_sides_of_a_condition() -> None:
    outside, inside = two_sides(np.array([True, False, True, False]), np.array([4.0, 1, 2, 1]), 3.0)
    assert inside is not None
    assert outside is not None
    assert (inside.n, inside.mean, inside.top) == (2, 3.0, 0.5)
    assert (outside.n, outside.mean, outside.top) == (2, 1.0, 0.0)
    assert two_sides(np.array([True]), np.array([1.0]), 0.0)[0] is None
