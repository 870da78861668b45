"""The loops over rows, in NumPy."""

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from segdsl.engines.arrow.rules.atom import Below, OneOf
from segdsl.engines.arrow.rules.bitmap import Words, count_rows, pack_flags, unpack_flags
from segdsl.engines.arrow.rules.circuit import ALL, Gate
from segdsl.engines.arrow.rules.histogram import MOST_RULES, start_histogram
from segdsl.engines.arrow.rules.kernels import Codes, Kernels, Matches, Numbers, Slots
from segdsl.engines.arrow.rules.products import start_products
from segdsl.engines.arrow.rules.program import Circuit
from segdsl.engines.arrow.rules.ranks import MOST_VALUES, Bucketing, RankTable
from segdsl.engines.arrow.rules.totals import MOST_ROWS, Counts, Measure

# Rows taken at once, a multiple of 64: their values and what is made of them stay in the processor's cache.
BLOCK = 1 << 17
# Values tested no more often than this are taken all at once: long calls let threads work side by side, short ones hand
# the interpreter's lock to and fro.
_FEW_TESTS = 8
_GATES = {int(Gate.AND): np.bitwise_and, int(Gate.OR): np.bitwise_or, int(Gate.XOR): np.bitwise_xor}


def _ready_rules(circuit: Circuit, slots: Slots) -> Iterator[tuple[int, Words, Words]]:
    """Each rule as soon as it is computed: its number, where it is true, where it is not false."""
    bitmaps = list(slots)
    steps = [(_GATES[gate], bitmaps[a], bitmaps[b], bitmaps[out]) for gate, a, b, out in circuit.steps.tolist()]
    rules = zip(circuit.ready.tolist(), circuit.true.tolist(), circuit.possible.tolist(), strict=True)
    done = 0
    for rule, (ready, true, possible) in enumerate(rules):
        for compute, left, right, out in steps[done:ready]:
            compute(left, right, out)
        done = ready
        yield rule, bitmaps[true], bitmaps[possible]


