"""Dates and timestamps: differences, shifts by durations, and their parts.

Months move by the calendar and clamp to the month's end: 31 January plus 1 month is the last day of February.
The calendar runs from year 1 to year 9999; what leaves it is missing, and counted.
"""

from collections.abc import Callable
from datetime import date
from enum import Enum
from typing import assert_never

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
# From any day of the calendar this leads out of it.
_BEYOND = 2 * (_LAST_DAY - _FIRST_DAY + 1) * DAY


class Part(Enum):
    """A part of a date."""

    YEAR = "year"
    QUARTER = "quarter"
    MONTH = "month"
    DAY = "day"


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
        return _on_calendar(data, start.type, (start,), expr, tally)
    # Clipped, so that the sum can't wrap: a longer duration leaves the calendar anyway.
    data = _microseconds(start) + sign * np.clip(view(moved), -_BEYOND, _BEYOND)
    data = data // DAY if start.type == DATE else data
    return _on_calendar(data, start.type, (start, moved), expr, tally)


def part_of(values: Values, part: Part) -> Values:
    """Year, quarter, month or day of dates or timestamps (UTC), as whole numbers."""
    days = _days(values)
    return from_view(_by_day(days, lambda d: _part(d, part)), INT64, validity(values), (values,))


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
    """The results in days for dates, in microseconds for timestamps."""
    microseconds = max(-_BEYOND, min(by.seconds * MICROSECONDS, _BEYOND))
    if start.type == DATE:
        days = view(start)
        moved = _by_day(days, lambda d: _add_months(d, by.months)) if by.months else days.astype(np.int64)
        return moved + microseconds // DAY
    if not by.months:
        return view(start) + microseconds
    days = _days(start)
    gained: np.ndarray = (_by_day(days, lambda d: _add_months(d, by.months)) - days) * DAY
    gained += view(start) + microseconds
    return gained


def _add_months(days: np.ndarray, months: int) -> np.ndarray:
    inside = np.clip(days, _FIRST_DAY, _LAST_DAY).astype("datetime64[D]")
    month = inside.astype("datetime64[M]")
    day_of_month = inside - month.astype("datetime64[D]")
    # Beyond the calendar on either side is all the same.
    target = month + max(-200_000, min(months, 200_000))
    first = target.astype("datetime64[D]")
    length = (target + 1).astype("datetime64[D]") - first
    moved: np.ndarray = first + np.minimum(day_of_month, length - 1)
    return moved.astype(np.int64)


def _on_calendar(
    data: np.ndarray, type_: pa.DataType, operands: tuple[Values, ...], expr: Arithmetic, tally: Tally
) -> Values:
    known = validity(*operands)
    unit = 1 if type_ == DATE else DAY
    low, high = _FIRST_DAY * unit, (_LAST_DAY + 1) * unit
    if len(data) and not low <= data.min() <= data.max() < high:
        outside = (data < low) | (data >= high)
        known, rows = without(data, outside, known)
        tally.add(Lapse.OUT_OF_RANGE, expr.span, rows)
        data = np.where(outside, 0, data)
    return from_view(data, type_, known, operands)


def _by_day(days: np.ndarray, compute: Callable[[np.ndarray], np.ndarray]) -> np.ndarray:
    """`compute` of each day, done once for each day of the range they span where that is the shorter way."""
    if not len(days):
        return days.astype(np.int64)
    low, high = int(days.min()), int(days.max())
    if high - low >= len(days):
        return compute(days)
    # Indices of another width would be converted on a slow path.
    return compute(np.arange(low, high + 1)).take(days.astype(np.int64) - low)


def _part(days: np.ndarray, part: Part) -> np.ndarray:
    inside = np.clip(days, _FIRST_DAY, _LAST_DAY).astype("datetime64[D]")
    month = inside.astype("datetime64[M]")
    found: np.ndarray
    match part:
        case Part.YEAR:
            found = inside.astype("datetime64[Y]").astype(np.int64) + 1970
        case Part.QUARTER:
            found = month.astype(np.int64) % 12 // 3 + 1
        case Part.MONTH:
            found = month.astype(np.int64) % 12 + 1
        case Part.DAY:
            found = (inside - month.astype("datetime64[D]")).astype(np.int64) + 1
        case _:
            assert_never(part)
    return found
