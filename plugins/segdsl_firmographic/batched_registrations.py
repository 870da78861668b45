"""Reads a batch of registration numbers, those of the kinds that are met most by matrices of their digits.

`registrations.read_registration` is what a number means; here its checks are tried in the same order, each on all
numbers of a country at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from segdsl_firmographic.batches import Bools, Ints, other_rows, put_together, rows_where
from segdsl_firmographic.check_digits import RULES, Rules, is_lei
from segdsl_firmographic.registrations import (
    LEI,
    LEI_LENGTH,
    LONGEST_NUMBER,
    VAT,
    Check,
    Registration,
    checks,
    first_right,
    prefixes,
    read_registration,
)

Signs = npt.NDArray[np.uint8]

# Longer numbers are left to `read_registration`.
_WIDTH = 24


class Registrations(NamedTuple):
    """Numbers without spaces and punctuation, their kinds, and whether they are right."""

    number: pa.Array
    kind: pa.Array
    valid: pa.Array


class _Numbers(NamedTuple):
    """Numbers as written and bare, the bytes of the bare ones as columns, and how many signs and digits they have."""

    written: pa.Array
    bare: pa.Array
    signs: Signs
    length: Ints
    digits: Ints


@dataclass(frozen=True, slots=True)
class _Findings:
    """What is found of each number, filled in as checks are tried.

    `check` is the place in `tried` of the check that a number passed, -1 for none yet. Numbers that the library found
    right are in `read`. A number is judged once any check was there for it.
    """

    tried: list[Check]
    check: Ints
    judged: Bools
    read: dict[int, Registration]


def read_registrations(texts: pa.Array, countries: pa.Array) -> Registrations:
    """Numbers as `read_registration` reads them, by the codes of their countries; missing stays missing."""
    rows, numbers = _take_usual(texts)
    others = other_rows(rows, texts)
    usual = _columns_of_usual(numbers, _check_all(numbers, countries.take(pa.array(rows))))
    rest = [
        read_registration(text, country)
        for text, country in zip(
            texts.take(pa.array(others)).to_pylist(), countries.take(pa.array(others)).to_pylist(), strict=True
        )
    ]
    return Registrations(
        *(
            put_together([(rows, column), (others, pa.array(values, column.type))], len(texts), column.type)
            for column, values in zip(
                usual,
                ([one.number for one in rest], [one.kind for one in rest], [one.valid for one in rest]),
                strict=True,
            )
        )
    )


def _take_usual(texts: pa.Array) -> tuple[Ints, _Numbers]:
    """The rows with a number in ASCII of no unusual length, and their numbers."""
    short = pc.and_(pc.string_is_ascii(texts), pc.less_equal(pc.binary_length(texts), LONGEST_NUMBER))
    rows = rows_where(short)
    written = texts.take(pa.array(rows))
    upper = pc.ascii_upper(written)
    plain = pc.ascii_is_alnum(upper)
    bare = pc.if_else(plain, upper, pc.replace_substring_regex(pc.if_else(plain, "", upper), "[^0-9A-Z]+", ""))
    length = pc.binary_length(bare)
    fits = pc.and_(pc.greater(length, 0), pc.less_equal(length, _WIDTH))
    bare = bare.filter(fits)
    padded = pc.ascii_rpad(bare, _WIDTH).buffers()[2]
    signs = np.frombuffer(padded or b"", np.uint8, len(bare) * _WIDTH).reshape(len(bare), _WIDTH)
    digits = ((signs >= ord("0")) & (signs <= ord("9"))).sum(axis=1)
    length = length.filter(fits).to_numpy().astype(np.int64)
    return rows[rows_where(fits)], _Numbers(written.filter(fits), bare, signs, length, digits)


def _check_all(numbers: _Numbers, countries: pa.Array) -> _Findings:
    """The LEI, the checks of each number's country, then those of the country whose letters it begins with."""
    count = len(numbers.bare)
    found = _Findings([], np.full(count, -1), numbers.length == LEI_LENGTH, {})
    long = np.flatnonzero(found.judged)
    found.tried.append(Check(LEI, "", "", str))
    found.check[long[is_lei(numbers.signs[long, :LEI_LENGTH].astype(np.int64))]] = 0
    coded = countries.dictionary_encode()
    place = coded.indices.fill_null(-1).to_numpy()
    for number, country in enumerate(coded.dictionary.to_pylist()):
        _try(checks(country), np.flatnonzero(place == number), numbers, found)
    for letters, country in prefixes().items():
        own = coded.dictionary.index(country).as_py()
        begins = _begin_with(letters, numbers.signs) & ((place != own) | (own < 0))
        foreign = tuple(check for check in checks(country) if check.kind == VAT)
        _try(foreign, np.flatnonzero(begins), numbers, found)
    return found


