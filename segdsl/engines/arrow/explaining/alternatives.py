"""What a field could be instead: values at and just beyond the places where some condition changes."""

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa

from segdsl.engines.arrow.aggregation.columns import as_floats, as_ints, is_float, plain_text, valid_mask
from segdsl.engines.arrow.explaining.rules import Assignment, Field, RuleSet, number_of
from segdsl.engines.arrow.explaining.steps import FLOAT_KINDS, ORDERED_KINDS, Number, around
from segdsl.engines.arrow.physical import INT64_HIGH, INT64_LOW, MICROSECONDS, Physical, arrow_type, to_physical
from segdsl.model.expression import (
    Band,
    Call,
    Compare,
    Comparison,
    Expr,
    HasValues,
    InValues,
    TextTest,
)
from segdsl.plan.traversal import External, externals, operands
from segdsl.types import Kind, Type, Value
from segdsl.types.value import SECONDS_PER_DAY

# How many values of the population a condition is tried on before its turning points are searched between them.
_SAMPLES = 64

# A known value that goes missing is the last resort: it comes after every change between known values.
LAST_RESORT = 1_000.0

# What can be held at all, in physical units: years 1 to 9999, 64 bits, finite numbers.
_DAYS = (date.min.toordinal() - date(1970, 1, 1).toordinal(), date.max.toordinal() - date(1970, 1, 1).toordinal())
_WHOLE_NUMBERS: tuple[Number, Number] = (INT64_LOW, INT64_HIGH)
_HELD: Mapping[Kind, tuple[Number, Number]] = {
    Kind.DATE: _DAYS,
    Kind.TIMESTAMP: (_DAYS[0] * SECONDS_PER_DAY * MICROSECONDS, _DAYS[1] * SECONDS_PER_DAY * MICROSECONDS),
    Kind.NUMBER: (-sys.float_info.max, sys.float_info.max),
    Kind.RATIO: (-sys.float_info.max, sys.float_info.max),
}


@dataclass(frozen=True, slots=True)
class Spread:
    """How a field varies over the population: the unit of its changes, its middle, and values that occur.

    `unit` is the interquartile range (linear interpolation, type 7); where that is 0 the range, else 1. Numbers are in
    physical units. `common` are texts or numbers that occur, the most frequent texts first.
    """

    unit: float
    middle: float
    common: tuple[Physical, ...]


def spread_of(values: pa.Array) -> Spread:
    """The spread of the known values of a field over a population."""
    known = values.filter(pa.array(valid_mask(values)))
    plain = plain_text(known)
    if pa.types.is_string(plain.type):
        counts = sorted(plain.value_counts().to_pylist(), key=lambda c: (-c["counts"], c["values"]))
        return Spread(1.0, 0.0, tuple(c["values"] for c in counts[:_SAMPLES]))
    if pa.types.is_list(plain.type) or pa.types.is_boolean(plain.type) or not len(plain):
        return Spread(1.0, 0.0, ())
    numbers = as_floats(plain) if is_float(plain.type) else as_ints(plain)
    low, middle, high = (float(q) for q in np.quantile(numbers.astype(np.float64), (0.25, 0.5, 0.75)))
    whole = float(numbers.max()) - float(numbers.min())
    occurring = np.unique(np.quantile(numbers, np.linspace(0, 1, _SAMPLES), method="nearest"))
    return Spread((high - low) or whole or 1.0, middle, tuple(occurring.tolist()))


