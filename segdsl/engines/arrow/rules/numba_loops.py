"""Loops over words and rows for Numba to compile; importing this module imports Numba.

Arrays are as `kernels.Kernels` describes them: slots are one bitmap a row, steps are (gate, left, right, out).
"""

from collections.abc import Callable
from typing import Any, TypeAlias, cast

import numba
import numpy as np
import numpy.typing as npt

Array: TypeAlias = npt.NDArray[Any]
Loop: TypeAlias = Callable[..., Any]

# Words computed at once: their slots stay in the processor's cache.
_BLOCK = 64
# What laying out the sums of all subsets of 64 rows costs, and then finding those of one rule, counted in rows added
# one by one.
_LAID_OUT, _LOOKED_UP = 250, 4


def _keeps_compiled() -> bool:
    """Whether compiled code can be kept on disk for the next process: Numba needs a folder that it may write to."""
    try:
        numba.njit(cache=True)(_keeps_compiled)
    except RuntimeError:
        return False
    return True


_CACHED = _keeps_compiled()


def _compiled(function: Loop) -> Loop:
    return cast(Loop, numba.njit(nogil=True, cache=_CACHED, boundscheck=False)(function))


# Loops run over slices from 0 on: Numba then knows that an index is not negative, and the loop becomes vector code.


@_compiled
def pack_below(values: Array, cut: float, words: Array) -> None:
    for w in range(len(words)):
        word = np.uint64(0)
        some = values[w * 64 : w * 64 + 64]
        if len(some) == 64:
            for i in range(64):
                word |= np.uint64(some[i] < cut) << np.uint64(i)
        else:
            for i in range(len(some)):
                word |= np.uint64(some[i] < cut) << np.uint64(i)
        words[w] = word


@_compiled
def pack_members(values: Array, members: Array, words: Array) -> None:
    for w in range(len(words)):
        word = np.uint64(0)
        for i in range(min(64, len(values) - w * 64)):
            value = values[w * 64 + i]
            for m in members:
                if value == m:
                    word |= np.uint64(1) << np.uint64(i)
        words[w] = word


@_compiled
def _search(cuts: Array, value: float) -> int:
    low, high = 0, len(cuts)
    while low < high:
        middle = (low + high) >> 1
        if cuts[middle] <= value:
            low = middle + 1
        else:
            high = middle
    return low


@_compiled
def rank_exact(values: Array, low: Any, high: Any, table: Array, ranks: Array) -> None:
    for i in range(len(values)):
        ranks[i] = table[min(max(np.int64(values[i]), low), high) & 0xFFFF]


@_compiled
def rank_bits(
    values: Array, low: Any, high: Any, shift: int, table: Array, unsure: int, cuts: Array, ranks: Array
) -> None:
    floats = np.empty(1024, np.float64)
    keys = floats.view(np.int64)
    for start in range(0, len(values), 1024):
        some = values[start : start + 1024]
        found = ranks[start : start + 1024]
        for i in range(len(some)):
            floats[i] = some[i]
        for i in range(len(some)):
            found[i] = table[(min(max(keys[i], low), high) >> shift) & 0xFFFF]
        for i in range(len(some)):
            if found[i] == unsure:
                found[i] = _search(cuts, some[i])


@_compiled
def rank_linear(
    values: Array, low: float, high: float, scale: float, table: Array, unsure: int, cuts: Array, ranks: Array
) -> None:
    for i in range(len(values)):
        value = np.float64(values[i])
        # What stands under nulls may be no number; any bucket will do for it.
        bucket = np.int64((min(max(value, low), high) - low) * scale) if value == value else np.int64(0)
        ranks[i] = table[bucket & 0xFFFF]
        if ranks[i] == unsure:
            ranks[i] = _search(cuts, values[i])


