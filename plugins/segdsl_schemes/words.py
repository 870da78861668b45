"""How figures are written in notes."""

import numpy as np

from segdsl.evidence.measures import Floats
from segdsl.plugin import Kind, Type

_LARGE = 100
# A double has no more digits than that: what follows would be made up.
_ALL_DIGITS = 1e15
# As the report's tables write amounts of money.
_SYMBOLS = {
    "USD": "$",
    "EUR": "€",
    "GBP": "£",
    "JPY": "¥",
    "INR": "₹",
    "RUB": "₽",
    "TRY": "₺",
    "KRW": "₩",
    "UAH": "₴",
}
_MONEY_PLACES = 6


def amount(value: float, type_: Type) -> str:
    """A number in the unit of its type, as tables of the report have it: `$36,598`, `310 CHF`, `20.0%`, `90 days`."""
    match type_.kind:
        case Kind.MONEY:
            return _money(value, type_.currency or "")
        case Kind.RATIO:
            return f"{value:,.1%}"
        case Kind.DURATION:
            return f"{_grouped(value)} days"
        case _:
            return _grouped(value)


def rounded(values: Floats, type_: Type) -> Floats:
    """Amounts of money to the places that are kept, without what sums of doubles add; others as they are."""
    if type_.kind is not Kind.MONEY:
        return values
    return np.array([round(float(value), _MONEY_PLACES) for value in values], dtype=np.float64)


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


def accounts(count: int) -> str:
    """`1 account`, `1,200 accounts`."""
    return "1 account" if count == 1 else f"{count:,} accounts"
