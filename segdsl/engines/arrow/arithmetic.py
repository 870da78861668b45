"""`+ - * /` and the sign by the kinds of the operands: numbers here, amounts and dates in their modules."""

from typing import assert_never

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from segdsl.engines.arrow.amounts import (
    combine_whole,
    divide_amount,
    divide_amounts,
    multiply_amount,
    negate_whole,
)
from segdsl.engines.arrow.batch import Tally, Values
from segdsl.engines.arrow.buffers import as_floats, has_missing_scalar, view
from segdsl.engines.arrow.calendar import difference, shift
from segdsl.engines.arrow.floats import finite, quotients
from segdsl.engines.arrow.physical import scalar_type
from segdsl.model.expression import Arithmetic, Negate, Operator
from segdsl.types import Kind
from segdsl.types.column_type import WHOLE

_INSTANTS = frozenset({Kind.DATE, Kind.TIMESTAMP})
_AMOUNTS = frozenset({Kind.MONEY, Kind.DURATION})


def combine(expr: Arithmetic, left: Values, right: Values, tally: Tally) -> Values:
    """The values of an arithmetic node from those of its operands; missing where one is.

    Where the divisor is zero or a date leaves the calendar, the result is missing and counted in `tally`.
    Raises EvaluationStopped where an amount or whole number does not fit 64 bits.
    """
    if has_missing_scalar(left, right):
        return pa.scalar(None, scalar_type(expr.type))
    kinds = {expr.left.type.kind, expr.right.type.kind}
    if kinds <= _INSTANTS:
        return difference(left, right)
    if kinds & _INSTANTS:
        return shift(expr, left, right, tally)
    if kinds & _AMOUNTS:
        return _combine_amounts(expr, left, right, tally)
    if expr.operator is not Operator.DIVIDE and kinds <= WHOLE:
        return combine_whole(expr, left, right)
    return _combine_numbers(expr, left, right, tally)


def negate(expr: Negate, operand: Values) -> Values:
    """Minus a number, amount or duration; missing where it is."""
    if expr.type.kind in WHOLE or expr.type.kind in _AMOUNTS:
        return negate_whole(expr, operand)
    # Unlike the sign turned, 0 less a number is never minus zero.
    return pc.subtract(0.0, operand)


def _combine_amounts(expr: Arithmetic, left: Values, right: Values, tally: Tally) -> Values:
    left_kind, right_kind = expr.left.type.kind, expr.right.type.kind
    match expr.operator:
        case Operator.ADD | Operator.SUBTRACT:
            return combine_whole(expr, left, right)
        case Operator.MULTIPLY if left_kind in _AMOUNTS:
            return multiply_amount(expr, left, expr.right, right)
        case Operator.MULTIPLY:
            return multiply_amount(expr, right, expr.left, left)
        case Operator.DIVIDE if right_kind in _AMOUNTS:
            return divide_amounts(expr, left, right, tally)
        case Operator.DIVIDE:
            return divide_amount(expr, left, right, tally)
        case _:
            assert_never(expr.operator)


def _combine_numbers(expr: Arithmetic, left: Values, right: Values, tally: Tally) -> Values:
    one, two = view(as_floats(left)), view(as_floats(right))
    with np.errstate(all="ignore"):
        match expr.operator:
            case Operator.ADD:
                data = one + two
            case Operator.SUBTRACT:
                data = one - two
            case Operator.MULTIPLY:
                data = one * two
            case Operator.DIVIDE:
                return quotients(one, two, (left, right), expr.span, tally)
    return finite(data, (left, right), expr.span, tally)
