"""One accumulator a kind of aggregate: takes the values of batches in any order, gives one value a group.

An accumulator is made for a number of groups. `add` takes the group of each value that counts (known, and let through
by the aggregate's filter) and, but for counts, the values in their physical representation.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
import pyarrow as pa

from segdsl.engines.arrow.aggregation.chosen_values import Distinct, Ending, Extreme, Outcome
from segdsl.engines.arrow.aggregation.columns import (
    Ints,
    Mask,
    as_floats,
    as_ints,
    from_ints,
    is_float,
)
from segdsl.engines.arrow.aggregation.exact_sum import ExactSum, divided, divided_half_even
from segdsl.engines.arrow.aggregation.groups import (
    Gathered,
    Sorted,
    float_sums,
    middle_floats,
    middle_ints,
)
from segdsl.engines.arrow.physical import arrow_type
from segdsl.types import Type


class Accumulator(Protocol):
    def add(self, groups: Ints, values: pa.Array | None) -> None: ...

    def outcome(self) -> Outcome: ...


@dataclass(slots=True)
class Counting:
    """How many values each group has; 0 for none."""

    size: int
    counts: Ints = field(init=False)

    def __post_init__(self) -> None:
        self.counts = np.zeros(self.size, dtype=np.int64)

    def add(self, groups: Ints, values: pa.Array | None) -> None:
        self.counts += np.bincount(groups, minlength=self.size)

    def outcome(self) -> Outcome:
        return Outcome(pa.array(self.counts))


@dataclass(slots=True)
class Deciding:
    """`any`: whether some value is true, false for none. `all`: whether none is false, true for none."""

    size: int
    every: bool
    deciding: Mask = field(init=False)

    def __post_init__(self) -> None:
        self.deciding = np.zeros(self.size, dtype=bool)

    def add(self, groups: Ints, values: pa.Array | None) -> None:
        assert values is not None
        held = as_ints(values).astype(bool)
        self.deciding[groups[held != self.every]] = True

    def outcome(self) -> Outcome:
        return Outcome(pa.array(self.deciding ^ self.every))


@dataclass(slots=True)
class Adding:
    """Exact sums of whole numbers, amounts and durations, or (`mean`) their means.

    The sum of none is 0, the mean of none missing. A mean of amounts or durations is rounded half-even to the smallest
    unit they are kept in; a mean of whole numbers is a number.
    """

    size: int
    type: pa.DataType
    mean: bool
    sums: ExactSum = field(init=False)
    counts: Ints = field(init=False)

    def __post_init__(self) -> None:
        self.sums = ExactSum(self.size)
        self.counts = np.zeros(self.size, dtype=np.int64)

    def add(self, groups: Ints, values: pa.Array | None) -> None:
        assert values is not None
        self.sums.add(groups, as_ints(values))
        if self.mean:
            self.counts += np.bincount(groups, minlength=self.size)

    def outcome(self) -> Outcome:
        if self.mean and is_float(self.type):
            return Outcome(pa.array(divided(self.sums, self.counts), mask=self.counts == 0))
        if self.mean:
            return Outcome(from_ints(divided_half_even(self.sums, self.counts), self.counts == 0, self.type))
        if is_float(self.type):
            return Outcome(pa.array(self.sums.floats()))
        beyond = self.sums.beyond()
        return Outcome(from_ints(self.sums.totals(), beyond, self.type), int(beyond.sum()))


@dataclass(slots=True)
class AddingFloats:
    """Sums of numbers or their means, each rounded from the exact sum; one beyond a float is missing."""

    size: int
    mean: bool
    gathered: Gathered = field(default_factory=Gathered)

    def add(self, groups: Ints, values: pa.Array | None) -> None:
        assert values is not None
        self.gathered.add(groups, as_floats(values))

    def outcome(self) -> Outcome:
        values = self.gathered.grouped(self.size)
        sums = float_sums(values)
        if self.mean:
            sums = sums / np.maximum(values.counts, 1)
        missing = ~np.isfinite(sums) | (values.empty() if self.mean else np.zeros(self.size, dtype=bool))
        return Outcome(pa.array(sums, mask=missing))


@dataclass(slots=True)
class Ordering:
    """Figures that need all values of a group in order: medians, quantiles, the nth largest."""

    size: int
    is_float: bool
    finish: Callable[[Sorted], pa.Array]
    gathered: Gathered = field(default_factory=Gathered)

    def add(self, groups: Ints, values: pa.Array | None) -> None:
        assert values is not None
        self.gathered.add(groups, as_floats(values) if self.is_float else as_ints(values))

    def outcome(self) -> Outcome:
        return Outcome(self.finish(self.gathered.sorted(self.size)))


def accumulator(function: str, size: int, value: Type | None, result: Type) -> Accumulator:
    """The accumulator of an aggregate by its name, for values of one type and a result of another."""
    held = pa.int64() if value is None else arrow_type(value)
    given = arrow_type(result)
    match function:
        case "count":
            return Counting(size)
        case "any" | "all":
            return Deciding(size, function == "all")
        case "sum" | "mean":
            if is_float(held):
                return AddingFloats(size, function == "mean")
            return Adding(size, given, function == "mean")
        case "min" | "max":
            return Extreme(size, held, function == "max")
        case "first" | "last":
            return Ending(size, held, function == "last")
        case "distinct":
            return Distinct(size, held)
        case "median":
            return Ordering(size, is_float(held), _median(given))
        case _:
            raise AssertionError(f"no aggregate {function}")


def _median(type_: pa.DataType) -> Callable[[Sorted], pa.Array]:
    def finish(values: Sorted) -> pa.Array:
        if is_float(type_):
            return pa.array(middle_floats(values), mask=values.empty())
        return from_ints(middle_ints(values), values.empty(), type_)

    return finish
