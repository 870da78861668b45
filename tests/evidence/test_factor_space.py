"""The space of the factors: what is nearest in it is nearest by all items."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from segdsl.evidence.factor_space import factor_basis, item_scales, main_factors
from segdsl.evidence.factors import Factors

LOADINGS = np.array([[0.9, 0.1], [0.7, 0], [0.6, 0.1], [0.5, 0], [0, 0.8], [0.1, 0.6]])


def factors(loadings: np.ndarray) -> Factors:
    return Factors(loadings, 1 - (loadings**2).sum(axis=1), 0.0)


def far(answers: np.ndarray, prototypes: np.ndarray) -> np.ndarray:
    """Squared distances (answers x prototypes)."""
    return ((answers[:, None] - prototypes[None]) ** 2).sum(axis=2)


@given(st.integers(0, 10_000), st.booleans())
def test_distances_to_prototypes_differ_as_in_the_space(seed: int, centered: bool) -> None:
    random = np.random.default_rng(seed)
    directions, answers = random.standard_normal((7, 3)), random.standard_normal((40, 7))
    level = random.uniform(0.5, 2, 7) if centered else None
    basis = factor_basis(directions, level)
    centres = random.standard_normal((4, basis.shape[1]))
    by_items, in_space = far(answers, centres @ basis.T), far(answers @ basis, centres)
    rest = by_items - in_space
    assert np.allclose(rest, rest[:, :1])


@given(st.integers(0, 10_000), st.floats(-50, 50))
def test_without_level_a_higher_answer_to_every_item_changes_nothing(seed: int, shift: float) -> None:
    random = np.random.default_rng(seed)
    level, answers = random.uniform(0.5, 2, 6), random.standard_normal((10, 6))
    basis = factor_basis(random.standard_normal((6, 2)), level)
    assert np.allclose((answers + shift * level) @ basis, answers @ basis)


def test_a_factor_that_is_the_level_is_left_out_and_another_is_not() -> None:
    level = np.ones(6)
    of_groups, apart = np.repeat(np.eye(2), 3, axis=0), np.array([[1.0, -1, 0, 0, 0, 0]]).T
    assert factor_basis(of_groups).shape == (6, 2)
    assert factor_basis(of_groups, level).shape == (6, 1)
    assert factor_basis(apart, level).shape == (6, 1)
    assert factor_basis(level[:, None], level).shape == (6, 0)


def test_projections_in_plain_scales_are_bartletts_scores() -> None:
    found = factors(LOADINGS)
    answers = np.random.default_rng(1).standard_normal((20, 6))
    # Bartlett (1937): (L' U^-1 L)^-1 L' U^-1 z.
    weights = (LOADINGS / found.uniquenesses[:, None]).T
    scores = answers @ weights.T @ np.linalg.inv(weights @ LOADINGS).T
    scales = np.sqrt(found.uniquenesses)
    directions = LOADINGS / scales[:, None]
    basis = factor_basis(directions)
    assert np.allclose((answers / scales) @ basis, scores @ directions.T @ basis)


def test_factors_vary_alike_however_many_items_ask_for_them() -> None:
    loadings = np.zeros((13, 2))
    loadings[:10, 0], loadings[10:, 1] = 0.7, 0.7
    found = factors(loadings)
    covariance = loadings @ loadings.T + np.diag(found.uniquenesses)
    scales = item_scales(found)
    basis = factor_basis(loadings / scales[:, None])
    spread = basis.T @ (covariance / np.outer(scales, scales)) @ basis
    assert np.linalg.eigvalsh(spread) == pytest.approx([1, 1])


def test_no_item_decides_alone() -> None:
    loadings = np.array([[0.9999], [0.5], [0.5], [0.5]])
    # Its uniqueness of 0.0002 counts as 0.1, so its weight is at most 7.5 times that of an item with 0.75.
    scales = item_scales(factors(loadings))
    assert (scales[1] / scales[0]) ** 2 == pytest.approx(7.5)


def test_the_main_factor_is_the_one_with_the_largest_loading_of_either_sign() -> None:
    assert main_factors(np.array([[0.1, -0.6], [0.5, 0.4]])).tolist() == [1, 0]
