"""What each rewrite does to a plan. That none changes a result is tested where plans are carried out."""

from segdsl.model.expression import Expr
from segdsl.plan import columns_read
from segdsl.plan.shared_nodes import shared_in
from segdsl.plan.steps import AggregateLink, CheckLinks, Classify, Compute, FollowLink, Scan
from segdsl.plan.traversal import operands
from segdsl.plan.uses import expressions
from segdsl.plan.wording import word_expr
from tests.plan.specs import SHOP, only, plan_of


def test_only_named_columns_are_read() -> None:
    assert columns_read(plan_of(SHOP)) == {
        "accounts": ("id", "name", "region", "size", "fee"),
        "products": ("product", "price"),
        "deals": ("deal", "account", "product", "amount", "stage"),
    }


def test_columns_that_the_contract_needs_are_read_too() -> None:
    plan = plan_of(
        """
        source accounts from "a.csv" {
          id : int key   fee : money(USD)   name : text   changed : date   from_day : date
          known from from_day
          on duplicate keep last by changed
        }
        population all from accounts { keep "all" when fee >= $0 }
        """
    )
    assert columns_read(plan) == {"accounts": ("id", "fee", "changed", "from_day")}


def test_a_child_table_streams_by_with_all_its_work() -> None:
    scan = only(plan_of(SHOP), Scan, "deals")
    assert not scan.held
    assert scan.kept == ()
    assert {type(step) for step in scan.work} == {CheckLinks, FollowLink, Compute, AggregateLink}


def test_rules_that_need_one_row_are_pushed_to_the_scan() -> None:
    scan = only(plan_of(SHOP), Scan, "accounts")
    pushed = [type(step).__name__ for step in scan.work]
    assert "Filter" in pushed
    assert "Classify" in pushed
    # `region` and `size` are needed by rules alone, so they are not held.
    assert scan.kept == ("id", "name")


def test_rules_that_need_other_rows_wait_for_them() -> None:
    plan = plan_of(
        """
        source accounts from "a.csv" { id : int key   fee : money(USD) }
        population most from accounts {
          keep "pays" when fee > $0
          drop "giant" when fee >= 4 * nth_largest(fee, 2 over remaining)
        }
        """
    )
    assert only(plan, Scan).work == ()


def test_equal_expressions_are_one_object() -> None:
    seen: dict[Expr, Expr] = {}
    stack = [expr for step in plan_of(SHOP).steps for _, expr in expressions(step)]
    while stack:
        node = stack.pop()
        assert seen.setdefault(node, node) is node
        stack.extend(operands(node))


def test_what_is_shared_between_rules_is_shown() -> None:
    plan = plan_of(
        """
        source accounts from "a.csv" { id : int key   size : count   region : category }
        segmentation plan "Plan" for accounts {
          segment a when size >= 10 and region == "N"
          segment b when size >= 10 and region == "S"
          segment c when region == "S"
        }
        """
    )
    shared = {word_expr(node): count for node, count in shared_in(only(plan, Classify)).items()}
    assert shared == {"size >= 10": 2, 'region == "S"': 2}


def test_texts_under_predicates_are_read_as_dictionaries() -> None:
    plan = plan_of(SHOP)
    assert only(plan, Scan, "deals").coded == ("stage",)
    assert only(plan, Scan, "accounts").coded == ()
