"""Makes whatever outputs a call asks for."""

from __future__ import annotations

from typing import Any

from segdsl.plugin import Call, Made, Note
from segdsl_firmographic import accounts, business


def make(call: Call) -> Made:
    """The columns of a call, by the names asked for."""
    of_accounts = tuple(asked for asked in call.asked if asked.output in accounts.MAKERS)
    of_business = tuple(asked for asked in call.asked if asked.output in business.MAKERS)
    of_tables = tuple(
        asked for asked in call.asked if asked.output not in accounts.MAKERS and asked.output not in business.MAKERS
    )
    made = accounts.make_accounts(of_accounts)
    columns: dict[str, Any] = dict(made.columns)
    notes: list[Note] = list(made.notes)
    for asked in of_business:
        columns[asked.name], found = business.MAKERS[asked.output](call, asked)
        notes.extend(found)
    if of_tables:
        tables = business.make_tables(call, of_tables)
        columns.update(tables.columns)
        notes.extend(tables.notes)
    return Made(columns, tuple(notes))
