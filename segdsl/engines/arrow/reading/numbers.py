"""Numbers as texts: the exact meaning of every way of writing one that a contract accepts.

This is the definition. Whole columns go through Arrow's own parser first; what that refuses comes here, each distinct
text once.
"""

import math
import re
from decimal import ROUND_HALF_EVEN, Context, Decimal

from segdsl.engines.arrow.reading.flaws import Flaw
from segdsl.types import SYMBOLS

INT64_HIGH = 2**63 - 1

# Wide enough that no amount of 64 bits, multiplied by any scale of the language, is ever rounded on the way.
_EXACT = Context(prec=80, rounding=ROUND_HALF_EVEN)
_LARGEST_EXPONENT = 40

_STRICT = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,4})?")
_NOT_FINITE = re.compile(r"[+-]?(?:(nan)|inf|infinity)", re.IGNORECASE)

_MULTIPLIERS = {
    "": 0,
    "k": 3,
    "thousand": 3,
    "m": 6,
    "mm": 6,
    "mn": 6,
    "mio": 6,
    "million": 6,
    "b": 9,
    "bn": 9,
    "billion": 9,
}
# Countries whose people write a plain `$` for their own dollar.
_DOLLARS = frozenset("USD AUD BBD BSD BZD CAD FJD HKD JMD NZD SGD TTD TWD XCD MXN CLP COP ARS".split())
_LENIENT = re.compile(
    r"""(?P<open>\()? \s* (?P<sign>[+\-−])? \s*
    (?P<before>[A-Z]{3}(?![A-Z])|[A-Z]{0,3}[$€£¥₹₽₺₩₴])? \s* (?P<sign_after>[+\-−])? \s*
    (?P<number>
        [0-9]{1,3} (?P<group>[.,'’\s]) [0-9]{3} (?:(?P=group)[0-9]{3})* (?:[.,][0-9]*)?
        | [0-9]+ (?:[.,][0-9]*)? (?:[eE][+-]?[0-9]{1,4})?
        | [.,][0-9]+
    ) \s*
    (?P<multiplier>k|thousand|mm|mn|mio|m|million|bn|b|billion)? \s* (?P<percent>%)? \s*
    (?P<after>[A-Za-z]{3}|[$€£¥₹₽₺₩₴])? \s* (?P<trailing>[\-−])? (?P<close>\))?""",
    re.VERBOSE | re.IGNORECASE,
)


def strict_decimal(text: str, mark: str) -> Decimal | Flaw:
    """A plain number such as `1234`, `-12.5` or `1e5`, `mark` being its decimal sign."""
    plain = text.replace(mark, ".") if mark != "." and "." not in text else text
    if mark != "." and "." in text:
        return Flaw.WRONG_TYPE
    if _STRICT.fullmatch(plain):
        return Decimal(plain)
    special = _NOT_FINITE.fullmatch(text)
    if special is None:
        return Flaw.WRONG_TYPE
    return Flaw.NAN if special.group(1) else Flaw.INFINITE


def lenient_decimal(text: str, mark: str, currency: str | None, percent: bool) -> Decimal | Flaw:
    """A number as people write it: `$1,200`, `18.3 MM`, `(350)`, `1 200 EUR`, `12 %`, `1.200,50` (mark `,`).

    Groups of thousands may be parted by space, apostrophe, and comma or point, whichever isn't the decimal sign.
    A currency that isn't the column's, or a percentage where `percent` isn't wanted, is no number.
    """
    strict = strict_decimal(text, mark)
    if strict is not Flaw.WRONG_TYPE:
        return strict
    found = _LENIENT.fullmatch(text)
    if found is None or (found["open"] is None) != (found["close"] is None):
        return Flaw.WRONG_TYPE
    signs = [s for s in (found["open"], found["sign"], found["sign_after"], found["trailing"]) if s]
    if len(signs) > 1 or (found["before"] and found["after"]):
        return Flaw.WRONG_TYPE
    if not _fits_currency(found["before"] or found["after"], currency):
        return Flaw.WRONG_TYPE
    if found["percent"] and not percent:
        return Flaw.WRONG_TYPE
    digits = _plain_digits(found["number"], found["group"], mark)
    if digits is None:
        return Flaw.WRONG_TYPE
    exponent = _MULTIPLIERS[(found["multiplier"] or "").lower()] - (2 if found["percent"] else 0)
    value = Decimal(digits).scaleb(exponent, _EXACT)
    return value.copy_negate() if signs and signs[0] != "+" else value


def _plain_digits(number: str, group: str | None, mark: str) -> str | None:
    """The digits with a point as decimal sign; None where the signs can't be meant so."""
    if group is not None and group != mark:
        number = number.replace(group, "")
    if number.count(mark) > 1:
        return None
    other = "," if mark == "." else "."
    return None if other in number else number.replace(mark, ".")


def _fits_currency(sign: str | None, currency: str | None) -> bool:
    if not sign or (currency is None and sign in SYMBOLS):
        return True
    if currency is None:
        return False
    if sign == "$":
        return currency in _DOLLARS
    return sign.upper() == currency or SYMBOLS.get(sign) == currency or sign.upper() in _COUNTRY_SIGNS.get(currency, ())


def currency_signs(currency: str | None) -> str:
    """The single signs that may stand before an amount of a currency, or before a bare number."""
    return "".join(sign for sign in SYMBOLS if _fits_currency(sign, currency))


_COUNTRY_SIGNS = {
    "USD": ("US$", "U$"),
    "AUD": ("A$", "AU$"),
    "CAD": ("C$", "CA$"),
    "NZD": ("NZ$",),
    "SGD": ("S$",),
    "HKD": ("HK$",),
    "BRL": ("R$",),
    "CNY": ("¥",),
}


def whole(value: Decimal | Flaw, scale: Decimal | None, nonnegative: bool) -> int | Flaw:
    """A whole number of 64 bits."""
    if isinstance(value, Flaw):
        return value
    scaled = value if scale is None else _EXACT.multiply(value, scale)
    if _is_huge(scaled):
        return Flaw.TOO_LARGE
    if scaled != scaled.to_integral_value() or (nonnegative and scaled < 0):
        return Flaw.WRONG_TYPE
    return _fitting(int(scaled))


def units(value: Decimal | Flaw, scale: Decimal | None, places: int) -> int | Flaw:
    """An amount as a whole number of 10^-places, rounded half-even."""
    if isinstance(value, Flaw):
        return value
    scaled = value if scale is None else _EXACT.multiply(value, scale)
    if _is_huge(scaled):
        return Flaw.TOO_LARGE
    return _fitting(int(scaled.scaleb(places, _EXACT).to_integral_value(ROUND_HALF_EVEN)))


def real(value: Decimal | Flaw, scale: Decimal | None) -> float | Flaw:
    """A float; a scale multiplies the float, as it does for whole columns at once."""
    if isinstance(value, Flaw):
        return value
    number = float(value) if scale is None else float(value) * float(scale)
    return number if math.isfinite(number) else Flaw.INFINITE


def _is_huge(value: Decimal) -> bool:
    """Whether it is so far beyond 64 bits that its digits had better not be written out."""
    return bool(value) and value.adjusted() > _LARGEST_EXPONENT


def _fitting(number: int) -> int | Flaw:
    return number if -INT64_HIGH - 1 <= number <= INT64_HIGH else Flaw.TOO_LARGE
