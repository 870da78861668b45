"""Cut-points as people choose them: the roundest value that tells the same rows apart, or nearly the same."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from segdsl.plugin import Duration, Kind, Type

Floats = NDArray[np.float64]

# A cut-point may move this share of the rows it splits for the sake of a rounder value.
MOVED = 0.01
# A number is round enough when it is a multiple of a twentieth of itself, a ratio also when it is a whole percent.
_ROUND = Fraction(1, 20)
_PERCENT = Fraction(1, 100)
_EPOCH = date(1970, 1, 1)
_DAY = 24 * 60
_DURATIONS = (*(days * _DAY for days in (365, 180, 90, 30, 7, 1)), 720, 360, 60, 30, 15, 5, 1)
_WHOLE = {Kind.COUNT, Kind.INT, Kind.DATE, Kind.DURATION}


@dataclass(frozen=True, slots=True)
class _Cut:
    value: Fraction
    is_round: bool


def choose_cut(values: Floats, edge: float, type_: Type, up: float = MOVED, down: float = MOVED) -> Fraction:
    """The cut-point for a split of these values into those below `edge` and the others.

    It is the roundest that moves no row; where that isn't round, the roundest that moves at most the share `up` of the
    rows from below to above, or `down` the other way. A ratio is a share, a date in days, a duration in minutes. The
    values have no NaN, and lie on both sides.
    """
    below, above = values[values < edge], values[values >= edge]
    near = (_exact(below.max()) + _exact(above.min())) / 2
    cut = _roundest(_exact(below.max()), _exact(above.min()), near, type_)
    rising, falling = min(int(len(values) * up), len(below) - 1), min(int(len(values) * down), len(above) - 1)
    if cut.is_round or not rising + falling:
        return cut.value
    lowest = np.partition(below, len(below) - 1 - rising)[len(below) - 1 - rising]
    highest = np.partition(above, falling)[falling]
    return _roundest(_exact(lowest), _exact(highest), near, type_).value


def _exact(value: float) -> Fraction:
    """The number that its shortest decimal form says."""
    return Fraction(repr(float(value)))


def _roundest(low: Fraction, high: Fraction, near: Fraction, type_: Type) -> _Cut:
    """The roundest value above `low` and up to `high`, of equally round ones that nearest to `near`."""
    if type_.kind is Kind.DATE:
        return _roundest_day(int(low), int(high), int(near))
    for step in _steps(max(abs(low), abs(high)), type_.kind):
        first, last = low // step + 1, high // step
        if first <= last:
            value = min(max(round(near / step), first), last) * step
            whole_percent = type_.kind is Kind.RATIO and step >= _PERCENT
            return _Cut(Fraction(value), whole_percent or step >= abs(value) * _ROUND)
    return _Cut(high, False)


def _steps(largest: Fraction, kind: Kind) -> Iterator[Fraction]:
    """What a cut-point may be a multiple of, from coarse to fine."""
    if kind is Kind.DURATION:
        yield from map(Fraction, _DURATIONS)
        return
    power = len(str(int(largest)))
    finest = 0 if kind in _WHOLE else power - 17
    for exponent in range(power, finest - 1, -1):
        for part in (Fraction(1), Fraction(1, 2), Fraction(1, 4)):
            step = Fraction(10) ** exponent * part
            if kind not in _WHOLE or step.denominator == 1:
                yield step


def _roundest_day(low: int, high: int, near: int) -> _Cut:
    """The start of a year, a quarter or a month, else any day."""
    months = [day for day in _month_starts(low, high) if low < day <= high]
    for every in (12, 3, 1):
        starts = [day for day in months if ((_EPOCH + timedelta(day)).month - 1) % every == 0]
        if starts:
            return _Cut(Fraction(min(starts, key=lambda day: (abs(day - near), day))), True)
    return _Cut(Fraction(min(max(near, low + 1), high)), False)


def _month_starts(low: int, high: int) -> list[int]:
    first = np.datetime64(low, "D").astype("datetime64[M]")
    last = np.datetime64(high, "D").astype("datetime64[M]") + 1
    return [int(day) for day in np.arange(first, last).astype("datetime64[D]").astype(np.int64)]


def cut_value(cut: Fraction, type_: Type) -> Fraction | date | Duration:
    """The cut-point as a value of the type."""
    match type_.kind:
        case Kind.DATE:
            return _EPOCH + timedelta(int(cut))
        case Kind.DURATION:
            return Duration(seconds=int(cut) * 60)
        case _:
            return cut
