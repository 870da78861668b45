"""A call of the enricher's second half for one output, as the engine makes it."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import pyarrow as pa

from segdsl.plugin import TEXT, Asked, Call, ColumnName, Linked, Made, Note, Type
from segdsl_firmographic.business import MAKERS, make_tables
from segdsl_firmographic.business_outputs import OUTPUTS

CLOCK = date(2026, 1, 1)


def output_type(name: str, types: Sequence[Type] = (), options: Mapping[str, Any] | None = None) -> Type | str:
    """The type that `check` finds, or its reason against the column."""
    declared = next(output for output in OUTPUTS if output.name == name).type
    return declared if isinstance(declared, Type) else declared(types, options or {})


def ask(output: str, *inputs: pa.Array, clock: date = CLOCK, **options: Any) -> tuple[list[Any], tuple[Note, ...]]:
    """The values and notes of a ROW output."""
    columns = tuple(ColumnName("accounts", f"input_{n}") for n in range(len(inputs)))
    asked = Asked(output, output, TEXT, columns, inputs)
    call = Call(asked=(asked,), length=len(inputs[0]), options=options, clock=clock, table="accounts")
    values, notes = MAKERS[output](call, asked)
    assert len(values) == call.length
    return values.to_pylist(), notes


def values(output: str, *inputs: pa.Array, **options: Any) -> list[Any]:
    return ask(output, *inputs, **options)[0]


def texts(*written: str | None) -> pa.Array:
    return pa.array(written, pa.string())


def whole(*numbers: int | None) -> pa.Array:
    return pa.array(numbers, pa.int64())


def ask_groups(key: pa.Array, parent: pa.Array, *outputs: str, total: pa.Array | None = None) -> Made:
    """The hierarchy outputs of an accounts table."""
    asked = []
    for name in outputs:
        names, inputs = ("parent",), (parent,)
        if name == "group_total":
            assert total is not None
            names, inputs = ("parent", "value"), (parent, total)
        columns = tuple(ColumnName("accounts", column) for column in names)
        asked.append(Asked(name, name, TEXT, columns, inputs))
    call = Call(tuple(asked), len(key), clock=CLOCK, table="accounts", key=(key,), key_names=("account",))
    return make_tables(call, call.asked)


def ask_growth(
    rows: Sequence[int | None],
    figures: pa.Array,
    days: Sequence[date | None],
    accounts: int,
    clock: date = CLOCK,
    **options: Any,
) -> Made:
    """Growth from a history table whose records point to rows of the accounts."""
    columns = (ColumnName("history", "revenue"), ColumnName("history", "as_of"))
    inputs = (figures, pa.array(days, pa.date32()))
    linked = Linked(dict(zip(("revenue", "as_of"), inputs, strict=True)), len(rows), pa.array(rows, pa.int32()), ())
    asked = Asked("growth", "growth", TEXT, columns, inputs)
    call = Call((asked,), accounts, options, clock=clock, table="accounts", tables={"history": linked})
    return make_tables(call, call.asked)
