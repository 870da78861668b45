"""Runs a spec given as text over rows given as dicts."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import pyarrow as pa

from segdsl.diagnostics import Diagnostics, SourceText
from segdsl.engines.arrow.execution import RunInputs, execute
from segdsl.engines.arrow.physical import arrow_type
from segdsl.engines.arrow.results import RunTables
from segdsl.language.parser import parse
from segdsl.model.build import build_model
from segdsl.model.model import Model
from segdsl.model.source import Source
from segdsl.plan import Plan, build_plan, clock_of
from segdsl.types import Kind, Type, money_places

TODAY = date(2026, 1, 31)
Rows = Sequence[Mapping[str, Any]]


def model_of(spec: str) -> Model:
    """The model of a spec that must be free of errors."""
    tree, found = parse(SourceText("test.seg", spec))
    model, more = build_model([tree])
    errors = [d for d in (*found, *more) if d.is_error and d.code != "SEG401"]
    assert model is not None and not errors, [(d.code, d.message) for d in errors]
    return model


def run(model: Model, rows: Mapping[str, Rows], **options: Any) -> RunTables:
    """What a run gives on the rows."""
    tables, found = run_any(model, rows, **options)
    assert tables is not None, [(d.code, d.message) for d in found]
    return tables


def run_any(model: Model, rows: Mapping[str, Rows], **options: Any) -> tuple[RunTables | None, Diagnostics]:
    return carry_out(build_plan(model, clock_of(model, TODAY)), model, rows, **options)


def carry_out(
    plan: Plan, model: Model, rows: Mapping[str, Rows], **options: Any
) -> tuple[RunTables | None, Diagnostics]:
    tables = {name: table_of(model.sources[name], found) for name, found in rows.items()}
    return execute(plan, model.sources, RunInputs(files={}, tables=tables, **options))


def table_of(source: Source, rows: Rows) -> pa.Table:
    """Rows in the physical types of a source's columns; a value that a row doesn't give is missing."""
    columns = {
        c.name: pa.array([physical(row.get(c.name), c.type) for row in rows], plain(c.type)) for c in source.columns
    }
    table = pa.table(columns)
    for place, column in enumerate(source.columns):
        if column.type.kind is Kind.CATEGORY:
            coded = table.column(column.name).dictionary_encode()
            table = table.set_column(place, column.name, coded)
    return table


def plain(type_: Type) -> pa.DataType:
    return pa.string() if type_.kind is Kind.CATEGORY else arrow_type(type_)


def physical(value: Any, type_: Type) -> Any:
    if value is None or type_.kind is not Kind.MONEY:
        return value
    return int(value * 10 ** money_places(type_.currency or ""))
