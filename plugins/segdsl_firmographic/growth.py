"""Growth of a figure over a history of records."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Days = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

DAYS_PER_MONTH = 365.2425 / 12


@dataclass(frozen=True, slots=True)
class Span:
    """The time that growth is measured over, and how far from its start a record may be: months and days."""

    months: int
    days: int
    tolerance_months: int
    tolerance_days: int


@dataclass(frozen=True, slots=True)
class Growth:
    """Yearly compound growth by account, a share, null for none; and the accounts whose figures can't give any."""

    rates: pa.Array
    not_positive: pa.Array
    ambiguous: pa.Array


@dataclass(frozen=True, slots=True)
class _History:
    """Known records in order of account and day, one for each; `places` is both in one number."""

    places: Days
    values: Numbers
    clashes: Mask


# A place is the account times this, plus the day; dates of Arrow are within four million days of 1970.
_DAYS = 1 << 23
_FIRST = -(1 << 22)


def find_growth(rows: pa.Array, values: pa.Array, days: pa.Array, accounts: int, span: Span, clock: date) -> Growth:
    """The growth of each account from its records: the account of each, its figure, and its day.

    It grows to the latest record up to the clock, unless that is older than the span and the tolerance, and from the
    record nearest to the span's length before, if one is within the tolerance (the earlier of two equally near). With
    t years between the two, rate = (end / start) ** (1 / t) - 1; t is counted in calendar years and months, so that
    31 December to 31 December is a year, and remaining days as 1/365.2425.
    """
    history = _in_order(rows, values, days, np.datetime64(clock))
    account, end = _latest(history.places)
    end_day = _day(history.places[end])
    wanted = _earlier(end_day, span.months, span.days)
    start = _nearest(history.places, account, end, wanted)
    start_day = _day(history.places[start])
    near = (start_day >= _slack(wanted, span)) & (_slack(start_day, span) <= wanted)
    # Without a clock nothing is too old.
    oldest = _slack(_earlier(np.datetime64(clock), span.months, span.days), span)
    recent = (end_day >= oldest) | (clock == date.max)
    usable = (start >= 0) & (history.places[start] // _DAYS == account) & near & recent
    return _rates(history, accounts, account[usable], start[usable], end[usable])


def _latest(places: Days) -> tuple[Days, Days]:
    """The accounts that have records, and the place of the latest of each."""
    account = places // _DAYS
    last = np.flatnonzero(np.append(account[1:] != account[:-1], True)[: len(account)])
    return account[last], last


def _rates(history: _History, accounts: int, found: Days, start: Days, end: Days) -> Growth:
    before, after = history.values[start], history.values[end]
    clash = history.clashes[start] | history.clashes[end]
    positive = (before > 0) & (after >= 0)
    good = positive & ~clash
    rates = np.full(accounts, np.nan)
    years = _years(_day(history.places[start[good]]), _day(history.places[end[good]]))
    with np.errstate(over="ignore"):
        rates[found[good]] = (after[good] / before[good]) ** (1 / years) - 1
    return Growth(
        rates=pa.array(rates, mask=~np.isfinite(rates)),
        not_positive=_mask(accounts, found[~positive & ~clash]),
        ambiguous=_mask(accounts, found[clash]),
    )


def _in_order(rows: pa.Array, values: pa.Array, days: pa.Array, limit: np.datetime64) -> _History:
    """The records whose account, figure and day are known, up to the limit; of a day's records the greatest figure."""
    known = pc.and_(pc.and_(pc.is_valid(rows), pc.is_valid(values)), pc.is_valid(days))
    account = pc.filter(rows, known).to_numpy(zero_copy_only=False).astype(np.int64)
    figure = pc.filter(values, known).cast(pa.float64(), safe=False).to_numpy(zero_copy_only=False)
    day = pc.filter(days, known).cast(pa.date32(), safe=False).cast(pa.int32()).to_numpy(zero_copy_only=False)
    fine = np.isfinite(figure) & (day <= limit.astype("datetime64[D]").astype(np.int64))
    places, figure = account[fine] * _DAYS + (day[fine].astype(np.int64) - _FIRST), figure[fine]
    order = np.argsort(places)
    places, figure = places[order], figure[order]
    starts = np.flatnonzero(np.append(True, places[1:] != places[:-1])[: len(places)])
    if len(starts) == len(places):
        return _History(places, figure, np.zeros(len(places), np.bool_))
    greatest = np.maximum.reduceat(figure, starts)
    return _History(places[starts], greatest, greatest != np.minimum.reduceat(figure, starts))


def _day(places: Days) -> npt.NDArray[np.datetime64]:
    return (places % _DAYS + _FIRST).astype("datetime64[D]")


def _earlier(days: npt.NDArray[np.datetime64] | np.datetime64, months: int, less: int) -> npt.NDArray[np.datetime64]:
    """The day so many months and days before; the last of the month where the month is shorter."""
    day = np.asarray(days, "datetime64[D]")
    month = day.astype("datetime64[M]")
    moved = month - months
    of_month = (day - month.astype("datetime64[D]")).astype(np.int64)
    longest = ((moved + 1).astype("datetime64[D]") - moved.astype("datetime64[D]")).astype(np.int64) - 1
    return np.asarray(moved.astype("datetime64[D]") + np.minimum(of_month, longest) - less, "datetime64[D]")


def _slack(days: npt.NDArray[np.datetime64], span: Span) -> npt.NDArray[np.datetime64]:
    """The days less the tolerance."""
    return _earlier(days, span.tolerance_months, span.tolerance_days)


def _nearest(places: Days, accounts: Days, end: Days, wanted: npt.NDArray[np.datetime64]) -> Days:
    """The account's record nearest to a day before its last; -1 or another account's record where it has none."""
    target = accounts * _DAYS + (wanted.astype(np.int64) - _FIRST)
    after = np.minimum(np.searchsorted(places, target, side="left"), end - 1)
    before = after - 1
    has_before = (before >= 0) & (places[np.maximum(before, 0)] // _DAYS == accounts)
    closer = np.abs(places[np.maximum(before, 0)] - target) <= np.abs(places[np.maximum(after, 0)] - target)
    return np.where(has_before & closer, before, after)


def _years(start: npt.NDArray[np.datetime64], end: npt.NDArray[np.datetime64]) -> Numbers:
    first, last = start.astype("datetime64[M]"), end.astype("datetime64[M]")
    months = (last - first).astype(np.int64)
    days = ((end - last.astype("datetime64[D]")) - (start - first.astype("datetime64[D]"))).astype(np.int64)
    return np.asarray(months / 12 + days / (DAYS_PER_MONTH * 12), np.float64)


def _mask(length: int, rows: Days) -> pa.Array:
    mask = np.zeros(length, np.bool_)
    mask[rows] = True
    return pa.array(mask)
