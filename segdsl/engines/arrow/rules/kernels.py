"""The loops over rows that a set of kernels supplies; all sets give the same results, bit by bit."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from segdsl.engines.arrow.rules.atom import Below, OneOf
from segdsl.engines.arrow.rules.bitmap import Words
from segdsl.engines.arrow.rules.program import Circuit
from segdsl.engines.arrow.rules.ranks import RankTable
from segdsl.engines.arrow.rules.totals import Counts, Measure

# int64, int32 or float64.
Numbers: TypeAlias = npt.NDArray[Any]
# uint8 or uint16.
Codes: TypeAlias = npt.NDArray[Any]
# One row a slot of the circuit, one bit a row of the batch.
Slots: TypeAlias = npt.NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class Matches:
    """Of a piece of rows: rows by rule, rows with a known measure by rule; by slice the sums of halves by rule."""

    counts: Counts
    known: Counts
    sums: tuple[Counts, ...]


@dataclass(frozen=True, slots=True)
class Kernels:
    """One set of loops. `rows`: how many rows a piece has at most, a multiple of 64 and no more than `MOST_ROWS`.
    measure_bits: of how many bits the halves of a measure are so that their sums over a piece are exact.

    test_values: each test of each value as a bitmap; what stands under nulls is tested too.
    rank: each value's rank among cut-points; any rank under nulls.
    look_up: the entry of a table for each index; any entry for an index out of range.
    code_planes: binary digits of small codes, each a bitmap.
    first: compute a circuit, write each row's first true rule or -1, and count undecided rows by rule.
    every: compute a circuit, count rows and sum a measure by rule, and keep the rules' bits if given where.
    """

    name: str
    rows: int
    measure_bits: int
    coded_from: int
    test_values: Callable[[Numbers, Sequence[tuple[Below | OneOf, Words]]], None]
    rank: Callable[[Numbers, RankTable], Codes]
    look_up: Callable[[Codes, Numbers], Codes]
    code_planes: Callable[[Codes, Sequence[tuple[int, Words]]], None]
    first: Callable[[Circuit, Slots, npt.NDArray[np.int32]], Counts]
    every: Callable[[Circuit, Slots, int, Measure | None, npt.NDArray[np.uint8] | None], Matches]
