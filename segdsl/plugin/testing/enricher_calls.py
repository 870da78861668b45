"""Calls of an enricher: from an author's example, or made up; the same with other rows; and what comes back, judged."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from segdsl.model.catalog import ColumnName, Input, Options, Output, PluginSignature, Scope
from segdsl.plugin.arrays import BrokenPromise, array_type, promised_array
from segdsl.plugin.declarations import Enricher
from segdsl.plugin.enriching import Asked, Call, Linked, Made
from segdsl.plugin.testing.examples import EnrichExample
from segdsl.plugin.testing.faults import Failure, Fault, Refusal, attempt
from segdsl.plugin.testing.odd_values import TYPES, odd_rows
from segdsl.plugin.testing.options import call_options
from segdsl.record import dataclass, replace
from segdsl.types import Type

TABLE = "accounts"
_STATED = "the columns that were asked for, of their types, a value for every row"


@dataclass(frozen=True, slots=True)
class Columns:
    """What an enricher gave: every promised column as an array of its type."""

    arrays: Mapping[str, pa.Array]

    def rows(self, places: Sequence[int]) -> Mapping[str, list[Any]]:
        return {name: [array[place].as_py() for place in places] for name, array in self.arrays.items()}


# ---- making calls


def invented_call(signature: PluginSignature, output: Output, like: Call | None, turn: int) -> Call | None:
    """A call for one output of scope ROW with odd values; `turn` goes through the kinds that the inputs may have.

    Options, paths and the output's name are those of the call `like`, else the defaults. None where no type of column
    fits.
    """
    wanted = _inputs(output)
    types = tuple(TYPES[sorted(one.kinds)[turn % len(one.kinds)]].or_missing() for one in wanted)
    options = call_options(signature.options) if like is None else like.options
    made = output.type if isinstance(output.type, Type) else output.type(types, options)
    if not isinstance(made, Type):
        return None
    like_asked = None if like is None else next(a for a in like.asked if signature.output(a.output) is output)
    name = output.name.replace("*", "x", 1) if like_asked is None else like_asked.output
    columns = tuple(ColumnName(TABLE, f"input_{place}") for place in range(len(wanted)))
    inputs = tuple(odd_rows(types))
    asked = (Asked(name, name, made, columns, inputs),)
    length = len(inputs[0]) if inputs else 1
    return Call(asked, length, options) if like is None else Call(asked, length, options, like.paths, like.clock)


def _inputs(output: Output) -> tuple[Input, ...]:
    return (*output.inputs, output.inputs[-1]) if output.inputs and output.inputs[-1].repeats else output.inputs


def example_calls(signature: PluginSignature, example: EnrichExample) -> tuple[Call, ...]:
    """The calls that an author's example stands for: one for all outputs that see whole tables, and one for each list
    of inputs of the others. Raises ValueError where the example asks for what isn't there.
    """
    tables = {TABLE: _arrays(signature, example, TABLE, example.columns)}
    tables.update({name: _arrays(signature, example, name, one.columns) for name, one in example.tables.items()})
    options = call_options(signature.options, example.options, TABLE)
    groups: dict[tuple[ColumnName, ...] | None, list[Asked]] = {}
    for written in example.asks:
        asked = _asked(signature, example, written, tables, options)
        whole = _output(signature, asked.output).scope is Scope.TABLE
        groups.setdefault(None if whole else asked.columns, []).append(asked)
    length = len(next(iter(tables[TABLE].values()), ()))
    calls = []
    for inputs, group in groups.items():
        call = Call(tuple(group), length, options, example.paths, example.clock)
        calls.append(call if inputs is not None else _whole(call, example, tables))
    return tuple(calls)


def _whole(call: Call, example: EnrichExample, tables: Mapping[str, Mapping[str, pa.Array]]) -> Call:
    key = (pa.array(range(call.length), pa.int64()),)
    linked = {name: _linked(tables[name], one.rows) for name, one in example.tables.items()}
    return replace(call, table=TABLE, columns=tables[TABLE], tables=linked, key=key, key_names=("row",))


def _linked(columns: Mapping[str, pa.Array], rows: Sequence[int | None] | None) -> Linked:
    length = len(next(iter(columns.values()), ()))
    pointers = None if rows is None else pa.array(rows, pa.int64())
    return Linked(columns, length, pointers, (pa.array(range(length), pa.int64()),))


def _arrays(
    signature: PluginSignature, example: EnrichExample, table: str, columns: Mapping[str, Sequence[Any]]
) -> dict[str, pa.Array]:
    return {name: pa.array(v, array_type(_column_type(signature, example, table, name))) for name, v in columns.items()}


def _column_type(signature: PluginSignature, example: EnrichExample, table: str, name: str) -> Type:
    """The type that the example names, else the first that the output made from the column takes and the values fit."""
    shown = name if table == TABLE else f"{table}.{name}"
    if shown in example.types:
        return example.types[shown].or_missing()
    values = example.columns[name] if table == TABLE else example.tables[table].columns[name]
    for written, made_from in example.asks.items():
        names = [one.strip() for one in made_from.split(",")]
        if shown in names:
            wanted = _output(signature, written.split("=")[-1].strip()).inputs
            kinds = sorted(wanted[min(names.index(shown), len(wanted) - 1)].kinds)
            fitting = (kind for kind in kinds if _holds(TYPES[kind], values))
            return TYPES[next(fitting, kinds[0])].or_missing()
    fitting = (kind for kind in TYPES if _holds(TYPES[kind], values))
    return TYPES[next(fitting)].or_missing()


def _holds(type_: Type, values: Sequence[Any]) -> bool:
    try:
        pa.array(values, array_type(type_))
    except (pa.ArrowException, TypeError, ValueError, OverflowError):
        return False
    return True


def _output(signature: PluginSignature, name: str) -> Output:
    found = signature.output(name)
    if found is None:
        raise ValueError(f"the example asks for `{name}`, which `{signature.name}` doesn't declare")
    return found


def _asked(
    signature: PluginSignature,
    example: EnrichExample,
    written: str,
    tables: Mapping[str, Mapping[str, pa.Array]],
    options: Options,
) -> Asked:
    name, _, output = (one.strip() for one in written.partition("="))
    declared = _output(signature, output or name)
    places = [_place(one.strip()) for one in example.asks[written].split(",") if one.strip()]
    lost = next((one for one in places if one.column not in tables.get(one.table, {})), None)
    if lost is not None:
        raise ValueError(f"the example makes `{name}` from `{lost.column}`, of which it has no values")
    types = [_column_type(signature, example, one.table, one.column) for one in places]
    made = declared.type if isinstance(declared.type, Type) else declared.type(types, options)
    if not isinstance(made, Type):
        raise ValueError(f"`{name}` can't be made so: {made}")
    return Asked(name, output or name, made, tuple(places), tuple(tables[one.table][one.column] for one in places))


def _place(written: str) -> ColumnName:
    table, dot, column = written.partition(".")
    return ColumnName(table, column) if dot else ColumnName(TABLE, written)


# ---- the same call with other rows


def taken(call: Call, rows: Sequence[int], turned: bool = False) -> Call:
    """The call with these rows of its table; with `turned` the rows of other tables come in reverse."""
    others = {name: list(range(one.length)) for name, one in call.tables.items()}
    if turned:
        others = {name: found[::-1] for name, found in others.items()}
    if not rows:
        others = {name: [] for name in others}
    orders = {TABLE: pa.array(rows, pa.int64()), **{name: pa.array(o, pa.int64()) for name, o in others.items()}}
    asked = tuple(
        replace(one, inputs=tuple(a.take(orders[c.table]) for a, c in zip(one.inputs, one.columns, strict=True)))
        for one in call.asked
    )
    return replace(
        call,
        asked=asked,
        length=len(rows),
        columns={name: array.take(orders[TABLE]) for name, array in call.columns.items()},
        key=tuple(array.take(orders[TABLE]) for array in call.key),
        tables={name: _taken(one, orders[name], rows) for name, one in call.tables.items()},
    )


def _taken(linked: Linked, order: pa.Array, rows: Sequence[int]) -> Linked:
    pointers = linked.rows
    if pointers is not None:
        # A row that is no longer there is pointed to by none.
        pointers = pc.index_in(pointers.take(order), value_set=pa.array(rows, pa.int64())).cast(pa.int64())
    columns = {name: array.take(order) for name, array in linked.columns.items()}
    return Linked(columns, len(order), pointers, tuple(array.take(order) for array in linked.key))


# ---- what comes back


def call_enricher(declared: Enricher, call: Call, rule: str) -> Columns | Fault | Refusal:
    """What the enricher gives, if it keeps to what it declared."""
    made: object = attempt(lambda: declared.make(call))
    match made:
        case Refusal():
            return made
        case Failure():
            return made.fault(rule, f"columns for {call.length} rows, whatever is in them")
        case Made():
            return _judged(made, call, promised_types(declared, call), rule)
        case _:
            return Fault(rule, "an object `Made`", type(made).__name__, "return `Made(columns={...})`")


def promised_types(declared: Enricher, call: Call) -> Mapping[str, Type]:
    """The columns that a call must bring, those that come with others too."""
    return dict(_promised(declared, call))


def _promised(declared: Enricher, call: Call) -> Iterator[tuple[str, Type]]:
    from_name = PluginSignature(declared.name, "", outputs=declared.outputs).output  # type: ignore[arg-type]
    for asked in call.asked:
        yield asked.name, asked.type
        output = from_name(asked.output)
        assert output is not None
        for pattern, type_ in output.also:
            yield pattern.replace("*", asked.name, 1), type_


def _judged(made: Made, call: Call, types: Mapping[str, Type], rule: str) -> Columns | Fault:
    found = {}
    for name, type_ in types.items():
        if name not in made.columns:
            listed = ", ".join(f"`{one}`" for one in made.columns) or "nothing"
            mend = "give each asked column under `asked.name`, and those in `also` under their full names"
            return Fault(rule, f"the column `{name}`", listed, mend)
        try:
            found[name] = promised_array(name, made.columns[name], type_, call.length)
        except BrokenPromise as broken:
            return Fault(rule, f"{_STATED}: `{name}` is {type_}", str(broken), broken.mend)
    for note in made.notes:
        if len(note.where) != call.length:
            came = f'the note "{note.message}" has {len(note.where)} rows'
            return Fault(rule, f"notes about the {call.length} rows of the call", came, "say `where` row by row")
    stray = next((name for name, table in made.tables.items() if not isinstance(table, pa.Table)), None)
    if stray is not None:
        came = type(made.tables[stray]).__name__
        return Fault(rule, f"the table `{stray}` as a pyarrow Table", came, "build it with `pyarrow.table(...)`")
    return Columns(found)
