"""Text predicates by dictionary: each is evaluated once for each distinct text, and looked up for each row."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from segdsl.engines.arrow.batch import Batch, spread
from segdsl.engines.arrow.buffers import truth_bytes, view
from segdsl.engines.arrow.rules.atom import TextPredicate
from segdsl.engines.arrow.rules.bitmap import Words, fill_all, pack_flags
from segdsl.engines.arrow.rules.circuit import ALL, NONE, CircuitBuilder
from segdsl.engines.arrow.rules.kernels import Kernels
from segdsl.engines.arrow.rules.program import Circuit, schedule
from segdsl.engines.arrow.values import evaluate
from segdsl.model.expression import Column, Expr
from segdsl.types import TEXT

Flags = npt.NDArray[np.bool_]

# Plain texts tested at least this often are coded as a dictionary first.
_CODED_FROM = 3
# Texts of more kinds than this, told apart by the predicates, are looked up one predicate at a time.
_MOST_KINDS = 256
_ANY_TEXT = Column("text", TEXT)


def fill_texts(
    operand: Expr, tests: Sequence[tuple[TextPredicate, Words]], values: pa.Array, kernels: Kernels
) -> None:
    """Each predicate of each text as a bitmap; any bit where the text is missing."""
    if not isinstance(values, pa.DictionaryArray):
        if len(tests) < _CODED_FROM:
            for test, bitmap in tests:
                pack_flags(_answers(operand, test, values), bitmap)
            return
        values = values.dictionary_encode()
    conditions = tuple(test for test, _ in tests)
    kinds = _kinds(_Dictionary(values.dictionary), operand, conditions)
    codes = view(values.indices)
    if kinds.kind_of is None:
        for flags, (_, bitmap) in zip(kinds.answers, tests, strict=True):
            pack_flags(np.frombuffer(flags, np.bool_).take(codes, mode="clip"), bitmap)
        return
    short = len(kinds.kind_of) <= _MOST_KINDS
    kind = codes.astype(np.uint8) if short else kinds.kind_of.take(codes, mode="clip")
    _fill_kinds(_kind_circuit(kinds.answers), kind, [bitmap for _, bitmap in tests], kernels)


@dataclass(frozen=True, slots=True)
class _Dictionary:
    """Distinct texts, equal to another dictionary if it holds the same in the same order."""

    texts: pa.Array

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Dictionary) and bool(self.texts.equals(other.texts))

    def __hash__(self) -> int:
        return hash((len(self.texts), self.texts[0].as_py() if len(self.texts) else None))


@dataclass(frozen=True, slots=True)
class _Kinds:
    """The kind of each text and, for each predicate, its answers by kind: one byte each.

    A short dictionary is its own list of kinds. Where there are too many there are none: answers are by text.
    """

    kind_of: npt.NDArray[np.uint8] | None
    answers: tuple[bytes, ...]


@lru_cache(maxsize=64)
def _kinds(dictionary: _Dictionary, operand: Expr, tests: tuple[TextPredicate, ...]) -> _Kinds:
    texts = dictionary.texts
    answers = np.array([_answers(operand, test, texts) for test in tests])
    by_text = tuple(row.tobytes() for row in answers)
    if len(texts) <= _MOST_KINDS:
        return _Kinds(np.arange(len(texts)).astype(np.uint8), by_text)
    columns, kind_of = np.unique(np.packbits(answers, axis=0), axis=1, return_inverse=True)
    if columns.shape[1] > _MOST_KINDS:
        return _Kinds(None, by_text)
    of_kind = np.unpackbits(columns, axis=0, count=len(answers))
    return _Kinds(kind_of.reshape(-1).astype(np.uint8), tuple(row.tobytes() for row in of_kind))


def _answers(operand: Expr, test: TextPredicate, texts: pa.Array) -> Flags:
    found = evaluate(test.condition, Batch(len(texts), {operand: texts}))
    return truth_bytes(spread(found, len(texts)))


@lru_cache(maxsize=256)
def _kind_circuit(answers: tuple[bytes, ...]) -> Circuit:
    """Gates that answer each predicate from the binary digits of a text's kind."""
    builder = CircuitBuilder(trust_types=True)
    bits = (len(answers[0]) - 1).bit_length()
    # Kinds that don't occur answer as the last one, which makes the gates fewer.
    nodes = [builder.select(_ANY_TEXT, a + a[-1:] * ((1 << bits) - len(a)), bits) for a in answers]
    return schedule(builder, nodes, nodes)


def _fill_kinds(
    circuit: Circuit, kinds: npt.NDArray[np.uint8], bitmaps: Sequence[Words], kernels: Kernels
) -> None:
    slots = np.empty((circuit.slots, len(bitmaps[0])), np.uint64)
    slots[NONE] = 0
    fill_all(slots[ALL], len(kinds))
    for operand in circuit.operands:
        kernels.code_planes(kinds, [(plane.bit, slots[slot]) for plane, slot in operand.planes])
    kernels.run(circuit, slots, bitmaps)
