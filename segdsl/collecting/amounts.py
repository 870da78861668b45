"""Exact amounts as people read them: to the cent, hours and minutes, percent."""

from decimal import Decimal
from fractions import Fraction

from segdsl.types import money
from segdsl.types.display import show

_CENTS = 100


def cents_text(amount: Fraction, currency: str) -> str:
    """An amount rounded half-even to cents: `$233.33`."""
    return show(to_cents(amount), money(currency))


def to_cents(amount: Fraction) -> Decimal:
    """An amount rounded half-even to cents."""
    return Decimal(round(amount * _CENTS)).scaleb(-2)


def hours_text(seconds: Fraction) -> str:
    """Time of people to the minute: `6 h 40 min`; below a minute in seconds."""
    if 0 < seconds < 60:
        return f"{round(seconds)} s"
    hours, minutes = divmod(round(seconds / 60), 60)
    parts = ([f"{hours:,} h"] if hours else []) + ([f"{minutes} min"] if minutes or not hours else [])
    return " ".join(parts)


def percent_text(share: Fraction | float | None) -> str:
    """A share in percent, with a decimal only where it has one; empty for none."""
    if share is None:
        return ""
    return f"{float(share * 100):.1f}".removesuffix(".0") + "%"
