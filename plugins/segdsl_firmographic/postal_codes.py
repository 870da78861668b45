"""Checks and normalises postal codes by their country's formats."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

from segdsl_firmographic.tables import read_table

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_SHAPE = str.maketrans({**dict.fromkeys("0123456789", "9"), **dict.fromkeys(_LETTERS, "A")})
_PARTING = str.maketrans(dict.fromkeys(" \t\n\r\u00a0\u2009\u202f-‐‑–—._"))
LONGEST_CODE = 20
# Canada Post: no code has D, F, I, O, Q or U, and none begins with W or Z.
_NOT_IN_CANADA = frozenset("DFIOQU")
_NOT_FIRST_IN_CANADA = frozenset("WZ")


class Formats(NamedTuple):
    """A country's formats. `patterns` are by shape: a format without what parts it, such as `A9A9A9`."""

    patterns: Mapping[str, str]
    zeros: bool
    letters: tuple[str, ...]


class PostalCode(NamedTuple):
    """A postal code as its country writes it; `valid` is None where the country's formats aren't known."""

    text: str | None
    valid: bool | None
    zeros_restored: bool = False


def read_postal_code(text: str, country: str | None) -> PostalCode:
    """A postal code in its country's usual form, and whether it has one of its formats.

    `country` is the ISO 3166-1 alpha-2 code. Case, spaces and hyphens don't count; letters of the country before the
    code (`D-10115`) are left out. A code that has lost its leading zero gets it back. `text` is None for a code that
    isn't valid; without known formats it is only trimmed and in upper case.
    """
    known = formats().get(country or "")
    code = text.translate(_PARTING).upper() if len(text) <= LONGEST_CODE else ""
    if known is None or not text.strip():
        return PostalCode(" ".join(text.upper().split()) if code else None, None)
    for prefix in ("", *known.letters):
        if code.startswith(prefix) and (written := _write(code[len(prefix) :], known, country)) is not None:
            return PostalCode(written, True)
    if known.zeros and code.isascii() and code.isdigit():
        written = _write("0" + code, known, country)
        return PostalCode(written, written is not None, zeros_restored=written is not None)
    return PostalCode(None, False)


def is_told_by_shape(shape: str, country: str | None) -> bool:
    """Whether all codes of a shape (a code with `1` for each digit and `A` for each letter) are read alike.

    They aren't where the letters themselves count: those of Canada, and those that a country writes before its codes.
    """
    known = formats().get(country or "")
    if known is None or shape.isdigit():
        return True
    return country != "CA" and (shape.translate(_SHAPE) in known.patterns or not known.letters)


def _write(code: str, known: Formats, country: str | None) -> str | None:
    pattern = known.patterns.get(code.translate(_SHAPE))
    if pattern is None or (country == "CA" and not _is_canadian(code)):
        return None
    signs = iter(code)
    return "".join(next(signs) if sign in "9A" else sign for sign in pattern)


def _is_canadian(code: str) -> bool:
    return code[0] not in _NOT_FIRST_IN_CANADA and _NOT_IN_CANADA.isdisjoint(code)


@cache
def formats() -> Mapping[str, Formats]:
    """The table of formats by country, read once."""
    return {
        country: Formats(
            {pattern.translate(_PARTING): pattern for pattern in patterns.split("; ")},
            zeros == "0",
            tuple(letters.split("; ")) if letters else (),
        )
        for country, patterns, zeros, letters in read_table("postal_codes.tsv")
    }
