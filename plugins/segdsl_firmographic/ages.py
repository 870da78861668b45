"""Ages of businesses, from a year, a date, or a text with a year."""

from dataclasses import dataclass
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

# Older than any business alive; a lesser number is no year.
FIRST_YEAR = 500
_YEAR = r"(?s)(?:^|[^0-9])(?P<year>[0-9]{4})(?:[^0-9]|$)"


@dataclass(frozen=True, slots=True)
class Founding:
    """The year and the age in completed years, int64; null where `wrong` (too early or in the future) or unknown."""

    year: pa.Array
    age: pa.Array
    wrong: pa.Array


def read_founding(founded: pa.Array, clock: date) -> Founding:
    """When businesses were founded. From a year alone the age is the difference of the years.

    Of a text the first number of four digits is the year, so `2013 (1888)` was founded in 2013: lists write the
    founding of the present company first and that of its forerunner in brackets. Without a clock (the last day there
    is) there is no age.
    """
    if pa.types.is_string(founded.type):
        founded = pc.struct_field(pc.extract_regex(founded, _YEAR), "year")
    dated = pa.types.is_date(founded.type) or pa.types.is_timestamp(founded.type)
    days = founded.cast(pa.date32(), safe=False) if dated else None
    year = founded.cast(pa.int64()) if days is None else pc.year(days)
    future = pc.greater(year, clock.year) if days is None else pc.greater(days, clock)
    wrong = pc.fill_null(pc.or_(future, pc.less(year, FIRST_YEAR)), False)
    year = pc.if_else(wrong, None, year)
    age = pc.subtract(clock.year, year)
    if days is not None:
        age = pc.subtract(age, _before_anniversary(days, clock).cast(pa.int64()))
    return Founding(year, age if clock < date.max else pa.nulls(len(age), pa.int64()), wrong)


def _before_anniversary(days: pa.Array, clock: date) -> pa.Array:
    """Whether this year's anniversary comes after the clock."""
    place = pc.add(pc.multiply(pc.month(days), 100), pc.day(days))
    return pc.greater(place, clock.month * 100 + clock.day)
