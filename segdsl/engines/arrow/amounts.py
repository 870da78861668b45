"""Exact arithmetic on 64-bit amounts: money in its places, durations in microseconds, and whole numbers.

Sums, differences and products of whole numbers are exact. A product or quotient with a number that the spec
states is computed in integers and rounded half-even once; with a number from the data it goes through one
float operation and is rounded half-even. Nothing wraps: what does not fit 64 bits raises EvaluationStopped
(SEG612).
"""

from fractions import Fraction
from typing import NoReturn

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from segdsl.diagnostics import Diagnostic, Label, Span
from segdsl.engines.arrow.batch import EvaluationStopped, Lapse, Tally, Values
from segdsl.engines.arrow.buffers import (
    as_floats,
    blockwise,
    from_view,
    retyped,
    settled,
    validity,
    view,
    without,
)
from segdsl.engines.arrow.constants import constant_number
from segdsl.engines.arrow.floats import quotients
from segdsl.engines.arrow.physical import INT64, INT64_HIGH, INT64_LOW, arrow_type
from segdsl.model.expression import Arithmetic, Expr, Negate, Operator
from segdsl.types import Kind, Type, money_places
from segdsl.types.column_type import WHOLE

_CHECKED = {
    Operator.ADD: pc.add_checked,
    Operator.SUBTRACT: pc.subtract_checked,
    Operator.MULTIPLY: pc.multiply_checked,
}


def combine_whole(expr: Arithmetic, left: Values, right: Values) -> Values:
    """Sum, difference or product of two 64-bit operands, exactly, in the type of `expr`."""
    try:
        result = _CHECKED[expr.operator](retyped(left, INT64), retyped(right, INT64))
    except pa.ArrowInvalid:
        stop_too_large(expr.type, expr.span)
    return retyped(result, arrow_type(expr.type))


def negate_whole(expr: Negate, operand: Values) -> Values:
    """Minus a 64-bit operand, exactly."""
    try:
        result = pc.negate_checked(retyped(operand, INT64))
    except pa.ArrowInvalid:
        stop_too_large(expr.type, expr.span)
    return retyped(result, arrow_type(expr.type))


def multiply_amount(expr: Arithmetic, amount: Values, factor: Expr, by: Values) -> Values:
    """An amount times a number; `by` holds the values of `factor`."""
    if factor.type.kind in WHOLE:
        return combine_whole(expr, amount, by)
    stated = constant_number(factor)
    if stated is not None:
        return _scaled_amount(expr, amount, stated)
    with np.errstate(all="ignore"):
        product = view(amount) * view(by)
    return _rounded(expr, product, (amount, by), validity(amount, by))


def divide_amount(expr: Arithmetic, amount: Values, by: Values, tally: Tally) -> Values:
    """An amount divided by a number; missing, and counted, where that is zero."""
    stated = constant_number(expr.right)
    if stated:
        return _scaled_amount(expr, amount, 1 / stated)
    operands = amount, by
    divisor = view(by)
    known = validity(*operands)
    by_zero = divisor == 0
    if by_zero.any():
        shape = np.broadcast_shapes(divisor.shape, (len(view(amount)),))
        known, rows = without(np.empty(shape, bool), np.broadcast_to(by_zero, shape), known)
        tally.add(Lapse.ZERO_DIVISOR, expr.span, rows)
        divisor = np.where(by_zero, divisor.dtype.type(1), divisor)
    if expr.right.type.kind in WHOLE:
        data = _divided(settled(amount), divisor, expr)
        return from_view(data, arrow_type(expr.type), known, operands)
    with np.errstate(all="ignore"):
        quotient = view(amount) / divisor
    return _rounded(expr, quotient, operands, known)


def divide_amounts(expr: Arithmetic, left: Values, right: Values, tally: Tally) -> Values:
    """The ratio of two amounts of one unit, as a float."""
    dividend = view(as_floats(retyped(left, INT64)))
    divisor = view(as_floats(retyped(right, INT64)))
    return quotients(dividend, divisor, (left, right), expr.span, tally)


