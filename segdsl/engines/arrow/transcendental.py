"""Logarithms, powers of e and square roots; missing, and counted, where there is no result."""

import numpy as np

from segdsl.engines.arrow.batch import Lapse, Tally, Values
from segdsl.engines.arrow.buffers import as_floats, view
from segdsl.engines.arrow.floats import finite
from segdsl.model.expression import Call


def logarithm(expr: Call, arguments: tuple[Values, ...], tally: Tally) -> Values:
    return _apply(np.log, expr, arguments, tally, Lapse.UNDEFINED)


def logarithm_10(expr: Call, arguments: tuple[Values, ...], tally: Tally) -> Values:
    return _apply(np.log10, expr, arguments, tally, Lapse.UNDEFINED)


def exponential(expr: Call, arguments: tuple[Values, ...], tally: Tally) -> Values:
    return _apply(np.exp, expr, arguments, tally, Lapse.OUT_OF_RANGE)


def square_root(expr: Call, arguments: tuple[Values, ...], tally: Tally) -> Values:
    return _apply(np.sqrt, expr, arguments, tally, Lapse.UNDEFINED)


def _apply(function: np.ufunc, expr: Call, arguments: tuple[Values, ...], tally: Tally, lapse: Lapse) -> Values:
    with np.errstate(all="ignore"):
        data = function(view(as_floats(arguments[0])))
    return finite(data, arguments, expr.span, tally, lapse)
