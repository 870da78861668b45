"""Sums of a measure's slices over the rows of many rules, in NumPy.

A rule true of few rows has its values picked out. Rules true of many are taken 32 at once: their bits as zeros and
ones times the values is a product of matrices. Both are exact, for all sums are whole numbers that their floats hold:
for matrices of 32-bit floats, twice as fast as others, each half is cut again in three.
"""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from segdsl.engines.arrow.rules.bitmap import Bytes, Words, rows_of
from segdsl.engines.arrow.rules.totals import Counts, Floats, Measure

Limbs = npt.NDArray[np.float32]

_RULES = 32
# Bytes of a bitmap, and so eight times as many rows, multiplied at once: they stay in the processor's cache, and
# 2^12 limbs of at most 2^11 sum to no more than 2^23.
_BLOCK = 512
_LIMB_BITS = 12
# The eight bits of each byte as floats: looking them up takes less than half of the time of unpacking them.
_FLAGS = np.unpackbits(np.arange(256, dtype=np.uint8)[:, None], axis=1, bitorder="little").astype(np.float32)
# A rule true of less than one row in this many has its values picked out.
_FEW = 32


@dataclass(slots=True)
class Products:
    """Sums by slice and rule as rules come in, over one piece of rows."""

    measure: Measure
    length: int
    found: tuple[Counts, ...]
    _limbs: list[Limbs]
    _bits: Bytes
    _waiting: list[int] = field(default_factory=list)

    def add(self, rule: int, true: Words, count: int) -> None:
        """Take in the rows of a rule, `count` in number."""
        held = true.view(np.uint8)
        for found, part in zip(self.found, self.measure.slices, strict=True):
            if part.rows is not None:
                found[rule] = part.halves @ (held.take(part.rows >> 3) >> (part.rows & 7).astype(np.uint8) & 1)
        if count * _FEW < self.length:
            rows = rows_of(true, self.length)
            for found, part in zip(self.found, self.measure.slices, strict=True):
                if part.rows is None:
                    found[rule] = part.halves.take(rows, axis=1).sum(axis=1)
            return
        self._bits[len(self._waiting)] = held[: self._bits.shape[1]]
        self._waiting.append(rule)
        if len(self._waiting) == _RULES:
            self._multiply()

    def finish(self) -> tuple[Counts, ...]:
        """The sums of low and high halves of each slice by rule."""
        if self._waiting:
            self._multiply()
        return self.found

    def _multiply(self) -> None:
        bits = self._bits[: len(self._waiting)]
        whole = [f for f, part in zip(self.found, self.measure.slices, strict=True) if part.rows is None]
        totals = [np.zeros((len(bits), 6)) for _ in whole]
        flags = np.empty((len(bits), _BLOCK, 8), np.float32)
        for start in range(0, bits.shape[1], _BLOCK):
            block = bits[:, start : start + _BLOCK]
            part = flags if block.shape[1] == _BLOCK else np.empty((*block.shape, 8), np.float32)
            # A code is in the table for sure, so that nothing has to be looked at twice.
            np.take(_FLAGS, block, axis=0, out=part, mode="clip")
            rows = part.reshape(len(bits), -1)
            for total, limbs in zip(totals, self._limbs, strict=True):
                total += rows @ limbs[:, start * 8 : start * 8 + rows.shape[1]].T
        for found, total in zip(whole, totals, strict=True):
            found[self._waiting] = _joined(total)
        self._waiting.clear()


def start_products(measure: Measure, length: int, rules: int) -> Products:
    found = tuple(np.zeros((rules, 2), np.int64) for _ in measure.slices)
    size = (length + 7) // 8
    limbs = [_limbs(part.halves, size * 8) for part in measure.slices if part.rows is None]
    return Products(measure, length, found, limbs, np.empty((_RULES, size), np.uint8))


def _limbs(halves: Floats, rows: int) -> Limbs:
    """Three limbs of each half, the least first, for halves of at most 2^35 in size; filled up with zeros to `rows`."""
    limbs = np.zeros((6, rows), np.float32)
    for start in range(0, halves.shape[1], _BLOCK * 8):
        for half, values in enumerate(halves[:, start : start + _BLOCK * 8]):
            some = limbs[half * 3 : half * 3 + 3, start : start + len(values)]
            for place in (2, 1):
                high = np.rint(values * 2.0 ** (-_LIMB_BITS * place))
                values = values - high * 2.0 ** (_LIMB_BITS * place)
                some[place] = high
            some[0] = values
    return limbs


def _joined(total: Floats) -> Counts:
    weights = 1 << np.arange(0, 3 * _LIMB_BITS, _LIMB_BITS)
    joined: Counts = total.astype(np.int64).reshape(-1, 2, 3) @ weights
    return joined