@_compiled
def pack_digit(eights: Array, digit: np.uint64, words: Array) -> None:
    """One binary digit of codes of one byte, eight of them in a word: a product gathers the eight digits in a byte."""
    for w in range(len(words)):
        word = np.uint64(0)
        for i in range(8):
            digits = (eights[w * 8 + i] >> digit) & np.uint64(0x0101010101010101)
            word |= ((digits * np.uint64(0x0102040810204080)) >> np.uint64(56)) << np.uint64(i * 8)
        words[w] = word


@_compiled
def _count(word: np.uint64) -> np.uint64:
    """How many bits of a word are set."""
    word -= (word >> np.uint64(1)) & np.uint64(0x5555555555555555)
    word = (word & np.uint64(0x3333333333333333)) + ((word >> np.uint64(2)) & np.uint64(0x3333333333333333))
    word = (word + (word >> np.uint64(4))) & np.uint64(0x0F0F0F0F0F0F0F0F)
    return (word * np.uint64(0x0101010101010101)) >> np.uint64(56)


@_compiled
def _run_steps(steps: Array, first: int, last: int, slots: Array, start: int, size: int) -> None:
    """Gates over some words. AND, OR and XOR are one formula, so that the processor has no branch to guess."""
    for s in range(first, last):
        left = slots[steps[s, 1], start : start + size]
        right = slots[steps[s, 2], start : start + size]
        out = slots[steps[s, 3], start : start + size]
        both = np.uint64(0) - np.uint64(steps[s, 0] != 2)
        either = np.uint64(0) - np.uint64(steps[s, 0] != 0)
        for w in range(len(out)):
            a, b = left[w], right[w]
            out[w] = (a & b & both) ^ ((a ^ b) & either)


@_compiled
def look_up(table: Array, index: Array, found: Array) -> None:
    # Any entry will do for an index out of range, which only stands under a null.
    last = np.int64(len(table) - 1)
    for i in range(len(index)):
        place: Any = np.int64(index[i])
        found[i] = table[min(max(place, np.int64(0)), last)]


@_compiled
def first(
    steps: Array, ready: Array, true: Array, possible: Array, slots: Array, index: Array, undecided: Array
) -> None:
    words, rules = slots.shape[1], len(ready)
    planes = np.empty((32, _BLOCK), np.uint64)
    taken = np.empty(_BLOCK, np.uint64)
    digits = 0
    while rules >> digits:
        digits += 1
    for start in range(0, words, _BLOCK):
        size = min(_BLOCK, words - start)
        everyone = slots[1, start : start + size]
        planes[:digits] = 0
        taken[:] = 0
        done = rule = 0
        while rule < rules:
            _run_steps(steps, done, ready[rule], slots, start, size)
            done = ready[rule]
            hits = slots[true[rule], start : start + size]
            if possible[rule] != true[rule]:
                maybe = slots[possible[rule], start : start + size]
                unknown = np.uint64(0)
                for w in range(len(hits)):
                    unknown += _count(everyone[w] & maybe[w] & ~(taken[w] | hits[w]))
                undecided[rule] += np.int64(unknown)
            left = np.uint64(0)
            for w in range(len(hits)):
                taken[w] |= hits[w]
                left |= everyone[w] & ~taken[w]
            rule += 1
            if left == 0:
                break
            if rule < rules:
                changed = 0
                while not (rule >> changed) & 1:
                    changed += 1
                plane = planes[changed]
                for w in range(len(hits)):
                    plane[w] ^= taken[w]
        _finish_planes(planes, taken, digits, (rule - 1) ^ ((rule - 1) >> 1))
        for w in range(size):
            _write_index(planes, taken, digits, w, index[(start + w) * 64 : (start + w) * 64 + 64])


@_compiled
def _finish_planes(planes: Array, taken: Array, digits: int, last: int) -> None:
    """From Gray code, with the rows taken by the last rule still to be put in, to the plain number."""
    for digit in range(digits - 1, -1, -1):
        for w in range(len(taken)):
            if (last >> digit) & 1:
                planes[digit, w] ^= taken[w]
            if digit + 1 < digits:
                planes[digit, w] ^= planes[digit + 1, w]


