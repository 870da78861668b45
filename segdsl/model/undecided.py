"""Conditions that leave open what happens where a value is missing."""

from segdsl.language.keywords import quote_name
from segdsl.language.terms import Term
from segdsl.model.context import Context
from segdsl.model.expression import Expected, Expr, Follow, LinkAggregate, TableAggregate
from segdsl.model.missing import may_miss
from segdsl.model.scope import Scope
from segdsl.model.written import as_written, in_backquotes, term_at


def refuse_undecided(scope: Scope, what: str, operand: Expr, term: Term, context: Context) -> None:
    """`!=`, `not in` and `not` over something that may be missing: the spec must say what is meant."""
    if context.unknown_as_false or operand.type.is_unknown or not may_miss(operand, context.known):
        return
    culprit = _culprit(operand, term, context)
    named = in_backquotes(culprit) if culprit else "this"
    example = culprit or "x"
    known, instead = in_backquotes(f"{example} is known and ..."), in_backquotes(f"({example} ?? value)")
    mend = f"write {known} or {instead}, or `unknown as false` in the block"
    scope.report("SEG305", f"{what} leaves open what happens where {named} is missing", term.span, mend)


def _culprit(expr: Expr, term: Term, context: Context) -> str:
    """How something in the expression that may be missing is written, by which the row's own conditions can name it."""
    if not may_miss(expr, context.known):
        return ""
    if isinstance(expr, Follow | LinkAggregate | TableAggregate | Expected):
        # What these are made of is a value of other rows.
        written = term_at(term, expr.span)
        return "" if written is None else as_written(written)
    name = getattr(expr, "name", None) or getattr(expr, "score", None) or getattr(expr, "scheme", None)
    if isinstance(name, str):
        return quote_name(name)
    parts = [getattr(expr, slot, None) for slot in ("operand", "left", "right", "value")]
    parts += [*getattr(expr, "operands", ()), *getattr(expr, "arguments", ())]
    found = (_culprit(part, term, context) for part in parts if part is not None and hasattr(part, "type"))
    return next((one for one in found if one), "")
