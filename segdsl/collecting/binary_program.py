"""Integer programs over choices of yes and no, solved exactly: scipy's HiGHS searches, whole numbers decide.

HiGHS computes in floating point: a choice may be off 0 or 1 by a millionth, and so may a sum. Where the coefficients of
a row add up to less than a quarter of a million that can't turn one sum of whole numbers into another. Else every
answer is checked in whole numbers: one that breaks a row is excluded and the search goes on, and one that holds must be
beaten until nothing is better. Coefficients too large for floats to work with are cut to their first digits for the
search, so that it looks at too many answers rather than too few.
"""

from collections.abc import Iterable, Mapping
from importlib import import_module
from math import inf
from typing import Any

import numpy as np

from segdsl.record import dataclass

Terms = Mapping[int, int]
Solution = tuple[int, ...]

_SAFE = 250_000
_LARGEST = 10**8
_INFEASIBLE = 2


@dataclass(frozen=True, slots=True)
class Row:
    """`least` <= the sum of coefficient times choice <= `most`; None: no bound.

    Where coefficients add up to more than 100 million none may be negative, and there is no `least`.
    """

    terms: Terms
    least: int | None
    most: int | None

    def holds(self, solution: Solution) -> bool:
        """Whether a solution keeps to the row, in whole numbers."""
        found = total(self.terms, solution)
        return (self.least is None or found >= self.least) and (self.most is None or found <= self.most)


@dataclass(frozen=True, slots=True)
class BinaryProgram:
    """`size` choices of 0 or 1 that keep to all rows."""

    size: int
    rows: tuple[Row, ...]


def total(terms: Terms, solution: Solution) -> int:
    """The sum of coefficient times choice."""
    return sum(weight * solution[place] for place, weight in terms.items())


def minimise(program: BinaryProgram, goal: Terms) -> Solution | None:
    """A solution with the least sum of the goal, exactly; None if nothing keeps to the rows."""
    rows = list(program.rows)
    best: Solution | None = None
    is_safe = all(_size_of(terms) < _SAFE for terms in (goal, *(row.terms for row in rows)))
    while (found := _search(program.size, rows, goal)) is not None:
        if not all(row.holds(found) for row in rows):
            rows.append(_anything_but(found))
            continue
        best = found
        if is_safe:
            break
        rows.append(Row(goal, None, total(goal, found) - 1))
    return best


def _size_of(terms: Terms) -> int:
    return sum(map(abs, terms.values()))


def _anything_but(solution: Solution) -> Row:
    """At least one choice is another."""
    terms = {place: -1 if chosen else 1 for place, chosen in enumerate(solution)}
    return Row(terms, 1 - sum(solution), None)


def _search(size: int, rows: Iterable[Row], goal: Terms) -> Solution | None:
    """An answer with a sum of the goal that is small, as floats see it; None if they see none."""
    if size == 0:
        return () if all(row.holds(()) for row in rows) else None
    # The one late import of this package: only a choice of providers needs scipy.
    optimize = import_module("scipy.optimize")
    matrix, least, most = _arrays(size, tuple(map(_cut, rows)))
    answer = optimize.milp(
        _vector(size, _cut(Row(goal, None, 0)).terms),
        integrality=np.ones(size),
        bounds=optimize.Bounds(0, 1),
        constraints=optimize.LinearConstraint(matrix, least, most),
        options={"mip_rel_gap": 0.0},
    )
    if answer.status == _INFEASIBLE:
        return None
    assert answer.x is not None, answer.message
    return tuple(round(value) for value in answer.x.tolist())


def _cut(row: Row) -> Row:
    """A row that every solution of the given one keeps to, with coefficients that floats can work with."""
    unit = _size_of(row.terms) // _LARGEST + 1
    if unit == 1:
        return row
    assert row.least is None and row.most is not None and min(row.terms.values()) >= 0
    return Row({place: weight // unit for place, weight in row.terms.items()}, None, row.most // unit)


def _arrays(size: int, rows: tuple[Row, ...]) -> tuple[Any, Any, Any]:
    matrix = np.array([_vector(size, row.terms) for row in rows]).reshape(len(rows), size)
    least = np.array([-inf if row.least is None else row.least for row in rows], float)
    most = np.array([inf if row.most is None else row.most for row in rows], float)
    return matrix, least, most


def _vector(size: int, terms: Terms) -> Any:
    vector = np.zeros(size)
    for place, weight in terms.items():
        vector[place] = weight
    return vector
