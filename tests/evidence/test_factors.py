"""Factor analysis: published loadings, scikit-learn's figures, and what is known of simulated structure."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import optimize
from sklearn.decomposition import FactorAnalysis

from segdsl.evidence.factors import (
    correlations,
    count_factors,
    find_factors,
    most_factors,
    suitability,
    varimax,
)


def symmetric(below: str) -> np.ndarray:
    """A correlation matrix from what stands below its diagonal, row after row."""
    figures = [float(one) for one in below.split()]
    size = round((1 + np.sqrt(1 + 8 * len(figures))) / 2)
    matrix = np.eye(size)
    rows, columns = np.tril_indices(size, -1)
    matrix[rows, columns] = matrix[columns, rows] = figures
    return matrix


# Six tests of ability, 112 people: B. Smith & G. Stanley (1983), ability.cov of R: its covariances.
ABILITY_COVARIANCES = np.array(
    [
        [24.641, 5.991, 33.520, 6.023, 20.755, 29.701],
        [5.991, 6.700, 18.137, 1.782, 4.936, 7.204],
        [33.520, 18.137, 149.831, 19.424, 31.430, 50.753],
        [6.023, 1.782, 19.424, 12.711, 4.757, 9.075],
        [20.755, 4.936, 31.430, 4.757, 52.604, 66.762],
        [29.701, 7.204, 50.753, 9.075, 66.762, 135.292],
    ]
)
ABILITY = ABILITY_COVARIANCES / np.sqrt(np.outer(np.diag(ABILITY_COVARIANCES), np.diag(ABILITY_COVARIANCES)))
# Six school subjects, 220 boys: Lawley & Maxwell (1971), page 66.
SUBJECTS = symmetric(".439 .410 .351 .288 .354 .164 .329 .320 .190 .595 .248 .329 .181 .470 .464")
# Nine tests, 213 children: Thurstone & Thurstone (1941), as in Bechtoldt (1961).
NINE_TESTS = symmetric(
    ".828 .776 .779 .439 .493 .460 .432 .464 .425 .674 .447 .489 .443 .590 .541 .447 .432 .401 .381 .402 .288"
    " .541 .537 .534 .350 .367 .320 .555 .380 .358 .359 .424 .446 .325 .598 .452"
)


def chi_square(discrepancy: float, rows: int, items: int, count: int) -> float:
    """Of the test that so many factors suffice, with Bartlett's correction (1951)."""
    return (rows - 1 - (2 * items + 5) / 6 - 2 * count / 3) * discrepancy


def simulated(rows: int, seed: int = 1) -> np.ndarray:
    """Three factors of three items each, with some loadings beside."""
    random = np.random.default_rng(seed)
    first, second, third = [0.8, 0.7, 0.6, 0, 0, 0.1, 0, 0.2, 0], [0, 0.1, 0, 0.8, 0.7, 0.6, 0, 0, 0.1], [0.1] + [0] * 8
    third[4], third[6:] = 0.2, [0.7, 0.6, 0.8]
    loadings = np.array([first, second, third]).T
    errors = random.standard_normal((rows, 9)) * np.sqrt(1 - (loadings**2).sum(axis=1))
    return random.standard_normal((rows, 3)) @ loadings.T + errors


def test_two_factors_of_ability_are_those_that_r_prints() -> None:
    # factanal(factors = 2, covmat = ability.cov), from its help page.
    found = find_factors(ABILITY, 2)
    assert np.round(found.uniquenesses, 3).tolist() == [0.455, 0.589, 0.218, 0.769, 0.052, 0.334]
    assert round(chi_square(found.discrepancy, 112, 6, 2), 2) == 6.11
    printed = [[0.499, 0.543], [0.156, 0.622], [0.206, 0.860], [0.109, 0.468], [0.956, 0.182], [0.785, 0.225]]
    # R stops turning earlier, a third of a degree short of the largest criterion.
    assert np.abs(found.loadings - printed).max() < 0.004


def test_one_factor_of_ability_does_not_fit_as_r_prints() -> None:
    found = find_factors(ABILITY, 1)
    assert round(chi_square(found.discrepancy, 112, 6, 1), 2) == 75.18
    assert np.round(found.uniquenesses, 3).tolist() == [0.535, 0.853, 0.748, 0.910, 0.232, 0.280]


def test_the_school_subjects_have_the_published_communalities() -> None:
    # Lawley & Maxwell (1971); Johnson & Wichern, Applied Multivariate Statistical Analysis, table 9.5.
    found = find_factors(SUBJECTS, 2)
    assert np.abs(found.communalities - [0.490, 0.406, 0.356, 0.623, 0.569, 0.372]).max() < 0.0006
    first, second = np.array(
        [[0.553, 0.568, 0.392, 0.740, 0.724, 0.595], [0.429, 0.288, 0.450, -0.273, -0.211, -0.132]]
    )
    # Whatever the rotation, loadings give the same correlations.
    common = np.outer(first, first) + np.outer(second, second)
    assert np.abs(found.loadings @ found.loadings.T - common).max() < 0.0015


def test_the_nine_tests_suit_and_their_three_factors_fit_as_published() -> None:
    # W. Revelle, psych for R, its help on Thurstone: KMO 0.88; fa(Thurstone, 3, n.obs = 213): chi-square 2.82.
    told = suitability(NINE_TESTS, 213)
    assert round(told.adequacy, 2) == 0.88 and told.p < 1e-100
    found = find_factors(NINE_TESTS, 3)
    assert round(chi_square(found.discrepancy, 213, 9, 3), 2) == 2.82
    assert [set(np.flatnonzero(np.abs(one) > 0.5)) for one in found.loadings.T] == [{0, 1, 2}, {3, 4, 5}, {6, 7, 8}]


