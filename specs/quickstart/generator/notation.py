"""Numbers and dates as people and their tools write them."""

from datetime import date

from generator.draws import Draws


def day_first(day: date | None) -> str:
    return "" if day is None else day.strftime("%d/%m/%Y")


def iso(day: date | None) -> str:
    return "" if day is None else day.isoformat()


def money(draws: Draws, amount: int) -> str:
    """A whole amount as `$1,200`, `1200`, `$18.3k`, `2.4M` or `(350)`; short forms keep three digits."""
    if amount < 0:
        return f"({-amount})" if draws.chance(0.7) else f"-${-amount:,}"
    style = draws.uniform()
    if amount >= 1_000 and style < 0.25:
        return ("$" if style < 0.12 else "") + _short(amount)
    return f"${amount:,}" if style < 0.75 else str(amount)


def number(draws: Draws, amount: int) -> str:
    """A whole number as `1,200`, `1200` or `18.3k`; short forms keep three digits."""
    style = draws.uniform()
    if amount >= 10_000 and style < 0.4:
        return _short(amount)
    return f"{amount:,}" if style < 0.7 else str(amount)


def percent(draws: Draws, points: int) -> str:
    """Whole percentage points as `12 %` or `12%`."""
    return f"{points} %" if draws.chance(0.6) else f"{points}%"


def _short(amount: int) -> str:
    if amount >= 999_500_000:
        return str(amount)
    unit, letter = (1_000_000, "M") if amount >= 999_500 else (1_000, "k")
    return f"{amount / unit:.3g}{letter}"
