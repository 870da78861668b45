"""How figures are written in notes."""

import numpy as np

from segdsl.evidence.measures import Floats
from segdsl.plugin import Kind, Type

_MONEY_PLACES = 6


def rounded(values: Floats, type_: Type) -> Floats:
    """Amounts of money to the places that are kept, without what sums of doubles add; others as they are."""
    if type_.kind is not Kind.MONEY:
        return values
    return np.array([round(float(value), _MONEY_PLACES) for value in values], dtype=np.float64)


def accounts(count: int) -> str:
    """`1 account`, `1,200 accounts`."""
    return "1 account" if count == 1 else f"{count:,} accounts"
