"""Ranks, percentiles and grades."""

from collections.abc import Sequence
from fractions import Fraction

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from segdsl.engines.arrow.aggregation.columns import Floats, Ints, Mask, Numbers, ordered_codes, valid_mask
from segdsl.engines.arrow.execution.state import State, score_slot
from segdsl.model.model import Grade
from segdsl.plan.steps import RankScore


def rank_score(state: State, step: RankScore) -> None:
    """Adds rank, percentile and grade to the rows that have the score."""
    frame = state.frames[step.table]
    score = frame.slots[score_slot(step.score)]
    scored = valid_mask(score)
    better = competition_ranks(ordered_codes(score), np.zeros(len(score), dtype=np.int64), scored) - 1
    worse = competition_ranks(-ordered_codes(score), np.zeros(len(score), dtype=np.int64), scored) - 1
    count = int(np.count_nonzero(scored))
    frame.slots[score_slot(step.score, "rank")] = pa.array(better + 1, mask=~scored)
    frame.slots[score_slot(step.score, "percentile")] = pa.array(percentiles(worse, count), mask=~scored)
    if step.grades:
        codes = grade_codes(better, count, step.grades)
        given = pa.array(codes, mask=~scored | (codes < 0))
        names = pa.array([grade.name for grade in step.grades], pa.string())
        frame.slots[score_slot(step.score, "grade")] = pa.DictionaryArray.from_arrays(given, names)


def competition_ranks(values: Numbers, groups: Ints, counted: Mask) -> Ints:
    """1 + the number of counted rows of the same group with a larger value; 0 for rows that aren't counted."""
    rows = np.flatnonzero(counted)
    ranks = np.zeros(len(values), dtype=np.int64)
    if not len(rows):
        return ranks
    order = rows[np.lexsort((values[rows], groups[rows]))[::-1]]
    group, value = groups[order], values[order]
    places = np.arange(len(order))
    new_group = np.ones(len(order), dtype=bool)
    new_group[1:] = group[1:] != group[:-1]
    new_value = new_group.copy()
    new_value[1:] |= value[1:] != value[:-1]
    # The first of a run of ties gives its place to the whole run.
    first = np.maximum.accumulate(np.where(new_value, places, 0))
    start = np.maximum.accumulate(np.where(new_group, places, 0))
    ranks[order] = first - start + 1
    return ranks


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
    limits = []
    total = Fraction(0)
    for grade in grades:
        total = Fraction(1) if grade.share is None else total + Fraction(grade.share)
        # better < total * count, for whole numbers: better < the ceiling.
        limits.append(-(-total * count // 1))
    found = np.searchsorted(np.array([int(limit) for limit in limits], dtype=np.int64), better, side="right")
    return np.where(found < len(grades), found, -1).astype(np.int32)