@_compiled
def _write_index(planes: Array, taken: Array, digits: int, w: int, index: Array) -> None:
    found = np.empty(64, np.int32)
    for i in range(64):
        found[i] = np.int32((taken[w] >> np.uint64(i)) & np.uint64(1)) - np.int32(1)
    for digit in range(digits):
        word = planes[digit, w]
        for i in range(64):
            found[i] += np.int32((word >> np.uint64(i)) & np.uint64(1)) << np.int32(digit)
    for i in range(len(index)):
        index[i] = found[i]


@_compiled
def every(
    steps: Array,
    ready: Array,
    true: Array,
    slots: Array,
    known: Array,
    halves: Array,
    counts: Array,
    knowns: Array,
    sums: Array,
    kept: Array,
) -> None:
    """Counts and sums of halves by rule."""
    words, rules, whole = slots.shape[1], len(ready), halves.shape[1] // 64
    held = np.empty((_BLOCK, rules), np.uint64)
    subsets = np.zeros((2, 8 * 256), np.int64)
    for start in range(0, words, _BLOCK):
        size = min(_BLOCK, words - start)
        done = 0
        all_found = np.int64(0)
        for rule in range(rules):
            _run_steps(steps, done, ready[rule], slots, start, size)
            done = ready[rule]
            hits = slots[true[rule], start : start + size]
            found = np.uint64(0)
            for w in range(len(hits)):
                found += _count(hits[w])
            counts[rule] += np.int64(found)
            all_found += np.int64(found)
            if len(known):
                some = known[start : start + size]
                measured = np.uint64(0)
                for w in range(len(hits)):
                    measured += _count(hits[w] & some[w])
                knowns[rule] += np.int64(measured)
            for w in range(len(hits)):
                held[w, rule] = hits[w]
            if len(kept):
                kept[rule, start : start + size] = hits
        if halves.shape[1]:
            pays = all_found > size * (_LAID_OUT + _LOOKED_UP * rules)
            for w in range(size):
                if pays and start + w < whole:
                    _lay_out(halves, (start + w) * 64, subsets)
                    _add_chosen(held, w, rules, subsets, sums)
                else:
                    _add_each(held, w, rules, halves, (start + w) * 64, sums)


@_compiled
def _add_each(held: Array, w: int, rules: int, halves: Array, row: int, sums: Array) -> None:
    """The halves of each row of a word, for each rule."""
    for rule in range(rules):
        word = held[w, rule]
        low = high = np.int64(0)
        while word:
            lowest = word & (~word + np.uint64(1))
            place = row + np.int64(_count(lowest - np.uint64(1)))
            low += np.int64(halves[0, place])
            high += np.int64(halves[1, place])
            word ^= lowest
        sums[rule, 0] += low
        sums[rule, 1] += high


@_compiled
def _lay_out(halves: Array, row: int, subsets: Array) -> None:
    """The sum of every subset of 8 values, for 8 times 8 values: half of the subsets are the others plus one value."""
    for part in range(2):
        for group in range(8):
            for i in range(8):
                value = np.int64(halves[part, row + group * 8 + i])
                start, size = group * 256, 1 << i
                without, having = subsets[part, start : start + size], subsets[part, start + size : start + 2 * size]
                for subset in range(size):
                    having[subset] = without[subset] + value


@_compiled
def _add_chosen(held: Array, w: int, rules: int, subsets: Array, sums: Array) -> None:
    """The sums of the subsets that each rule's bits of a word choose."""
    lows, highs = subsets[0], subsets[1]
    for rule in range(rules):
        word = held[w, rule]
        low = high = np.int64(0)
        for group in range(8):
            subset = ((word >> np.uint64(group * 8)) & np.uint64(255)) + np.uint64(group * 256)
            low += lows[subset]
            high += highs[subset]
        sums[rule, 0] += low
        sums[rule, 1] += high