def _begin_with(letters: str, signs: Signs) -> Bools:
    begin: Bools = (signs[:, : len(letters)] == np.frombuffer(letters.encode(), np.uint8)).all(axis=1)
    return begin


def _try(tried: tuple[Check, ...], rows: Ints, numbers: _Numbers, found: _Findings) -> None:
    """Tries checks on those of some rows that have passed none."""
    rows = rows[found.check[rows] < 0]
    found.judged[rows] |= bool(tried)
    for check in tried:
        rows = rows[found.check[rows] < 0]
        if len(rows) == 0:
            return
        place = len(found.tried)
        found.tried.append(check)
        rules = RULES.get(check.module)
        right, doubtful = (rows[:0], rows) if rules is None else _judge(rules, check.prefix, rows, numbers)
        found.check[right] = place
        at = pa.array(doubtful)
        for row, written, bare in zip(
            doubtful.tolist(), numbers.written.take(at).to_pylist(), numbers.bare.take(at).to_pylist(), strict=True
        ):
            read = first_right(written.strip(), bare, (check,))
            if read is not None:
                found.check[row] = place
                found.read[row] = read


def _judge(rules: Rules, prefix: str, rows: Ints, numbers: _Numbers) -> tuple[Ints, Ints]:
    """The rows whose numbers are right, and those that only the library can judge."""
    carries = _begin_with(prefix, numbers.signs[rows])
    right, doubtful = [rows[:0]], [rows[:0]]
    for skipped, some in ((0, rows[~carries]), (len(prefix), rows[carries])):
        length = numbers.length[some] - skipped
        is_number = numbers.digits[some] == length
        for count, holds in rules.by_length.items():
            here = some[is_number & (length == count)]
            digits = numbers.signs[here, skipped : skipped + count].astype(np.int64) - ord("0")
            right.append(here[holds(digits)])
        lettered = some[~is_number]
        rest = numbers.signs[lettered, skipped:]
        doubtful += [lettered[_begin_with(letters, rest)] for letters in rules.letters]
    return np.concatenate(right), np.concatenate(doubtful)


def _columns_of_usual(numbers: _Numbers, found: _Findings) -> Registrations:
    passed = pa.array(found.check, mask=found.check < 0)
    prefix = pc.fill_null(pa.array([check.prefix for check in found.tried]).take(passed), "")
    carries = pc.equal(pc.utf8_slice_codeunits(numbers.bare, 0, 2), prefix)
    number = pc.binary_join_element_wise(pc.if_else(carries, "", prefix), numbers.bare, "")
    read = np.zeros(len(found.check), np.bool_)
    read[list(found.read)] = True
    texts = pa.array([found.read[row].number for row in sorted(found.read)], pa.string())
    return Registrations(
        pc.replace_with_mask(number, pa.array(read), texts),
        pa.array([check.kind for check in found.tried]).take(passed),
        pa.array(found.check >= 0, mask=(found.check < 0) & ~found.judged),
    )
