"""Midranks: equal values share the mean of their places.

A column is sorted once, and then held as the places of its values among the distinct ones: ranks of any part of its
rows follow by counting.
"""

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Floats: TypeAlias = npt.NDArray[np.float64]
Bools: TypeAlias = npt.NDArray[np.bool_]
Places: TypeAlias = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Coded:
    """Numbers by the place of each among `values`, which are distinct and ascending; `codes` are -1 where missing.

    A part of a column may have values that no row has.
    """

    values: Floats
    codes: Places

    @property
    def known(self) -> Bools:
        return self.codes >= 0

    def numbers(self) -> Floats:
        """The numbers themselves, NaN where missing."""
        return np.append(self.values, np.nan)[self.codes]

    def within(self, rows: Bools) -> "Coded":
        """Some of the rows. Values are left out where most of them would have no row."""
        if rows.all():
            return self
        codes = self.codes[rows]
        if 2 * len(codes) >= len(self.values):
            return Coded(self.values, codes)
        present = np.bincount(codes + 1, minlength=len(self.values) + 1)[1:] > 0
        places = np.append(np.cumsum(present, dtype=np.int64) - 1, np.int64(-1))
        return Coded(self.values[present], places[codes])


Numbers: TypeAlias = npt.ArrayLike | Coded


@dataclass(frozen=True, slots=True)
class Ranked:
    """Rows without missing values: the code of each, and by code how many rows there are and their midrank, from 1."""

    codes: Places
    counts: Places
    midranks: Floats

    @property
    def is_constant(self) -> bool:
        return bool(np.count_nonzero(self.counts) < 2)

    @property
    def differing(self) -> int:
        """How many rows have another value than the most frequent one."""
        return len(self.codes) - int(self.counts.max(initial=0))

    @property
    def ranks(self) -> Floats:
        return self.midranks[self.codes]


def coded(values: Numbers) -> Coded:
    """Numbers in the form that tests take; what is not finite is missing."""
    if isinstance(values, Coded):
        return values
    found = np.asarray(values, dtype=np.float64)
    known = np.isfinite(found)
    if known.all():
        return Coded(*_distinct(found))
    codes = np.full(len(found), -1, np.int64)
    distinct, codes[known] = _distinct(found[known])
    return Coded(distinct, codes)


def _distinct(values: Floats) -> tuple[Floats, Places]:
    if not len(values):
        return values, np.zeros(0, np.int64)
    low = float(values.min())
    if float(values.max()) - low < 2 * len(values):
        steps = (values - low).astype(np.int64)
        if np.array_equal(low + steps, values):
            # Whole numbers close together need no sorting.
            present = np.bincount(steps) > 0
            places = np.cumsum(present, dtype=np.int64) - np.int64(1)
            return np.asarray(low + np.flatnonzero(present), np.float64), places[steps]
    order = np.argsort(values)
    ascending = values[order]
    starts = np.concatenate(([True], ascending[1:] != ascending[:-1]))
    codes = np.empty(len(values), np.int64)
    codes[order] = np.cumsum(starts, dtype=np.int64) - np.int64(1)
    return ascending[starts], codes


def ranked(rows: Coded) -> Ranked:
    """Midranks of rows without missing values."""
    counts = np.bincount(rows.codes, minlength=len(rows.values))
    return Ranked(rows.codes, counts, np.cumsum(counts) - (counts - 1) / 2)


def rank(values: Numbers) -> Ranked:
    """Midranks of finite numbers; every value has rows."""
    found = coded(values)
    return ranked(found if not isinstance(values, Coded) else coded(found.numbers()))


def known_pairs(first: Numbers, second: Numbers) -> tuple[Coded, Coded]:
    """The rows on which both are known."""
    one, other = coded(first), coded(second)
    known = one.known & other.known
    return one.within(known), other.within(known)


def quantile(rows: Coded, share: float) -> float:
    """Of rows without missing values, at least one: linear between ranks (type 7 of Hyndman & Fan 1996)."""
    reached = np.cumsum(np.bincount(rows.codes, minlength=len(rows.values)))
    at = share * (len(rows.codes) - 1)
    low, high = (float(rows.values[np.searchsorted(reached, place, side="right")]) for place in _around(at))
    return low + (high - low) * (at % 1)


def _around(at: float) -> tuple[int, int]:
    return int(np.floor(at)), int(np.ceil(at))


def correlation(first: Floats, second: Floats) -> float:
    """Pearson's; neither may be constant. Sums are not BLAS's, whose last digit depends on the number of threads."""
    one, other = first - first.mean(), second - second.mean()
    scale = np.sqrt((one**2).sum() * (other**2).sum())
    return float(np.clip((one * other).sum() / scale, -1, 1))
