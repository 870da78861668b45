"""Checks registration numbers of companies: VAT, the legal entity identifier (LEI), and numbers of registers."""

from __future__ import annotations

import string
from collections.abc import Callable, Mapping
from functools import cache
from importlib import import_module
from typing import NamedTuple

from stdnum.exceptions import InvalidFormat, ValidationError
from stdnum.us import ein

from segdsl_firmographic.tables import read_table

LONGEST_NUMBER = 60
LEI = "LEI"
LEI_LENGTH = 20
_LEI_VALUES = {sign: str(int(sign, 36)) for sign in string.digits + string.ascii_uppercase}
VAT = "VAT"
# The Romanian trade register's numbers, `J40/8302/2007`, are only told by their slashes.
_WITH_SIGNS = "register number"
_DROP_ASCII = str.maketrans({sign: None for sign in map(chr, range(128)) if not sign.isalnum()})


class Check(NamedTuple):
    """How numbers of one kind are checked: `validate` gives the bare number or raises; `prefix` is written before.

    `module` is the library's, without `stdnum.`.
    """

    kind: str
    prefix: str
    module: str
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
        return Registration(bare, LEI, True)
    own = checks(country or "")
    read = first_right(text.strip(), bare, own)
    if read is None:
        foreign = checks_by_prefix(bare, country)
        judged = bool(own or foreign) or len(bare) == LEI_LENGTH
        read = first_right(text.strip(), bare, foreign) or Registration(bare, None, False if judged else None)
    return read


def first_right(written: str, bare: str, tried: tuple[Check, ...]) -> Registration | None:
    """The number by the first check that it passes."""
    for check in tried:
        number = _passes(check.validate, written if check.kind == _WITH_SIGNS else bare.removeprefix(check.prefix))
        if number is not None:
            return Registration(check.prefix + number.removeprefix(check.prefix), check.kind, True)
    return None


def _is_lei(bare: str) -> bool:
    """ISO 17442: 20 letters and digits whose value modulo 97 is 1, letters counting as 10 to 35 (ISO 7064)."""
    if len(bare) != LEI_LENGTH or not bare.isascii():
        return False
    return int("".join(_LEI_VALUES[sign] for sign in bare)) % 97 == 1


def _passes(validate: Callable[[str], str], number: str) -> str | None:
    try:
        return validate(number)
    except ValidationError:
        return None


def checks_by_prefix(bare: str, country: str | None) -> tuple[Check, ...]:
    letters = bare[:2]
    by_prefix = prefixes().get(letters)
    return () if by_prefix is None or by_prefix == country else tuple(c for c in checks(by_prefix) if c.kind == VAT)


@cache
def _table() -> Mapping[str, tuple[tuple[str, str, str], ...]]:
    found: dict[str, list[tuple[str, str, str]]] = {}
    for country, kind, module, prefix in read_table("registrations.tsv"):
        found.setdefault(country, []).append((kind, module, prefix))
    return {country: tuple(rows) for country, rows in found.items()}


@cache
def prefixes() -> Mapping[str, str]:
    rows = read_table("registrations.tsv")
    return {prefix: country for country, _, _, prefix in reversed(rows) if prefix}


def _validate_ein(number: str) -> str:
    """As `stdnum.us.ein` does, which would search its table of prefixes anew for each number."""
    if len(number) == 9 and number.isascii() and number.isdigit() and number[:2] in ein_prefixes():
        return number
    raise InvalidFormat


@cache
def ein_prefixes() -> frozenset[str]:
    return frozenset(prefix for place in range(100) if ein.is_valid((prefix := f"{place:02}") + "0000000"))


@cache
def checks(country: str) -> tuple[Check, ...]:
    """The checks of a country; a module of the library is read when its country first comes up."""
    return tuple(
        Check(kind, prefix, module, _OWN.get(module) or import_module(f"stdnum.{module}").validate)
        for kind, module, prefix in _table().get(country, ())
    )


def _validate_austrian(number: str) -> str:
    """As `stdnum.at.businessid` does, which wants the letter at the end small."""
    validate: Callable[[str], str] = import_module("stdnum.at.businessid").validate
    return validate(number.lower())


_OWN: Mapping[str, Callable[[str], str]] = {"us.ein": _validate_ein, "at.businessid": _validate_austrian}
