"""The loops over rows, compiled by Numba (the `fast` extra); importing this module imports Numba."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from segdsl.engines.arrow.rules import numba_loops
from segdsl.engines.arrow.rules.atom import Below, OneOf
from segdsl.engines.arrow.rules.bitmap import Words
from segdsl.engines.arrow.rules.kernels import Codes, Kernels, Matches, Numbers, Slots
from segdsl.engines.arrow.rules.program import Circuit
from segdsl.engines.arrow.rules.ranks import Bucketing, RankTable
from segdsl.engines.arrow.rules.totals import MOST_ROWS, Counts, Floats, Measure, Slice


def test_values(values: Numbers, tests: Sequence[tuple[Below | OneOf, Words]]) -> None:
    for test, words in tests:
        match test:
            case Below(cut=cut):
                numba_loops.pack_below(values, values.dtype.type(cut), words)
            case OneOf(values=members):
                numba_loops.pack_members(values, np.array(members, values.dtype), words)


def rank(values: Numbers, table: RankTable) -> Codes:
    ranks = np.empty(len(values), table.ranks.dtype)
    unsure = -1 if table.unsure is None else table.unsure
    match table.bucketing:
        case Bucketing.EXACT:
            numba_loops.rank_exact(values, table.low, table.high, table.ranks, ranks)
        case Bucketing.BITS:
            numba_loops.rank_bits(values, table.low, table.high, table.shift, table.ranks, unsure, table.cuts, ranks)
        case Bucketing.LINEAR:
            numba_loops.rank_linear(values, table.low, table.high, table.scale, table.ranks, unsure, table.cuts, ranks)
    return ranks


def look_up(table: Codes, index: Numbers) -> Codes:
    found = np.empty(len(index), table.dtype)
    numba_loops.look_up(table, index, found)
    return found


def code_planes(codes: Codes, planes: Sequence[tuple[int, Words]]) -> None:
    padded = np.zeros((2, len(planes[0][1]) * 64), np.uint8)
    padded[0, : len(codes)] = codes & 0xFF
    if codes.dtype != np.uint8:
        padded[1, : len(codes)] = codes >> 8
    eights = padded.view(np.uint64)
    for digit, words in planes:
        numba_loops.pack_digit(eights[digit // 8], np.uint64(digit % 8), words)


def first(circuit: Circuit, slots: Slots, index: npt.NDArray[np.int32]) -> Counts:
    undecided = np.zeros(len(circuit.ready), np.int64)
    numba_loops.first(circuit.steps, circuit.ready, circuit.true, circuit.possible, slots, index, undecided)
    return undecided


def every(
    circuit: Circuit, slots: Slots, length: int, measure: Measure | None, bits: npt.NDArray[np.uint8] | None
) -> Matches:
    slices = () if measure is None else measure.slices
    rules, words = len(circuit.ready), slots.shape[1]
    known = np.empty(0, np.uint64) if measure is None or measure.known is None else measure.known
    kept = np.empty((0 if bits is None else rules, words), np.uint64)
    found: list[Counts] = []
    for halves in [_whole(part, length) for part in slices] or [np.empty((2, 0))]:
        counts, knowns, sums = np.zeros(rules, np.int64), np.zeros(rules, np.int64), np.zeros((rules, 2), np.int64)
        numba_loops.every(circuit.steps, circuit.ready, circuit.true, slots, known, halves, counts, knowns, sums, kept)
        found.append(sums)
    if bits is not None:
        bits[:] = kept.view(np.uint8)[:, : bits.shape[1]]
    return Matches(counts, knowns if len(known) else counts, tuple(found[: len(slices)]))


def _whole(part: Slice, length: int) -> Floats:
    """The halves of all rows."""
    if part.rows is None:
        return part.halves
    halves = np.zeros((2, length))
    halves[:, part.rows] = part.halves
    return halves


# Sums of halves stay below 2^62.
NUMBA = Kernels("numba", MOST_ROWS, 41, 4, test_values, rank, look_up, code_planes, first, every)
