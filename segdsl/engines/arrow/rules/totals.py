"""Exact sums of a measure over the rows of a rule.

A float is a whole number of steps of 2^-1074, so sums are kept as whole numbers of such steps: they don't depend on
the order of rows, on batches, threads or kernels. To add fast, each value is cut into a few slices of at most 35 bits,
whose sums over a piece of rows are whole numbers below 2^53 and so exact as floats too.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from segdsl.engines.arrow.buffers import settled
from segdsl.engines.arrow.rules.bitmap import Words, copy_bits, word_count

Floats = npt.NDArray[np.float64]
Counts = npt.NDArray[np.int64]

# 2^18 rows of slices below 2^35 sum to less than 2^53.
MOST_ROWS = 1 << 18
_SLICE_BITS = 35
_LEAST_EXPONENT = -1074
# A slice that is zero nearly everywhere is kept as a list of the rows where it isn't.
_SPARSE_SHARE = 64
# Numbers taken at once: they stay in the processor's cache.
_BLOCK = 1 << 15


@dataclass(frozen=True, slots=True)
class Slice:
    """Part of each value of a measure: a whole number below 2^35 in size, to be multiplied by 2^exponent.

    `rows` are the rows the values belong to, ascending; None for all rows.
    """

    values: Floats
    exponent: int
    rows: npt.NDArray[np.intp] | None


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure of at most 2^18 rows: the sum of its slices, 0 where it is missing.

    `known` marks the rows with a value; None if all have.
    """

    slices: tuple[Slice, ...]
    known: Words | None


@dataclass(frozen=True, slots=True)
class Totals:
    """Of each rule the number of rows with a known measure, and the exact sum of it."""

    known: Counts
    sums: tuple[Fraction, ...]


def read_measure(values: pa.Array) -> Measure:
    """A float64 or int64 array of at most 2^18 rows, cut into slices."""
    known = None
    if values.null_count:
        known = np.empty(word_count(len(values)), np.uint64)
        copy_bits(values.buffers()[0], values.offset, len(values), known)
    numbers = settled(values)
    if not len(numbers):
        return Measure((), known)
    return Measure(tuple(_whole_slices(numbers) if numbers.dtype == np.int64 else _float_slices(numbers)), known)


def _whole_slices(numbers: npt.NDArray[np.int64]) -> list[Slice]:
    if int(numbers.min()) > -(1 << _SLICE_BITS) and int(numbers.max()) < 1 << _SLICE_BITS:
        return [Slice(numbers.astype(np.float64), 0, None)]
    low = numbers & 0xFFFF_FFFF
    return [Slice((numbers >> 32).astype(np.float64), 32, None), Slice(low.astype(np.float64), 0, None)]


def _float_slices(numbers: Floats) -> list[Slice]:
    slices: list[Slice] = []
    rows: npt.NDArray[np.intp] | None = None
    while len(numbers) and (most := max(float(numbers.max()), -float(numbers.min()))):
        exponent = max(int(np.frexp(most)[1]) - _SLICE_BITS, _LEAST_EXPONENT)
        whole, numbers = _cut(numbers, exponent)
        slices.append(Slice(whole, exponent, rows))
        if rows is None:
            left = np.flatnonzero(numbers != 0)
            if len(left) * _SPARSE_SHARE < len(numbers):
                rows, numbers = left, numbers.take(left)
    return slices


def _cut(numbers: Floats, exponent: int) -> tuple[Floats, Floats]:
    """How many whole times 2^exponent goes into each number, and what is left; both exact."""
    whole, left = np.empty_like(numbers), np.empty_like(numbers)
    for start in range(0, len(numbers), _BLOCK):
        some = slice(start, start + _BLOCK)
        np.trunc(_scaled(numbers[some], -exponent), out=whole[some])
        np.subtract(numbers[some], _scaled(whole[some], exponent), out=left[some])
    return whole, left


def _scaled(numbers: Floats, exponent: int) -> Floats:
    """Numbers times a power of two, exactly; by multiplication where that power is itself a float."""
    if abs(exponent) < 1000:
        return numbers * 2.0**exponent
    scaled: Floats = np.ldexp(numbers, exponent)
    return scaled


def steps_of(sums: Sequence[Counts | Floats], slices: Sequence[Slice], rules: int) -> list[int]:
    """The sums of each slice by rule, together as whole numbers of the least step."""
    steps = [0] * rules
    for of_slice, slice_ in zip(sums, slices, strict=True):
        shift = slice_.exponent - _LEAST_EXPONENT
        steps = [total + (int(s) << shift) for total, s in zip(steps, of_slice.tolist(), strict=True)]
    return steps


def join_totals(found: Sequence[tuple[Counts, list[int]]], rules: int) -> Totals:
    """The totals of pieces of rows as those of all."""
    known = np.zeros(rules, np.int64)
    steps = [0] * rules
    for counts, sums in found:
        known += counts
        steps = [total + more for total, more in zip(steps, sums, strict=True)]
    return Totals(known, tuple(Fraction(s, 1 << -_LEAST_EXPONENT) for s in steps))
