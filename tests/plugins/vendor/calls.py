"""Calls of the plugin as the engine makes them, from plain rows."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import pyarrow as pa

from segdsl.plugin import COUNT, Asked, Call, ColumnName, Linked, Made
from segdsl_vendor.making import make

CLOCK = date(2026, 6, 30)
TYPES: Mapping[str, pa.DataType] = {
    "employees": pa.int64(),
    "headcount": pa.int64(),
    "seen": pa.date32(),
    "checked": pa.date32(),
    "updated": pa.date32(),
    "sales": pa.decimal128(19, 6),
}
MATCHING = {
    "match_key": ("key", "duns", "id"),
    "match_domain": ("domain", "site", "domain"),
    "match_name": ("name", "company", "company"),
    "match_country": ("country", "land", "land"),
}

Rows = Sequence[Mapping[str, Any]]


def columns_of(rows: Rows, names: Sequence[str]) -> dict[str, pa.Array]:
    """Columns of the types that contracts would give them; what a row doesn't name is missing."""
    return {name: pa.array([row.get(name) for row in rows], TYPES.get(name, pa.string())) for name in names}


def run(*tables: Rows, **more: Any) -> Made:
    """What the plugin makes of a call."""
    return make(make_call(*tables, **more))


def decisions(made: Made, provider: str = "hoovers") -> dict[str, str]:
    """The decision for each account."""
    rows = made.tables["matches"].to_pylist()
    return {row["account"]: row["decision"] for row in rows if row["provider"] == provider}


def make_call(
    accounts: Rows,
    hoovers: Rows,
    clearbit: Rows | None = None,
    matching: Sequence[str] = ("match_name", "match_country"),
    asked: Mapping[str, Sequence[str]] | None = None,
    options: Mapping[str, Any] | None = None,
    **more: Any,
) -> Call:
    """A call on accounts, with `hoovers` and, where given, `clearbit` as the providers' tables."""
    own = columns_of(accounts, ["account", "key", "domain", "name", "country", "employees", "checked"])
    tables = {"hoovers": columns_of(hoovers, ["duns", "site", "company", "land", "headcount", "sales", "seen"])}
    if clearbit is not None:
        tables["clearbit"] = columns_of(clearbit, ["id", "domain", "company", "land", "employees", "updated"])
    wanted = asked or {"employees": ["hoovers.headcount"] + ([] if clearbit is None else ["clearbit.employees"])}
    everything = {"accounts": own, **tables}
    return Call(
        asked=tuple(_asked(name, columns, everything) for name, columns in wanted.items()),
        length=len(accounts),
        options={
            **{option: _named(MATCHING[option], tables) for option in matching},
            **(options or {}),
        },
        clock=CLOCK,
        table="accounts",
        columns=own,
        tables={
            name: Linked(columns, len(next(iter(columns.values()))), None, (next(iter(columns.values())),))
            for name, columns in tables.items()
        },
        key=(own["account"],),
        key_names=("account",),
        **more,
    )


def _named(columns: Sequence[str], tables: Mapping[str, Any]) -> tuple[ColumnName, ...]:
    places = ("accounts", "hoovers", "clearbit")
    return tuple(
        ColumnName(table, column)
        for table, column in zip(places, columns, strict=True)
        if table == "accounts" or table in tables
    )


def _asked(name: str, columns: Sequence[str], tables: Mapping[str, Mapping[str, pa.Array]]) -> Asked:
    named = tuple(ColumnName(*column.split(".")) for column in columns)
    return Asked(name, "*", COUNT.or_missing(), named, tuple(tables[one.table][one.column] for one in named))
