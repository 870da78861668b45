"""Reads a batch of postal codes; those of one shape (`A9A 9A9`) and country are read alike.

`postal_codes.read_postal_code` is what a code means; here it is asked once for each shape in each country.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from itertools import count
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from segdsl_firmographic.batches import as_bools, distinct_pairs, other_rows, put_together, rows_where
from segdsl_firmographic.postal_codes import LONGEST_CODE, PostalCode, is_told_by_shape, read_postal_code

# Letters and digits in one part or two.
_USUAL = r"^[0-9A-Za-z]+(?:[ -][0-9A-Za-z]+)?\z"
_SIGN = re.compile("[0-9A-Z]")
_RUN = re.compile("x+")


class PostalCodes(NamedTuple):
    """Codes as their countries write them, whether they are valid, and whether they got a lost zero back."""

    text: pa.Array
    valid: pa.Array
    zeros_restored: pa.Array


def read_postal_codes(texts: pa.Array, countries: pa.Array) -> PostalCodes:
    """Codes as `read_postal_code` reads them, by the codes of their countries; missing stays missing."""
    usual = pc.and_(pc.match_substring_regex(texts, _USUAL), pc.less_equal(pc.binary_length(texts), LONGEST_CODE))
    rows = rows_where(usual)
    upper = pc.ascii_upper(texts.take(pa.array(rows)))
    bare = pc.replace_substring(pc.replace_substring(upper, " ", ""), "-", "")
    pairs, places = distinct_pairs(_shapes(bare), countries.take(pa.array(rows)))
    told = pa.array([is_told_by_shape(shape, country) for shape, country in pairs], pa.bool_()).take(places)
    rows, upper, bare, places = rows[as_bools(told)], upper.filter(told), bare.filter(told), places.filter(told)
    read = _columns([read_postal_code(shape, country) for shape, country in pairs])
    valid, restored = read.valid.take(places), read.zeros_restored.take(places)
    codes = pc.binary_join_element_wise(pc.if_else(restored, "0", ""), bare, "")
    forms = pa.array([None if text is None else _SIGN.sub("x", text) for text in read.text.to_pylist()], pa.string())
    written = pc.if_else(valid.is_valid(), _write(codes, forms.take(places)), upper)
    usual_columns = PostalCodes(written, valid, restored)
    others = other_rows(rows, texts)
    rest = _columns(
        [
            read_postal_code(text, country)
            for text, country in zip(
                texts.take(pa.array(others)).to_pylist(), countries.take(pa.array(others)).to_pylist(), strict=True
            )
        ]
    )
    return PostalCodes(
        *(
            put_together([(rows, one), (others, other)], len(texts), other.type)
            for one, other in zip(usual_columns, rest, strict=True)
        )
    )


def _shapes(codes: pa.Array) -> pa.Array:
    """The codes with `1` for each digit and `A` for each letter."""
    is_number = pc.ascii_is_decimal(codes)
    mixed = pc.replace_substring_regex(pc.if_else(is_number, "", codes), "[0-9]", "1")
    ones = pa.array(["1" * length for length in range(LONGEST_CODE + 1)])
    return pc.if_else(is_number, ones.take(pc.binary_length(codes)), pc.replace_substring_regex(mixed, "[A-Z]", "A"))


def _columns(codes: list[PostalCode]) -> PostalCodes:
    return PostalCodes(
        pa.array([code.text for code in codes], pa.string()),
        pa.array([code.valid for code in codes], pa.bool_()),
        pa.array([code.zeros_restored for code in codes], pa.bool_()),
    )


def _write(codes: pa.Array, forms: pa.Array) -> pa.Array:
    """Codes parted as their forms are (`xxx xx`); null where the form is."""
    parts = []
    for form in forms.unique().drop_null().to_pylist():
        rows = rows_where(pc.equal(forms, form))
        runs = "".join(f"(.{{{len(run)}}})" for run in _RUN.findall(form))
        written = _RUN.sub(partial(_next_group, count(1)), form)
        here = codes.take(pa.array(rows))
        parts.append((rows, here if written == r"\1" else pc.replace_substring_regex(here, runs, written)))
    return put_together(parts, len(codes), pa.string())


def _next_group(numbers: Iterator[int], run: re.Match[str]) -> str:
    return f"\\{next(numbers)}"
