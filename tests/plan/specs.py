"""A spec that uses tables in every way, and its plan."""

from datetime import date
from typing import TypeVar

from segdsl.diagnostics import SourceText
from segdsl.language.parser import parse
from segdsl.model.build import build_model
from segdsl.model.model import Model
from segdsl.plan import Plan, Target, build_plan, clock_of
from segdsl.plan.steps import Step, all_steps

S = TypeVar("S", bound=Step)

TODAY = date(2026, 1, 31)

SHOP = """
param as_of : date = 2026-01-31

source accounts from "accounts.csv" {
  id     : text key
  name   : text
  region : category
  size   : count?
  fee    : money(USD)
  note   : text?
}
source products from "products.csv" { product : int key   price : money(USD)   colour : text }
source deals from "deals.csv" {
  deal    : int key
  account : text
  product : int
  amount  : money(USD)
  stage   : text
  closed  : date?
  links account to accounts
  links product to products
}
derive deals { margin = amount - product.price }
derive accounts {
  won    = count(deals where stage == "Won")
  value  = sum(deals.amount where stage == "Won")
  profit = sum(deals.margin where stage == "Won")
  large  = size >= 100
  share  = value / sum(value over customers)
}
population customers from accounts { keep "pays" when fee > $0 }
score quality "Quality" for customers { base profit   plus "large" $10 when large   grade quartiles }
segmentation plan "Plan" for customers {
  segment north when region == "North" and large { segment big when fee >= $100   segment small otherwise }
  segment rest otherwise
}
audience first from customers { where plan == "north"   order by share desc   take 3   columns id, name, share, won }
"""


def model_of(spec: str) -> Model:
    tree, found = parse(SourceText("test.seg", spec))
    model, more = build_model([tree])
    assert model is not None, [(d.code, d.message) for d in (*found, *more)]
    return model


def plan_of(spec: str, *targets: Target) -> Plan:
    model = model_of(spec)
    return build_plan(model, clock_of(model, TODAY), targets or None)


def only(plan: Plan, kind: type[S], table: str = "") -> S:
    """The one step of a kind (on a table)."""
    found = [s for s in all_steps(plan.steps) if isinstance(s, kind) and table in ("", s.table)]
    assert len(found) == 1, found
    return found[0]