def test_scikit_learn_finds_the_same_factors() -> None:
    data = simulated(800)
    data = (data - data.mean(axis=0)) / data.std(axis=0)
    theirs = FactorAnalysis(3, rotation="varimax", tol=1e-10, max_iter=100_000, svd_method="lapack").fit(data)
    own = find_factors(correlations(data), 3)
    assert np.abs(own.uniquenesses - theirs.noise_variance_).max() < 1e-4
    assert np.abs(own.loadings @ own.loadings.T - theirs.components_.T @ theirs.components_).max() < 1e-4
    # scikit-learn turns without Kaiser's normalisation, so the angles differ by some degrees.
    likeness = np.abs(own.loadings.T @ theirs.components_.T)
    order = likeness.argmax(axis=1)
    assert sorted(order.tolist()) == [0, 1, 2]
    turned = theirs.components_[order].T
    turned = turned * np.sign((turned * own.loadings).sum(axis=0))
    assert np.abs(turned - own.loadings).max() < 0.06


def test_correlations_are_those_of_numpy() -> None:
    data = simulated(50)
    assert np.allclose(correlations(data), np.corrcoef(data.T), atol=1e-14)


def criterion(loadings: np.ndarray) -> float:
    """What varimax makes as large as can be, with items weighed alike (Kaiser 1958)."""
    squares = loadings**2 / (loadings**2).sum(axis=1, keepdims=True)
    return float(squares.var(axis=0).sum())


@given(st.integers(0, 10_000))
def test_no_rotation_by_an_angle_is_better_than_varimax(seed: int) -> None:
    loadings = np.random.default_rng(seed).uniform(-1, 1, (7, 2))

    def turned(angle: float) -> float:
        cosine, sine = np.cos(angle), np.sin(angle)
        return -criterion(loadings @ np.array([[cosine, -sine], [sine, cosine]]))

    starts = np.linspace(0, np.pi / 2, 19)
    best = min(optimize.minimize_scalar(turned, bounds=pair, method="bounded").fun for pair in pairwise(starts))
    assert criterion(varimax(loadings)) == pytest.approx(-best, rel=1e-5)


def test_bartletts_test_by_hand() -> None:
    # Three items that correlate by .5: det = 1 + 2/8 - 3/4 = 1/2; partial correlations 1/3, as r(1 - r)/(1 - r^2).
    told = suitability(symmetric(".5 .5 .5"), 101)
    assert told.chi_square == pytest.approx((100 - 11 / 6) * np.log(2))
    assert told.degrees == 3
    assert told.adequacy == pytest.approx(0.25 / (0.25 + 1 / 9))


def test_bartletts_test_keeps_its_level_where_nothing_correlates() -> None:
    random = np.random.default_rng(3)
    p = [suitability(correlations(random.standard_normal((60, 5))), 60).p for _ in range(2_000)]
    # Of 2,000 tests at 5 %, 70 to 130 by three standard errors.
    assert 70 <= sum(one < 0.05 for one in p) <= 130


def test_the_most_factors_are_those_of_ledermann() -> None:
    assert [most_factors(items) for items in (3, 4, 5, 6, 7, 8, 9, 10, 15, 20)] == [1, 1, 2, 3, 3, 4, 5, 6, 10, 14]


@pytest.mark.parametrize("rows", [150, 3_000])
def test_planted_factors_are_counted(rows: int) -> None:
    assert count_factors(simulated(rows), 0) == 3


def test_factors_that_go_together_are_counted_apart() -> None:
    random = np.random.default_rng(5)
    together = np.linalg.cholesky(0.6 + 0.4 * np.eye(2))
    factors = random.standard_normal((400, 2)) @ together.T
    data = np.repeat(factors, 3, axis=1) * 0.8 + 0.6 * random.standard_normal((400, 6))
    assert count_factors(data, 0) == 2


def test_in_independent_answers_there_is_seldom_a_factor() -> None:
    random = np.random.default_rng(6)
    found = [count_factors(random.integers(1, 6, (120, 8)).astype(float), 0) for _ in range(60)]
    # The 95th percentile of the largest eigenvalue: 3 of 60 are to be expected, 8 at the most.
    assert sum(one > 0 for one in found) <= 8


def test_an_item_that_follows_from_others_does_no_harm() -> None:
    data = simulated(300)
    data = np.column_stack([data, data[:, 0], data[:, 1] + data[:, 2]])
    matrix = correlations(data)
    told = suitability(matrix, 300)
    assert np.isnan(told.adequacy) and told.p == 0
    found = find_factors(matrix, count_factors(data, 0))
    assert np.all(np.isfinite(found.loadings)) and np.all(found.uniquenesses >= 0.005)
    assert np.all((found.loadings**2).sum(axis=1) <= 1.01)


def test_factors_come_strongest_first_and_point_up() -> None:
    data = simulated(500)
    data[:, 3:6] *= -1
    loadings = find_factors(correlations(data), 3).loadings
    strengths = (loadings**2).sum(axis=0)
    assert strengths.tolist() == sorted(strengths, reverse=True)
    assert np.all(loadings.sum(axis=0) > 0)