def scaled(units: np.ndarray, factor: Fraction) -> np.ndarray:
    """Each of `units` times `factor`, rounded half-even to a whole number.

    Raises OverflowError where a result does not fit 64 bits.
    """
    if not units.any():
        return units
    times, parts = factor.numerator, factor.denominator
    largest = max(int(units.max()), -int(units.min()))
    if largest * abs(times) <= INT64_HIGH and parts <= INT64_HIGH:
        if parts == 1:
            return units * times
        return blockwise(lambda block: halves_to_even(block * times, parts), units)
    if (largest // parts + 2) * abs(times) <= INT64_HIGH and parts * abs(times) <= INT64_HIGH:
        return blockwise(lambda block: _in_two_steps(block, times, parts), units)
    exact = halves_to_even(units.astype(object) * times, parts)
    if max(exact) > INT64_HIGH or min(exact) < INT64_LOW:
        raise OverflowError("an amount does not fit 64 bits")
    return exact.astype(np.int64)


def halves_to_even(dividend: np.ndarray, divisor: int | np.ndarray, plus: np.ndarray | None = None) -> np.ndarray:
    """`dividend / divisor` (and `plus` added) in integers, to the nearest, a half to the even neighbour."""
    floor = dividend // divisor
    rest = dividend - floor * divisor
    if plus is not None:
        floor = floor + plus
    # The rest has the divisor's sign and is smaller: compared by halves, so that nothing can overflow.
    size, left = divisor - rest, rest
    if not isinstance(divisor, int):
        size, left = np.abs(size), np.abs(left)
    up = (left > size) | ((left == size) & ((floor & 1) == 1))
    rounded: np.ndarray = floor + up
    return rounded


def _in_two_steps(units: np.ndarray, times: int, parts: int) -> np.ndarray:
    whole = units // parts
    return halves_to_even((units - whole * parts) * times, parts, whole * times)


def stop_too_large(type_: Type, span: Span | None, rows: int | None = None) -> NoReturn:
    """Stops because results of that type do not fit 64 bits, in so many rows if that is known."""
    where = "" if rows is None else f" in {rows:,} {'row' if rows == 1 else 'rows'}"
    if type_.kind is Kind.MONEY:
        assert type_.currency is not None
        noun = "an amount"
        limit = f"amounts up to {INT64_HIGH // 10 ** money_places(type_.currency):,} {type_.currency}"
    elif type_.kind is Kind.DURATION:
        noun, limit = "a duration", "durations up to 292,000 years"
    else:
        noun, limit = "a whole number", f"whole numbers up to {INT64_HIGH:,}"
    raise EvaluationStopped(
        Diagnostic(
            code="SEG612",
            message=f"{noun} here is too large to be held exactly{where}",
            labels=() if span is None else (Label(span, "computed here"),),
            expected=limit,
            help="look for values in the wrong unit in the columns it is computed from",
        )
    )


def _scaled_amount(expr: Arithmetic, amount: Values, factor: Fraction) -> Values:
    try:
        data = scaled(settled(amount), factor)
    except OverflowError:
        stop_too_large(expr.type, expr.span)
    return from_view(data, arrow_type(expr.type), validity(amount), (amount,))


def _rounded(expr: Arithmetic, data: np.ndarray, operands: tuple[Values, ...], known: pa.Buffer | None) -> Values:
    # Not a number where there is one among what stands under nulls.
    reach = np.abs([data.min(), data.max()]).max() if len(data) else 0.0
    if not reach < 2.0**63:
        too_large = ~(np.abs(data) < 2.0**63)
        _, rows = without(data, too_large, known)
        if rows:
            stop_too_large(expr.type, expr.span, rows)
        data = np.where(too_large, 0.0, data)
    np.rint(data, out=data)
    return from_view(data.astype(np.int64), arrow_type(expr.type), known, operands)


def _divided(dividend: np.ndarray, divisor: np.ndarray, expr: Arithmetic) -> np.ndarray:
    if len(dividend) and int(dividend.min()) == INT64_LOW:
        wrapped = (dividend == INT64_LOW) & (divisor == -1)
        if wrapped.any():
            stop_too_large(expr.type, expr.span, int(wrapped.sum()))
    return blockwise(halves_to_even, dividend, divisor)
