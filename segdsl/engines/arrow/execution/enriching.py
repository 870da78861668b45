"""Columns that plugins make: distinct inputs are gathered, the plugin is called, and its promises are checked."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import numpy as np
import pyarrow as pa

from segdsl.diagnostics import Diagnostic, Label
from segdsl.engines.arrow.aggregation.columns import Ints, joined
from segdsl.engines.arrow.batch import Batch
from segdsl.engines.arrow.distinct_rows import distinct_rows
from segdsl.engines.arrow.execution.plugin_calls import MadeColumns
from segdsl.engines.arrow.execution.pointers import pointers_to
from segdsl.engines.arrow.execution.state import Chunk, Frame, State, column_slot
from segdsl.engines.arrow.physical import arrow_type
from segdsl.engines.arrow.plugin_values import for_plugin, from_plugin
from segdsl.model.catalog import ColumnName, Scope
from segdsl.model.model import EnrichedColumn
from segdsl.plan.steps import Enrich, ReadColumn
from segdsl.plugin import Asked, Call, Linked, Made, Note
from segdsl.plugin.arrays import BrokenPromise
from segdsl.plugin.calling import Culprit, Raised, attempt, broken, diagnose

# A plugin is handed at most so many distinct rows at once.
BATCH_ROWS = 1 << 16
_EXAMPLES = 3


@dataclass(frozen=True, slots=True)
class _Noted:
    """A note with the rows of the table that it is about, and the first values there."""

    note: Note
    rows: int
    examples: tuple[str, ...]


def enrich(state: State, step: Enrich) -> None:
    """Makes the columns of a step and keeps them with the table; a failure of the plugin is noted with the calls."""
    calls = state.inputs.calls
    key = (step.table, step.enrichment.number, tuple(column.name for column in step.columns))
    made = calls.made.get(key)
    if made is None:
        outcome = _called(state, step)
        if isinstance(outcome, Diagnostic):
            calls.failed[step.enrichment.number] = outcome
            state.plugin_failed = True
            return
        made = calls.made[key] = outcome
    frame = state.frames[step.table]
    frame.slots.update({column_slot(name): array for name, array in made.columns.items()})
    state.diagnostics.extend(made.notes)
    for kind, table in made.tables.items():
        state.plugin_tables[_free_name(state, f"{step.table}.{step.enrichment.plugin}.{kind}")] = table


def _free_name(state: State, wanted: str) -> str:
    """The name of a plugin's table; of several blocks of one plugin the later ones are numbered."""
    number, name = 1, wanted
    while name in state.plugin_tables:
        number += 1
        name = f"{wanted}.{number}"
    return name


def _called(state: State, step: Enrich) -> MadeColumns | Diagnostic:
    """What the plugin makes; its exceptions and broken promises are diagnostics that name its package."""
    name = step.enrichment.plugin
    options = {option.name: option.span for option in step.enrichment.options}
    whose = Culprit(name, state.inputs.calls.packages.get(name, ""), step.enrichment.span, options)
    what = f"add {', '.join(f'`{column.name}`' for column in step.columns)}"
    try:
        return _by_rows(state, step) if step.columns[0].scope is Scope.ROW else _by_table(state, step)
    except _Failed as failed:
        return diagnose(failed.raised, whose, what)
    except BrokenPromise as promise:
        return broken(whose, what, f"it broke its promise: {promise}")


class _Failed(Exception):
    """The plugin raised."""

    def __init__(self, raised: Raised) -> None:
        super().__init__(raised.reason)
        self.raised = raised


# ---- outputs that rest on their own row


def _by_rows(state: State, step: Enrich) -> MadeColumns:
    frame = state.frames[step.table]
    read = {one.name: one for one in step.reads}
    columns = [read[one.column] for one in step.columns[0].inputs]
    inputs = [_physical(state, one) for one in columns]
    first, inverse = distinct_rows(inputs, frame.length)
    counts = None if inverse is None else np.bincount(inverse, minlength=len(first))
    parts: dict[str, list[pa.Array]] = {name: [] for column in step.columns for name, _ in column.all_columns}
    noted: list[_Noted] = []
    spent = Decimal(0)
    for start in range(0, max(len(first), 1), BATCH_ROWS):
        rows = pa.array(first[start : start + BATCH_ROWS])
        here = tuple(for_plugin(array.take(rows), one.type) for array, one in zip(inputs, columns, strict=True))
        asked = tuple(Asked(c.name, c.output, c.type, c.inputs, here) for c in step.columns)
        made = _make(
            state, step, Call(asked, len(rows), dict(step.enrichment.values), _paths(state, step), state.plan.clock)
        )
        for name, array in _checked(step.columns, made, len(rows)):
            parts[name].append(array)
        weights = np.ones(len(rows), np.int64) if counts is None else counts[start : start + BATCH_ROWS]
        noted += [_noted(note, made, weights, here) for note in made.notes]
        spent += Decimal(made.spent)
    found = {name: joined(arrays, pa.null()) for name, arrays in parts.items()}
    if inverse is not None:
        places = pa.array(inverse)
        found = {name: array.take(places) for name, array in found.items()}
    return MadeColumns(found, tuple(_note_diagnostics(state, step, noted)), {}, spent)


# ---- outputs that see whole tables


