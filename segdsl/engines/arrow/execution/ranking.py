"""Ranks, percentiles and grades."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from segdsl.engines.arrow.aggregation.columns import Floats, Ints, Mask, Numbers, ordered_codes, valid_mask
from segdsl.engines.arrow.execution.state import State, score_slot
from segdsl.model.model import Grade
from segdsl.plan.steps import RankScore

_NONE = np.empty(0, dtype=np.int64)


def rank_score(state: State, step: RankScore) -> None:
    """Adds rank, percentile and grade to the rows that have the score."""
    frame = state.frames[step.table]
    score = frame.slots[score_slot(step.score)]
    scored = valid_mask(score)
    found = standing(ordered_codes(score), scored)
    count = int(np.count_nonzero(scored))
    frame.slots[score_slot(step.score, "rank")] = pa.array(found.better + 1, mask=~scored)
    frame.slots[score_slot(step.score, "percentile")] = pa.array(percentiles(found.worse, count), mask=~scored)
    if step.grades:
        codes = grade_codes(found.better, count, step.grades)
        given = pa.array(codes, mask=~scored | (codes < 0))
        names = pa.array([grade.name for grade in step.grades], pa.string())
        frame.slots[score_slot(step.score, "grade")] = pa.DictionaryArray.from_arrays(given, names)


@dataclass(frozen=True, slots=True)
class Standing:
    """How many counted rows of the same group have a larger value, and how many a smaller one; 0 if not counted."""

    better: Ints
    worse: Ints


def standing(values: Numbers, counted: Mask, groups: Ints | None = None) -> Standing:
    """Where each counted row stands among the counted rows of its group; without `groups` all rows are one."""
    rows = np.flatnonzero(counted)
    better, worse = np.zeros(len(values), dtype=np.int64), np.zeros(len(values), dtype=np.int64)
    if not len(rows):
        return Standing(better, worse)
    if groups is None:
        order = rows[np.argsort(values[rows])]
        group_starts = np.ones(1, dtype=bool)
    else:
        order = rows[np.lexsort((values[rows], groups[rows]))]
        group_starts = _changes(groups[order])
    group_first, group_last = _runs(group_starts, len(order))
    value_starts = _changes(values[order])
    value_starts[group_first] = True
    first, last = _runs(value_starts, len(order))
    better[order], worse[order] = group_last - last, first - group_first
    return Standing(better, worse)


def _changes(ordered: Numbers) -> Mask:
    """Where a value differs from the one before it; the first does."""
    changes = np.ones(len(ordered), dtype=bool)
    np.not_equal(ordered[1:], ordered[:-1], out=changes[1:])
    return changes


def _runs(starts: Mask, length: int) -> tuple[Ints, Ints]:
    """For each row the first and the last row of its run, given where runs start."""
    first = np.flatnonzero(starts)
    ends = np.append(first[1:], length)
    sizes = ends - first
    return np.repeat(first, sizes), np.repeat(ends - 1, sizes)


def percentiles(worse: Ints, count: int) -> Floats:
    """The share of the other scored rows that are strictly worse, from 0 to 1; 0 for the only one.

    The same as PERCENT_RANK of SQL and PERCENTRANK.INC of spreadsheets.
    """
    return worse / max(count - 1, 1)


def grade_codes(better: Ints, count: int, grades: Sequence[Grade]) -> npt.NDArray[np.int32]:
    """The place of each row's grade: the first whose share, with those before it, exceeds the share of better rows.

    So a row is in grade A if fewer than A's share of the scored rows are strictly better; ties share the better grade.
    A grade without a share takes the rest; -1 where no grade is left.
    """
    found = np.searchsorted(_limits(count, grades), better, side="right")
    return np.where(found < len(grades), found, -1).astype(np.int32)


def _limits(count: int, grades: Sequence[Grade]) -> Ints:
    """How many rows each grade and those before it were to take."""
    limits = []
    total = Fraction(0)
    for grade in grades:
        total = Fraction(1) if grade.share is None else total + Fraction(grade.share)
        # better < total * count, for whole numbers: better < the ceiling.
        limits.append(int(-(-total * count // 1)))
    return np.array(limits, dtype=np.int64)


@dataclass(frozen=True, slots=True)
class Blur:
    """Equal scores that took a grade far beyond its share.

    `held` of the `scored` rows are in the grade where about `wanted` were to be; `equal` share the least score there.
    """

    grade: str
    held: int
    wanted: int
    equal: int
    scored: int


def blurred(table: pa.Table, grades: Sequence[Grade]) -> Blur | None:
    """The grade that ties took furthest beyond its share, if that is more than a tenth of the scored rows.

    `table` is that of a score, with columns `rank` and `grade`.
    """
    graded = table.select(["rank", "grade"]).drop_null().combine_chunks()
    scored = len(table) - table.column("rank").null_count
    codes = np.concatenate([chunk.indices.to_numpy() for chunk in graded.column("grade").chunks] or [_NONE])
    held = np.bincount(codes, minlength=len(grades))
    ahead, limits = np.cumsum(held), _limits(scored, grades)
    beyond = ahead - limits
    place = int(beyond.argmax())
    if beyond[place] * 10 <= scored:
        return None
    ranks = graded.column("rank").to_numpy()
    equal = int(np.count_nonzero(ranks == ranks[codes == place].max()))
    wanted = int(limits[place] - (ahead[place] - held[place]))
    return Blur(grades[place].name, int(held[place]), max(wanted, 0), equal, scored)
