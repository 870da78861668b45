"""Recency, frequency and monetary value as scores from 1 to 5."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_CEILING, Decimal
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from segdsl.evidence.cut_points import cut_point, quantile_places, stretch
from segdsl.evidence.measures import Floats, plain_numbers
from segdsl.plugin import Duration, FieldName, FitCall, Kind, Refused, Type, literal, name
from segdsl_rfm.days import roundest_day, roundest_moment

Scores = npt.NDArray[np.int64]

_PARTS = 5
# The share of accounts that may get another score, up and down, so that a cut-point is round.
_SLACK = 0.005
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NUMBERS = frozenset({Kind.COUNT, Kind.INT, Kind.NUMBER})
_MOMENTS = frozenset({Kind.DATE, Kind.TIMESTAMP})
_TAKEN = {
    "recency": (_NUMBERS | _MOMENTS | {Kind.DURATION}, "a duration, a number of days, or a date"),
    "frequency": (_NUMBERS, "a number"),
    "monetary": (_NUMBERS | {Kind.MONEY}, "an amount of money or a number"),
}


@dataclass(frozen=True, slots=True)
class Column:
    """A field of the population. `values` are the more the better: how long ago something was is negative."""

    option: str
    field: str
    type: Type
    values: Floats
    known: npt.NDArray[np.bool_]
    falling: bool


@dataclass(frozen=True, slots=True)
class Axis:
    """Scores of a field. `begins` are the values from which those of `levels` but the lowest begin, ascending.

    `levels` are the scores that some value can have, ascending; `texts` the values as the language writes them, and
    `moved` the share of accounts that the rounding of cut-points gave another score. `exact` are the least values of
    the same scores before rounding, None where nothing was rounded.
    """

    column: Column
    levels: tuple[int, ...]
    begins: tuple[float, ...]
    texts: tuple[str, ...]
    moved: float = 0.0
    exact: tuple[float, ...] | None = None

    def places(self, values: Floats) -> Scores:
        """The place of each value's score in `levels`."""
        return np.searchsorted(np.array(self.begins), values, side="right").astype(np.int64)

    def exact_places(self, values: Floats) -> Scores:
        """The place of each value's score before cut-points were rounded."""
        begins = self.begins if self.exact is None else self.exact
        return np.searchsorted(np.array(begins), values, side="right").astype(np.int64)

    def conditions(self, first: int, last: int) -> Iterator[str]:
        """What says that a score is from `levels[first]` to `levels[last]`."""
        field = name(self.column.field)
        above, below = ("<=", ">") if self.column.falling else (">=", "<")
        if first > 0:
            yield f"{field} {above} {self.texts[first - 1]}"
        if last < len(self.levels) - 1:
            yield f"{field} {below} {self.texts[last]}"


def read_column(call: FitCall, option: str) -> Column:
    """The field that an option names."""
    given = call.options[option]
    assert isinstance(given, FieldName)
    type_ = call.types[given.name]
    kinds, expected = _TAKEN[option]
    if type_.kind not in kinds:
        raise Refused(f"`{given.name}` is {type_.or_missing(False)}", option, expected=expected)
    values, known = plain_numbers(call.fields[given.name])
    falling = option == "recency" and type_.kind not in _MOMENTS
    return Column(option, given.name, type_, -values if falling else values, known, falling)


def score_axis(call: FitCall, column: Column, rows: npt.NDArray[np.bool_]) -> Axis:
    """Scores by the spec's cut-points, else by fifths of the rows. Equal values get equal scores."""
    option = f"{column.option}_cuts"
    if option in call.options:
        return _own_axis(column, option, call.options[option])
    ascending = np.sort(column.values[rows])
    if ascending[0] == ascending[-1]:
        raise Refused(
            f"`{column.field}` is the same in all {len(ascending):,} accounts that can be scored",
            column.option,
            help=f"name another field, or give your own `{option}`",
        )
    return _fifths(column, ascending)


def _fifths(column: Column, ascending: Floats) -> Axis:
    places = [int(place) for place in quantile_places(ascending, _PARTS)]
    distinct = sorted({place for place in places if place < len(ascending)})
    # The best score that begins at a place is the one that its values get.
    levels = (1, *(max(k for k, other in enumerate(places, start=2) if other == place) for place in distinct))
    cuts = [_cut(column, ascending, place, int(len(ascending) * _SLACK)) for place in distinct]
    if any(low >= high for (low, _), (high, _) in pairwise(cuts)):
        cuts = [_cut(column, ascending, place, 0) for place in distinct]
    axis = Axis(column, levels, tuple(begin for begin, _ in cuts), tuple(text for _, text in cuts))
    exact = replace(axis, exact=tuple(float(ascending[place]) for place in distinct))
    moved = float(np.mean(exact.places(ascending) != exact.exact_places(ascending)))
    return replace(exact, moved=moved)


def _cut(column: Column, ascending: Floats, place: int, slack: int) -> tuple[float, str]:
    """A cut-point as a value of the column, and as the language writes it."""
    if column.type.kind in _MOMENTS:
        low, high = stretch(ascending, place, slack, slack)
        return _moment(column.type, low, high)
    return _written(column, cut_point(ascending, place, slack, slack))


def _moment(type_: Type, low: float, high: float) -> tuple[float, str]:
    if type_.kind is Kind.DATE:
        day = roundest_day(int(low), int(high))
        return float(day), literal(date(1970, 1, 1) + timedelta(days=day), type_)
    moment = roundest_moment(low, high)
    return (moment - _EPOCH) / timedelta(days=1), literal(moment, type_)


def _written(column: Column, begin: Decimal) -> tuple[float, str]:
    value = -begin if column.falling else begin
    if column.type.kind is Kind.DURATION:
        seconds = int((value * 86_400).to_integral_value(ROUND_CEILING))
        return -seconds / 86_400, literal(timedelta(seconds=seconds), column.type)
    return float(begin), literal(value, column.type)


def _own_axis(column: Column, option: str, given: object) -> Axis:
    """Scores by four cut-points of the spec: up to the shortest recency is the best, and from the largest of others."""
    assert isinstance(given, tuple)
    kind = column.type.kind
    if (option == "recency_cuts" and kind in _MOMENTS) or (option == "monetary_cuts" and kind is not Kind.MONEY):
        mend = "name a duration, such as one derived as `as_of - last_order`" if kind in _MOMENTS else "name an amount"
        raise Refused(f"`{column.field}` is {kind.value}, which `{option}` can't cut", option, help=mend)
    written = sorted(_own_cut(column, one) for one in given)
    begins, texts = zip(*written, strict=True)
    return Axis(column, (1, 2, 3, 4, 5), begins, texts)


def _own_cut(column: Column, given: object) -> tuple[float, str]:
    match given:
        case Duration():
            in_days = column.type.kind is not Kind.DURATION
            return -float(given.days), literal(given.days if in_days else given, column.type)
        case Decimal() | int():
            return float(given), literal(given, column.type)
    raise Refused(f"`{column.field}` can't be cut at {given}", f"{column.option}_cuts")
