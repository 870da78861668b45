"""Amounts and shares as they are written on the command line: `--budget '$500'`, `--min-accuracy 85%`."""

import re
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

from segdsl.diagnostics import Diagnostic
from segdsl.language.literals import READERS, NotALiteral
from segdsl.types.currency import SYMBOLS

_REFUSED = "SEG506"
_NUMBER = r"[0-9][0-9_]*(?:\.[0-9]+)?[kMB]?"
_AMOUNT = re.compile(rf"(?:[{''.join(map(re.escape, SYMBOLS))}]\s?{_NUMBER}|{_NUMBER}\s+[A-Z]{{3}})\Z")
_SHARE = re.compile(r"[0-9][0-9_]*(?:\.[0-9]+)?\s?%\Z")

Amount = tuple[Fraction, str]


def read_amount(option: str, written: str) -> Amount | Diagnostic:
    """An amount with its currency."""
    mend = f"write `{option} '$500'`, in quotes, since a shell takes the sign for a variable, or `{option} '500 EUR'`"
    read = _read("MONEY", _AMOUNT, written)
    if read is None:
        return Diagnostic(_REFUSED, f"`{option} {written}` is no amount of money", help=mend)
    value, type_ = read
    return value, type_


def read_share(option: str, written: str) -> Fraction | Diagnostic:
    """A share from 0 to 1."""
    read = _read("PERCENT", _SHARE, written)
    if read is None or read[0] > 1:
        return Diagnostic(_REFUSED, f"`{option} {written}` is no share", help=f"write it as in `{option} 85%`")
    return read[0]


def _read(form: str, pattern: re.Pattern[str], written: str) -> tuple[Fraction, str] | None:
    text = written.strip()
    if not pattern.match(text):
        return None
    try:
        value, type_ = READERS[form](text)
    except NotALiteral:
        return None
    assert isinstance(value, int | Decimal)
    return Fraction(value), type_.currency or ""


def unknown_name(option: str, name: str, known: Mapping[str, object], near: str | None) -> Diagnostic:
    """A name on the command line that the spec doesn't know."""
    listed = ", ".join(f"`{one}`" for one in known) or "none"
    mend = f"did you mean `{near}`?" if near else f"the spec has {listed}"
    return Diagnostic(_REFUSED, f"`{option} {name}`: the spec has no such name", help=mend)
