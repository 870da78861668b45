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
from segdsl.engines.arrow.rules.totals import Counts, Measure


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
    whole = [part for part in slices if part.rows is None]
    partial = [part for part in slices if part.rows is not None]
    rows = np.concatenate([np.empty(0, np.intp), *(part.rows for part in partial)])
    order = np.argsort(rows, kind="stable")
    chosen = np.zeros((rules, len(rows)), np.int64)
    found: list[Counts] = []
    for pair in range(0, max(1, len(whole)), 2):
        counts, knowns = np.zeros(rules, np.int64), np.zeros(rules, np.int64)
        sums = np.zeros((rules, 2), np.int64)
        dense = np.zeros((2, words * 64 if whole else 0), np.int64)
        for place, part in enumerate(whole[pair : pair + 2]):
            dense[place, :length] = part.values
        numba_loops.every(
            circuit.steps,
            circuit.ready,
            circuit.true,
            slots,
            known,
            dense,
            rows[order],
            counts,
            knowns,
            sums,
            kept,
            chosen,
        )
        found += [sums[:, 0], sums[:, 1]]
    if bits is not None:
        bits[:] = kept.view(np.uint8)[:, : bits.shape[1]]
    found = found[: len(whole)]
    start = 0
    back = np.argsort(order, kind="stable")
    for part in partial:
        assert part.rows is not None
        found.append(chosen[:, back[start : start + len(part.rows)]] @ part.values.astype(np.int64))
        start += len(part.rows)
    return Matches(counts, counts if not len(known) else knowns, tuple(found))


NUMBA = Kernels("numba", 1 << 18, 4, test_values, rank, look_up, code_planes, first, every)
