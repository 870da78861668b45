"""A sound declaration of each kind, for breaking in one way at a time."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pyarrow as pa

from segdsl.plugin import (
    COUNT,
    TEXT,
    Asked,
    Call,
    Enricher,
    Evaluator,
    ExportCall,
    Exporter,
    FieldName,
    FitCall,
    Fitted,
    Function,
    Input,
    Kind,
    Made,
    MeasureCall,
    Measured,
    Output,
    ReadCall,
    Reader,
    Refused,
    Scope,
    Section,
    SectionCall,
    SectionText,
    Segmenter,
    category,
)
from segdsl.plugin.testing import EnrichExample, FitExample, ReadExample, TableExample
from segdsl.types import Type

TEXTS = frozenset({Kind.TEXT, Kind.CATEGORY})
NAME = (Input("name", TEXTS),)
LIMIT = {"type": "integer", "minimum": 1, "default": 5, "description": "from how many letters a name is long"}


def schema(**properties: object) -> dict[str, object]:
    return {"type": "object", "additionalProperties": False, "properties": properties}


def columns(values: Callable[[Asked, list[Any]], Any]) -> Callable[[Call], Made]:
    """A function `make` from one that gives the values of a column, given those of its first input."""
    return lambda call: Made({one.name: values(one, one.inputs[0].to_pylist()) for one in call.asked})


def sized(call: Call) -> Made:
    limit = call.options["limit"]

    def one(name: str | None) -> str | None:
        return None if name is None else "long" if len(name) >= limit else "short"

    return columns(lambda _, names: list(map(one, names)))(call)


def enricher(make: Callable[[Call], Any] = sized, type_: Type = category("long", "short").or_missing()) -> Enricher:
    outputs = (Output("length", "Whether the name is long.", NAME, type_),)
    return Enricher("sized", "Length of names", outputs, make, schema(limit=LIMIT))


def counted(call: Call) -> Made:
    """How many rows of another table point to each row, and their share of all."""
    made: dict[str, list[Any]] = {}
    for one in call.asked:
        pointers = call.tables["invoices"].rows
        assert pointers is not None
        count = [pointers.to_pylist().count(row) for row in range(call.length)]
        made[one.name] = count
        made[f"{one.name}_share"] = [value / sum(count) if sum(count) else None for value in count]
    return Made(made)


def table_enricher(make: Callable[[Call], Any] = counted) -> Enricher:
    inputs = (Input("column of the other table", frozenset({Kind.COUNT})),)
    also = (("*_share", Type(Kind.RATIO, optional=True)),)
    outputs = (Output("rows_of_*", "How many rows point here.", inputs, COUNT, Scope.TABLE, also),)
    return Enricher("counting", "Linked rows", outputs, make)


TABLE_EXAMPLE = EnrichExample(
    asks={"rows_of_x": "invoices.amount"},
    columns={"name": ["a", "b", "c"]},
    tables={"invoices": TableExample({"amount": [5, None, 7, 8]}, rows=[1, 1, 2, None])},
    expected={"rows_of_x": [0, 2, 1]},
)


def function(compute: Callable[..., Any] | None = None, result: Type = COUNT) -> Function:
    def lengths(texts: pa.Array) -> pa.Array:
        return pa.array([len(text) for text in texts.to_pylist()], pa.int64())

    return Function("letters", "How many letters", NAME, result, compute or lengths)


def fit(call: FitCall) -> Fitted:
    by = call.options["by"]
    assert isinstance(by, FieldName)
    name = by.name
    known = [value for value in call.fields[name].to_pylist() if value is not None]
    if not known:
        raise Refused(f"`{name}` is missing in every row")
    return Fitted(f"segment large when {name} >= {max(known)}  segment other otherwise")


FIT_EXAMPLE = FitExample({"seats": [1, 7, None, 3]}, {"seats": COUNT.or_missing()}, {"by": "seats"})


def segmenter(fit: Callable[[FitCall], Any] = fit) -> Segmenter:
    by = {"type": "string", "format": "field", "description": "a number"}
    return Segmenter("largest", "The largest rows", fit, {**schema(by=by), "required": ["by"]})


def share(call: MeasureCall) -> Measured:
    rows = len(call.segments)
    return Measured((rows - call.segments.null_count) / rows if rows else None)


def evaluator(measure: Callable[[MeasureCall], Any] = share, each: bool = False, **more: Any) -> Evaluator:
    return Evaluator("placed", "The share of rows in a segment", measure, each, **more)


def read(call: ReadCall) -> Iterator[pa.RecordBatch]:
    try:
        rows = [json.loads(line) for line in call.path.read_text("utf-8").splitlines()]
    except ValueError as failure:
        raise Refused("a line is no JSON") from failure
    names = [name for name in call.columns if any(name in row for row in rows)]
    for start in range(0, len(rows), call.batch_rows):
        part = rows[start : start + call.batch_rows]
        yield pa.RecordBatch.from_pydict({name: [row.get(name) for row in part] for name in names})


READ_EXAMPLE = ReadExample(b'{"id": "1", "n": "5"}\n{"id": "2"}\n', {"id": ["1", "2"], "n": ["5", None]})


def reader(read: Callable[[ReadCall], Any] = read) -> Reader:
    return Reader("jsonish", "Lines of JSON", read)


def write(call: ExportCall) -> None:
    call.path.write_text(json.dumps(call.table.to_pylist(), default=str), encoding="utf-8")


def exporter(write: Callable[[ExportCall], Any] = write) -> Exporter:
    return Exporter("as_json", "Lists as JSON", write)


def tell(call: SectionCall) -> SectionText:
    return SectionText("Tables", tuple(f"{name}: {table.num_rows}" for name, table in sorted(call.tables.items())))


def section(write: Callable[[SectionCall], Any] = tell) -> Section:
    return Section("tables", "What tables there are", write)


__all__ = ["TEXT"]
