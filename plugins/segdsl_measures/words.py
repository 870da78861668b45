"""How figures are written in notes, and why there are none."""

from datetime import date, timedelta

from segdsl.evidence.measures import Floats
from segdsl.plugin import Kind, Type

_WHOLE = 100
_MOST_RATIO = 100


def percent(share: float) -> str:
    """A share to be read: `42%`."""
    text = f"{share:.0%}"
    return "0%" if text == "-0%" else text


def exactly(share: float) -> str:
    """A share that a spec states: `12.5%`."""
    return f"{round(100 * share, 6):g}%"


def numbers(count: int, noun: str) -> str:
    """A number of things: `1 pair`, `2 pairs`."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def untold(score: Floats) -> str:
    """Why known scores tell nobody apart, if so."""
    if len(score) < 2:
        return "only 1 account has a score" if len(score) else "no account has a score"
    if score.min() == score.max():
        return f"the score is the same in all {len(score):,} accounts that have one"
    return ""


def amount(value: float, type_: Type) -> str:
    """A value of a field, a mean or a total: `1,234`, `0.123`, `45%`, `USD 1,234`, `2025-03-01`, `12.5 days`."""
    if type_.kind is Kind.RATIO:
        return f"{value:.3g}" if abs(value) >= _MOST_RATIO else percent(value)
    if type_.kind in (Kind.DATE, Kind.TIMESTAMP):
        return _day(value)
    figure = f"{value:,.0f}" if abs(value) >= _WHOLE else f"{value:.3g}"
    if type_.kind is Kind.MONEY:
        return f"{type_.currency} {figure}"
    return f"{figure} days" if type_.kind is Kind.DURATION else figure


def _day(days: float) -> str:
    """A day, by its number since 1970."""
    return str(date(1970, 1, 1) + timedelta(days=round(days)))
