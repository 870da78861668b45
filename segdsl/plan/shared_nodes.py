"""Rewrite: equal expressions become one object, so that what several rules share is computed once.

Nodes are equal by meaning (places in the text don't compare), and an engine keeps what it has computed by node: a
predicate that stands in forty rules is evaluated once a batch.
"""

from segdsl.model.expression import Expr, Literal
from segdsl.plan.steps import Plan, Step
from segdsl.plan.traversal import External, rebuild, subexpressions
from segdsl.plan.uses import change_step, expressions
from segdsl.record import replace


def share_nodes(plan: Plan) -> Plan:
    """The same plan, in which two equal expressions are the same object."""
    nodes: dict[Expr, Expr] = {}
    seen: dict[int, tuple[Expr, Expr]] = {}

    def share(expr: Expr) -> Expr:
        known = seen.get(id(expr))
        if known is None:
            rebuilt = rebuild(expr, share)
            known = seen[id(expr)] = (expr, nodes.setdefault(rebuilt, rebuilt))
        return known[1]

    return replace(plan, steps=tuple(change_step(step, share) for step in plan.steps))


def shared_in(step: Step) -> dict[Expr, int]:
    """Expressions that a step meets more than once and computes once, with how often they stand there."""
    counts: dict[Expr, int] = {}
    for _, expr in expressions(step):
        for node in subexpressions(expr):
            if not isinstance(node, Literal | External):
                counts[node] = counts.get(node, 0) + 1
    return {node: count for node, count in counts.items() if count > 1}
