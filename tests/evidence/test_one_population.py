"""Answers of one population: as often given and correlated as observed."""

import numpy as np
import pytest
from scipy import integrate, stats

from segdsl.evidence.factors import correlations
from segdsl.evidence.one_population import answer_margin, latent_correlations, one_population


def test_answers_have_the_shares_that_were_given() -> None:
    answers, shares = answer_margin(np.array([5.0, 1, 1, 2, 5, 5, 5, 1]))
    assert answers.tolist() == [1, 2, 5] and shares.tolist() == [0.375, 0.125, 0.5]


def test_many_different_answers_are_taken_in_steps() -> None:
    column = np.random.default_rng(1).standard_normal(5_000)
    answers, shares = answer_margin(column)
    assert len(answers) <= 60 and np.all(np.diff(answers) > 0)
    assert (answers * shares).sum() == pytest.approx(column.mean(), abs=0.02)
    assert np.sqrt((answers**2 * shares).sum()) == pytest.approx(column.std(), rel=0.03)


def test_of_answers_cut_in_the_middle_correlations_are_sheppards() -> None:
    # Sheppard (1898): cut at its median, each of two normal variables of correlation r gives answers of 2/pi asin(r).
    matrix = np.array([[1.0, 0.3], [0.3, 1.0]])
    column = np.array([0.0, 1.0] * 50)
    population = one_population(np.column_stack([column, column]), matrix)
    latent = population.root @ population.root.T
    assert latent[0, 1] == pytest.approx(np.sin(0.3 * np.pi / 2), abs=1e-6)


def test_correlations_of_answers_are_those_by_the_bivariate_normal_distribution() -> None:
    cuts, answers = np.array([-0.8, 0.1, 1.2]), np.array([1.0, 2.0, 3.0, 4.0])
    shares = np.diff(np.concatenate([[0], stats.norm.cdf(cuts), [1]]))
    column = np.repeat(answers, np.round(shares * 10_000).astype(int))
    population = one_population(np.column_stack([column, column]), np.array([[1.0, -0.4], [-0.4, 1.0]]))
    latent = float((population.root @ population.root.T)[0, 1])
    # The mean of the product by integrals: of the second answer, given the first variable.
    own = population.cuts[0]

    def product(z: float) -> float:
        above = stats.norm.sf((own - latent * z) / np.sqrt(1 - latent**2)).sum()
        return float((1 + np.searchsorted(own, z)) * (1 + above) * stats.norm.pdf(z))

    mean, variance = (answers * shares).sum(), (answers**2 * shares).sum() - (answers * shares).sum() ** 2
    expected = integrate.quad(product, -8, 8, points=own.tolist(), limit=200)[0]
    assert (expected - mean**2) / variance == pytest.approx(-0.4, abs=2e-3)


def test_drawn_answers_are_as_often_given_and_correlated_as_observed() -> None:
    random = np.random.default_rng(2)
    common = random.standard_normal((3_000, 1))
    latent = 0.8 * common + 0.6 * random.standard_normal((3_000, 4))
    data = np.column_stack([np.searchsorted([-1.5, -0.5, 0.5, 1.5], latent[:, :3]) + 1.0, latent[:, 3] > 0.7]).astype(
        float
    )
    drawn = one_population(data, correlations(data)).draw(40_000, random)
    assert np.abs(correlations(drawn) - correlations(data)).max() < 0.02
    for observed, own in zip(data.T, drawn.T, strict=True):
        for answer in np.unique(observed):
            assert np.mean(own == answer) == pytest.approx(np.mean(observed == answer), abs=0.015)


def test_a_correlation_that_cannot_be_reached_is_bounded() -> None:
    coefficients = np.array([[1.0, 0.0], [0.5, 0.2]])
    latent = latent_correlations(coefficients, np.array([[1.0, 0.9], [0.9, 1.0]]))
    assert latent[0, 1] == pytest.approx(0.98) and latent[0, 0] == 1
