"""Sums of a measure's slices over the rows of many rules, in NumPy.

A rule true of few rows has its values picked out. Rules true of many are taken 64 at once: their bits as zeros and
ones times the values is a product of matrices. Both are exact, for all sums are whole numbers that their floats hold:
for matrices of 32-bit floats, twice as fast as others, each half is cut again in two.

Products are of so few rows that no library of linear algebra starts threads for them. Such threads wait for each other
in busy loops, and take many times as long where other work runs.
"""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from segdsl.engines.arrow.rules.bitmap import Bytes, Words, rows_of
from segdsl.engines.arrow.rules.totals import Counts, Measure, Rows, Slice

Limbs = npt.NDArray[np.float32]

_RULES = 64
# Rows of one product: 2^9 limbs of at most 2^15 sum to no more than 2^24.
_ROWS = 512
# Products made in one call, of which each takes 128 KB: fewer would stay in a nearer cache, but threads would wait for
# each other in ever so many short calls.
_BLOCK = 32
_LIMB = 2.0**16
# The eight bits of each byte as floats: looking them up takes less than half of the time of unpacking them.
_FLAGS = np.unpackbits(np.arange(256, dtype=np.uint8)[:, None], axis=1, bitorder="little").astype(np.float32)
# A rule true of less than one row in this many has its values picked out.
_FEW = 64


@dataclass(slots=True)
class Products:
    """Sums by slice and rule as rules come in, over one piece of rows.

    `spots` are the rows of the slices that are not whole, one slice after the other.
    """

    measure: Measure
    length: int
    found: tuple[Counts, ...]
    spots: Rows
    _limbs: list[Limbs]
    _bits: Bytes
    _bytes_at_spots: Bytes
    _rules: list[int] = field(default_factory=list)
    _rules_at_spots: list[int] = field(default_factory=list)

    def add(self, rule: int, true: Words, count: int) -> None:
        """Take in the rows of a rule, `count` in number."""
        held = true.view(np.uint8)
        if len(self.spots) and count:
            self._bytes_at_spots[len(self._rules_at_spots)] = held.take(self.spots >> 3)
            self._rules_at_spots.append(rule)
            if len(self._rules_at_spots) == _RULES:
                self._add_spots()
        if count * _FEW < self.length:
            self._pick(rule, rows_of(true, self.length))
            return
        self._bits[len(self._rules), : len(held)] = held
        self._rules.append(rule)
        if len(self._rules) == _RULES:
            self._multiply()

    def finish(self) -> tuple[Counts, ...]:
        """The sums of low and high halves of each slice by rule."""
        if self._rules:
            self._multiply()
        if self._rules_at_spots:
            self._add_spots()
        return self.found

    def _pick(self, rule: int, rows: Rows) -> None:
        for found, part in zip(self.found, self.measure.slices, strict=True):
            if part.rows is None:
                found[rule] = part.halves.take(rows, axis=1).sum(axis=1)

    def _add_spots(self) -> None:
        rules = self._rules_at_spots
        flags = self._bytes_at_spots[: len(rules)] >> (self.spots & 7).astype(np.uint8) & 1
        start = 0
        for found, part in zip(self.found, self.measure.slices, strict=True):
            if part.rows is not None:
                some = flags[:, start : start + len(part.rows)]
                found[rules] = np.einsum("hs,rs->rh", part.halves, some)
                start += len(part.rows)
        rules.clear()

    def _multiply(self) -> None:
        bits = self._bits[: len(self._rules)]
        whole = [f for f, part in zip(self.found, self.measure.slices, strict=True) if part.rows is None]
        totals = [np.zeros((len(bits), 4)) for _ in whole]
        by_product = bits.reshape(len(bits), -1, _ROWS // 8).swapaxes(0, 1)
        for start in range(0, len(by_product), _BLOCK):
            some = by_product[start : start + _BLOCK]
            # A code is in the table for sure, so that nothing has to be looked at twice.
            flags = _FLAGS.take(some, axis=0, mode="clip").reshape(len(some), len(bits), _ROWS)
            for total, limbs in zip(totals, self._limbs, strict=True):
                sums = flags @ limbs[start : start + _BLOCK].swapaxes(1, 2)
                total += sums.sum(axis=0, dtype=np.float64)
        for found, total in zip(whole, totals, strict=True):
            found[self._rules] = total[:, ::2] + total[:, 1::2] * _LIMB
        self._rules.clear()


def start_products(measure: Measure, length: int, rules: int) -> Products:
    found = tuple(np.zeros((rules, 2), np.int64) for _ in measure.slices)
    products, most = -(-length // _ROWS), min(rules, _RULES)
    limbs = [_limbs(part, products) for part in measure.slices if part.rows is None]
    spots = np.concatenate([np.empty(0, np.intp), *(p.rows for p in measure.slices if p.rows is not None)])
    bits, at_spots = np.zeros((most, products * _ROWS // 8), np.uint8), np.empty((most, len(spots)), np.uint8)
    return Products(measure, length, found, spots, limbs, bits, at_spots)


def _limbs(part: Slice, products: int) -> Limbs:
    """Two limbs of each half, the least first, for halves of at most 2^31 in size; by product, limb and row."""
    limbs = np.zeros((products, 4, _ROWS), np.float32)
    for half, values in enumerate(part.halves):
        for start in range(0, len(values), _BLOCK * _ROWS):
            some = values[start : start + _BLOCK * _ROWS]
            if len(some) % _ROWS:
                some = np.pad(some, (0, -len(some) % _ROWS))
            some = some.reshape(-1, _ROWS)
            place = limbs[start // _ROWS : start // _ROWS + len(some)]
            high = np.rint(some * (1 / _LIMB))
            place[:, 2 * half] = some - high * _LIMB
            place[:, 2 * half + 1] = high
    return limbs
