"""What hypotheses are tested on, as arrays: each column of the rows read once, however many hypotheses share it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from hashlib import blake2b

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from segdsl.engines.arrow.execution.ranking import grade_codes, standing
from segdsl.engines.arrow.results import AudienceTable
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
    """The columns of the hypotheses that have rows in `lists`. All arrays of a score have its rows, in their order."""

    model: Model
    lists: Mapping[str, AudienceTable]
    _scores: dict[str, Floats] = field(default_factory=dict)
    _grades: dict[str, Places] = field(default_factory=dict)
    _halves: dict[str, Bools] = field(default_factory=dict)
    _amongs: dict[tuple[str, Expr], Bools] = field(default_factory=dict)
    _numbers: dict[tuple[str, Expr], Floats] = field(default_factory=dict)
    _categories: dict[tuple[str, Expr], Categories] = field(default_factory=dict)

    def tested(self) -> tuple[Hypothesis, ...]:
        """The hypotheses of which there are rows, in the order of the spec."""
        return tuple(one for one in self.model.hypotheses.values() if rows_name(one.name) in self.lists)

    def scores(self, one: Hypothesis) -> Floats:
        """The score of each row, NaN where it has none."""
        if one.score not in self._scores:
            self._scores[one.score] = _numbers(self._column(one, SCORE))
        return self._scores[one.score]

    def grades(self, one: Hypothesis) -> tuple[Places, tuple[str, ...]]:
        """The place of each row's grade among the names of grades, the best first; less than 0 where it has none."""
        declared = self.model.scores[one.score].grades
        if one.score not in self._grades:
            found = self._declared_grades(one) if declared else _quarters(self.scores(one))
            self._grades[one.score] = found
        return self._grades[one.score], tuple(grade.name for grade in declared or _QUARTERS)

    def half(self, one: Hypothesis) -> Bools:
        """A half of the rows, drawn by nothing but their keys."""
        if one.score not in self._halves:
            self._halves[one.score] = _half(self.lists[rows_name(one.name)].keys)
        return self._halves[one.score]

    def asked(self, one: Hypothesis) -> Bools:
        """Rows that have the score, inside `among`."""
        known = np.isfinite(self.scores(one))
        if one.among is None:
            return known
        key = (one.score, one.among)
        if key not in self._amongs:
            self._amongs[key] = known & (_numbers(self._column(one, AMONG)) == 1)
        return self._amongs[key]

    def numbers(self, one: Hypothesis, place: int) -> Floats:
        """A proxy as numbers, NaN where missing: durations, dates and times in days, true as 1."""
        key = (one.score, one.proxies[place])
        if key not in self._numbers:
            self._numbers[key] = _numbers(self._column(one, proxy_column(place)))
        return self._numbers[key]

    def categories(self, one: Hypothesis, place: int) -> Categories:
        """A proxy as categories; a list counts as one value."""
        key = (one.score, one.proxies[place])
        if key not in self._categories:
            self._categories[key] = _categories(self._column(one, proxy_column(place)))
        return self._categories[key]

    def values(self, one: Hypothesis, place: int) -> Floats:
        """A proxy as its hypothesis takes it: numbers, or codes of categories; NaN where missing."""
        if one.form is not HypothesisForm.SEPARATES:
            return self.numbers(one, place)
        codes = self.categories(one, place).codes
        return np.where(codes < 0, np.nan, codes)

    def _column(self, one: Hypothesis, name: str) -> pa.ChunkedArray:
        return self.lists[rows_name(one.name)].table.column(name)

    def _declared_grades(self, one: Hypothesis) -> Places:
        names = pa.array([grade.name for grade in self.model.scores[one.score].grades], pa.string())
        places = pc.index_in(self._column(one, GRADE), value_set=names)
        return np.asarray(pc.fill_null(places, -1).to_numpy(), dtype=np.int64)


def _quarters(scores: Floats) -> Places:
    scored = np.isfinite(scores)
    better = standing(scores, scored).better
    return np.where(scored, grade_codes(better, int(scored.sum()), _QUARTERS), -1).astype(np.int64)


def _half(keys: pa.Table) -> Bools:
    """Half of the rows, by nothing but their keys: the same in every run, whatever other rows there are."""
    texts = ("\x1f".join(map(str, row)) for row in zip(*(column.to_pylist() for column in keys.columns), strict=True))
    return np.array([blake2b(text.encode(), digest_size=1).digest()[0] & 1 for text in texts], dtype=bool)


def _numbers(column: pa.ChunkedArray) -> Floats:
    days = 1
    if pa.types.is_duration(column.type) or pa.types.is_timestamp(column.type):
        column, days = column.cast(pa.int64()), _MICROSECONDS_A_DAY
    elif pa.types.is_date(column.type):
        column = column.cast(pa.int32())
    elif pa.types.is_boolean(column.type):
        column = column.cast(pa.int8())
    return np.asarray(column.cast(pa.float64()).to_numpy(), dtype=np.float64) / days


def _categories(column: pa.ChunkedArray) -> Categories:
    whole = column.combine_chunks()
    if pa.types.is_list(whole.type):
        whole = pc.binary_join(whole.cast(pa.list_(pa.string())), "; ")
    if not pa.types.is_dictionary(whole.type):
        whole = whole.dictionary_encode()
    codes = pc.fill_null(whole.indices, -1).to_numpy(zero_copy_only=False).astype(np.int64)
    return Categories(codes, tuple(whole.dictionary.cast(pa.string()).to_pylist()))
