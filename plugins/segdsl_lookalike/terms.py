"""Points of a field as text: an expression of the language, and a line that people read."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import assert_never

from segdsl.evidence.scorecard import Points
from segdsl.plugin import CATEGORY, INT, Duration, Kind, Refused, Type, literal, name
from segdsl_lookalike.columns import Choice, Column, Measure, YesNo

_EPOCH = date(1970, 1, 1)
_UNKNOWN = "unknown"
_WHOLE = frozenset({Kind.COUNT, Kind.INT})


@dataclass(frozen=True, slots=True)
class _Case:
    """Some points with when they are given: a condition, and in words."""

    condition: str
    said: str
    points: int
    # Where an interval begins.
    begins: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Term:
    """The points of a column: an expression that is never missing, what is said of it, and the most it gives."""

    text: str
    said: str
    most: int


def term(column: Column, points: Points) -> Term:
    """The text of a column's points. `points` has one for each level of its feature, the last for a missing value."""
    match column:
        case Measure():
            cases, rest = _intervals(column, points)
        case Choice():
            cases, rest = _values(column, points)
        case YesNo():
            cases, rest = _yes_no(column, points)
        case _:
            assert_never(column)
    missing = int(points[-1])
    if column.type.optional and missing != rest:
        cases = [*cases, _Case(f"{name(column.field)} is missing", _UNKNOWN, missing)]
    whens = " ".join(f"when {case.condition} then {literal(case.points, INT)}" for case in cases)
    said = f"{label(column)}: {', '.join(_listed(column, cases, rest))}"
    return Term(f"(case {whens} else {literal(rest, INT)} end)", said, max(rest, *(case.points for case in cases)))


def _listed(column: Column, cases: Sequence[_Case], rest: int) -> Iterator[str]:
    """Intervals in the order of their values, the lowest of which is the rest; else the most points first."""
    if isinstance(column, Measure) and cases and cases[0].said != _UNKNOWN:
        known = [case for case in cases if case.said != _UNKNOWN]
        unknown = [f"{case.points} for {_UNKNOWN}" for case in cases if case.said == _UNKNOWN]
        lowest = f"{rest} for {_below(column, known[-1].begins)}"
        also = f" or {_UNKNOWN}" if column.type.optional and not unknown else ""
        yield lowest + also
        yield from (f"{case.points} for {case.said}" for case in reversed(known))
        yield from unknown
        return
    yield from (f"{case.points} for {case.said}" for case in sorted(cases, key=lambda case: -case.points))
    yield f"{rest} else"


def label(column: Column) -> str:
    with_member = f" with {column.member}" if isinstance(column, YesNo) and column.member is not None else ""
    return f"`{column.field}`{with_member}"


def _intervals(column: Measure, points: Points) -> tuple[list[_Case], int]:
    """The intervals from the highest down, neighbours with the same points together; the lowest is the rest."""
    cases: list[_Case] = []
    above = None
    for place in range(len(column.cuts), 0, -1):
        if points[place] == points[place - 1]:
            continue
        cut = column.cuts[place - 1]
        at = _written(column, cut)
        cases.append(_Case(f"{name(column.field)} >= {at}", _between(column, cut, above), int(points[place]), cut))
        above = cut
    return cases, int(points[0])


def _between(column: Measure, begins: Decimal, ends: Decimal | None) -> str:
    """An interval in words; of whole numbers one alone is told as it is."""
    at = _written(column, begins)
    if ends is None:
        return f"{at} and over"
    if column.type.kind in _WHOLE and begins == int(begins) and ends == begins + 1:
        return at
    return f"{at} to under {_written(column, ends)}"


def _below(column: Measure, ends: Decimal) -> str:
    """What is under the lowest cut: of a count that begins at 1 it is 0."""
    return "0" if column.type.kind is Kind.COUNT and ends == 1 else f"under {_written(column, ends)}"


def _written(column: Measure, cut: Decimal) -> str:
    """The cut as the language writes it. Raises Refused for one that has more digits than it reads."""
    try:
        return literal(_value(cut, column.type), column.type)
    except ValueError as reason:
        message = f"a cut-point of `{column.field}` can't be written: {reason}"
        raise Refused(message, option="features", help="give it in another unit, or leave it out") from reason


def _value(cut: Decimal, type_: Type) -> Decimal | date | Duration:
    match type_.kind:
        case Kind.DATE:
            return _EPOCH + timedelta(int(cut))
        case Kind.DURATION:
            return Duration(seconds=int(cut) * 86_400)
        case _:
            return cut


def _values(column: Choice, points: Points) -> tuple[list[_Case], int]:
    """Values with the same points together, those with the most first.

    Others are the rest; where no other value can come, the values with the fewest points are.
    """
    listed = set(column.type.values or ()) <= set(column.values) and column.type.values is not None
    known = points[:-1]
    rest = int(known[:-1].min() if listed else known[-1])
    cases = []
    for own in sorted({int(one) for one in known[:-1]} - {rest}, reverse=True):
        values = [value for value, one in zip(column.values, known[:-1], strict=True) if one == own]
        cases.append(_Case(_among(name(column.field), values), " or ".join(values), own))
    return cases, rest


def _among(field: str, values: Sequence[str]) -> str:
    written = ", ".join(literal(value, CATEGORY) for value in values)
    return f"{field} == {written}" if len(values) == 1 else f"{field} in ({written})"


def _yes_no(column: YesNo, points: Points) -> tuple[list[_Case], int]:
    no, yes = int(points[0]), int(points[1])
    if yes == no:
        return [], no
    if column.member is None:
        return [_Case(name(column.field), "yes", yes)], no
    return [_Case(f"{name(column.field)} has any ({literal(column.member, CATEGORY)})", "yes", yes)], no
