"""What rules mean, one row at a time in plain Python: the standard that the bit sets are held to.

True, False or None for unknown. Values are as Arrow gives them to Python; amounts of money are in millionths.
"""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from operator import eq, ge, gt, le, lt, ne

from segdsl.model.expression import (
    And,
    Case,
    Coalesce,
    Column,
    Compare,
    Comparison,
    Expr,
    HasValues,
    InValues,
    IsMissing,
    KnownTrue,
    Literal,
    Not,
    Or,
    TextMatch,
    TextTest,
)
from segdsl.types import Kind

Row = Mapping[str, object]

_COMPARE: Mapping[Comparison, Callable[[object, object], bool]] = {
    Comparison.EQUAL: eq,
    Comparison.UNEQUAL: ne,
    Comparison.LESS: lt,
    Comparison.AT_MOST: le,
    Comparison.MORE: gt,
    Comparison.AT_LEAST: ge,
}
_MATCH: Mapping[TextMatch, Callable[[str, str], bool]] = {
    TextMatch.CONTAINS: lambda text, part: part in text,
    TextMatch.STARTS: lambda text, part: text[: len(part)] == part,
    TextMatch.ENDS: lambda text, part: part == text[len(text) - len(part) :],
}


def value_of(expr: Expr, row: Row) -> object:
    """The value of an expression on a row; None for missing or unknown."""
    match expr:
        case Column(name=name):
            return row[name]
        case Literal(value=value):
            return _held(value, expr.type.kind)
        case Not(operand=operand):
            inner = value_of(operand, row)
            return None if inner is None else not inner
        case And(operands=operands):
            return _every([value_of(o, row) for o in operands])
        case Or(operands=operands):
            negated = _every([None if v is None else not v for v in (value_of(o, row) for o in operands)])
            return None if negated is None else not negated
        case IsMissing(operand=operand):
            return value_of(operand, row) is None
        case KnownTrue(operand=operand):
            return value_of(operand, row) is True
        case Coalesce(operand=operand, fallback=fallback):
            inner = value_of(operand, row)
            return value_of(fallback, row) if inner is None else inner
        case Case(branches=branches, otherwise=otherwise):
            for branch in branches:
                if value_of(branch.condition, row) is True:
                    return value_of(branch.value, row)
            return value_of(otherwise, row)
        case Compare(operator=operator, left=left, right=right):
            one, two = value_of(left, row), value_of(right, row)
            return None if one is None or two is None else _COMPARE[operator](one, two)
        case InValues(operand=operand, values=values):
            found = value_of(operand, row)
            return None if found is None else found in [_held(v, operand.type.kind) for v in values]
        case TextTest(match=match, operand=operand, pattern=pattern):
            text = value_of(operand, row)
            return None if text is None else _MATCH[match](str(text), pattern)
        case HasValues(operand=operand, values=values, every=every):
            items = value_of(operand, row)
            if items is None:
                return None
            assert isinstance(items, list)
            return all(v in items for v in values) if every else any(v in items for v in values)
        case _:
            raise TypeError(expr)


def first_true(rules: Sequence[Expr], row: Row) -> int:
    """The number of the first rule that is true, -1 for none."""
    return next((i for i, rule in enumerate(rules) if value_of(rule, row) is True), -1)


def undecided(rules: Sequence[Expr], row: Row) -> list[int]:
    """The rules that the row reached, none before being true, and left unknown."""
    first = first_true(rules, row)
    reached = rules if first < 0 else rules[:first]
    return [i for i, rule in enumerate(reached) if value_of(rule, row) is None]


def exact_sum(values: Sequence[int | float]) -> Fraction:
    return sum((Fraction(v) for v in values), Fraction(0))


def _every(answers: Sequence[object]) -> bool | None:
    if False in answers:
        return False
    return None if None in answers else True


def _held(value: object, kind: Kind) -> object:
    if isinstance(value, Decimal | int) and not isinstance(value, bool):
        if kind is Kind.MONEY:
            return Fraction(value) * 1_000_000
        return float(value) if kind in (Kind.NUMBER, Kind.RATIO) else Fraction(value)
    return value
