"""`round`, `floor`, `ceil` and `abs`: money and whole numbers exactly, numbers as spreadsheets do."""

from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from segdsl.engines.arrow.amounts import stop_too_large
from segdsl.engines.arrow.batch import Tally, Values
from segdsl.engines.arrow.buffers import blockwise, from_view, retyped, settled, validity, view
from segdsl.engines.arrow.constants import constant_number
from segdsl.engines.arrow.floats import finite
from segdsl.engines.arrow.physical import FLOAT64, INT64, INT64_HIGH, INT64_LOW, arrow_type, places
from segdsl.model.expression import Call
from segdsl.types import Kind

# From here on a float's fraction is too coarse to tell a half from what lies beside it.
_COARSE = 1e15
_MOST_DIGITS = 308


def round_values(expr: Call, arguments: tuple[Values, ...], tally: Tally) -> Values:
    """Rounded to so many decimal digits (default 0), a half away from zero.

    A float is taken as the number of 15 significant digits that it stands for, as spreadsheets do: 2.675 to
    two digits is 2.68 although the float is a little less.
    """
    # More digits than a float can be scaled by change nothing.
    digits = max(-_MOST_DIGITS, min(_stated_digits(expr), _MOST_DIGITS))
    values = arguments[0]
    if values.type == INT64:
        return _step(expr, values, digits, _away_from_zero)
    data = view(values)
    with np.errstate(all="ignore"):
        rounded = blockwise(lambda block: _round_floats(block, digits), data)
    return finite(rounded, (values,), expr.span, tally)


def floor(expr: Call, arguments: tuple[Values, ...], tally: Tally) -> Values:
    """The next whole number or whole unit of the currency that is not above."""
    if arguments[0].type == INT64:
        return _step(expr, arguments[0], 0, lambda data, step: data // step)
    return pc.floor(arguments[0])


def ceiling(expr: Call, arguments: tuple[Values, ...], tally: Tally) -> Values:
    """The next whole number or whole unit of the currency that is not below."""
    if arguments[0].type == INT64:
        return _step(expr, arguments[0], 0, lambda data, step: data // step + (data % step != 0))
    # What lies between -1 and 0 would become minus zero.
    return pc.add(pc.ceil(arguments[0]), 0.0)


def absolute(expr: Call, arguments: tuple[Values, ...], tally: Tally) -> Values:
    """Without the sign."""
    if arguments[0].type == FLOAT64:
        return pc.abs(arguments[0])
    try:
        return retyped(pc.abs_checked(retyped(arguments[0], INT64)), arrow_type(expr.type))
    except pa.ArrowInvalid:
        stop_too_large(expr.type, expr.span)


def _stated_digits(expr: Call) -> int:
    if len(expr.arguments) < 2:
        return 0
    stated = constant_number(expr.arguments[1])
    assert stated is not None and stated.denominator == 1
    return int(stated)


def _step(expr: Call, values: Values, digits: int, count_steps: Callable[[np.ndarray, int], np.ndarray]) -> Values:
    """Whole units moved to a multiple of 10^-digits of the currency, or of the number itself."""
    held = places(expr.type) if expr.type.kind is Kind.MONEY else 0
    if digits >= held:
        return values
    step = 10 ** (held - digits)
    data = settled(values)
    if step > INT64_HIGH:
        # All of 64 bits lies within half a step of zero, or nearly so: settled with Python's integers.
        data = data.astype(object)
    moved = blockwise(lambda block: count_steps(block, step), data)
    if len(moved) and not INT64_LOW <= int(moved.min()) * step <= int(moved.max()) * step <= INT64_HIGH:
        stop_too_large(expr.type, expr.span)
    return from_view((moved * step).astype(np.int64), INT64, validity(values), (values,))


def _away_from_zero(data: np.ndarray, step: int) -> np.ndarray:
    lower = data // step
    rest = data - lower * step
    # Just at the half: up for what is positive, down for what is negative.
    rounded: np.ndarray = lower + ((rest > step - rest) | ((rest == step - rest) & (data >= 0)))
    return rounded


def _round_floats(data: np.ndarray, digits: int) -> np.ndarray:
    scale = 10.0 ** abs(digits)
    size = np.abs(data)
    scaled = size * scale if digits >= 0 else size / scale
    # Two units in the last place make up for the representation and the scaling of a half such as 2.675.
    nudged = np.floor(scaled * (1 + 2.0**-51) + 0.5)
    rounded = np.where(scaled < _COARSE, nudged, np.rint(scaled))
    back = rounded / scale if digits >= 0 else rounded * scale
    signed: np.ndarray = np.copysign(np.where(np.isfinite(scaled), back, size), data)
    return signed
