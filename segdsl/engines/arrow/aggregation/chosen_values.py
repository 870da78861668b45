"""Aggregates that choose among the values of a group: extremes, the first or last, the distinct ones."""

from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from segdsl.engines.arrow.aggregation.columns import (
    Ints,
    as_floats,
    is_float,
    joined,
    ordered_codes,
)
from segdsl.engines.arrow.aggregation.sorting import distinct_ints, ends_of_groups


@dataclass(frozen=True, slots=True)
class Outcome:
    """A value for each group; `beyond` counts the groups whose exact sum doesn't fit 64 bits (those are missing)."""

    values: pa.Array
    beyond: int = 0


@dataclass(slots=True)
class Extreme:
    """The least or greatest value of each group; missing for none."""

    size: int
    type: pa.DataType
    greatest: bool
    values: list[pa.Array] = field(default_factory=list)
    groups: list[Ints] = field(default_factory=list)

    def add(self, groups: Ints, values: pa.Array | None) -> None:
        assert values is not None
        # One value a group is enough of a batch, so that what is held doesn't grow with the rows.
        best = ends_of_groups(groups, (ordered_codes(values),), self.greatest)
        self.groups.append(groups[best])
        self.values.append(values.take(pa.array(best)))

    def outcome(self) -> Outcome:
        values = joined(self.values, self.type)
        groups = np.concatenate(self.groups) if self.groups else np.zeros(0, dtype=np.int64)
        best = ends_of_groups(groups, (ordered_codes(values),), self.greatest)
        return Outcome(_placed(values, groups, best, self.size))


@dataclass(slots=True)
class Ending:
    """The value of the row with the least or greatest `by`, ties by the key; missing for none.

    `add_rows` takes the arrays to sort by, most important first, all known.
    """

    size: int
    type: pa.DataType
    last: bool
    groups: list[Ints] = field(default_factory=list)
    values: list[pa.Array] = field(default_factory=list)
    orders: list[tuple[pa.Array, ...]] = field(default_factory=list)

    def add_rows(self, groups: Ints, values: pa.Array, order: tuple[pa.Array, ...]) -> None:
        best = ends_of_groups(groups, tuple(ordered_codes(by) for by in order), self.last)
        rows = pa.array(best)
        self.groups.append(groups[best])
        self.values.append(values.take(rows))
        self.orders.append(tuple(by.take(rows) for by in order))

    def add(self, groups: Ints, values: pa.Array | None) -> None:
        assert values is not None
        self.add_rows(groups, values, ())

    def outcome(self) -> Outcome:
        values = joined(self.values, self.type)
        groups = np.concatenate(self.groups) if self.groups else np.zeros(0, dtype=np.int64)
        order = tuple(ordered_codes(joined(by, pa.null())) for by in zip(*self.orders, strict=True))
        best = ends_of_groups(groups, order, self.last)
        return Outcome(_placed(values, groups, best, self.size))


@dataclass(slots=True)
class Distinct:
    """How many different values each group has; 0 for none."""

    size: int
    type: pa.DataType
    groups: list[Ints] = field(default_factory=list)
    values: list[pa.Array] = field(default_factory=list)

    def add(self, groups: Ints, values: pa.Array | None) -> None:
        assert values is not None
        # Each pair of group and value once is enough of a batch.
        found, codes, distinct = _pairs(groups, values)
        self.groups.append(found)
        self.values.append(distinct.take(pa.array(codes)))

    def outcome(self) -> Outcome:
        groups = np.concatenate(self.groups) if self.groups else np.zeros(0, dtype=np.int64)
        if len(self.groups) > 1:
            groups, _, _ = _pairs(groups, joined(self.values, self.type))
        return Outcome(pa.array(np.bincount(groups, minlength=self.size).astype(np.int64)))


def _placed(values: pa.Array, groups: Ints, rows: Ints, size: int) -> pa.Array:
    """The chosen rows' values at their groups' places, missing elsewhere."""
    places = np.full(size, -1, dtype=np.int64)
    places[groups[rows]] = rows
    return values.take(pa.array(places, mask=places < 0))


def _pairs(groups: Ints, values: pa.Array) -> tuple[Ints, Ints, pa.Array]:
    """The distinct pairs of group and value: their groups, and their values as places in an array of values."""
    codes, distinct = _equal_codes(values)
    span = max(1, len(distinct))
    pairs = distinct_ints(groups * span + codes)
    return pairs // span, pairs % span, distinct


def _equal_codes(values: pa.Array) -> tuple[Ints, pa.Array]:
    """For each value its place among the distinct values, and those."""
    if is_float(values.type):
        # One zero: minus zero is the same number.
        values = pa.array(as_floats(values))
    coded = values if pa.types.is_dictionary(values.type) else values.dictionary_encode()
    places = coded.indices.to_numpy(zero_copy_only=False).astype(np.int64)
    unique = coded.dictionary.unique()
    if len(unique) < len(coded.dictionary):
        places = pc.index_in(coded.dictionary, value_set=unique).to_numpy().astype(np.int64)[places]
    return places, unique
