"""Sums of a measure's slices over the rows of a few rules, in NumPy.

The answers of the rules are packed into a code of each row. A histogram of the codes has the sums of all rows of equal
answers, and the sum of a rule is that of all codes with its bit. That is exact, for all sums are whole numbers of at
most 2^53.

Many rows have the same code, and an addition to a sum waits for the one before it. So there are four sums for each
code, and neighbouring rows are added to different ones.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from segdsl.engines.arrow.rules.bitmap import Bytes, Words
from segdsl.engines.arrow.rules.totals import Counts, Floats, Measure, Rows

MOST_RULES = 14
_LANES = 4
# Where so few rows have any rule true, the others are left out.
_FEW = 4
# For each binary digit and each byte of a bitmap, its eight bits as that digit of eight bytes: looking them up takes a
# third of the time of unpacking and shifting them.
_BITS = np.unpackbits(np.arange(256, dtype=np.uint8)[:, None], axis=1, bitorder="little")
_SPREAD = (_BITS << np.arange(8, dtype=np.uint8)[:, None, None]).view(np.uint64)[:, :, 0]


@dataclass(frozen=True, slots=True)
class Histogram:
    """The answers of at most 14 rules, each a bit of one or two bytes a row; eight rows a word.

    `lane` is the place of the two bits that tell neighbouring rows apart.
    """

    measure: Measure
    length: int
    rules: int
    lane: int
    codes: Words

    def add(self, rule: int, true: Words, count: int) -> None:
        """Take in the rows of a rule, `count` in number."""
        if count:
            held = true.view(np.uint8)[: self.codes.shape[1]]
            self.codes[rule // 8] |= _SPREAD[rule % 8].take(held, mode="clip")

    def finish(self) -> tuple[Counts, ...]:
        """The sums of low and high halves of each slice by rule."""
        codes = self.codes.view(np.uint8)[:, : self.length]
        true = (codes[0] | codes[-1]) != 0
        rows = np.flatnonzero(true) if np.count_nonzero(true) * _FEW < len(true) else None
        if rows is None:
            self.codes[-1] |= _lanes(self.lane % 8)
        index = _index(codes if rows is None else codes.take(rows, axis=1))
        sums = []
        for part in self.measure.slices:
            if part.rows is not None:
                sums.append(self._sum(_index(codes.take(part.rows, axis=1)), part.halves))
            else:
                sums.append(self._sum(index, part.halves if rows is None else part.halves.take(rows, axis=1)))
        return tuple(sums)

    def _sum(self, index: Rows, halves: Floats) -> Counts:
        found = []
        for values in halves:
            sums = np.bincount(index, values, _LANES << self.lane).reshape(_LANES, -1).sum(axis=0)
            found.append(_sum_by_bit(sums[: 1 << self.rules], self.rules))
        return np.array(found, np.int64).T


def start_histogram(measure: Measure, length: int, rules: int) -> Histogram:
    # The two bits stand in one byte.
    lane = 8 if 6 < rules <= 8 else rules
    return Histogram(measure, length, rules, lane, np.zeros((lane // 8 + 1, (length + 7) // 8), np.uint64))


def _lanes(place: int) -> Words:
    """The lanes of eight rows, at a place in a byte of each, as one word."""
    return (np.arange(8, dtype=np.uint8) % _LANES << np.uint8(place)).view(np.uint64)


def _index(codes: Bytes) -> Rows:
    index: npt.NDArray[np.intp | np.uint16] = codes[-1].astype(np.intp if len(codes) == 1 else np.uint16)
    if len(codes) == 2:
        index <<= 8
        index |= codes[0]
    return index.astype(np.intp, copy=False)


def _sum_by_bit(sums: npt.NDArray[Any], bits: int) -> Sequence[int]:
    """From sums by code those of all codes with a bit, for each bit."""
    found = []
    for _ in range(bits):
        half = len(sums) // 2
        found.append(int(sums[half:].sum()))
        sums = sums[:half] + sums[half:]
    return found[::-1]
