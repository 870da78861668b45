"""What hypotheses are tested on, as arrays: each column of the rows read once, however many hypotheses share it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from segdsl.engines.arrow.draws import draws
from segdsl.engines.arrow.execution.ranking import grade_codes, standing
from segdsl.engines.arrow.reach import within_reach
from segdsl.engines.arrow.results import AudienceTable
from segdsl.evidence.ranks import Coded, coded
from segdsl.model.expression import Expr
from segdsl.model.model import Grade, Hypothesis, HypothesisForm, Model
from segdsl.plan.hypothesis_rows import AMONG, GRADE, SCORE, proxy_column, rows_name

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Places = npt.NDArray[np.int64]

# A score without grades of its own is graded by quarters, as `grade quartiles` does.
_QUARTERS = tuple(Grade(name, Decimal("0.25")) for name in "ABCD")
_MICROSECONDS_A_DAY = 86_400_000_000


@dataclass(frozen=True, slots=True)
class Categories:
    """The place of each row's category among `names`, less than 0 where missing."""

    codes: Places
    names: tuple[str, ...]


@dataclass(slots=True)
class HypothesisColumns:
    """The columns of the hypotheses that have rows in `lists`.

    All arrays of a score have its rows, in ascending order of the score: neighbours in an array are then neighbours in
    what is counted by score, which is several times as fast.

    Numbers beyond what can be computed with (`reach.LARGEST`) count as missing.
    """

    model: Model
    lists: Mapping[str, AudienceTable]
    _orders: dict[str, Places] = field(default_factory=dict)
    _scores: dict[str, Coded] = field(default_factory=dict)
    _grades: dict[str, Places] = field(default_factory=dict)
    _halves: dict[str, Bools] = field(default_factory=dict)
    _amongs: dict[tuple[str, Expr], Bools] = field(default_factory=dict)
    _numbers: dict[tuple[str, Expr], Coded] = field(default_factory=dict)
    _categories: dict[tuple[str, Expr], Categories] = field(default_factory=dict)

    def tested(self) -> tuple[Hypothesis, ...]:
        """The hypotheses of which there are rows, in the order of the spec."""
        return tuple(one for one in self.model.hypotheses.values() if rows_name(one.name) in self.lists)

    def scores(self, one: Hypothesis) -> Coded:
        """The score of each row."""
        if one.score not in self._scores:
            self._scores[one.score] = coded(_numbers(self._column(one, SCORE))[self._order(one)])
        return self._scores[one.score]

    def grades(self, one: Hypothesis) -> tuple[Places, tuple[str, ...]]:
        """The place of each row's grade among the names of grades, the best first; less than 0 where it has none."""
        declared = self.model.scores[one.score].grades
        if one.score not in self._grades:
            found = self._declared_grades(one) if declared else _quarters(self.scores(one).numbers())
            self._grades[one.score] = found
        return self._grades[one.score], tuple(grade.name for grade in declared or _QUARTERS)

    def half(self, one: Hypothesis) -> Bools:
        """A half of the rows, drawn by nothing but their keys."""
        if one.score not in self._halves:
            self._halves[one.score] = draws(self.lists[rows_name(one.name)].keys)[self._order(one)] < 0.5
        return self._halves[one.score]

    def asked(self, one: Hypothesis) -> Bools:
        """Rows that have the score, inside `among`."""
        return self.scores(one).known & self.inside(one)

    def inside(self, one: Hypothesis) -> Bools:
        """Rows inside `among`."""
        if one.among is None:
            return np.ones(len(self.scores(one).codes), bool)
        key = (one.score, one.among)
        if key not in self._amongs:
            self._amongs[key] = (_numbers(self._column(one, AMONG)) == 1)[self._order(one)]
        return self._amongs[key]

    def numbers(self, one: Hypothesis, place: int) -> Coded:
        """A proxy as numbers: durations, dates and times in days, true as 1."""
        key = (one.score, one.proxies[place])
        if key not in self._numbers:
            self._numbers[key] = coded(_numbers(self._column(one, proxy_column(place)))[self._order(one)])
        return self._numbers[key]

    def categories(self, one: Hypothesis, place: int) -> Categories:
        """A proxy as categories; a list counts as one value."""
        key = (one.score, one.proxies[place])
        if key not in self._categories:
            found = _categories(self._column(one, proxy_column(place)))
            self._categories[key] = Categories(found.codes[self._order(one)], found.names)
        return self._categories[key]

    def codes(self, one: Hypothesis, place: int) -> Places:
        """A proxy as its hypothesis takes it: the places of its numbers or categories, less than 0 where missing."""
        if one.form is HypothesisForm.SEPARATES:
            return self.categories(one, place).codes
        return self.numbers(one, place).codes

    def _column(self, one: Hypothesis, name: str) -> pa.ChunkedArray:
        return self.lists[rows_name(one.name)].table.column(name)

    def _declared_grades(self, one: Hypothesis) -> Places:
        names = pa.array([grade.name for grade in self.model.scores[one.score].grades], pa.string())
        places = pc.index_in(self._column(one, GRADE), value_set=names)
        return np.asarray(pc.fill_null(places, -1).to_numpy(), dtype=np.int64)[self._order(one)]

    def in_order_of_keys(self, one: Hypothesis, rows: Bools) -> Bools:
        """A choice of rows as they stand in the table of the score."""
        found = np.empty(len(rows), bool)
        found[self._order(one)] = rows
        return found

    def _order(self, one: Hypothesis) -> Places:
        if one.score not in self._orders:
            self._orders[one.score] = np.argsort(_numbers(self._column(one, SCORE)), kind="stable")
        return self._orders[one.score]


def _quarters(scores: Floats) -> Places:
    scored = np.isfinite(scores)
    better = standing(scores, scored).better
    return np.where(scored, grade_codes(better, int(scored.sum()), _QUARTERS), -1).astype(np.int64)


def _numbers(column: pa.ChunkedArray) -> Floats:
    days = 1
    if pa.types.is_duration(column.type) or pa.types.is_timestamp(column.type):
        column, days = column.cast(pa.int64()), _MICROSECONDS_A_DAY
    elif pa.types.is_date(column.type):
        column = column.cast(pa.int32())
    elif pa.types.is_boolean(column.type):
        column = column.cast(pa.int8())
    values = within_reach(column.cast(pa.float64()).combine_chunks())
    return np.asarray(values.to_numpy(zero_copy_only=False), dtype=np.float64) / days


def _categories(column: pa.ChunkedArray) -> Categories:
    whole = column.combine_chunks()
    if pa.types.is_list(whole.type):
        whole = pc.binary_join(whole.cast(pa.list_(pa.string())), "; ")
    if not pa.types.is_dictionary(whole.type):
        whole = whole.dictionary_encode()
    codes = pc.fill_null(whole.indices, -1).to_numpy(zero_copy_only=False).astype(np.int64, copy=False)
    return Categories(codes, tuple(whole.dictionary.cast(pa.string()).to_pylist()))
