"""When a value is too old: found longer ago than the age that providers state for it."""

from calendar import monthrange
from collections.abc import Iterable
from datetime import date, timedelta

from segdsl.collecting.field_name import FieldName
from segdsl.collecting.offers import Offer
from segdsl.types import Duration

_MONTHS = 12
_SECONDS_A_DAY = 86_400


def fresh_from(clock: date, age: Duration) -> date:
    """The first day on which a value may have been found and is not too old: the clock less the age.

    Months go by the calendar, clamped to the month's end; before the year 1 nothing is too old.
    """
    months = clock.year * _MONTHS + clock.month - 1 - age.months
    year, month = divmod(months, _MONTHS)
    if year < 1:
        return date.min
    day = date(year, month + 1, min(clock.day, monthrange(year, month + 1)[1]))
    left = timedelta(days=age.seconds // _SECONDS_A_DAY)
    return date.min if day - date.min < left else day - left


def longest_age(field: FieldName, offers: Iterable[Offer]) -> Duration | None:
    """The longest age that providers of a field state: which of them a value is from isn't known, and one that is older
    is too old for any of them."""
    ages = [offer.age for offer in offers if field in offer.covers and offer.age is not None]
    return max(ages, key=lambda age: age.total_seconds, default=None)
