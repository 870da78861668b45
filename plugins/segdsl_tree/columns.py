"""The fields that a tree may split on, as it sees them: measures, choices and yes-or-no."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from segdsl.evidence.binning import bin_values
from segdsl.evidence.levels import code_members, code_texts
from segdsl.evidence.measures import doubles
from segdsl.evidence.regression_tree import Feature
from segdsl.plugin import Kind, Refused, Type

Floats = NDArray[np.float64]

# A value of a category in fewer rows than these says nothing by itself: it counts among the others.
_FEWEST_ROWS = 5
_MOST_VALUES = 64
_MOST_MEMBERS = 32
_MEASURED = {Kind.COUNT, Kind.INT, Kind.NUMBER, Kind.RATIO, Kind.MONEY, Kind.DATE, Kind.DURATION}
_MINUTE = 60_000_000


@dataclass(frozen=True, slots=True)
class Measure:
    """A field with an order. `values` are numbers (days for a date, whole minutes for a duration), NaN for missing.

    A code of the feature is above `j` where the value is at least `edges[j]`.
    """

    field: str
    type: Type
    feature: Feature
    values: Floats
    edges: Floats


@dataclass(frozen=True, slots=True)
class Choice:
    """A category: a code for each of the frequent `values`, then one for all others, seen or not."""

    field: str
    type: Type
    feature: Feature
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class YesNo:
    """Code 1 where the field is true, or where its list has `member`."""

    field: str
    type: Type
    feature: Feature
    member: str | None = None


Column: TypeAlias = Measure | Choice | YesNo


def has_missing(column: Column) -> bool:
    """Whether the field is missing in a row that was learned from."""
    return bool((column.feature.codes == column.feature.bins).any())


def measure_values(array: pa.Array, type_: Type) -> Floats:
    """The values of a field with an order as numbers, NaN for missing."""
    match type_.kind:
        case Kind.DATE:
            array = array.cast(pa.int32())
        case Kind.DURATION:
            array = array.cast(pa.int64())
    numbers = doubles(array)
    return np.asarray(np.floor(numbers / _MINUTE) if type_.kind is Kind.DURATION else numbers, np.float64)


def read_columns(field: str, array: pa.Array, type_: Type, direction: int, min_rows: int) -> Iterator[Column]:
    """What can be split on of one field: nothing where it is the same in every row. Raises Refused for a wrong type."""
    if type_.kind in _MEASURED:
        values = measure_values(array, type_)
        bins = bin_values(values)
        feature = Feature(bins.codes, len(bins.edges) + 1, True, direction)
        found: Iterator[Column] = iter((Measure(field, type_, feature, values, bins.edges),))
    elif type_.kind in (Kind.CATEGORY, Kind.TEXT):
        found = iter((_choice(field, array, type_),))
    elif type_.kind is Kind.BOOL:
        found = iter((YesNo(field, type_, _yes_no(array, direction)),))
    elif type_.kind is Kind.LIST and (type_.element is None or type_.element.kind in (Kind.CATEGORY, Kind.TEXT)):
        found = _members(field, array, type_, direction, min_rows)
    else:
        expected = "a number, amount, share, date, duration, yes-or-no, category or list of categories"
        raise Refused(f"`{field}` is {type_.or_missing(False)}", option="features", expected=expected)
    return (column for column in found if np.ptp(column.feature.codes) > 0)


def _yes_no(array: pa.Array, direction: int) -> Feature:
    codes = pc.fill_null(array.cast(pa.uint16()), 2).to_numpy(zero_copy_only=False)
    return Feature(codes, 2, True, direction)


def _choice(field: str, array: pa.Array, type_: Type) -> Choice:
    frequent, codes = code_texts(array, _FEWEST_ROWS, _MOST_VALUES)
    return Choice(field, type_, Feature(codes, len(frequent) + 1, False), frequent)


def _members(field: str, array: pa.Array, type_: Type, direction: int, min_rows: int) -> Iterator[YesNo]:
    """A column for each value that enough lists have, and enough have not."""
    for text, codes in code_members(array, min_rows, _MOST_MEMBERS):
        yield YesNo(field, type_, Feature(codes, 2, True, direction), text)
