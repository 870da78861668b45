"""Variance inflation factors against published ones and against regressions on the others."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from segdsl.evidence.collinearity import inflation
from segdsl.evidence.regression import Variable
from tests.evidence.regression_tables import DUNCAN_EDUCATION, DUNCAN_INCOME, DUNCAN_PRESTIGE, DUNCAN_TYPE, LONGLEY
from tests.evidence.test_regression import design_of


def test_longley() -> None:
    # R: car::vif(lm(Employed ~ ., longley)); the same in textbooks that use these data.
    design = design_of([Variable(LONGLEY[:, place]) for place in range(1, 7)], LONGLEY[:, 0])
    published = [135.53244, 1788.51348, 33.61889, 3.58893, 399.15102, 758.98060]
    assert list(inflation(design).values()) == pytest.approx(published, rel=1e-6)


def test_duncan_whose_type_is_a_category() -> None:
    # car: vif(lm(prestige ~ income + education + type, data=Duncan)) gives 2.209178, 5.297584 and, with two degrees of
    # freedom, 5.098592, whose fourth root it gives as 1.502666 (Fox & Monette 1992).
    design = design_of([Variable(DUNCAN_INCOME), Variable(DUNCAN_EDUCATION), Variable(DUNCAN_TYPE, 3)], DUNCAN_PRESTIGE)
    found = inflation(design)
    assert [found[0], found[1], found[2] ** 2] == pytest.approx([2.209178, 5.297584, 5.098592], abs=5e-7)
    assert found[2] ** 0.5 == pytest.approx(1.502666, abs=5e-7)


@given(st.integers(0, 10_000))
def test_factors_are_those_of_regressions_on_the_others(seed: int) -> None:
    rng = np.random.default_rng(seed)
    x = rng.normal(0, 1, (50, 4)) @ rng.normal(0, 1, (4, 4))
    found = inflation(design_of([Variable(x[:, place]) for place in range(4)], rng.normal(0, 1, 50)))
    for place in range(4):
        others = np.column_stack((np.ones(50), np.delete(x, place, axis=1)))
        rest = x[:, place] - others @ np.linalg.lstsq(others, x[:, place], rcond=None)[0]
        assert found[place] == pytest.approx(50 * x[:, place].var() / (rest @ rest), rel=1e-6)


def test_one_variable_has_a_factor_of_1() -> None:
    assert inflation(design_of([Variable(DUNCAN_INCOME)], DUNCAN_PRESTIGE)) == {0: 1}
    assert inflation(design_of([Variable(DUNCAN_TYPE, 3)], DUNCAN_PRESTIGE)) == {0: 1}


def test_what_others_give_exactly_is_infinite_and_what_takes_no_part_is_not() -> None:
    both = DUNCAN_INCOME + DUNCAN_EDUCATION
    apart = np.random.default_rng(1).normal(0, 1, 45)
    parts = [Variable(DUNCAN_INCOME), Variable(apart), Variable(DUNCAN_EDUCATION), Variable(both)]
    found = inflation(design_of(parts, DUNCAN_PRESTIGE))
    assert [np.isinf(found[place]) for place in range(4)] == [True, False, True, True]
    assert found[1] < 1.2
    twice = inflation(design_of([Variable(DUNCAN_TYPE, 3), Variable((DUNCAN_TYPE == 1) * 1.0)], DUNCAN_PRESTIGE))
    assert list(twice.values()) == [np.inf, np.inf]
