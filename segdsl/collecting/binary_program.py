"""Integer programs over choices of yes and no, solved exactly by scipy's HiGHS.

HiGHS computes in floating point: it keeps to a row, and to whole numbers, within 1e-6. Where the coefficients of a row
add up to less than a quarter of a million that can't turn one sum of whole numbers into another. Sums of larger
coefficients are therefore taken apart into digits with carries, as in adding by hand: no coefficient is larger than
the base then, and sums are compared, and made small, digit by digit from the highest.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from math import inf
from typing import Any

import numpy as np

from segdsl.record import dataclass as record

Terms = Mapping[int, int]
Solution = tuple[int, ...]

_SAFE = 250_000
_BASE = 1000
_INFEASIBLE = 2


@record(frozen=True, slots=True)
class Row:
    """`least` <= the sum of coefficient times choice <= `most`; None: no bound.

    Where coefficients are large none may be negative, and there is no `least`.
    """

    terms: Terms
    least: int | None
    most: int | None

    def holds(self, solution: Solution) -> bool:
        """Whether a solution keeps to the row."""
        found = total(self.terms, solution)
        return (self.least is None or found >= self.least) and (self.most is None or found <= self.most)


@record(frozen=True, slots=True)
class BinaryProgram:
    """`size` choices of 0 or 1 that keep to all rows."""

    size: int
    rows: tuple[Row, ...]


def total(terms: Terms, solution: Solution) -> int:
    """The sum of coefficient times choice."""
    return sum(weight * solution[place] for place, weight in terms.items())


def minimise(program: BinaryProgram, goal: Terms) -> Solution | None:
    """A solution with the least sum of the goal, exactly; None if nothing keeps to the rows."""
    whole = _Whole([1] * program.size)
    for row in program.rows:
        whole.add(row)
    goals = [goal] if _is_small(goal) else [{place: 1} for place in reversed(whole.digits_of(goal))]
    found: Solution | None = None
    for digit in goals:
        found = whole.search(digit)
        if found is None:
            return None
        whole.rows.append(Row(digit, None, total(digit, found)))
    assert found is not None and all(row.holds(found) for row in program.rows), "the solver broke a row"
    return found[: program.size]


def _is_small(terms: Terms) -> bool:
    return sum(map(abs, terms.values())) < _SAFE


@dataclass(slots=True)
class _Whole:
    """A program of whole numbers from 0 to `most`, each, in which all coefficients are small.

    `digits` are the places of the digits of sums that were taken apart, the lowest first.
    """

    most: list[int]
    rows: list[Row] = field(default_factory=list)
    digits: dict[tuple[tuple[int, int], ...], list[int]] = field(default_factory=dict)

    def add(self, row: Row) -> None:
        """Adds a row, in digits if its coefficients are large."""
        if _is_small(row.terms):
            self.rows.append(row)
            return
        assert row.least is None and min(row.terms.values()) >= 0
        if row.most is not None and row.most < sum(row.terms.values()):
            self.rows.extend(self._at_most(self.digits_of(row.terms), row.most))

    def digits_of(self, terms: Terms) -> list[int]:
        """The places of the digits of a sum, the lowest first, made where they aren't there yet."""
        key = tuple(sorted(terms.items()))
        if key not in self.digits:
            self.digits[key] = self._taken_apart(dict(terms))
        return self.digits[key]

    def _taken_apart(self, terms: dict[int, int]) -> list[int]:
        places = []
        carried: dict[int, int] = {}
        while any(terms.values()) or carried:
            # What stands at this digit, with what was carried, is a digit and what is carried on.
            here = {place: weight % _BASE for place, weight in terms.items() if weight % _BASE} | carried
            highest = sum(weight * self.most[place] for place, weight in here.items())
            digit = self._new(min(highest, _BASE - 1))
            places.append(digit)
            carry = {self._new(highest // _BASE): 1} if highest >= _BASE else {}
            on = dict.fromkeys(carry, -_BASE)
            self.rows.append(Row({**here, digit: -1, **on}, 0, 0))
            carried = carry
            terms = {place: weight // _BASE for place, weight in terms.items()}
        return places

    def _at_most(self, digits: list[int], limit: int) -> Iterator[Row]:
        """The number that digits make is at most a limit: the highest digit that differs is the lesser one.

        For each digit a choice says that all higher ones are those of the limit.
        """
        if limit < 0:
            yield Row({}, 1, None)
            return
        same = self._new(1)
        yield Row({same: 1}, 1, 1)
        for level, digit in reversed(list(enumerate(digits))):
            allowed = limit // _BASE**level % _BASE
            yield Row({digit: 1, same: _BASE}, None, allowed + _BASE)
            lower = self._new(1)
            yield Row({digit: 1, same: _BASE + 1, lower: -1}, None, allowed + _BASE)
            same = lower

    def _new(self, most: int) -> int:
        self.most.append(most)
        return len(self.most) - 1

    def search(self, goal: Terms) -> Solution | None:
        """A solution with the least sum of the goal."""
        size = len(self.most)
        if not size:
            return () if all(row.holds(()) for row in self.rows) else None
        # The one late import of this package: only a choice of providers needs scipy.
        optimize = import_module("scipy.optimize")
        matrix, least, most = _arrays(size, self.rows)
        answer = optimize.milp(
            _vector(size, goal),
            integrality=np.ones(size),
            bounds=optimize.Bounds(0, np.array(self.most, float)),
            constraints=optimize.LinearConstraint(matrix, least, most),
            options={"mip_rel_gap": 0.0},
        )
        if answer.status == _INFEASIBLE:
            return None
        assert answer.x is not None, answer.message
        return tuple(int(round(value)) for value in answer.x)


def _arrays(size: int, rows: list[Row]) -> tuple[Any, Any, Any]:
    matrix = np.array([_vector(size, row.terms) for row in rows]).reshape(len(rows), size)
    least = np.array([-inf if row.least is None else row.least for row in rows], float)
    most = np.array([inf if row.most is None else row.most for row in rows], float)
    return matrix, least, most


def _vector(size: int, terms: Terms) -> Any:
    vector = np.zeros(size)
    for place, weight in terms.items():
        vector[place] = weight
    return vector
