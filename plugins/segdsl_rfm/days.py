"""Days that people remember: the first of a year, a quarter or a month."""

from datetime import UTC, date, datetime, timedelta

_EPOCH_DAY = date(1970, 1, 1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MONTHS_APART = (12, 3, 1)
_STEPS = (timedelta(days=1), timedelta(hours=1), timedelta(minutes=1), timedelta(seconds=1))


def roundest_day(low: int, high: int) -> int:
    """Of the days after `low` and up to `high`, the last that begins a year, a quarter or a month, else `high`.

    Days are counted from 1970.
    """
    last = _EPOCH_DAY + timedelta(days=high)
    for months in _MONTHS_APART:
        first = date(last.year, (last.month - 1) // months * months + 1, 1)
        day = (first - _EPOCH_DAY).days
        if day > low:
            return day
    return high


def roundest_moment(low: float, high: float) -> datetime:
    """The same for moments, in days from 1970: else the last midnight, hour, minute or second, else `high`."""
    first, last = (_EPOCH + timedelta(microseconds=round(one * 86_400_000_000)) for one in (low, high))
    if (last - _EPOCH).days > (first - _EPOCH).days:
        midnight = _EPOCH + timedelta(days=roundest_day((first - _EPOCH).days, (last - _EPOCH).days))
        return midnight
    for step in _STEPS:
        moment = last - (last - _EPOCH) % step
        if moment > first:
            return moment
    return last
