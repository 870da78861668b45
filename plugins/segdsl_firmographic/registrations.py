"""Checks registration numbers of companies: VAT, the legal entity identifier (LEI), and numbers of registers."""

from __future__ import annotations

import string
from collections.abc import Callable, Mapping
from functools import cache
from importlib import import_module
from typing import NamedTuple

from stdnum.exceptions import ValidationError

from segdsl_firmographic.tables import read_table

LONGEST_NUMBER = 60
_LEI_LENGTH = 20
_LEI_VALUES = {sign: str(int(sign, 36)) for sign in string.digits + string.ascii_uppercase}
_VAT = "VAT"
_DROP_ASCII = str.maketrans({sign: None for sign in map(chr, range(128)) if not sign.isalnum()})


class Check(NamedTuple):
    """How numbers of one kind are checked: `validate` gives the bare number or raises; `prefix` is written before."""

    kind: str
    prefix: str
    validate: Callable[[str], str]


class Registration(NamedTuple):
    """A number without spaces and punctuation; `valid` is None where no kind of number is known that it could be."""

    number: str | None
    kind: str | None
    valid: bool | None


def read_registration(text: str, country: str | None) -> Registration:
    """A registration number, what kind it is, and whether its form and check digits are right.

    `country` is the ISO 3166-1 alpha-2 code. Tried are the LEI, the numbers of the country, then a VAT number by the
    country letters it begins with. Nothing is looked up in a register, so a valid number need not exist.
    """
    if len(text) > LONGEST_NUMBER:
        return Registration(None, None, None)
    bare = text.upper().translate(_DROP_ASCII) if text.isascii() else "".join(filter(str.isalnum, text.upper()))
    if not bare:
        return Registration(None, None, None)
    if _is_lei(bare):
        return Registration(bare, "LEI", True)
    checks = (*_checks(country or ""), *_checks_by_prefix(bare, country))
    for check in checks:
        trimmed = bare.removeprefix(check.prefix)
        number = _passes(check.validate, text.strip() if check.kind == "register number" else trimmed)
        if number is not None:
            return Registration(check.prefix + number.removeprefix(check.prefix), check.kind, True)
    return Registration(bare, None, False if checks or len(bare) == _LEI_LENGTH else None)


def _is_lei(bare: str) -> bool:
    """ISO 17442: 20 letters and digits whose value modulo 97 is 1, letters counting as 10 to 35 (ISO 7064)."""
    if len(bare) != _LEI_LENGTH or not bare.isascii():
        return False
    return int("".join(_LEI_VALUES[sign] for sign in bare)) % 97 == 1


def _passes(validate: Callable[[str], str], number: str) -> str | None:
    try:
        return validate(number)
    except ValidationError:
        return None


def _checks_by_prefix(bare: str, country: str | None) -> tuple[Check, ...]:
    letters = bare[:2]
    by_prefix = _prefixes().get(letters)
    return () if by_prefix is None or by_prefix == country else tuple(c for c in _checks(by_prefix) if c.kind == _VAT)


@cache
def _table() -> Mapping[str, tuple[tuple[str, str, str], ...]]:
    found: dict[str, list[tuple[str, str, str]]] = {}
    for country, kind, module, prefix in read_table("registrations.tsv"):
        found.setdefault(country, []).append((kind, module, prefix))
    return {country: tuple(rows) for country, rows in found.items()}


@cache
def _prefixes() -> Mapping[str, str]:
    rows = read_table("registrations.tsv")
    return {prefix: country for country, _, _, prefix in reversed(rows) if prefix}


@cache
def _checks(country: str) -> tuple[Check, ...]:
    """The checks of a country; a module of the library is read when its country first comes up."""
    return tuple(
        Check(kind, prefix, import_module(f"stdnum.{module}").validate)
        for kind, module, prefix in _table().get(country, ())
    )
