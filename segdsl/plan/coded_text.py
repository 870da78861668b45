"""Rewrite: text columns that predicates stand on are read as dictionaries.

A predicate on a dictionary is evaluated once a distinct value and gathered by code, which costs a tenth of comparing
texts row by row. Categories are dictionaries already.
"""

from segdsl.model.expression import Column, Compare, Expr, InValues, Literal, TextTest
from segdsl.plan.steps import Plan, Scan, Step
from segdsl.plan.traversal import subexpressions
from segdsl.plan.uses import expressions
from segdsl.record import replace
from segdsl.types import Kind


def code_text(plan: Plan) -> Plan:
    """The plan with the text columns marked that predicates stand on; a key is never one of them."""
    tested = {place for step in plan.steps for place in _tested(step)}
    return replace(plan, steps=tuple(_marked(step, tested) for step in plan.steps))


def _marked(step: Step, tested: set[tuple[str, str]]) -> Step:
    if not isinstance(step, Scan):
        return step
    source = step.source
    texts = {c.name for c in source.columns if c.type.kind is Kind.TEXT and not c.is_key}
    coded = tuple(name for name in step.columns if name in texts and (step.table, name) in tested)
    return replace(step, coded=coded)


def _tested(step: Step) -> set[tuple[str, str]]:
    """Table and name of the columns that stand in a predicate against constants."""
    found: set[tuple[str, str]] = set()
    for table, expr in expressions(step):
        for node in subexpressions(expr):
            if isinstance(column := _column_under(node), Column):
                found.add((table, column.name))
    return found


def _column_under(node: Expr) -> Expr | None:
    match node:
        case InValues(operand=operand) | TextTest(operand=operand):
            return operand
        case Compare(left=Column() as column, right=Literal()) | Compare(left=Literal(), right=Column() as column):
            return column
        case _:
            return None
