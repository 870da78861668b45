"""Exact sums of a measure over the rows of a rule.

A float is a whole number of steps of 2^-1074, so sums are kept as whole numbers of such steps: they don't depend on
the order of rows, on batches, threads or kernels. To add fast, each value is cut into two whole numbers of so few bits
that the sums over a piece of rows are exact. If values differ much in size something of the small ones is left, and
cut again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from segdsl.engines.arrow.buffers import room, settled
from segdsl.engines.arrow.rules.bitmap import Words, copy_bits, word_count

Floats = npt.NDArray[np.float64]
Counts = npt.NDArray[np.int64]
Rows = npt.NDArray[np.intp]

# The most rows whose halves are summed at once.
MOST_ROWS = 1 << 20
_LEAST_EXPONENT = -1074
# A slice that is zero nearly everywhere is kept as a list of the rows where it isn't.
_SPARSE_SHARE = 64
# Numbers taken at once: they stay in the processor's cache.
_BLOCK = 1 << 16


@dataclass(frozen=True, slots=True)
class Slice:
    """Part of each value of a measure: (high * 2^(bits + 1) + low) * 2^exponent.

    `halves` holds all low and all high halves: whole numbers of at most 2^bits in size. `rows` are the rows they
    belong to, ascending; None for all rows.
    """

    halves: Floats
    bits: int
    exponent: int
    rows: Rows | None


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure of at most 2^20 rows: the sum of its slices, 0 where it is missing.

    `known` marks the rows with a value; None if all have.
    """

    slices: tuple[Slice, ...]
    known: Words | None


@dataclass(frozen=True, slots=True)
class Totals:
    """Of each rule the number of rows with a known measure, and the exact sum of it."""

    known: Counts
    sums: tuple[Fraction, ...]


def read_measure(values: pa.Array, bits: int) -> Measure:
    """A float64 or int64 array of at most 2^20 rows, cut into halves of `bits` bits, at least 31."""
    known = None
    if values.null_count:
        known = np.empty(word_count(len(values)), np.uint64)
        copy_bits(values.buffers()[0], values.offset, len(values), known)
    numbers = settled(values)
    slices = (_whole_slice(numbers, bits),) if numbers.dtype == np.int64 else _float_slices(numbers, bits)
    return Measure(slices, known)


def _whole_slice(numbers: Counts, bits: int) -> Slice:
    # To the nearest whole number of 2^(bits + 1); halves are small enough to be exact as floats.
    high = ((numbers >> bits) + 1) >> 1
    halves = _room(len(numbers))
    halves[:] = numbers - (high << (bits + 1)), high
    return Slice(halves, bits, 0, None)


def _float_slices(numbers: Floats, bits: int) -> tuple[Slice, ...]:
    slices: list[Slice] = []
    rows: Rows | None = None
    while len(numbers) and (most := max(float(numbers.max()), -float(numbers.min()))):
        exponent = max(int(np.frexp(most)[1]) - 2 * bits - 1, _LEAST_EXPONENT)
        halves, left = _room(len(numbers)), np.empty_like(numbers)
        for start in range(0, len(numbers), _BLOCK):
            some = slice(start, start + _BLOCK)
            _cut(numbers[some], exponent, bits + 1, halves[:, some], left[some])
        slices.append(Slice(halves, bits, exponent, rows))
        places = np.flatnonzero(left != 0)
        if rows is not None or len(places) * _SPARSE_SHARE < len(numbers):
            rows, left = places if rows is None else rows.take(places), left.take(places)
        numbers = left
    return tuple(slices)


def _cut(numbers: Floats, exponent: int, bits: int, halves: Floats, left: Floats) -> None:
    """How many whole times 2^(exponent + bits) and then 2^exponent go into each number, and what is left; exact."""
    low, high = halves
    _scale(numbers, -exponent - bits, high)
    np.rint(high, out=high)
    _scale(high, exponent + bits, left)
    np.subtract(numbers, left, out=left)
    _scale(left, -exponent, low)
    np.rint(low, out=low)
    left -= _scale(low, exponent, np.empty_like(low))


def _room(length: int) -> Floats:
    return room(2 * length, np.dtype(np.float64)).reshape(2, length)


def _scale(numbers: Floats, exponent: int, scaled: Floats) -> Floats:
    """Numbers times a power of two, exactly; by multiplication where that power is itself a float."""
    if abs(exponent) < 1000:
        return np.multiply(numbers, 2.0**exponent, out=scaled)
    return np.ldexp(numbers, exponent, out=scaled)


def steps_of(sums: Sequence[Counts], slices: Sequence[Slice], rules: int) -> list[int]:
    """The sums of low and high halves of each slice by rule, together as whole numbers of the least step."""
    steps = [0] * rules
    for halves, part in zip(sums, slices, strict=True):
        shift = part.exponent - _LEAST_EXPONENT
        for rule, (low, high) in enumerate(halves.tolist()):
            steps[rule] += ((high << part.bits + 1) + low) << shift
    return steps


def join_totals(found: Sequence[tuple[Counts, list[int]]], rules: int) -> Totals:
    """The totals of pieces of rows as those of all."""
    known = np.zeros(rules, np.int64)
    steps = [0] * rules
    for counts, sums in found:
        known += counts
        steps = [total + more for total, more in zip(steps, sums, strict=True)]
    return Totals(known, tuple(Fraction(s, 1 << -_LEAST_EXPONENT) for s in steps))
