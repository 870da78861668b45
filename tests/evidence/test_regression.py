"""Regressions against certified figures of NIST, published ones, statsmodels, and plain algebra."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from segdsl.evidence import regression
from segdsl.evidence.regression import Design, Variable, fit, make_design, predict, without
from tests.evidence.regression_tables import (
    DUNCAN_EDUCATION,
    DUNCAN_INCOME,
    DUNCAN_PRESTIGE,
    DUNCAN_TYPE,
    LONGLEY,
)


def complete_rows(variables: list[Variable], chosen: list[int], score: np.ndarray) -> np.ndarray:
    return np.logical_and.reduce([Variable(score).known, *(variables[place].known for place in chosen)])


def design_of(variables: list[Variable], score: np.ndarray) -> Design:
    chosen = list(range(len(variables)))
    return make_design(variables, score, chosen, complete_rows(variables, chosen, score))


def longley() -> Design:
    return design_of([Variable(LONGLEY[:, place]) for place in range(1, 7)], LONGLEY[:, 0])


def mixed() -> tuple[list[Variable], np.ndarray]:
    """60 rows of two numbers and a category, with a spread that grows."""
    rng = np.random.default_rng(20261130)
    a, b = np.round(rng.normal(0, 1, 60), 2), np.round(rng.exponential(2, 60), 2)
    group = rng.integers(0, 3, 60)
    mean = 1 + 0.8 * a - 0.3 * b + np.array([0, 0.7, -0.4])[group]
    score = np.round(mean + rng.normal(0, 1, 60) * (0.3 + 0.4 * b), 3)
    return [Variable(a), Variable(b), Variable(group.astype(np.int32), 3)], score


def test_coefficients_of_longley_are_those_that_nist_certifies() -> None:
    # https://www.itl.nist.gov/div898/strd/lls/data/LINKS/DATA/Longley.dat
    found = fit(longley())
    certified = [
        -3482258.63459582,
        15.0618722713733,
        -0.358191792925910e-01,
        -2.02022980381683,
        -1.03322686717359,
        -0.511041056535807e-01,
        1829.15146461355,
    ]
    assert [one.estimate for one in found.coefficients] == pytest.approx(certified, rel=1e-9)
    assert found.r2 == pytest.approx(0.995479004577296, abs=1e-13)
    assert (found.n, found.freedom) == (16, 9)


def test_robust_errors_of_longley_are_those_of_statsmodels() -> None:
    # statsmodels 0.15.0: OLS(y, add_constant(x)).fit().get_robustcov_results("HC3", use_t=True)
    found = fit(longley()).coefficients
    errors = [1799477.23, 91.11938646, 0.0556239883, 0.8221335008, 0.2987892576, 0.3249058209, 922.8078412]
    assert [one.error for one in found] == pytest.approx(errors, rel=1e-7)
    p = [0.08496786, 0.87236261, 0.53567021, 0.03631908, 0.00718292, 0.87848926, 0.07878534]
    assert [one.p for one in found] == pytest.approx(p, rel=1e-6)
    assert (found[3].low, found[3].high) == pytest.approx((-3.880024991494655, -0.1604346161403527), rel=1e-7)


def test_a_category_with_uneven_spread_is_as_statsmodels_has_it() -> None:
    # The same call, with a column of 0 and 1 for the levels 0 and 2, and for both together
    # wald_test(eye(5)[3:], use_f=True, scalar=True).
    found = fit(design_of(*mixed()))
    estimates = [1.759021045, 0.9572519076, -0.2265688636, -0.8970731963, -1.50751096]
    errors = [0.2697455182, 0.1335487055, 0.1236118021, 0.4413147899, 0.3062950453]
    assert [one.estimate for one in found.coefficients] == pytest.approx(estimates, rel=1e-8)
    assert [one.error for one in found.coefficients] == pytest.approx(errors, rel=1e-8)
    assert [one.level for one in found.coefficients] == [None, None, None, 0, 2]
    assert (found.p_of[0], found.p_of[1]) == pytest.approx((2.002667785e-09, 0.07223122676), rel=1e-8)
    assert found.p_of[2] == pytest.approx(2.9899754799212773e-05, rel=1e-8)
    assert (found.r2, found.adjusted) == pytest.approx((0.5252862781423113, 0.49076164382538845), rel=1e-10)


def test_prestige_of_duncan_is_as_published() -> None:
    # Fox, Applied Regression Analysis and Generalized Linear Models: prestige by income and education, and with type.
    two = fit(design_of([Variable(DUNCAN_INCOME), Variable(DUNCAN_EDUCATION)], DUNCAN_PRESTIGE))
    assert [one.estimate for one in two.coefficients] == pytest.approx([-6.06466, 0.59873, 0.54583], abs=5e-6)
    assert two.r2 == pytest.approx(0.8282, abs=5e-5)
    three = fit(
        design_of([Variable(DUNCAN_INCOME), Variable(DUNCAN_EDUCATION), Variable(DUNCAN_TYPE, 3)], DUNCAN_PRESTIGE)
    )
    published = [-0.18503, 0.59755, 0.34532, 16.65751, -14.66113]
    assert [one.estimate for one in three.coefficients] == pytest.approx(published, abs=5e-6)


@given(st.integers(0, 10_000))
def test_least_squares_and_hc3_are_those_of_plain_algebra(seed: int) -> None:
    rng = np.random.default_rng(seed)
    n, k = 40, 3
    x = rng.normal(rng.normal(0, 5), np.exp(rng.normal(0, 2)), (n, k))
    y = x @ rng.normal(0, 1, k) + rng.normal(0, 1, n) * rng.exponential(1, n)
    matrix = np.column_stack((np.ones(n), x))
    inverse = np.linalg.inv(matrix.T @ matrix)
    residuals = y - matrix @ (inverse @ matrix.T @ y)
    weights = residuals / (1 - np.diag(matrix @ inverse @ matrix.T))
    covariance = inverse @ (matrix.T * weights**2) @ matrix @ inverse
    found = fit(design_of([Variable(x[:, place]) for place in range(k)], y)).coefficients
    assert [one.error for one in found] == pytest.approx(list(np.sqrt(np.diag(covariance))), rel=1e-5)
    slopes = [one.standardised for one in found[1:]]
    assert slopes == pytest.approx([one.estimate * x[:, i].std() / y.std() for i, one in enumerate(found[1:])])


def test_parts_of_the_rows_add_up_to_the_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    variables, score = mixed()
    whole = fit(design_of(variables, score))
    monkeypatch.setattr(regression, "_PART_ROWS", 7)
    parts = fit(design_of(variables, score))
    assert [one.error for one in parts.coefficients] == pytest.approx([one.error for one in whole.coefficients])


def test_a_variable_is_taken_out_and_only_the_rows_that_lacked_it_are_read() -> None:
    (a, b, group), score = mixed()
    gaps = b.values.copy()
    gaps[::3] = np.nan
    b = Variable(gaps)
    # Far off, so that neither centre nor scale of the rows with `b` is that of all rows.
    far = a.values.copy()
    far[3] = 1e3
    # Of the category the same level is the most frequent, with and without these rows.
    often = np.where(np.arange(60) % 2, 1, group.values).astype(np.int32)
    variables = [Variable(far), b, Variable(often, 3)]
    design = design_of(variables, score)
    for out in range(3):
        kept = [place for place in range(3) if place != out]
        rows = complete_rows(variables, kept, score)
        again = fit(make_design(variables, score, kept, rows))
        found = fit(without(design, out, rows))
        assert (found.n, design.n) == (60 if out == 1 else 40, 40)
        for own, other in zip(found.coefficients, again.coefficients, strict=True):
            assert own.estimate == pytest.approx(other.estimate, rel=1e-6)
            assert own.error == pytest.approx(other.error, rel=1e-6)
            assert own.standardised is None or own.standardised == pytest.approx(other.standardised, rel=1e-6)
        assert found.r2 == pytest.approx(again.r2)


def test_a_level_that_the_first_rows_lack_gets_its_column_when_rows_come_back() -> None:
    (a, _, group), score = mixed()
    gaps = np.where(group.values == 2, np.nan, 1.0 + np.arange(60))
    variables = [a, Variable(gaps), group]
    design = design_of(variables, score)
    assert {one.level for one in design.columns if one.variable == 2} == {0}
    found = without(design, 1, complete_rows(variables, [0, 2], score))
    assert {one.level for one in found.columns if one.variable == 2} == {0, 2}


def test_rows_that_lack_a_value_are_left_out_and_infinity_is_a_lack() -> None:
    (a, b, group), score = mixed()
    for bad in (np.nan, np.inf, 1e300):
        gaps = a.values.copy()
        gaps[3] = bad
        kept = np.arange(60) != 3
        found = fit(design_of([Variable(gaps), b, group], score))
        less = fit(
            design_of(
                [Variable(a.values[kept]), Variable(b.values[kept]), Variable(group.values[kept], 3)], score[kept]
            )
        )
        assert found.n == 59
        assert [one.estimate for one in found.coefficients] == pytest.approx([o.estimate for o in less.coefficients])


def test_an_exact_fit_has_no_errors() -> None:
    (a, b, _), _ = mixed()
    found = fit(design_of([a, b], 3 + 2 * a.values))
    assert found.exact and found.r2 == 1
    assert [one.estimate for one in found.coefficients] == pytest.approx([3, 2, 0], abs=1e-9)
    assert {one.error for one in found.coefficients} == {None}


def test_a_row_with_a_coefficient_of_its_own_is_told() -> None:
    (a, b, _), score = mixed()
    one_row = np.zeros(60)
    one_row[5] = 1
    found = fit(design_of([a, Variable(one_row), b], score))
    assert found.alone == 1 and found.p_of == {}


def test_predictions_are_told_where_the_regression_knows_the_category() -> None:
    variables = [Variable(np.array([0, 0, 1, 1, 2, -1], np.int32), 3), Variable(np.array([1.0, 2, 3, 5, 5, 6]))]
    score = np.array([1.0, 2, 4, 6, np.nan, np.nan])
    design = make_design(variables, score, [0, 1], complete_rows(variables, [0, 1], score))
    guess, known = predict(design, fit(design), variables, 6)
    assert known.tolist() == [True] * 4 + [False] * 2
    assert guess[:4] == pytest.approx([1, 2, 4, 6])
