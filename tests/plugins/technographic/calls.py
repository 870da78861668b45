"""Calls of the enricher as the engine makes them, from plain Python values."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa

from segdsl.plugin import CATEGORY, Asked, Call, ColumnName, Linked, Made, list_of
from segdsl_technographic.making import make

LISTS = pa.list_(pa.string())


def lists(values: Sequence[Any]) -> pa.Array:
    return pa.array(values, LISTS)


def texts(values: Sequence[str | None]) -> pa.Array:
    return pa.array(values, pa.string())


def asked(output: str, columns: Sequence[str], inputs: Sequence[pa.Array], table: str = "accounts") -> Asked:
    """A column named as its output; the engine doesn't need its type here."""
    return Asked(output, output, list_of(CATEGORY), tuple(ColumnName(table, c) for c in columns), tuple(inputs))


def of_column(
    tools: pa.Array,
    *outputs: str,
    options: Mapping[str, Any] | None = None,
    paths: Mapping[str, Path] | None = None,
) -> Made:
    """The outputs made from one column of the accounts."""
    return make(
        Call(
            tuple(asked(output, ("tools",), (tools,)) for output in outputs),
            len(tools),
            options or {},
            {option: (path,) for option, path in (paths or {}).items()},
            table="accounts",
        )
    )


def values(made: Made, name: str) -> list[Any]:
    found: list[Any] = pa.array(made.columns[name]).to_pylist()
    return found


def of_usage(
    accounts: int,
    rows: Sequence[tuple[int | None, str | None, date | None]],
    *outputs: str,
    clock: date = date.max,
    options: Mapping[str, Any] | None = None,
) -> Made:
    """The outputs made from a linked table whose rows are: account, tool, day."""
    tool, seen = texts([row[1] for row in rows]), pa.array([row[2] for row in rows], pa.date32())
    owners = pa.array([row[0] for row in rows], pa.int64())
    linked = Linked({"tool": tool, "seen_on": seen}, len(rows), owners, ())
    return make(
        Call(
            tuple(asked(output, ("tool", "seen_on"), (tool, seen), "usage") for output in outputs),
            accounts,
            options or {},
            clock=clock,
            table="accounts",
            tables={"usage": linked},
        )
    )
