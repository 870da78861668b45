"""What may be missing, and what a condition makes known."""

from typing import assert_never

from segdsl.model.expression import (
    And,
    Arithmetic,
    Band,
    Call,
    Case,
    Coalesce,
    Column,
    Compare,
    Expected,
    Expr,
    Follow,
    HasValues,
    InValues,
    IsMissing,
    KnownTrue,
    LinkAggregate,
    Literal,
    Negate,
    Not,
    Operator,
    Or,
    ScoreOf,
    SegmentOf,
    TableAggregate,
    TextTest,
    Unresolved,
)
from segdsl.types import Duration
from segdsl.types.function import signature

Known = frozenset[Expr]


def may_miss(expr: Expr, known: Known) -> bool:
    """Whether the value may be missing (a condition: unknown) where the expressions in `known` are known."""
    if expr in known:
        return False
    match expr:
        case Literal():
            return expr.value is None
        case Unresolved() | IsMissing() | KnownTrue():
            return False
        case Column() | Follow() | LinkAggregate() | TableAggregate() | ScoreOf() | SegmentOf() | Expected():
            return expr.type.optional
        case Arithmetic(operator=operator, left=left, right=right):
            by_zero = operator is Operator.DIVIDE and not (isinstance(right, Literal) and _is_nonzero(right))
            return by_zero or may_miss(left, known) or may_miss(right, known)
        case Compare(left=left, right=right):
            return may_miss(left, known) or may_miss(right, known)
        case And(operands=operands):
            return any(may_miss(o, k) for o, k in zip(operands, after_each(operands, known, True), strict=True))
        case Or(operands=operands):
            return any(may_miss(o, k) for o, k in zip(operands, after_each(operands, known, False), strict=True))
        case Negate() | Not() | InValues() | TextTest() | HasValues() | Band():
            return may_miss(expr.operand, known)
        case Coalesce(fallback=fallback):
            return may_miss(fallback, known)
        case Case(branches=branches, otherwise=otherwise):
            for branch in branches:
                if may_miss(branch.value, known | made_known(branch.condition)):
                    return True
                known = known | made_known_if_not(branch.condition)
            return may_miss(otherwise, known)
        case Call(function=function, arguments=arguments):
            called = signature(function)
            return called is None or called.may_be_missing or any(may_miss(a, known) for a in arguments)
        case _:
            assert_never(expr)


def _is_nonzero(literal: Literal) -> bool:
    return not is_zero(literal)


def is_zero(literal: Literal) -> bool:
    """Whether a number, an amount or a duration is nothing."""
    value = literal.value
    return value.total_seconds == 0 if isinstance(value, Duration) else not value


def made_known(condition: Expr) -> Known:
    """What is known where the condition is true."""
    match condition:
        case Not(operand=IsMissing(operand=operand)):
            return frozenset({operand})
        case And(operands=operands):
            return frozenset().union(*(made_known(o) for o in operands))
        case _:
            return frozenset()


def made_known_if_not(condition: Expr) -> Known:
    """What is known where the condition is not true."""
    match condition:
        case IsMissing(operand=operand):
            return frozenset({operand})
        case Or(operands=operands):
            return frozenset().union(*(made_known_if_not(o) for o in operands))
        case _:
            return frozenset()


def after_each(operands: tuple[Expr, ...], known: Known, all_true: bool) -> list[Known]:
    """For each operand of an `and` (or an `or`) what is known when its turn comes."""
    steps = []
    for operand in operands:
        steps.append(known)
        known = known | (made_known(operand) if all_true else made_known_if_not(operand))
    return steps
