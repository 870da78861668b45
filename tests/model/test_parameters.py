"""Parameters as set on the command line."""

from datetime import date
from decimal import Decimal

import pytest

from segdsl.diagnostics import SourceText
from segdsl.language.parser import parse
from segdsl.model.build import Outside, build_model
from segdsl.model.expression import Arithmetic, Literal
from segdsl.types import DATE, Duration, Value
from tests.model.checking import Checked, check, the_one

SPEC = """
param min_mrr : money(USD) = $250
param as_of : date = 2026-01-01
param share : ratio = 20%
param seats : count = 5
param label : category("a", "b") = "a"
param title : text = "x"
param age : duration = 90 days
param strict : bool = false
param factor : number = 1.5
source accounts from "a.csv" {
  id : text key  m : money(USD)  r : ratio  n : count  c : category("a", "b")
  t : text  u : duration  b : bool  x : number
}
population p from accounts {
  keep "k" when m > min_mrr and r > share and n > seats and c == label
            and t == title and u < age and b == strict and x > factor
}
"""


def set_to(name: str, written: str) -> Checked:
    return check(SPEC, settings={name: written})


@pytest.mark.parametrize(
    ("name", "written", "value"),
    [
        ("min_mrr", "$300", Decimal(300)),
        ("min_mrr", "1.5k USD", Decimal(1500)),
        ("min_mrr", "-$5", Decimal(-5)),
        ("as_of", "2023-07-01", date(2023, 7, 1)),
        ("share", "35%", Decimal("0.35")),
        ("share", "0", Decimal(0)),
        ("seats", "10k", 10_000),
        ("label", "b", "b"),
        ("label", '"b"', "b"),
        ("title", "two words", "two words"),
        ("title", "5", "5"),
        ("title", '"say \\"yes\\""', 'say "yes"'),
        ("age", "12 months", Duration(months=12)),
        ("strict", "true", True),
        ("factor", "2", Decimal(2)),
        ("factor", " 2.5 ", Decimal("2.5")),
    ],
)
def test_a_parameter_is_set(name: str, written: str, value: Value) -> None:
    checked = set_to(name, written)
    assert checked.codes == []
    assert checked.good.params[name].value == value
    assert checked.good.params[name].default == check(SPEC).good.params[name].value


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("min_mrr", "300"),
        ("min_mrr", "€300"),
        ("min_mrr", "plenty"),
        ("min_mrr", ""),
        ("min_mrr", "250 XYZ"),
        ("as_of", "2023-02-30"),
        ("as_of", "yesterday"),
        ("share", "35"),
        ("seats", "-5"),
        ("seats", "1.5"),
        ("label", "c"),
        ("age", "12"),
        ("strict", "yes"),
        ("factor", "1,5"),
    ],
)
def test_a_value_that_does_not_fit_is_refused(name: str, written: str) -> None:
    found = the_one(set_to(name, written))
    assert found.code == "SEG506"
    assert f"--param {name}={written}" in found.message
    assert found.help


def test_an_unknown_parameter_is_refused() -> None:
    assert the_one(set_to("min_mr", "$5")).help == "did you mean `min_mrr`?"
    assert the_one(set_to("nothing_like_it", "$5")).code == "SEG506"
    assert the_one(check("", settings={"x": "5"})).help == "declare it in the spec"


def test_without_a_parameter_as_of_is_the_day_of_the_run() -> None:
    text = SourceText("a.seg", 'source a from "a.csv" { id : int key  on : date }  derive a { age = as_of - on }')
    tree, _ = parse(text)
    model, found = build_model((tree,), Outside(today=date(2026, 3, 1)))
    assert found == ()
    assert model is not None
    assert model.clock is None
    age = model.fields["a", "age"].expr
    assert isinstance(age, Arithmetic)
    assert age.left == Literal(date(2026, 3, 1), DATE)
