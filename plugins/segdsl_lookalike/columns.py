"""The fields that points are given for, as levels: intervals of a measure, values of a category, yes or no."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from segdsl.evidence.levels import code_members, code_texts
from segdsl.evidence.measures import Floats, plain_numbers
from segdsl.evidence.regression_tree import Feature
from segdsl.plugin import Kind, Refused, Type
from segdsl_lookalike.cuts import cuts_of

# A value of a category in fewer rows than these says nothing by itself: it counts among the others.
_FEWEST_ROWS = 5
_MOST_VALUES = 64
# A value of a list must be in this share of the lists.
_FEWEST_LISTS = 0.02
_MOST_MEMBERS = 16
_MEASURED = {Kind.COUNT, Kind.INT, Kind.NUMBER, Kind.RATIO, Kind.MONEY, Kind.DATE, Kind.DURATION}
_EXPECTED = "a number, amount, share, date, duration, yes-or-no, category, text or list of texts"


@dataclass(frozen=True, slots=True)
class Measure:
    """A field with an order. Level j is where just j of the ascending `cuts` are reached; days for a duration."""

    field: str
    type: Type
    feature: Feature
    cuts: tuple[Decimal, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """A category or text: a level for each of the frequent `values`, then one for all others, seen or not."""

    field: str
    type: Type
    feature: Feature
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class YesNo:
    """Level 1 where the field is true, or where its list has `member`."""

    field: str
    type: Type
    feature: Feature
    member: str | None = None


Column: TypeAlias = Measure | Choice | YesNo


def read_columns(field: str, array: pa.Array, type_: Type) -> Iterator[Column]:
    """The levels of one field: nothing where it is the same in every row. Raises Refused for a type without levels."""
    if type_.kind in _MEASURED:
        found: Iterator[Column] = iter((_measure(field, array, type_),))
    elif type_.kind in (Kind.CATEGORY, Kind.TEXT):
        values, codes = code_texts(array, _FEWEST_ROWS, _MOST_VALUES)
        found = iter((Choice(field, type_, Feature(codes, len(values) + 1, False), values),))
    elif type_.kind is Kind.BOOL:
        codes = pc.fill_null(array.cast(pa.uint16()), 2).to_numpy(zero_copy_only=False)
        found = iter((YesNo(field, type_, Feature(codes, 2, True)),))
    elif type_.kind is Kind.LIST and (type_.element is None or type_.element.kind in (Kind.CATEGORY, Kind.TEXT)):
        fewest = max(_FEWEST_ROWS, int(_FEWEST_LISTS * len(array)))
        members = code_members(array, fewest, _MOST_MEMBERS)
        found = (YesNo(field, type_, Feature(codes, 2, True), member) for member, codes in members)
    else:
        raise Refused(f"`{field}` is {type_.or_missing(False)}", option="features", expected=_EXPECTED)
    return (column for column in found if len(column.feature.codes) and np.ptp(column.feature.codes) > 0)


def _measure(field: str, array: pa.Array, type_: Type) -> Measure:
    values, known = plain_numbers(array)
    if not np.isfinite(values).all():
        raise Refused(f"`{field}` has infinite values", option="features", expected="finite numbers")
    cuts = cuts_of(np.floor(values[known]) if type_.kind is Kind.DURATION else values[known], type_.kind)
    return Measure(field, type_, Feature(_codes(values, known, cuts), len(cuts) + 1, True), cuts)


def _codes(values: Floats, known: np.ndarray, cuts: tuple[Decimal, ...]) -> np.ndarray:
    reached = np.searchsorted(np.array([float(cut) for cut in cuts]), values, side="right")
    return np.where(known, reached, len(cuts) + 1).astype(np.uint16)
