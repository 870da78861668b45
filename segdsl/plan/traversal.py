"""Walking expressions: their direct operands, rebuilding with other operands, and what they take from elsewhere."""

from collections.abc import Callable, Iterable, Iterator
from typing import assert_never

from segdsl.model.expression import (
    And,
    Arithmetic,
    Band,
    Branch,
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
    Or,
    ScoreOf,
    SegmentOf,
    TableAggregate,
    TextTest,
    Unresolved,
)
from segdsl.record import replace

External = Column | Follow | LinkAggregate | TableAggregate | ScoreOf | SegmentOf | Expected


def operands(expr: Expr) -> tuple[Expr, ...]:
    """The expressions directly below `expr`, whatever table they are evaluated on."""
    match expr:
        case Literal() | Column() | ScoreOf() | SegmentOf() | Expected() | Unresolved():
            return ()
        case (
            Negate(operand=operand)
            | Not(operand=operand)
            | IsMissing(operand=operand)
            | KnownTrue(operand=operand)
            | InValues(operand=operand)
            | TextTest(operand=operand)
            | HasValues(operand=operand)
            | Band(operand=operand)
        ):
            return (operand,)
        case Follow(value=value):
            return (value,)
        case Arithmetic(left=left, right=right) | Compare(left=left, right=right):
            return (left, right)
        case And(operands=parts) | Or(operands=parts):
            return parts
        case Coalesce(operand=operand, fallback=fallback):
            return (operand, fallback)
        case Case(branches=branches, otherwise=otherwise):
            return (*(part for b in branches for part in (b.condition, b.value)), otherwise)
        case Call(arguments=arguments):
            return arguments
        case LinkAggregate(value=value, where=where, by=by):
            return _present(value, where, by)
        case TableAggregate(value=value, where=where, per=per):
            return _present(value, where, per)
        case _:
            assert_never(expr)


def _present(*parts: Expr | None) -> tuple[Expr, ...]:
    return tuple(part for part in parts if part is not None)


def rebuild(expr: Expr, change: Callable[[Expr], Expr]) -> Expr:
    """`expr` with `change` applied to each of its operands; the very same node where nothing changed."""
    before = operands(expr)
    if not before:
        return expr
    after = tuple(change(part) for part in before)
    if all(new is old for new, old in zip(after, before, strict=True)):
        return expr
    return _with_operands(expr, after)


def _with_operands(expr: Expr, parts: tuple[Expr, ...]) -> Expr:
    match expr:
        case Negate() | Not() | IsMissing() | KnownTrue() | InValues() | TextTest() | HasValues() | Band():
            return replace(expr, operand=parts[0])
        case Follow():
            return replace(expr, value=parts[0])
        case Arithmetic() | Compare():
            return replace(expr, left=parts[0], right=parts[1])
        case And() | Or():
            return replace(expr, operands=parts)
        case Coalesce():
            return replace(expr, operand=parts[0], fallback=parts[1])
        case Case():
            pairs = zip(parts[0:-1:2], parts[1:-1:2], strict=True)
            return replace(expr, branches=tuple(Branch(c, v) for c, v in pairs), otherwise=parts[-1])
        case Call():
            return replace(expr, arguments=parts)
        case LinkAggregate():
            value, where, by = _places(parts, expr.value, expr.where, expr.by)
            return replace(expr, value=value, where=where, by=by)
        case TableAggregate():
            value, where, per = _places(parts, expr.value, expr.where, expr.per)
            return replace(expr, value=value, where=where, per=per)
        case _:
            return expr


def _places(parts: tuple[Expr, ...], *before: Expr | None) -> tuple[Expr | None, ...]:
    """The parts back at the places where something stood before."""
    left = iter(parts)
    return tuple(next(left) if old is not None else None for old in before)


def externals(exprs: Iterable[Expr]) -> tuple[External, ...]:
    """What has to be known before the expressions can be computed row by row, each once, in order of appearance.

    These are columns and what the executor computes: followed links, aggregates, scores, segments, expectations. Only
    `per` of a table aggregate is looked into, since it is evaluated on the row itself.
    """
    found: dict[External, None] = {}
    seen: set[int] = set()
    stack = list(exprs)[::-1]
    while stack:
        node = stack.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        match node:
            case TableAggregate(per=per):
                found[node] = None
                if per is not None:
                    stack.append(per)
            case Column() | Follow() | LinkAggregate() | ScoreOf() | SegmentOf() | Expected():
                found[node] = None
            case _:
                stack.extend(operands(node)[::-1])
    return tuple(found)


def subexpressions(expr: Expr) -> Iterator[Expr]:
    """The row-wise nodes of an expression, itself first; does not enter what the executor computes."""
    stack = [expr]
    while stack:
        node = stack.pop()
        yield node
        if not isinstance(node, External):
            stack.extend(operands(node)[::-1])
