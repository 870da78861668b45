"""What each customer bought, from a table of purchases."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from segdsl.evidence.measures import doubles

Numbers = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Purchases:
    """The customers who bought up to the clock, one each, in the order of their rows; times in days.

    `repeats` is the number of days of purchase after the first, `last` the time from the first to the last, `age` from
    the first to the clock. `mean` is the mean amount of a day of purchase, `repeat_mean` that of the repeats alone and
    `paid_repeats` how many of these have a known amount; a mean is NaN where none is known. `returned` are the rows
    of customers with days on which more was returned than bought.
    """

    rows: Places
    repeats: Numbers
    last: Numbers
    age: Numbers
    mean: Numbers
    paid_repeats: Numbers
    repeat_mean: Numbers
    returned: Places


@dataclass(frozen=True, slots=True)
class _Days:
    """Days of purchase in order of customer and day: the customer's row, the day, and the amount, NaN for unknown."""

    customer: Places
    day: Places
    amount: Numbers
    returned: Places


# A place is the customer's row times this, plus the day; dates of Arrow are within four million days of 1970.
_DAYS = 1 << 23
_FIRST = -(1 << 22)


def read_purchases(rows: pa.Array, dates: pa.Array, amounts: pa.Array | None, clock: date) -> Purchases:
    """The purchases of each customer. `rows` is the customer's row of each purchase, null for none.

    Purchases of one day are one, with the sum of their known amounts. A day whose sum is below zero is none. What is
    without a customer or a date, or after the clock, is left out.
    """
    days = _days_of_purchase(rows, dates, amounts, clock)
    starts = _starts(days.customer)
    ends = np.append(starts[1:], len(days.day))[: len(starts)] - 1
    known = np.isfinite(days.amount)
    amount = np.where(known, days.amount, 0.0)
    total, paid = _sums(amount, starts), _sums(known.astype(np.float64), starts)
    amount[starts], known[starts] = 0.0, False
    repeat_total, repeat_paid = _sums(amount, starts), _sums(known.astype(np.float64), starts)
    first, last = days.day[starts], days.day[ends]
    return Purchases(
        rows=days.customer[starts],
        repeats=(ends - starts).astype(np.float64),
        last=(last - first).astype(np.float64),
        age=((np.datetime64(clock, "D").astype(np.int64)) - first).astype(np.float64),
        mean=_quotient(total, paid),
        paid_repeats=repeat_paid,
        repeat_mean=_quotient(repeat_total, repeat_paid),
        returned=days.returned,
    )


def _days_of_purchase(rows: pa.Array, dates: pa.Array, amounts: pa.Array | None, clock: date) -> _Days:
    day = dates.cast(pa.date32(), safe=False)
    fine = pc.and_(pc.is_valid(rows), pc.fill_null(pc.less_equal(day, pa.scalar(clock, pa.date32())), False))
    row = rows.filter(fine).cast(pa.int64()).to_numpy(zero_copy_only=False)
    place = row * _DAYS + (day.filter(fine).cast(pa.int32()).to_numpy(zero_copy_only=False).astype(np.int64) - _FIRST)
    amount = np.full(len(place), np.nan) if amounts is None else as_numbers(amounts.filter(fine))
    # Sums of fractions depend on the order of what is added, and the order of rows must not matter.
    order = np.argsort(place) if amounts is None else np.lexsort((amount, place))
    place, amount = place[order], amount[order]
    starts = _starts(place)
    known = np.isfinite(amount)
    total = _sums(np.where(known, amount, 0.0), starts)
    total[_sums(known.astype(np.float64), starts) == 0] = np.nan
    bought = ~(total < 0)
    customer = place[starts] // _DAYS
    return _Days(customer[bought], place[starts][bought] % _DAYS + _FIRST, total[bought], np.unique(customer[~bought]))


def as_numbers(values: pa.Array) -> Numbers:
    """Numbers or money as floats, NaN for missing."""
    return doubles(values)


def _starts(sorted_places: Places) -> Places:
    """Where a new value begins."""
    return np.flatnonzero(np.append(True, sorted_places[1:] != sorted_places[:-1])[: len(sorted_places)])


def _sums(values: Numbers, starts: Places) -> Numbers:
    return np.asarray(np.add.reduceat(values, starts) if len(starts) else np.zeros(0), np.float64)


def _quotient(total: Numbers, count: Numbers) -> Numbers:
    return np.asarray(np.where(count > 0, total / np.maximum(count, 1), np.nan))
