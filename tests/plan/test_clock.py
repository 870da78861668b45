"""Parameters become constants, and the clock comes from the spec or from outside."""

from datetime import date

from segdsl.plan import build_plan, clock_of, tree_text
from tests.plan.specs import TODAY, model_of

NO_CLOCK = """
source accounts from "a.csv" { id : int key   fee : money(USD) }
population payers from accounts { keep "pays" when fee >= $5 }
"""
SPEC = """
param as_of   : date = 2024-02-29
param min_fee : money(USD) = $5
source accounts from "a.csv" { id : int key   fee : money(USD)   opened : date }
derive accounts { age = as_of - opened }
population payers from accounts { keep "pays" when fee >= min_fee }
segmentation ages "Ages" for payers { segment old when age > 1 year   segment new otherwise }
"""


def test_without_a_clock_in_the_spec_the_day_of_the_run_is_the_clock() -> None:
    model = model_of(NO_CLOCK)
    clock = clock_of(model, TODAY)
    assert (clock.day, clock.parameter) == (TODAY, "")


def test_the_parameter_as_of_is_the_clock() -> None:
    model = model_of(SPEC)
    clock = clock_of(model, TODAY)
    assert (clock.day, clock.parameter) == (date(2024, 2, 29), "as_of")
    assert "plan as of 2024-02-29 (parameter as_of)" in tree_text(build_plan(model, clock))


def test_values_stand_in_place_of_parameters() -> None:
    model = model_of(SPEC)
    text = tree_text(build_plan(model, clock_of(model, TODAY)))
    assert "fee >= 5 USD" in text
    assert "age = 2024-02-29 - opened" in text
    assert "min_fee" not in text
