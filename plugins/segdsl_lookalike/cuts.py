"""Where a measure is cut into intervals of about as many rows, at values that people would choose."""

from decimal import Decimal

import numpy as np

from segdsl.evidence.cut_points import cut_point, quantile_places, stretch
from segdsl.evidence.measures import Floats
from segdsl.plugin import Kind

_INTERVALS = 6
# A cut may move this share of the rows on either side for the sake of a rounder value.
_SLACK = 0.02
# A day is the start of a year, of a quarter or of a month, where there is one.
_MONTHS = (12, 3, 1)


def cuts_of(values: Floats, kind: Kind) -> tuple[Decimal, ...]:
    """Ascending cuts between about equally many of the values, none of them missing. None where all are equal.

    Values are as `segdsl.evidence.measures.plain_numbers` has them; a value that is in many rows has an interval alone.
    """
    ascending = np.sort(values)
    if not len(ascending) or ascending[0] == ascending[-1]:
        return ()
    slack = int(len(ascending) * _SLACK)
    places = [int(place) for place in quantile_places(ascending, _INTERVALS) if place < len(ascending)]
    if not places:
        # The highest value is that of most rows.
        places = [int(np.searchsorted(ascending, ascending[-1]))]
    cut = _day if kind is Kind.DATE else cut_point
    return tuple(sorted({cut(ascending, place, slack, slack) for place in places}))


def _day(ascending: Floats, place: int, below: int, above: int) -> Decimal:
    low, high = (int(day) for day in stretch(ascending, place, below, above))
    first, last = np.datetime64(low, "D").astype("datetime64[M]"), np.datetime64(high, "D").astype("datetime64[M]")
    months = np.arange(first, last + 1)
    starts = months.astype("datetime64[D]").astype(np.int64)
    inside = (starts > low) & (starts <= high)
    for every in _MONTHS:
        found = starts[inside & (months.astype(np.int64) % every == 0)]
        if len(found):
            return Decimal(int(found[np.argmin(np.abs(found - ascending[place]))]))
    return Decimal(int(ascending[place]))
