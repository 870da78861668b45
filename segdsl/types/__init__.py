"""Column types with their units, and values of them."""

from segdsl.types.column_type import (
    BOOL,
    CATEGORY,
    COUNT,
    DATE,
    DURATION,
    INT,
    NUMBER,
    RATIO,
    TEXT,
    TIMESTAMP,
    UNKNOWN,
    Kind,
    Type,
    category,
    list_of,
    money,
)
from segdsl.types.currency import CURRENCIES, SYMBOLS, currency_mend, money_places
from segdsl.types.value import Duration, Value

__all__ = [
    "BOOL",
    "CATEGORY",
    "COUNT",
    "CURRENCIES",
    "DATE",
    "DURATION",
    "INT",
    "NUMBER",
    "RATIO",
    "SYMBOLS",
    "TEXT",
    "TIMESTAMP",
    "UNKNOWN",
    "Duration",
    "Kind",
    "Type",
    "Value",
    "category",
    "currency_mend",
    "list_of",
    "money",
    "money_places",
]