@dataclass(frozen=True, slots=True)
class Alternatives:
    """Finds what the fields of some rules could be instead. `spreads` are in the order of the rules' fields."""

    rules: RuleSet
    spreads: tuple[Spread, ...]
    tests: dict[int, tuple[Expr, ...]] = field(default_factory=dict)
    found: dict[tuple[int, Assignment], tuple[Physical, ...]] = field(default_factory=dict)

    def of(self, place: int, changed: Assignment) -> tuple[Physical, ...]:
        """The other values of a field, while the fields of `changed` have those values."""
        coupled = tuple(pair for pair in changed if pair[0] in self._partners(place))
        if (place, coupled) not in self.found:
            self.found[place, coupled] = tuple(self._search(place, coupled))
        return self.found[place, coupled]

    def distance(self, place: int, value: Physical) -> float:
        """How far a change goes: interquartile ranges of a number, 1 for anything else.

        A number that is missing now counts as the middle of the population; one that goes missing is the last resort.
        """
        base = self.rules.base(place)
        if value is None:
            return LAST_RESORT
        if self.rules.fields[place].type.kind not in ORDERED_KINDS:
            return _items_changed(base, value)
        start = self.spreads[place].middle if base is None else float(base)  # type: ignore[arg-type]
        return abs(float(value) - start) / self.spreads[place].unit  # type: ignore[arg-type]

    def _partners(self, place: int) -> frozenset[int]:
        """The fields that stand in one comparison with a field."""
        nodes = {f.node: p for p, f in enumerate(self.rules.fields)}
        found = {nodes[n] for test in self._tests(place) for n in externals((test,)) if n in nodes}
        return frozenset(found - {place})

    def _tests(self, place: int) -> tuple[Expr, ...]:
        """The comparisons that read a field, each once."""
        if place not in self.tests:
            node = self.rules.fields[place].node
            found: dict[Expr, None] = {}
            for condition, reads in zip(self.rules.conditions, self.rules.reads, strict=True):
                if place in reads:
                    found.update(dict.fromkeys(_tests_of(condition, node)))
            self.tests[place] = tuple(found)
        return self.tests[place]

    def _search(self, place: int, changed: Assignment) -> Iterator[Physical]:
        own = self.rules.fields[place]
        base = self.rules.base(place)
        values: dict[Physical | tuple[Physical, ...], Physical] = {}
        for value in self._values(place, changed):
            if _differs(value, base) and _is_allowed(value, own):
                values.setdefault(tuple(value) if isinstance(value, list) else value, value)
        yield from values.values()
        if own.type.optional and base is not None:
            yield None

    def _values(self, place: int, changed: Assignment) -> Iterator[Physical]:
        own = self.rules.fields[place]
        if own.type.kind is Kind.BOOL:
            yield from (True, False)
        elif own.type.kind in ORDERED_KINDS:
            yield from self._numbers(place, changed)
        elif own.type.kind is Kind.LIST:
            yield from _lists(self.rules.base(place), self._tests(place), own.type)
        else:
            yield from self._texts(place)

    def _numbers(self, place: int, changed: Assignment) -> Iterator[Number]:
        own = self.rules.fields[place]
        cuts: set[Number] = set()
        for test in self._tests(place):
            found = tuple(self._cuts(test, own, changed))
            cuts.update(found)
            if _asks_for_one_value(test):
                yield from (value for cut in found for value in around(cut, own.type, exactly=True))
        if self.rules.base(place) is None:
            cuts.add(self.spreads[place].middle)
        if self._partners(place):
            # Where a comparison needs two fields to move, the nearest way may lead along the end of one's range.
            cuts.update(end for end in own.ends() if end is not None)
        for cut in sorted(cuts):
            yield from around(cut, own.type)
        # What is said of a comparison with arithmetic in it is found by trying.
        for test in self._tests(place):
            if not _is_plain(test, own.node):
                for cut in self._turning_points(place, test, changed, cuts):
                    yield from around(cut, own.type)

    def _cuts(self, test: Expr, own: Field, changed: Assignment) -> Iterator[Number]:
        """The constants that a test compares the field itself with, as numbers in the field's unit."""
        match test:
            case Compare(left=left, right=right) if own.node in (left, right):
                other = right if left == own.node else left
                if own.node in externals((other,)):
                    return
                found = self.rules.number(other, changed)
                if found is not None:
                    yield found
            case InValues(operand=operand, values=values) if operand == own.node:
                yield from _as_numbers(values, own.type)
            case Band(operand=operand, cuts=cuts) if operand == own.node:
                yield from _as_numbers(cuts, own.type)
            case _:
                return

    def _turning_points(self, place: int, test: Expr, changed: Assignment, cuts: Iterable[Number]) -> Iterator[Number]:
        """Values of a field at which the outcome of a test changes, others being what they are.

        The test is tried on values that occur and on `cuts`; between two neighbours with different outcomes the turning
        point is searched by halving. One turn between two neighbours is found, not three.
        """
        own = self.rules.fields[place]
        base = self.rules.base(place)
        tried = {*self.spreads[place].common, *cuts, *(() if base is None else (base,)), 0}
        numbers = {float(p) if own.type.kind in FLOAT_KINDS else int(p) for p in tried}
        points = sorted(p for p in (*numbers, *_far_from(numbers)) if _is_allowed(p, own))
        outcomes = self._outcomes(place, test, changed, points)
        for low, high, before, after in zip(points, points[1:], outcomes, outcomes[1:], strict=False):
            if before != after:
                yield from self._halve(place, test, changed, (low, high), before)

    def _halve(
        self, place: int, test: Expr, changed: Assignment, ends: tuple[Number, Number], before: object
    ) -> Iterator[Number]:
        low, high = ends
        whole = isinstance(low, int) and isinstance(high, int)
        for _ in range(64):
            if whole:
                # All points of a grid at once: 32 in a row take a fifth of the rounds.
                step = max(1, (high - low) // 32)
                points: list[Number] = [*range(int(low), int(high), int(step)), high]
            else:
                points = [low + (high - low) * part / 32 for part in range(33)]
            outcomes = self._outcomes(place, test, changed, points)
            turn = next(at for at, outcome in enumerate(outcomes) if at and outcome != before)
            low, high = points[turn - 1], points[turn]
            if (whole and high - low <= 1) or (not whole and high - low <= 1e-9 * max(1.0, abs(high))):
                break
        yield from (low, high)

    def _outcomes(self, place: int, test: Expr, changed: Assignment, points: Sequence[Number]) -> list[object]:
        rows = [(*(pair for pair in changed if pair[0] != place), (place, point)) for point in points]
        return self.rules.values(test, rows)

    def _texts(self, place: int) -> Iterator[str]:
        own = self.rules.fields[place]
        if own.type.values is not None:
            yield from own.type.values
            return
        named = [text for test in self._tests(place) for text in _constants(test)]
        yield from named
        # One value that no rule names stands for all the others.
        other = next((text for text in self.spreads[place].common if text not in named), None)
        yield str(other) if other is not None else "another"


def _far_from(points: Iterable[Number]) -> Iterator[Number]:
    """Values ever further beyond all that were tried, on both sides."""
    end = max(1, *(abs(point) for point in points))
    for power in range(1, 11):
        yield from (end * 4**power, -end * 4**power)


def _tests_of(condition: Expr, node: External) -> Iterator[Expr]:
    """The comparisons in a condition, at any depth, that read a node; bands too, for their cut-points."""
    stack: list[Expr] = [condition]
    while stack:
        expr = stack.pop()
        if node not in externals((expr,)):
            continue
        if isinstance(expr, Compare | InValues | TextTest | HasValues | Band):
            yield expr
        if not isinstance(expr, External):
            stack.extend(operands(expr)[::-1])


def _asks_for_one_value(test: Expr) -> bool:
    """Whether only the very values that a test names satisfy it."""
    equality = (Comparison.EQUAL, Comparison.UNEQUAL)
    return isinstance(test, InValues) or (isinstance(test, Compare) and test.operator in equality)


def _is_plain(test: Expr, node: External) -> bool:
    """Whether a test compares the node itself, so that its cut-points are known without trying."""
    match test:
        case Compare(left=left, right=right):
            other = right if left == node else left
            return node in (left, right) and node not in externals((other,))
        case InValues(operand=operand) | Band(operand=operand):
            return operand == node
        case _:
            return True


def _constants(test: Expr) -> Iterator[str]:
    match test:
        case TextTest(pattern=pattern):
            yield pattern
        case InValues(values=values) | HasValues(values=values):
            yield from (value for value in values if isinstance(value, str))
        case Compare(left=left, right=right):
            for side in (left, right):
                value = getattr(side, "value", None)
                if isinstance(value, str):
                    yield value
        case _:
            return


def _lists(base: Physical, tests: Sequence[Expr], type_: Type) -> Iterator[list[Physical]]:
    """The list with an item more or less that some test asks for, and of the lengths that some test asks for."""
    items = list(base) if isinstance(base, list) else []
    for test in tests:
        if isinstance(test, HasValues):
            wanted: list[Any] = list(test.values)
            yield [*items, *(w for w in wanted if w not in items)]
            yield [item for item in items if item not in wanted]
            for one in wanted:
                yield [*items, one] if one not in items else [i for i in items if i != one]
    if any(isinstance(inner, Call) and inner.function == "length" for test in tests for inner in operands(test)):
        lengths = {int(n) + more for test in tests for n in _literal_numbers(test) for more in (-1, 0, 1)}
        for length in sorted(n for n in lengths if n >= 0):
            extra = [f"another {number}" for number in range(1, length - len(items) + 1)]
            yield [*items[:length], *extra]


def _literal_numbers(test: Expr) -> Iterator[int]:
    for side in operands(test):
        value = getattr(side, "value", None)
        if isinstance(value, int) and not isinstance(value, bool):
            yield value


def _as_numbers(values: Iterable[Value], type_: Type) -> Iterator[Number]:
    for value in values:
        found = number_of(pa.array([to_physical(value, type_)], arrow_type(type_)))
        if found is not None:
            yield found


def _differs(value: Physical, base: Physical) -> bool:
    if isinstance(value, list) and isinstance(base, list):
        return sorted(map(str, value)) != sorted(map(str, base))
    return value != base


def _is_allowed(value: Physical, own: Field) -> bool:
    """Whether a value keeps to the declared type and range of its field."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        return True
    least, most = _HELD.get(own.type.kind, _WHOLE_NUMBERS)
    if not least <= value <= most:
        return False
    low, high = own.ends()
    return (low is None or value >= low) and (high is None or value <= high)


def _items_changed(base: Physical, value: Physical) -> float:
    if isinstance(value, list):
        before = base if isinstance(base, list) else []
        return float(max(1, len(set(map(str, before)) ^ set(map(str, value)))))
    return 1.0
