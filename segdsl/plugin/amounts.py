"""Amounts as people read them: grouped by thousands, with their unit, no finer than the eye needs."""

from __future__ import annotations

from decimal import Decimal

from segdsl.types import Duration, Kind, Type, Value
from segdsl.types.currency import SYMBOLS

_SYMBOLS = {code: symbol for symbol, code in SYMBOLS.items()}
_LARGE = 100
# A double has no more digits than that: what follows would be made up.
_ALL_DIGITS = 1e15
NOTHING = "–"


def amount_text(value: Value | float, type_: Type) -> str:
    """A value with its unit, as the report tells it: `$36,598`, `12.5%`, `8 days`; a dash where there is none.

    A duration may be a plain number of days.
    """
    match value:
        case Duration():
            return amount_text(float(value.days), type_)
        case bool() | None:
            return NOTHING
        case int() | float() | Decimal():
            return _with_unit(float(value), type_)
        case _:
            return str(value)


def _with_unit(value: float, type_: Type) -> str:
    match type_.kind:
        case Kind.MONEY:
            return _money(value, type_.currency or "")
        case Kind.RATIO:
            return f"{value:,.1%}"
        case Kind.DURATION:
            return f"{_grouped(value)} days"
        case _:
            return _grouped(value)


def _money(value: float, currency: str) -> str:
    """Whole units from 100 on, cents below."""
    number = f"{abs(value):,.0f}" if abs(value) >= _LARGE else f"{abs(value):,.2f}"
    sign = "-" if value < 0 and number.strip("0.,") else ""
    symbol = _SYMBOLS.get(currency)
    return f"{sign}{symbol}{number}" if symbol else f"{sign}{number} {currency}"


def _grouped(value: float) -> str:
    """About four digits, without a tail of zeros."""
    if abs(value) >= _ALL_DIGITS:
        return f"{value:.4g}"
    if abs(value) >= _LARGE:
        return f"{value:,.0f}"
    return f"{value:,.2f}".rstrip("0").rstrip(".") if abs(value) >= 0.1 or not value else f"{value:.3g}"
