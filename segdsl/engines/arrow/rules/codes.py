"""Small codes of an operand's values that answer every test of them.

Numbers are coded by their rank among all cut-points of their tests, texts by their kind: which of the sets that rules
name they are in.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from segdsl.engines.arrow.buffers import view
from segdsl.engines.arrow.rules.atom import Atom, Below, OneOf, OneText
from segdsl.engines.arrow.rules.ranks import MOST_VALUES, Ranks, cuts_of
from segdsl.model.expression import Expr

# Codes are held in 16 bits.
_MOST_CODES = (1 << 16) - 2


@dataclass(frozen=True, slots=True, eq=False)
class Kinds:
    """The texts that tests name and their kinds: `table[i + 1]` is that of text i, `table[0]` that of all others.

    Texts that no test tells apart are of one kind.
    """

    texts: pa.Array
    table: npt.NDArray[Any]
    bits: int
    by_test: dict[OneText, bytes]

    def answers(self, test: Below | OneOf | OneText) -> bytes | None:
        """For each kind, padded to a power of two, whether a test is true."""
        return self.by_test.get(test) if isinstance(test, OneText) else None

    def of(self, texts: pa.Array) -> npt.NDArray[Any]:
        """The kind of each text; 0 for a missing one."""
        kinds: npt.NDArray[Any] = self.table[view(pc.index_in(texts, value_set=self.texts).fill_null(-1)) + 1]
        return kinds


Code = Ranks | Kinds


def choose_codes(atoms: Iterable[Atom], coded_from: int) -> dict[Expr, Code]:
    """Codes for all operands tested for equality with texts, and for numbers with at least `coded_from` cut-points."""
    numbers: dict[Expr, list[Below | OneOf]] = defaultdict(list)
    texts: dict[Expr, list[OneText]] = defaultdict(list)
    for atom in atoms:
        if isinstance(atom, OneText):
            texts[atom.operand].append(atom)
        elif isinstance(atom, Below) or (isinstance(atom, OneOf) and len(atom.values) <= MOST_VALUES):
            numbers[atom.operand].append(atom)
    codes: dict[Expr, Code] = {}
    for operand, tests in numbers.items():
        cuts = tuple(sorted({cut for test in tests for cut in cuts_of(test)}))
        if coded_from <= len(cuts) <= _MOST_CODES:
            codes[operand] = Ranks(tests[0].storage, cuts)
    for operand, named in texts.items():
        kinds = _kinds(named)
        if kinds.bits < 16:
            codes[operand] = kinds
    return codes


def _kinds(tests: Sequence[OneText]) -> Kinds:
    found_in: dict[str, list[int]] = defaultdict(list)
    for number, test in enumerate(tests):
        for text in test.texts:
            found_in[text].append(number)
    texts = sorted(found_in)
    kind_of = {sets: kind for kind, sets in enumerate(sorted({tuple(found_in[t]) for t in texts}), 1)}
    bits = len(kind_of).bit_length()
    answers = [bytearray(1 << bits) for _ in tests]
    for sets, kind in kind_of.items():
        for number in sets:
            answers[number][kind] = 1
    table: npt.NDArray[Any] = np.array(
        [0, *(kind_of[tuple(found_in[t])] for t in texts)], np.uint8 if bits <= 8 else np.uint16
    )
    by_test = {test: bytes(row) for test, row in zip(tests, answers, strict=True)}
    return Kinds(pa.array(texts, pa.string()), table, bits, by_test)
