"""Sums of a measure's slices over the rows of many rules, in NumPy.

A rule true of few rows has its values picked out. Rules true of many are taken 32 at once: their bits as zeros and
ones times the slices is a product of matrices. Both are exact, for all sums are whole numbers below 2^53.
"""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from segdsl.engines.arrow.rules.bitmap import Words, rows_of
from segdsl.engines.arrow.rules.totals import Floats, Measure

_RULES = 32
# Bytes of a bitmap, and so eight times as many rows, multiplied at once: they stay in the processor's cache.
_BLOCK = 256
# A rule true of less than one row in this many has its values picked out.
_FEW = 32


@dataclass(slots=True)
class Sums:
    """Sums by slice and rule as rules come in, over one piece of rows."""

    measure: Measure
    length: int
    rules: int
    _found: Floats = field(init=False)
    _whole: Floats = field(init=False)
    _waiting: list[int] = field(default_factory=list)
    _bits: npt.NDArray[np.uint8] = field(init=False)

    def __post_init__(self) -> None:
        self._found = np.zeros((self.rules, len(self.measure.slices)))
        size = (self.length + 7) // 8
        whole = [part.values for part in self.measure.slices if part.rows is None]
        self._whole = np.zeros((size * 8, len(whole)))
        for place, values in enumerate(whole):
            self._whole[: self.length, place] = values
        self._bits = np.empty((_RULES, size), np.uint8)

    def add(self, rule: int, true: Words, count: int) -> None:
        """Take in the rows of a rule, `count` in number."""
        held = true.view(np.uint8)
        for place, part in enumerate(self.measure.slices):
            if part.rows is not None:
                chosen = held.take(part.rows >> 3) >> (part.rows & 7).astype(np.uint8) & 1
                self._found[rule, place] = part.values @ chosen
        if count * _FEW < self.length:
            rows = rows_of(true, self.length)
            self._found[rule, : self._whole.shape[1]] = self._whole.take(rows, axis=0).sum(axis=0)
            return
        self._bits[len(self._waiting)] = held[: self._bits.shape[1]]
        self._waiting.append(rule)
        if len(self._waiting) == _RULES:
            self._multiply()

    def finish(self) -> tuple[Floats, ...]:
        """The sums of each slice by rule."""
        if self._waiting:
            self._multiply()
        return tuple(self._found.T)

    def _multiply(self) -> None:
        count = len(self._waiting)
        total = np.zeros((count, self._whole.shape[1]))
        flags = np.empty((count, _BLOCK * 8))
        for start in range(0, self._bits.shape[1], _BLOCK):
            block = self._bits[:count, start : start + _BLOCK]
            rows = slice(start * 8, start * 8 + block.shape[1] * 8)
            part = flags[:, : block.shape[1] * 8]
            part[:] = np.unpackbits(block, axis=1, bitorder="little")
            total += part @ self._whole[rows]
        self._found[self._waiting, : total.shape[1]] = total
        self._waiting.clear()
