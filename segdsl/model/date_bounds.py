"""Filters of linked rows by date: one that is open towards the future counts rows dated after the clock."""

from collections.abc import Iterator

from segdsl.model.expression import And, Column, Compare, Comparison, Expr
from segdsl.model.scope import Scope
from segdsl.model.source import Source
from segdsl.types import Kind

_FROM_BELOW = {Comparison.MORE: Comparison.LESS, Comparison.AT_LEAST: Comparison.AT_MOST}
_FROM_ABOVE = {Comparison.LESS: Comparison.MORE, Comparison.AT_MOST: Comparison.AT_LEAST}


def warn_open_ended(scope: Scope, child: Source, where: Expr) -> None:
    """Warn where a condition on rows of `child` bounds a date of theirs from below only.

    A source with `known from` hides its later rows, so there nothing is to be warned of.
    """
    if child.known_from is not None:
        return
    bounds = [bound for part in _conjuncts(where) for bound in _bounds(part)]
    above = {date for date, lower, _ in bounds if not lower}
    for date, lower, comparison in bounds:
        if lower and date not in above and comparison.span is not None:
            above.add(date)
            found = f"Rows of `{child.name}` dated after the clock count too: `{date}` is bounded from below only"
            mend = f"write `{date} within 12 months before as_of`, or put `known from {date}` into `{child.name}`"
            scope.report("SEG801", found, comparison.span, mend)


def _conjuncts(condition: Expr) -> Iterator[Expr]:
    """The conditions that must all be true."""
    if isinstance(condition, And):
        for operand in condition.operands:
            yield from _conjuncts(operand)
    else:
        yield condition


def _bounds(condition: Expr) -> Iterator[tuple[str, bool, Compare]]:
    """The bounds that a comparison sets: the date, and whether it is one from below."""
    if not isinstance(condition, Compare):
        return
    for side, from_below, from_above in (
        (condition.left, _FROM_BELOW.keys(), _FROM_ABOVE.keys()),
        (condition.right, set(_FROM_BELOW.values()), set(_FROM_ABOVE.values())),
    ):
        if isinstance(side, Column) and side.type.kind in (Kind.DATE, Kind.TIMESTAMP):
            if condition.operator in (*from_below, Comparison.EQUAL):
                yield side.name, condition.operator is not Comparison.EQUAL, condition
            elif condition.operator in from_above:
                yield side.name, False, condition
