"""Results in floating point: what is not a finite number is missing, and counted; zero has no minus."""

import numpy as np

from segdsl.diagnostics import Span
from segdsl.engines.arrow.batch import Lapse, Tally, Values
from segdsl.engines.arrow.buffers import from_view, validity, without
from segdsl.engines.arrow.physical import FLOAT64


def finite(
    data: np.ndarray,
    operands: tuple[Values, ...],
    span: Span | None,
    tally: Tally,
    lapse: Lapse = Lapse.OUT_OF_RANGE,
) -> Values:
    """Results computed from `operands`, as values; missing where an operand is or a result is not finite."""
    known = validity(*operands)
    good = np.isfinite(data)
    if not good.all():
        known, rows = without(data, ~good, known)
        tally.add(lapse, span, rows)
    return from_view(_one_zero(data), FLOAT64, known, operands)


def quotients(
    dividend: np.ndarray, divisor: np.ndarray, operands: tuple[Values, ...], span: Span | None, tally: Tally
) -> Values:
    """Quotients as floats; missing, and counted, where the divisor is zero."""
    with np.errstate(all="ignore"):
        data = dividend / divisor
    good = np.isfinite(data)
    known = validity(*operands)
    if not good.all():
        by_zero = np.broadcast_to(divisor == 0, data.shape)
        known, rows = without(data, by_zero, known)
        tally.add(Lapse.ZERO_DIVISOR, span, rows)
        known, rows = without(data, ~good, known)
        tally.add(Lapse.OUT_OF_RANGE, span, rows)
    return from_view(_one_zero(data), FLOAT64, known, operands)


def _one_zero(data: np.ndarray) -> np.ndarray:
    """The results, which are the caller's to change, with plus zero for minus zero: the two are one number, but Arrow's
    sets and dictionaries tell them apart, and files would show the minus."""
    added: np.ndarray = np.add(data, 0.0, out=data)
    return added
