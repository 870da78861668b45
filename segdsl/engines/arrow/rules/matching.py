"""Runs rules over a batch: the first rule that is true of each row, or all of them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from segdsl.engines.arrow.batch import Batch
from segdsl.engines.arrow.rules.bitmap import WORD, word_count
from segdsl.engines.arrow.rules.choice import choose_kernels
from segdsl.engines.arrow.rules.inputs import fill_inputs
from segdsl.engines.arrow.rules.kernels import Kernels, Slots
from segdsl.engines.arrow.rules.pieces import core_count, map_pieces
from segdsl.engines.arrow.rules.program import Circuit, RuleProgram, Shape
from segdsl.engines.arrow.rules.totals import Counts, Totals, join_totals, read_measure, steps_of

# The slots of a piece of rows take at most this many bits, 32 MB. Pieces as large as that are best: each call of NumPy
# then takes so long that threads seldom wait for the interpreter's lock.
_MOST_BITS = 1 << 28
_LEAST_ROWS = 1 << 13


@dataclass(frozen=True, slots=True)
class FirstMatch:
    """For each row the index of the first true rule, -1 for none.

    `counts`: rows by rule. `undecided`: rows that reached a rule, no earlier one being true, and left it unknown; None
    if not asked for.
    """

    index: npt.NDArray[np.int32]
    counts: Counts
    undecided: Counts | None


@dataclass(frozen=True, slots=True)
class AllMatches:
    """Every rule that is true of each row.

    `bits[i]` has one bit a row for rule i, least significant bit first as in Arrow; None if not asked for. `counts`:
    rows by rule. `totals`: count and exact sum of a measure by rule; None without a measure.
    """

    bits: npt.NDArray[np.uint8] | None
    counts: Counts
    totals: Totals | None


def first_match(
    program: RuleProgram,
    batch: Batch,
    *,
    undecided: bool = False,
    kernels: Kernels | None = None,
    threads: int | None = None,
) -> FirstMatch:
    """The first rule that is true of each row of a batch of any length; an unknown rule is not true.

    Without `kernels` the ones that suit the work are chosen. The result does not depend on them, nor on `threads`
    (None: one a core).
    """
    chosen = kernels or choose_kernels(program, batch.length)
    index = np.full(batch.length, -1, np.int32)
    rules = len(program.conditions)

    def work(piece: Batch, start: int) -> tuple[Counts, Counts]:
        part = index[start : start + piece.length]
        with _filled(program, piece, undecided, chosen) as (circuit, slots):
            unknown = chosen.first(circuit, slots, part)
        return np.bincount(part + 1, minlength=rules + 1)[1:], unknown

    found = map_pieces(batch, _piece_rows(program, chosen, undecided), work, threads or core_count()) if rules else []
    counts = sum((counts for counts, _ in found), np.zeros(rules, np.int64))
    unknown = sum((unknown for _, unknown in found), np.zeros(rules, np.int64))
    return FirstMatch(index, counts, unknown if undecided else None)


def all_matches(
    program: RuleProgram,
    batch: Batch,
    *,
    measure: pa.Array | None = None,
    keep_bits: bool = False,
    kernels: Kernels | None = None,
    threads: int | None = None,
) -> AllMatches:
    """All rules that are true of each row of a batch of any length, and totals of a measure: int64 or float64.

    A missing measure is left out of the totals. `kernels` and `threads` as for `first_match`.
    """
    chosen = kernels or choose_kernels(program, batch.length)
    rules = len(program.conditions)
    bits = np.zeros((rules, (batch.length + 7) // 8), np.uint8) if keep_bits else None

    def work(piece: Batch, start: int) -> tuple[Counts, Counts, list[int]]:
        part = None if measure is None else read_measure(measure.slice(start, piece.length), chosen.measure_bits)
        place = None if bits is None else bits[:, start // 8 : (start + piece.length + 7) // 8]
        with _filled(program, piece, False, chosen) as (circuit, slots):
            found = chosen.every(circuit, slots, piece.length, part, place)
        return found.counts, found.known, steps_of(found.sums, () if part is None else part.slices, rules)

    found = map_pieces(batch, _piece_rows(program, chosen, False), work, threads or core_count()) if rules else []
    counts = sum((counts for counts, _, _ in found), np.zeros(rules, np.int64))
    totals = None if measure is None else join_totals([(known, sums) for _, known, sums in found], rules)
    return AllMatches(bits, counts, totals)


def _piece_rows(program: RuleProgram, kernels: Kernels, unknowns: bool) -> int:
    """As many rows as the kernels take, but fewer where there are so many slots that they would not stay in a cache."""
    slots = program.circuit(Shape(True, unknowns, kernels.coded_from)).slots
    return min(kernels.rows, max(_LEAST_ROWS, _MOST_BITS // slots // WORD * WORD))


@contextmanager
def _filled(program: RuleProgram, batch: Batch, unknowns: bool, kernels: Kernels) -> Iterator[tuple[Circuit, Slots]]:
    """The circuit that fits the data, and its slots with the inputs filled."""
    words, store = word_count(batch.length), program.store
    circuit = program.circuit(Shape(True, unknowns, kernels.coded_from))
    slots = store.borrow(circuit.slots, words)
    if not fill_inputs(circuit, batch, slots, kernels):
        store.give_back(slots)
        circuit = program.circuit(Shape(False, unknowns, kernels.coded_from))
        slots = store.borrow(circuit.slots, words)
        fill_inputs(circuit, batch, slots, kernels)
    yield circuit, slots
    store.give_back(slots)