def test_values(values: Numbers, tests: Sequence[tuple[Below | OneOf, Words]]) -> None:
    """Each test of each value as a bitmap; what stands under nulls is tested too."""
    rows = max(1, len(values)) if len(tests) <= _FEW_TESTS else BLOCK
    flags = np.empty(min(rows, len(values)), np.bool_)
    for start in range(0, len(values), rows):
        block = values[start : start + rows]
        words = slice(start // 64, (start + len(block) + 63) // 64)
        for test, bitmap in tests:
            pack_flags(_test(block, test, flags[: len(block)]), bitmap[words])


def _test(block: Numbers, test: Below | OneOf, flags: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    match test:
        case Below(cut=cut):
            return np.less(block, cut, out=flags)
        case OneOf(values=values) if len(values) > MOST_VALUES:
            return np.isin(block, np.array(values))
        case OneOf(values=values):
            flags[:] = False
            for value in values:
                flags |= block == value
            return flags


def rank(values: Numbers, table: RankTable) -> Codes:
    ranks = np.empty(len(values), table.ranks.dtype)
    for start in range(0, len(values), BLOCK):
        block = slice(start, start + BLOCK)
        np.take(table.ranks, _buckets(values[block], table), mode="clip", out=ranks[block])
        if table.unsure is not None:
            _settle_unsure(values[block], table, ranks[block])
    return ranks


def _settle_unsure(block: Numbers, table: RankTable, ranks: Codes) -> None:
    unsure = np.flatnonzero(ranks == table.unsure)
    if len(unsure) > len(block) // 4:
        # A binary search costs about as much as 16 comparisons in a row.
        ranks[:] = 0
        for cut in table.cuts:
            ranks += block >= cut
    elif len(unsure):
        ranks[unsure] = np.searchsorted(table.cuts, block[unsure], side="right")


def look_up(table: Codes, index: Numbers) -> Codes:
    found = np.empty(len(index), table.dtype)
    for start in range(0, len(index), BLOCK):
        block = slice(start, start + BLOCK)
        table.take(index[block], mode="clip", out=found[block])
    return found


def _buckets(block: Numbers, table: RankTable) -> npt.NDArray[np.uint16]:
    match table.bucketing:
        case Bucketing.EXACT:
            return np.clip(block, table.low, table.high).astype(np.uint16)
        case Bucketing.BITS:
            keys = np.clip(block.astype(np.float64, copy=False).view(np.int64), table.low, table.high)
            np.right_shift(keys, table.shift, out=keys)
            return keys.astype(np.uint16)
        case Bucketing.LINEAR:
            # What stands under nulls may be no number; its bucket doesn't matter.
            with np.errstate(all="ignore"):
                scaled = np.clip(block, table.low, table.high).astype(np.float64, copy=False)
                scaled -= table.low
                scaled *= table.scale
                return scaled.astype(np.int32).astype(np.uint16)


def code_planes(codes: Codes, planes: Sequence[tuple[int, Words]]) -> None:
    for start in range(0, len(codes), BLOCK):
        block = codes[start : start + BLOCK]
        words = slice(start // 64, (start + len(block) + 63) // 64)
        low = block.astype(np.uint8, copy=False)
        high = (block >> 8).astype(np.uint8) if block.dtype != np.uint8 else low
        for bit, bitmap in planes:
            pack_flags((high if bit >= 8 else low) & np.uint8(1 << bit % 8), bitmap[words])


def first(circuit: Circuit, slots: Slots, index: npt.NDArray[np.int32]) -> Counts:
    rules = len(circuit.ready)
    taken = np.zeros_like(slots[ALL])
    reached = np.empty_like(taken)
    planes = np.zeros((rules.bit_length(), len(taken)), np.uint64)
    undecided = np.zeros(rules, np.int64)
    for rule, true, possible in _ready_rules(circuit, slots):
        if possible is not true:
            np.bitwise_or(taken, true, out=reached)
            np.bitwise_xor(reached, slots[ALL], out=reached)
            np.bitwise_and(reached, possible, out=reached)
            undecided[rule] = count_rows(reached)
        np.bitwise_or(taken, true, out=taken)
        # Rules are numbered in a Gray code, where one number and the next differ in one digit: the rows taken so far
        # change that plane only.
        if rule + 1 < rules:
            changed = planes[((rule + 1) & -(rule + 1)).bit_length() - 1]
            np.bitwise_xor(changed, taken, out=changed)
    _write_index(planes, (rules - 1) ^ (rules - 1) >> 1, taken, index)
    return undecided


def _write_index(planes: Slots, last: int, taken: Words, index: npt.NDArray[np.int32]) -> None:
    """From planes of the rule's number in Gray code to the number, -1 where no rule was true."""
    for plane in range(len(planes) - 1, -1, -1):
        if last >> plane & 1:
            planes[plane] ^= taken
        if plane + 1 < len(planes):
            planes[plane] ^= planes[plane + 1]
    index[:] = unpack_flags(taken, len(index))
    index -= 1
    for start in range(0, len(planes), 8):
        digits = np.zeros(len(index), np.uint8)
        for words in planes[start : start + 8][::-1]:
            digits += digits
            digits += unpack_flags(words, len(index))
        index += digits.astype(np.int32) << start


def every(
    circuit: Circuit, slots: Slots, length: int, measure: Measure | None, bits: npt.NDArray[np.uint8] | None
) -> Matches:
    counts = np.zeros(len(circuit.ready), np.int64)
    known = counts if measure is None or measure.known is None else np.zeros_like(counts)
    start = start_histogram if len(counts) <= MOST_RULES else start_products
    sums = None if measure is None else start(measure, length, len(counts))
    for rule, true, _ in _ready_rules(circuit, slots):
        counts[rule] = count_rows(true)
        if bits is not None:
            bits[rule] = true.view(np.uint8)[: bits.shape[1]]
        if measure is not None and measure.known is not None:
            known[rule] = count_rows(true & measure.known)
        if sums is not None:
            sums.add(rule, true, int(counts[rule]))
    return Matches(counts, known, () if sums is None else sums.finish())


NUMPY = Kernels("numpy", MOST_ROWS, 31, 12, test_values, rank, look_up, code_planes, first, every)
