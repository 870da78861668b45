"""Backward elimination on planted and published data."""

import numpy as np
import pytest

from segdsl.evidence.backward_elimination import Limits, Why, eliminate, out_of_sample
from segdsl.evidence.regression import Variable, fit, make_design
from tests.evidence.regression_tables import LONGLEY
from tests.evidence.test_regression import complete_rows


def planted(n: int = 400, seed: int = 1) -> tuple[list[Variable], np.ndarray]:
    """Two numbers and a category that matter, a near copy of the first, and two that say nothing."""
    rng = np.random.default_rng(seed)
    size, growth, noise = rng.normal(0, 1, (3, n))
    copy = size + 0.3 * rng.normal(0, 1, n)
    kind, blank = rng.integers(0, 3, n).astype(np.int32), rng.integers(0, 4, n).astype(np.int32)
    score = size - 0.5 * growth + np.array([0, 0, 1.0])[kind] + rng.normal(0, 1, n)
    return [
        Variable(size),
        Variable(copy),
        Variable(growth),
        Variable(kind, 3),
        Variable(noise),
        Variable(blank, 4),
    ], score


def test_what_matters_is_left_and_every_step_is_told() -> None:
    variables, score = planted()
    found = eliminate(variables, score, Limits())
    assert found.design is not None and found.regression is not None
    # Of the two that repeat each other the one goes that says less about the score by itself.
    alone = [abs(np.corrcoef(variables[place].values, score)[0, 1]) for place in (0, 1)]
    goes = int(np.argmin(alone))
    assert found.design.chosen == (1 - goes, 2, 3)
    assert [step.why for step in found.steps] == [Why.COLLINEAR, Why.INSIGNIFICANT, Why.INSIGNIFICANT]
    assert found.steps[0].dropped == goes and found.steps[0].figure is not None and found.steps[0].figure > 5
    shares = [found.r2, *(step.r2 for step in found.steps)]
    assert shares == sorted(shares, key=lambda one: -(one or 0)), "a smaller model explains less of the same rows"
    assert found.regression.r2 == pytest.approx(shares[-1])
    assert max(found.regression.p_of.values()) < 0.05


def test_each_step_is_the_regression_made_anew() -> None:
    variables, score = planted()
    left = list(range(6))
    for step in eliminate(variables, score, Limits()).steps:
        again = fit(make_design(variables, score, left, complete_rows(variables, left, score)))
        if step.why is Why.INSIGNIFICANT:
            assert step.figure == pytest.approx(again.p_of[step.dropped])
            assert step.figure == pytest.approx(max(again.p_of.values()))
        left.remove(step.dropped)


def test_longley_ends_without_collinear_columns() -> None:
    # Sixteen years are ten more than six coefficients: only with five columns or fewer may a regression be made.
    variables = [Variable(LONGLEY[:, place]) for place in (2, 3, 4, 6)]
    found = eliminate(variables, LONGLEY[:, 0], Limits())
    assert found.steps[0].why is Why.COLLINEAR and found.steps[0].dropped in (0, 3)
    assert max(found.factors.values()) <= 5
    assert eliminate([Variable(LONGLEY[:, p]) for p in range(1, 7)], LONGLEY[:, 0], Limits()).regression is None


def test_of_two_that_are_the_same_the_later_goes() -> None:
    variables, score = planted()
    same = [variables[0], variables[2], Variable(variables[0].values * 3 + 7)]
    found = eliminate(same, score, Limits())
    assert (found.steps[0].dropped, found.steps[0].figure) == (2, np.inf)
    assert found.design is not None and found.design.chosen == (0, 1)


def test_rows_come_back_when_what_they_lack_is_dropped() -> None:
    variables, score = planted()
    gaps = variables[4].values.copy()
    gaps[:150] = np.nan
    variables[4] = Variable(gaps)
    found = eliminate(variables, score, Limits())
    assert found.n == 250
    assert found.regression is not None and found.regression.n == 400


def test_what_is_hardly_known_goes_first_where_too_few_rows_are_complete() -> None:
    variables, score = planted(60)
    hardly = np.full(60, np.nan)
    hardly[:9] = 1.0
    found = eliminate([*variables, Variable(hardly)], score, Limits())
    assert (found.steps[0].dropped, found.steps[0].why, found.steps[0].figure) == (6, Why.INCOMPLETE, 9.0)
    assert found.steps[0].n == 60


def test_a_constant_and_a_column_of_one_row_go_with_a_word() -> None:
    variables, score = planted()
    one_row = np.zeros(400)
    one_row[7] = 1
    found = eliminate([Variable(np.full(400, 3.0)), Variable(one_row), variables[0]], score, Limits())
    assert [(step.dropped, step.why) for step in found.steps] == [(0, Why.CONSTANT), (1, Why.ONE_ROW)]


@pytest.mark.parametrize("score", [np.full(40, 2.0), np.full(40, np.nan), np.full(40, np.inf), np.zeros(0)])
def test_no_score_no_regression(score: np.ndarray) -> None:
    found = eliminate([Variable(np.arange(float(len(score))))], score, Limits())
    assert found.regression is None


def test_nothing_left_is_a_regression_too() -> None:
    rng = np.random.default_rng(3)
    found = eliminate([Variable(np.full(50, 1.0))], rng.normal(5, 1, 50), Limits())
    assert found.regression is not None
    assert found.regression.r2 == pytest.approx(0)
    assert len(found.regression.coefficients) == 1


def test_out_of_sample_noise_that_was_selected_is_worth_nothing() -> None:
    # Of 40 columns of noise some are significant; on the rows they were chosen on they seem to explain something.
    rng = np.random.default_rng(5)
    variables = [Variable(rng.normal(0, 1, 120)) for _ in range(40)]
    score, folds = rng.normal(0, 1, 120), np.arange(120) % 5
    inside = eliminate(variables, score, Limits()).regression
    outside, judged = out_of_sample(variables, score, Limits(), folds)
    assert inside is not None and inside.adjusted > 0.05
    assert outside is not None and outside < 0.02
    assert judged == 120


def test_out_of_sample_is_what_new_rows_show() -> None:
    variables, score = planted(600, seed=7)
    found = eliminate(variables, score, Limits())
    assert found.regression is not None
    outside, judged = out_of_sample(variables, score, Limits(), np.arange(600) % 5)
    others, truth = planted(20_000, seed=8)
    named = {one.variable: one.estimate for one in found.regression.coefficients if one.level is None}
    guess = np.full(20_000, named[None])
    for one in found.regression.coefficients[1:]:
        values = others[one.variable or 0].values
        guess += one.estimate * (values if one.level is None else values == one.level)
    new = 1 - ((truth - guess) ** 2).sum() / ((truth - score.mean()) ** 2).sum()
    assert outside == pytest.approx(new, abs=0.05)
    assert judged == 600
