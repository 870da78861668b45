"""Dates and timestamps: differences, shifts by durations, and their parts.

Months move by the calendar and clamp to the month's end: 31 January plus 1 month is the last day of February.
The calendar runs from year 1 to year 9999; what leaves it is missing, and counted.
"""

from collections.abc import Callable
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from segdsl.engines.arrow.batch import Lapse, Tally, Values
from segdsl.engines.arrow.buffers import from_view, validity, view, without
from segdsl.engines.arrow.constants import constant_duration
from segdsl.engines.arrow.physical import DATE, DURATION, INT64, MICROSECONDS
from segdsl.model.expression import Arithmetic, Operator
from segdsl.types import Duration, Kind
from segdsl.types.value import SECONDS_PER_DAY, SECONDS_PER_MONTH

DAY = SECONDS_PER_DAY * MICROSECONDS
MONTH = SECONDS_PER_MONTH * MICROSECONDS
_EPOCH = date(1970, 1, 1)
_FIRST_DAY = (date.min - _EPOCH).days
_LAST_DAY = (date.max - _EPOCH).days
_CALENDAR = (_LAST_DAY - _FIRST_DAY + 1) * DAY


def difference(left: Values, right: Values) -> Values:
    """From one date to another, or one timestamp to another, as a duration."""
    microseconds = _microseconds(left) - _microseconds(right)
    return from_view(microseconds, DURATION, validity(left, right), (left, right))


def shift(expr: Arithmetic, left: Values, right: Values, tally: Tally) -> Values:
    """A date or timestamp plus or minus a duration.

    A stated duration moves its months by the calendar, then its days and seconds. A date moved by part of a
    day is the day in which the result lies.
    """
    start, moved, by = (left, right, expr.right)
    if expr.left.type.kind is Kind.DURATION:
        start, moved, by = (right, left, expr.left)
    sign = -1 if expr.operator is Operator.SUBTRACT else 1
    stated = constant_duration(by)
    if stated is not None:
        data = _shift_by_stated(start, stated if sign > 0 else -stated)
        operands: tuple[Values, ...] = (start,)
    else:
        # Clipped, so that the sum can't wrap: a longer duration leaves the calendar anyway.
        lengths = np.clip(view(moved), -2 * _CALENDAR, 2 * _CALENDAR)
        data = _microseconds(start) + sign * lengths
        operands = (start, moved)
    return _on_calendar(data, start.type, operands, expr, tally)


def parts(values: Values, name: str) -> Values:
    """Year, quarter, month or day of dates or timestamps (UTC), as whole numbers."""
    days = _days(values)
    return from_view(_by_day(days, lambda d: _part(d, name)), INT64, validity(values), (values,))


def days_of(timestamps: Values) -> Values:
    """The dates (UTC) in which timestamps lie."""
    return from_view(_days(timestamps), DATE, validity(timestamps), (timestamps,))


def lengths(durations: Values, unit: int) -> Values:
    """Durations as numbers of a unit given in microseconds."""
    return pc.divide(pc.cast(durations.cast(INT64), pa.float64(), safe=False), float(unit))


def _microseconds(values: Values) -> np.ndarray:
    data = view(values)
    return data.astype(np.int64) * DAY if values.type == DATE else data


def _days(values: Values) -> np.ndarray:
    data = view(values)
    return data if values.type == DATE else data // DAY


def _shift_by_stated(start: Values, by: Duration) -> np.ndarray:
    data = _microseconds(start)
    if by.months:
        days = _days(start)
        data = data + (_by_day(days, lambda d: _add_months(d, by.months)) - days) * DAY
    limit = 2 * _CALENDAR
    return data + max(-limit, min(by.seconds * MICROSECONDS, limit))


def _add_months(days: np.ndarray, months: int) -> np.ndarray:
    inside = np.clip(days, _FIRST_DAY, _LAST_DAY).astype("datetime64[D]")
    month = inside.astype("datetime64[M]")
    day_of_month = inside - month.astype("datetime64[D]")
    # Beyond the calendar on either side is all the same.
    target = month + max(-200_000, min(months, 200_000))
    first = target.astype("datetime64[D]")
    length = (target + 1).astype("datetime64[D]") - first
    return (first + np.minimum(day_of_month, length - 1)).astype(np.int64)


def _on_calendar(
    microseconds: np.ndarray, type_: pa.DataType, operands: tuple[Values, ...], expr: Arithmetic, tally: Tally
) -> Values:
    known = validity(*operands)
    outside = (microseconds < _FIRST_DAY * DAY) | (microseconds >= (_LAST_DAY + 1) * DAY)
    if outside.any():
        known, rows = without(microseconds, outside, known)
        tally.add(Lapse.OUT_OF_RANGE, expr.span, rows)
        microseconds = np.where(outside, 0, microseconds)
    data = microseconds // DAY if type_ == DATE else microseconds
    return from_view(data, type_, known, operands)


def _by_day(days: np.ndarray, compute: Callable[[np.ndarray], np.ndarray]) -> np.ndarray:
    """`compute` of each day, done once for each day of the range they span where that is the shorter way."""
    if not len(days):
        return days.astype(np.int64)
    low, high = int(days.min()), int(days.max())
    if high - low >= len(days):
        return compute(days)
    return compute(np.arange(low, high + 1)).take(days - low)


def _part(days: np.ndarray, name: str) -> np.ndarray:
    inside = np.clip(days, _FIRST_DAY, _LAST_DAY).astype("datetime64[D]")
    if name == "year":
        return inside.astype("datetime64[Y]").astype(np.int64) + 1970
    month = inside.astype("datetime64[M]")
    if name == "day":
        return (inside - month.astype("datetime64[D]")).astype(np.int64) + 1
    of_year = month.astype(np.int64) % 12
    return of_year // 3 + 1 if name == "quarter" else of_year + 1
