"""Points of a field as text: an expression of the language, and a line that people read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import assert_never

from segdsl.evidence.scorecard import Points
from segdsl.plugin import CATEGORY, INT, Duration, Kind, Refused, Type, literal, name
from segdsl_lookalike.columns import Choice, Column, Measure, YesNo

_EPOCH = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class _Case:
    """Some points with when they are given: a condition, and in words."""

    condition: str
    said: str
    points: int


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
        cases = [*cases, _Case(f"{name(column.field)} is missing", "unknown", missing)]
    whens = " ".join(f"when {case.condition} then {literal(case.points, INT)}" for case in cases)
    listed = [f"{case.points} for {case.said}" for case in sorted(cases, key=lambda case: -case.points)]
    said = f"{label(column)}: {', '.join(listed)}, {rest} else"
    return Term(f"(case {whens} else {literal(rest, INT)} end)", said, max(rest, *(case.points for case in cases)))


def label(column: Column) -> str:
    with_member = f" with {column.member}" if isinstance(column, YesNo) and column.member is not None else ""
    return f"`{column.field}`{with_member}"


def _intervals(column: Measure, points: Points) -> tuple[list[_Case], int]:
    """The intervals from the highest down, neighbours with the same points together; the lowest is the rest."""
    cases: list[_Case] = []
    above = ""
    for place in range(len(column.cuts), 0, -1):
        if points[place] == points[place - 1]:
            continue
        at = _written(column, column.cuts[place - 1])
        said = f"{at} to under {above}" if above else f"{at} and over"
        cases.append(_Case(f"{name(column.field)} >= {at}", said, int(points[place])))
        above = at
    return cases, int(points[0])


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
