"""Values of each kind that plugins must bear: usual ones, the ends of the range, and texts as people leave them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pyarrow as pa

from segdsl.plugin.arrays import array_type
from segdsl.types import (
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
    Kind,
    Type,
    list_of,
    money,
)

TYPES: Mapping[Kind, Type] = {
    Kind.TEXT: TEXT,
    Kind.CATEGORY: CATEGORY,
    Kind.COUNT: COUNT,
    Kind.INT: INT,
    Kind.NUMBER: NUMBER,
    Kind.RATIO: RATIO,
    Kind.MONEY: money("USD"),
    Kind.DATE: DATE,
    Kind.TIMESTAMP: TIMESTAMP,
    Kind.DURATION: DURATION,
    Kind.BOOL: BOOL,
    Kind.LIST: list_of(CATEGORY),
}

_TEXTS = (
    "Acme Ltd",
    "Müller & Söhne GmbH",
    "ООО «Ромашка»",
    "",
    " ",
    "acme ltd ",
    "DE",
    "https://www.example.com/a?b=c#d",
    "jane@example.com",
    "12345",
    "-1.5e3",
    "null",
    "a\x00b",
    "a\nb\tc",
    "\"quoted\", \\ and 'more'",
    "<b>&amp;</b>",
    "e\u0301",
    "\u202eesrever",
    "شركة",
    "日本株式会社",
    "\ufeff\u200b",
    "👩‍💻",
    "x" * 100_000,
    "((((((((((((((((((((a",
)
_WHOLE = (0, 1, 2, 9, 10, 250, 1_000_000, 2**53 + 1, 2**63 - 1)
_NUMBERS = (0.0, -0.0, 0.1, 1.0, 250.5, -3.25, 1e-300, 1e300)

VALUES: Mapping[Kind, tuple[Any, ...]] = {
    Kind.TEXT: _TEXTS,
    Kind.CATEGORY: _TEXTS,
    Kind.COUNT: _WHOLE,
    Kind.INT: (*_WHOLE, -1, -250, -(2**63)),
    Kind.NUMBER: _NUMBERS,
    Kind.RATIO: (*_NUMBERS, 0.2, 0.999),
    Kind.MONEY: tuple(map(Decimal, ("0", "0.01", "-5", "99.999999", "1e12", "-1e12"))),
    Kind.DATE: (date(2024, 2, 29), date(2026, 1, 31), date(1900, 1, 1), date(1, 1, 1), date(9999, 12, 31)),
    Kind.TIMESTAMP: tuple(datetime(year, 12, 31, 23, 59, 59, 999_999, UTC) for year in (1900, 1969, 2025, 9999)),
    Kind.DURATION: tuple(timedelta(days=days) for days in (0, 1, 365, -30, 100_000)),
    Kind.BOOL: (True, False),
    Kind.LIST: ([], ["Jira"], ["Jira", "Jira", ""], list(_TEXTS[:12]), [str(number) for number in range(500)]),
}


def odd_rows(types: Sequence[Type], missing: bool = True) -> list[pa.Array]:
    """A column for each type, in which every value meets others; with `missing`, single gaps and a row of gaps last."""
    pools = [VALUES[type_.kind] if type_.values is None else type_.values for type_ in types]
    length = max(map(len, pools), default=0)
    columns = [[pool[(row + 7 * place) % len(pool)] for row in range(length)] for place, pool in enumerate(pools)]
    if missing:
        for gap in range(len(pools)):
            for place, column in enumerate(columns):
                column.append(None if place == gap else pools[place][0])
        for column in columns:
            column.append(None)
    return [pa.array(values, array_type(type_)) for values, type_ in zip(columns, types, strict=True)]
