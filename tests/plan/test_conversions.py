"""Where a plan converts amounts: after the rates are read, before anything reads the amount."""

import json
from itertools import product

import jsonschema

from segdsl.plan import columns_read
from segdsl.plan.printer import SCHEMA, json_value, tree_text
from segdsl.plan.steps import ConvertAmounts, Scan, Stack, all_steps
from tests.plan.specs import only, plan_of

FX = 'source fx from "fx.csv" { currency : category key   date : date key   rate : number   bank : text }'
DEALS = """
source accounts from "accounts.csv" { id : text key }
source deals from "deals.csv" {
  deal : int key   account : text   currency : text   closed : date   owner : text
  amount : money(USD) by currency rates fx at closed
  fee    : money(USD) by currency rates fx at closed
  links account to accounts
}
derive accounts { sales = sum(deals.amount) }
derive deals { net = amount - fee }
population buyers from accounts { keep "buys" when sales > $0 }
"""


def test_rates_are_read_before_the_amounts_whatever_the_order_of_the_text() -> None:
    for spec in (FX + DEALS, DEALS + FX):
        plan = plan_of(spec)
        order = [step.table for step in plan.steps if isinstance(step, Scan)]
        assert order.index("fx") < order.index("deals")


def test_only_amounts_that_something_names_are_converted() -> None:
    plan = plan_of(FX + DEALS)
    assert [column.name for column in only(plan, ConvertAmounts).columns] == ["amount"]
    assert columns_read(plan)["fx"] == ("currency", "date", "rate")
    assert columns_read(plan)["deals"] == ("deal", "account", "currency", "closed", "amount")


def test_a_table_whose_amounts_are_converted_may_stream_by() -> None:
    scan = only(plan_of(FX + DEALS), Scan, "deals")
    assert not scan.held
    assert "ConvertAmounts" in [type(step).__name__ for step in scan.work]


def test_amounts_are_converted_before_they_are_stacked() -> None:
    stacked = """
    source all_deals from deals, old { deal : int key   amount : money(USD) }
    source old from "old.csv" { deal : int key   amount : money(USD) }
    population large from all_deals { keep "large" when amount > $5k }
    """
    steps = list(all_steps(plan_of(FX + DEALS + stacked).steps))
    converting = [at for at, step in enumerate(steps) if isinstance(step, ConvertAmounts)]
    stacking = [at for at, step in enumerate(steps) if isinstance(step, Stack)]
    assert converting
    assert stacking
    assert all(before < after for before, after in product(converting, stacking))


def test_the_printed_plan_says_what_is_converted() -> None:
    plan = plan_of(FX + DEALS)
    assert "amount from currency to USD, fx at closed" in tree_text(plan)
    jsonschema.validate(json_value(plan), json.loads(SCHEMA.read_text()))
