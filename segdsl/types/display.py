"""How a value of a type is shown to people: `$1,200.00`, `12.5%`, `90 days`, `"Tech"`, `missing`."""

from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

from segdsl.types.column_type import Kind, Type, repr_text
from segdsl.types.currency import SYMBOLS
from segdsl.types.value import SECONDS_PER_DAY, Duration, Value

_SIGNS = {code: symbol for symbol, code in SYMBOLS.items()}

# Significant digits of a number that was computed, and of one that must be told from its neighbours.
SHORT = 6
EXACT = 17


def show(value: Value, type_: Type, digits: int = SHORT) -> str:
    """The value as a spec or a spreadsheet shows it: numbers to so many significant digits, whole ones in full.

    Amounts are exact: two decimals, more only where there are more.
    """
    match value:
        case None:
            return "missing"
        case bool():
            return "true" if value else "false"
        case str():
            return repr_text(value)
        case tuple():
            element = type_.element or type_
            return "[" + ", ".join(show(item, element, digits) for item in value) + "]"
        case datetime():
            return value.strftime("%Y-%m-%dT%H:%M:%SZ")
        case date():
            return value.isoformat()
        case Duration():
            return show_duration(value)
        case int() | Decimal():
            return _number(value, type_, digits)


def show_duration(value: Duration) -> str:
    """`18 months`, `90 days`, `1.5 days`; months and days where there are both."""
    parts = []
    if value.months:
        parts.append(_counted(str(value.months), "month"))
    if value.seconds or not value.months:
        days = Fraction(value.seconds, SECONDS_PER_DAY)
        shown = str(days) if days.denominator == 1 else f"{float(days):.2f}"
        parts.append(_counted(shown, "day"))
    return " ".join(parts)


def _counted(number: str, noun: str) -> str:
    return f"{number} {noun}" if number in ("1", "-1") else f"{number} {noun}s"


def _number(value: int | Decimal, type_: Type, digits: int) -> str:
    match type_.kind:
        case Kind.MONEY:
            return _amount(Decimal(value), type_.currency or "")
        case Kind.RATIO:
            return f"{_plain(Decimal(value) * 100, digits)}%"
        case Kind.INT:
            # Years and codes are ints: no thousands.
            return str(value)
        case _:
            return _plain(Decimal(value), digits)


def _amount(value: Decimal, currency: str) -> str:
    cents = value.quantize(Decimal("0.01"))
    digits = f"{abs(cents):,f}" if cents == value else f"{abs(value.normalize()):,f}"
    minus = "-" if value < 0 else ""
    sign = _SIGNS.get(currency)
    return f"{minus}{sign}{digits}" if sign is not None else f"{minus}{digits} {currency}"


def _plain(value: Decimal, digits: int) -> str:
    if not value:
        return "0"
    places = max(0, digits - 1 - value.adjusted())
    rounded = round(value, places) if places < -int(value.as_tuple().exponent) else value
    text = f"{rounded:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