def _by_table(state: State, step: Enrich) -> MadeColumns:
    frame = state.frames[step.table]
    read = {ColumnName(one.table, one.name): for_plugin(_physical(state, one), one.type) for one in step.reads}
    asked = tuple(
        Asked(c.name, c.output, c.type, c.inputs, tuple(read[_placed(step, one)] for one in c.inputs))
        for c in step.columns
    )
    others = dict.fromkeys(one.table for one in step.reads if one.table != step.table)
    store = state.inputs.calls.store
    call = Call(
        asked,
        frame.length,
        dict(step.enrichment.values),
        _paths(state, step),
        state.plan.clock,
        table=step.enrichment.source,
        columns={one.column: array for one, array in read.items() if one.table == step.table},
        tables={other: _linked(state, step, other, read) for other in others},
        key=_key(frame),
        key_names=frame.source.key,
        personal=_personal(step),
        max_cost=state.inputs.calls.left_to_spend,
        store=None if store is None else store / step.enrichment.plugin,
    )
    made = _make(state, step, call)
    columns = dict(_checked(step.columns, made, frame.length))
    weights = np.ones(frame.length, np.int64)
    inputs = {a.name: a.inputs for a in asked}
    noted = [_noted(note, made, weights, inputs.get(note.column, call.key)) for note in made.notes]
    return MadeColumns(columns, tuple(_note_diagnostics(state, step, noted)), made.tables, Decimal(made.spent))


def _personal(step: Enrich) -> frozenset[ColumnName]:
    """The columns of a call that hold personal data, as the plugin names them."""
    own = step.enrichment.source
    return frozenset(
        ColumnName(own if one.table == step.table else one.table, one.name) for one in step.reads if one.personal
    )


def _placed(step: Enrich, one: ColumnName) -> ColumnName:
    return ColumnName(step.table, one.column) if one.table == step.enrichment.source else one


def _key(frame: Frame) -> tuple[pa.Array, ...]:
    types = {column.name: column.type for column in frame.source.columns}
    return tuple(for_plugin(array, types[name]) for name, array in zip(frame.source.key, frame.key(), strict=True))


def _linked(state: State, step: Enrich, other: str, read: Mapping[ColumnName, pa.Array]) -> Linked:
    frame = state.frames[other]
    path = next((path for path in step.links if path.child == other), None)
    rows = None
    if path is not None and path.parent == step.table:
        chunk = Chunk(other, Batch(frame.length, {}), {}, frame)
        found: Ints = pointers_to(state.frames[step.table], path).find(chunk).to_numpy()
        rows = pa.array(found, mask=found < 0)
    elif path is not None:
        # Rows of a `like` source have no related rows of their own.
        rows = pa.nulls(frame.length, pa.int64())
    columns = {one.column: array for one, array in read.items() if one.table == other}
    return Linked(columns, frame.length, rows, _key(frame))


# ---- the call


def _paths(state: State, step: Enrich) -> Mapping[str, tuple[Path, ...]]:
    number = step.enrichment.number
    return {option: found for (block, option), found in state.inputs.calls.paths.items() if block == number}


def _make(state: State, step: Enrich, call: Call) -> Made:
    made = attempt(state.inputs.calls.enrichers[step.enrichment.plugin].make, call)
    if isinstance(made, Raised):
        raise _Failed(made)
    if not isinstance(made, Made):
        raise BrokenPromise(f"it gave {type(made).__name__} instead of Made")
    return made


def _checked(columns: Iterable[EnrichedColumn], made: Made, length: int) -> Iterator[tuple[str, pa.Array]]:
    """Every promised column in its physical type. Raises BrokenPromise."""
    for column in columns:
        for name, type_ in column.all_columns:
            if name not in made.columns:
                raise BrokenPromise(f"the column `{name}` is missing from what it gave")
            yield name, from_plugin(name, made.columns[name], type_, length)


def _physical(state: State, read: ReadColumn) -> pa.Array:
    """A column as the engine holds it; one that a `like` source lacks is missing in every row."""
    frame = state.frames[read.table]
    found = frame.slots.get(column_slot(read.name))
    return pa.nulls(frame.length, arrow_type(read.type)) if found is None else found


# ---- notes


def _noted(note: Note, made: Made, weights: Ints, inputs: tuple[pa.Array, ...]) -> _Noted:
    where = np.asarray(pa.array(note.where, pa.bool_()).fill_null(False))
    if len(where) != len(weights):
        raise BrokenPromise(f'its note "{note.message}" has {len(where)} rows, not {len(weights)}')
    rows = np.flatnonzero(where)
    first = inputs[0].take(pa.array(rows[:_EXAMPLES])).to_pylist() if inputs and len(inputs[0]) == len(weights) else []
    return _Noted(note, int(weights[rows].sum()), tuple(str(value) for value in first if value is not None))


def _note_diagnostics(state: State, step: Enrich, noted: Iterable[_Noted]) -> Iterator[Diagnostic]:
    """One warning for each note, batches added up. Values of personal columns are not shown."""
    groups: dict[tuple[str, str], list[_Noted]] = {}
    for one in noted:
        if one.rows:
            groups.setdefault((one.note.column, one.note.message), []).append(one)
    spans = {name: column.span for column in step.columns for name, _ in column.all_columns}
    for (name, message), group in groups.items():
        rows = sum(one.rows for one in group)
        column = next((c for c in step.columns if any(name == made for made, _ in c.all_columns)), None)
        hidden = column is None or step.is_personal(column)
        examples = () if hidden else tuple(dict.fromkeys(e for one in group for e in one.examples))[:_EXAMPLES]
        counted = f"{rows:,} row{'s' if rows != 1 else ''} of `{step.table}`"
        yield Diagnostic(
            "SEG410",
            f"{counted}: {message}",
            (Label(spans.get(name, step.enrichment.span)),),
            help=group[0].note.help,
            notes=(f"such as {', '.join(f'`{_short(e)}`' for e in examples)}",) if examples else (),
        )


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:57]}..."
