"""Grades that ties blur, against a count in plain Python."""

from decimal import Decimal
from fractions import Fraction

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from segdsl.engines.arrow.execution.ranking import blurred
from segdsl.model.model import Grade

QUARTILES = tuple(Grade(name, Decimal("0.25")) for name in "ABCD")
TOP = (Grade("A", Decimal("0.1")), Grade("B", Decimal("0.3")))
REST = (Grade("gold", Decimal("0.2")), Grade("rest", None))


def graded(scores: list[int | None], grades: tuple[Grade, ...]) -> list[tuple[int, str | None]]:
    """Rank and grade of each row that has a score, as docs/language.md defines them."""
    known = [s for s in scores if s is not None]
    found: list[tuple[int, str | None]] = []
    for score in known:
        better = sum(other > score for other in known)
        total, name = Fraction(0), None
        for grade in grades:
            total = Fraction(1) if grade.share is None else total + Fraction(grade.share)
            if better < total * len(known):
                name = grade.name
                break
        found.append((better + 1, name))
    return found


def table_of(scores: list[int | None], grades: tuple[Grade, ...]) -> pa.Table:
    rows = iter(graded(scores, grades))
    cells = [next(rows) if s is not None else (None, None) for s in scores]
    names = pa.array([grade for _, grade in cells], pa.string())
    return pa.table({"rank": pa.array([rank for rank, _ in cells], pa.int64()), "grade": _coded(names, grades)})


def _coded(names: pa.Array, grades: tuple[Grade, ...]) -> pa.DictionaryArray:
    order = [grade.name for grade in grades]
    places = pa.array([None if n is None else order.index(n) for n in names.to_pylist()], pa.int32())
    return pa.DictionaryArray.from_arrays(places, pa.array(order, pa.string()))


@given(st.lists(st.none() | st.integers(0, 4), max_size=40), st.sampled_from([QUARTILES, TOP, REST]))
def test_the_grade_furthest_beyond_its_share_is_told_with_the_rows_that_tie(
    scores: list[int | None], grades: tuple[Grade, ...]
) -> None:
    found = blurred(table_of(scores, grades), grades)
    rows = graded(scores, grades)
    share, excess = Fraction(0), []
    for place, grade in enumerate(grades):
        share = Fraction(1) if grade.share is None else share + Fraction(grade.share)
        ahead = sum(name in [g.name for g in grades[: place + 1]] for _, name in rows)
        # A row belongs where fewer than the share are better: with no ties, as many rows as whole numbers below it.
        excess.append(ahead - sum(better < share * len(rows) for better in range(len(rows))))
    if not rows or max(excess) * 10 <= len(rows):
        assert found is None
        return
    assert found is not None
    assert excess[[g.name for g in grades].index(found.grade)] == max(excess)
    assert found.held == sum(name == found.grade for _, name in rows)
    assert found.scored == len(rows)
    least = max(rank for rank, name in rows if name == found.grade)
    assert found.equal == sum(rank == least for rank, _ in rows)


@pytest.mark.parametrize(("zeros", "told"), [(24, False), (90, True)])
def test_quartiles_of_a_score_that_is_mostly_nothing(zeros: int, told: bool) -> None:
    scores: list[int | None] = [*range(1, 101 - zeros), *([0] * zeros)]
    found = blurred(table_of(scores, QUARTILES), QUARTILES)
    assert (found is not None) is told
    if found is not None:
        # Ten rows are better, so the other 90 are still among the best quarter.
        assert (found.grade, found.held, found.wanted, found.equal, found.scored) == ("A", 100, 25, 90, 100)
