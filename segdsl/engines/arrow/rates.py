"""Rates of currencies: the latest one on or before a day, and amounts times their rate."""

from fractions import Fraction

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from segdsl.engines.arrow.aggregation.columns import Floats, Ints, Mask, as_floats, as_ints, plain_text, valid_mask
from segdsl.engines.arrow.amounts import scaled
from segdsl.engines.arrow.physical import FLOAT64
from segdsl.engines.arrow.reading.keys import match_keys
from segdsl.record import dataclass

_MICROSECONDS_PER_DAY = 86_400_000_000
# Products up to here have room for a fraction that tells a half from what lies beside it.
_FINE = 2.0**48
# The rate as a float, the amount as a float and their product are each off by at most 2^-53 of their size.
_ERROR = 2.0**-51
# A product below this fits 64 bits whatever its error.
_LARGEST = 2.0**63 * (1 - 2.0**-50)


@dataclass(frozen=True, slots=True)
class Rates:
    """Rates of `currencies` (distinct texts) in ascending order of currency and day.

    `codes` number the pairs of a currency and a day (from `first` to `last`, in days) in that order.
    """

    currencies: pa.Array
    first: int
    last: int
    codes: Ints
    values: Floats

    def find(self, currency: pa.Array, days: Ints) -> tuple[Floats, Mask]:
        """The latest rate on or before each day, and where there is one; there is none for a missing currency."""
        if not len(self.values):
            return np.zeros(len(days)), np.zeros(len(days), dtype=bool)
        places = match_keys([currency], [self.currencies]).places
        span = self.last - self.first + 1
        wanted = places * span + np.minimum(days, self.last) - self.first
        at = np.searchsorted(self.codes, wanted, side="right") - 1
        found: Mask = (places >= 0) & (days >= self.first) & (at >= 0) & (self.codes[at] // span == places)
        return self.values[at], found


def make_rates(currency: pa.Array, day: pa.Array, rate: pa.Array) -> Rates:
    """Rates from three columns in any order of rows; a row with a missing part says nothing."""
    known = pa.array(valid_mask(currency) & valid_mask(day) & valid_mask(rate))
    names = plain_text(currency).filter(known)
    distinct = names.unique()
    places = pc.index_in(names, value_set=distinct).to_numpy().astype(np.int64)
    days, values = days_of(day.filter(known)), as_floats(rate.filter(known).cast(FLOAT64))
    first, last = (int(days.min()), int(days.max())) if len(days) else (0, 0)
    codes = places * (last - first + 1) + days - first
    order = np.argsort(codes)
    return Rates(distinct, first, last, codes[order], values[order])


def days_of(column: pa.Array) -> Ints:
    """Dates, or the days (UTC) of timestamps, in days since 1970; missing ones are 0."""
    numbers = as_ints(column)
    return numbers // _MICROSECONDS_PER_DAY if pa.types.is_timestamp(column.type) else numbers


def convert(units: Ints, rates: Floats) -> tuple[Ints, Mask]:
    """Each of `units` times its rate, rounded half-even to a whole number; and where that doesn't fit 64 bits.

    A rate is the shortest decimal that its float stands for, which is the one written in the data up to 15
    significant digits: the result is that of exact arithmetic. One float product settles a row, unless it lies
    so near a half, or is so large, that its error could count: such rows are computed in whole numbers.
    """
    product = units * rates
    size = np.abs(product)
    fits = size < _LARGEST
    nearest = np.rint(np.where(fits, product, 0.0))
    clear = (size < _FINE) & (0.5 - np.abs(product - nearest) > size * _ERROR)
    result: Ints = nearest.astype(np.int64)
    doubtful = np.flatnonzero(fits & ~clear)
    for rate in np.unique(rates[doubtful]):
        rows = doubtful[rates[doubtful] == rate]
        result[rows] = scaled(units[rows], Fraction(repr(float(rate))))
    return result, ~fits
