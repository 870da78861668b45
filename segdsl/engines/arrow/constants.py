"""Expressions that are constants, as exact values: literals and arithmetic between them."""

from decimal import Decimal
from fractions import Fraction

from segdsl.model.expression import Arithmetic, Expr, Literal, Negate, Operator
from segdsl.types import Duration, Kind
from segdsl.types.column_type import NUMERIC
from segdsl.types.value import SECONDS_PER_MONTH


def constant_number(expr: Expr) -> Fraction | None:
    """The exact value of a constant count, int, number or ratio; None for anything else."""
    if expr.type.kind not in NUMERIC:
        return None
    return _amount(expr)


def constant_amount(expr: Expr) -> Fraction | None:
    """The exact value of a constant number or a literal amount, in units of the currency; else None."""
    return _amount(expr) if expr.type.kind in NUMERIC or expr.type.kind is Kind.MONEY else None


def constant_duration(expr: Expr) -> Duration | None:
    """A constant duration with its calendar months; None for anything else, and for parts of a month."""
    match expr:
        case Literal(value=Duration() as value):
            return value
        case Negate(operand=operand):
            inner = constant_duration(operand)
            return None if inner is None else -inner
        case Arithmetic(operator=Operator.ADD | Operator.SUBTRACT, left=left, right=right):
            one, two = constant_duration(left), constant_duration(right)
            if one is None or two is None:
                return None
            sign = 1 if expr.operator is Operator.ADD else -1
            return Duration(one.months + sign * two.months, one.seconds + sign * two.seconds)
        case Arithmetic(operator=Operator.MULTIPLY | Operator.DIVIDE, left=left, right=right):
            return _scaled_duration(expr.operator, left, right)
        case _:
            return None


def _scaled_duration(operator: Operator, left: Expr, right: Expr) -> Duration | None:
    if operator is Operator.MULTIPLY and right.type.kind is Kind.DURATION:
        left, right = right, left
    base, factor = constant_duration(left), constant_number(right)
    if base is None or factor is None or (operator is Operator.DIVIDE and not factor):
        return None
    if operator is Operator.DIVIDE:
        factor = 1 / factor
    months, seconds = base.months * factor, base.seconds * factor
    if months.denominator != 1:
        # Part of a month has no place in the calendar: the whole is then a length in seconds.
        months, seconds = Fraction(0), (base.months * SECONDS_PER_MONTH + base.seconds) * factor
    return Duration(int(months), round(seconds))


def _amount(expr: Expr) -> Fraction | None:
    match expr:
        case Literal(value=bool()):
            return None
        case Literal(value=int() | Decimal() as value):
            return Fraction(value)
        case Negate(operand=operand):
            inner = _amount(operand)
            return None if inner is None else -inner
        case Arithmetic(operator=operator, left=left, right=right) if expr.type.kind in NUMERIC:
            one, two = _amount(left), _amount(right)
            return None if one is None or two is None else _combine(operator, one, two)
        case _:
            return None


def _combine(operator: Operator, left: Fraction, right: Fraction) -> Fraction | None:
    match operator:
        case Operator.ADD:
            return left + right
        case Operator.SUBTRACT:
            return left - right
        case Operator.MULTIPLY:
            return left * right
        case Operator.DIVIDE:
            return left / right if right else None
