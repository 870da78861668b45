"""How figures are written in notes, and why there are none."""

from datetime import date, timedelta

import numpy as np

from segdsl.evidence.measures import Floats
from segdsl.plugin import Kind, Type, amount_text

_MONEY_PLACES = 6


def percent(share: float) -> str:
    """A share to be read: `42%`, `1,823%`."""
    text = f"{share:,.0%}"
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
    """A value of a field, a mean or a total, as tables of the report have it.

    `1,234`, `0.12`, `45.6%`, `$1,234`, `310 CHF`, `2025-03-01`, `12.5 days`.
    """
    return _day(value) if type_.kind in (Kind.DATE, Kind.TIMESTAMP) else amount_text(value, type_)


def rounded(values: Floats, type_: Type) -> Floats:
    """Amounts of money to the places that are kept, without what sums of doubles add; others as they are."""
    if type_.kind is not Kind.MONEY:
        return values
    return np.array([round(float(value), _MONEY_PLACES) for value in values], dtype=np.float64)


def _day(days: float) -> str:
    """A day, by its number since 1970."""
    return str(date(1970, 1, 1) + timedelta(days=round(days)))
