"""Sources made of other sources: one row per key, or rows one below the other."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from segdsl.diagnostics import Diagnostic, Label, RowExamples
from segdsl.engines.arrow.physical import display_array
from segdsl.engines.arrow.reading.breaches import shown
from segdsl.engines.arrow.reading.columns import adapt
from segdsl.engines.arrow.reading.facts import Places, ScanFacts
from segdsl.engines.arrow.reading.findings import MOST_EXAMPLES, masked
from segdsl.engines.arrow.reading.headers import find_columns
from segdsl.engines.arrow.reading.judgement import Column, Judgement, keyless_finding
from segdsl.engines.arrow.reading.keys import complete, key_codes, plain
from segdsl.engines.arrow.reading.rule import Rule, rules_read
from segdsl.model.source import ColumnContract, Source


def derive_source(
    source: Source, parent: Source, table: pa.Table, columns: Collection[str] | None = None
) -> tuple[pa.Table, ScanFacts]:
    """One row per key of the parent's rows, ordered by key. `columns`: those wanted, None for all; the key always.

    A column must be constant within a key. Missing values don't contradict a known one: the row gets the known value.
    `table` holds the parent's columns that are asked for, in the physical types of the parent's declarations.
    """
    rules = rules_read(source, [c.name for c in source.columns] if columns is None else columns)
    lookup = find_columns([r.contract for r in rules], tuple(table.column_names), parent.name)
    if lookup.diagnostics:
        return _empty(rules), ScanFacts(lookup.diagnostics)
    key_headers = [r.contract.header for name in source.key for r in rules if r.contract.name == name]
    keyed = complete([table.column(h) for h in key_headers])
    kept = table if keyed.all() else table.filter(pa.array(keyed))
    groups = _grouped([kept.column(h) for h in key_headers])
    found = _keyless(source, parent, keyed)
    made: dict[str, Column] = {}
    for rule in rules:
        column = kept.column(rule.contract.header)
        places, conflicts = _constant(column, groups)
        if len(conflicts):
            found.append(_conflict_finding(source, parent, rule.contract, kept, key_headers, groups, places, conflicts))
        made[rule.contract.name] = _adapted(rule, parent, column.take(pa.array(places, mask=places < 0)))
    judgement = Judgement(source, rules, date.max)
    rows = np.arange(1, len(groups.first) + 1, dtype=np.int64)
    result = judgement.judge(source.name, made, rows, 0)
    derived = pa.table({r.contract.name: result.columns[r.contract.name] for r in rules})
    facts = judgement.facts(found, table.num_rows, Places((source.name,), (1,)))
    facts = replace(facts, rows_dropped=len(keyed) - int(keyed.sum()) if source.policies.drop_missing_key else 0)
    return derived.take(_by_key(derived, source.key)), facts


def stack_sources(
    source: Source,
    parents: Sequence[Source],
    tables: Sequence[pa.Table],
    clock: date,
    columns: Collection[str] | None = None,
) -> tuple[pa.Table, ScanFacts]:
    """The rows of several sources, one below the other, columns by name, held against the stacked source's contract.

    Row numbers in findings count the rows of each parent's table.
    """
    rules = rules_read(source, [c.name for c in source.columns] if columns is None else columns)
    judgement = Judgement(source, rules, clock)
    found: list[Diagnostic] = []
    starts: list[int] = []
    schema = pa.schema([pa.field(rule.contract.name, rule.arrow) for rule in rules])
    parts, numbers = [], [np.zeros(0, np.int64)]
    before = 0
    for parent, table in zip(parents, tables, strict=True):
        starts.append(before + 1)
        lookup = find_columns([r.contract for r in rules], tuple(table.column_names), parent.name)
        found.extend(lookup.diagnostics)
        made = {
            r.contract.name: _adapted(r, parent, table.column(r.contract.header))
            for r in rules
            if r.contract.name in lookup.places
        }
        rows = np.arange(1, table.num_rows + 1, dtype=np.int64)
        kept = judgement.judge(parent.name, made, rows, before)
        parts.append(pa.Table.from_arrays([kept.columns[n] for n in schema.names], schema=schema))
        numbers.append(kept.rows)
        before += table.num_rows
    places = Places(tuple(p.name for p in parents), tuple(starts))
    stacked = pa.concat_tables(parts).unify_dictionaries() if parts else schema.empty_table()
    if source.policies.duplicate is not None:
        stacked, _ = judgement.one_of_each_key(stacked, np.concatenate(numbers), places)
    return stacked, judgement.facts(found, before, places)


@dataclass(frozen=True, slots=True)
class _Groups:
    """Rows by key: the group of each row, from 0 on, and the first row of each group."""

    of_row: np.ndarray
    first: np.ndarray


def _grouped(keys: Sequence[pa.ChunkedArray]) -> _Groups:
    _, first, of_row = np.unique(key_codes(keys), return_index=True, return_inverse=True)
    return _Groups(of_row, first)


def _constant(column: pa.ChunkedArray, groups: _Groups) -> tuple[np.ndarray, np.ndarray]:
    """For each group a row that knows the column's value (-1: none does), and the rows that know another one."""
    codes = _value_codes(column)
    known = np.flatnonzero(codes >= 0)
    places = np.full(len(groups.first), -1, np.int64)
    # Of several rows written to one place the last stays: the first row of each group, for they are reversed.
    places[groups.of_row[known][::-1]] = known[::-1]
    return places, known[codes[known] != codes[places[groups.of_row[known]]]]


def _value_codes(column: pa.ChunkedArray) -> np.ndarray:
    """Equal numbers for equal values, -1 where missing."""
    flat = plain(column)
    if pa.types.is_list(flat.type):
        flat = pa.chunked_array([pa.array([None if v is None else repr(v) for v in flat.to_pylist()], pa.string())])
    parts = [chunk.indices.fill_null(-1).to_numpy() for chunk in flat.dictionary_encode().chunks]
    return np.concatenate(parts) if parts else np.zeros(0, np.int32)


def _adapted(rule: Rule, parent: Source, column: pa.ChunkedArray) -> Column:
    held = parent.column(rule.contract.header)
    kind = rule.type if held is None else held.type
    array = column.unify_dictionaries().combine_chunks() if column.num_chunks != 1 else column.chunk(0)
    if isinstance(array, pa.ChunkedArray):
        array = pa.concat_arrays(array.chunks) if array.num_chunks else pa.nulls(0, column.type)
    return Column(rule, adapt(array, kind, rule), display_array(array, kind))


def _by_key(table: pa.Table, key: tuple[str, ...]) -> pa.Array:
    sortable = pa.table({name: plain(table.column(name)) for name in key})
    return pc.sort_indices(sortable, sort_keys=[(name, "ascending") for name in key])


def _empty(rules: tuple[Rule, ...]) -> pa.Table:
    return pa.schema([pa.field(rule.contract.name, rule.arrow) for rule in rules]).empty_table()


def _keyless(source: Source, parent: Source, keyed: np.ndarray) -> list[Diagnostic]:
    at = np.flatnonzero(~keyed)
    if not len(at):
        return []
    first = tuple(int(i) + 1 for i in at[:MOST_EXAMPLES])
    return [keyless_finding(source, (RowExamples(parent.name, len(at), first),))]


def _conflict_finding(
    source: Source,
    parent: Source,
    contract: ColumnContract,
    kept: pa.Table,
    key_headers: list[str],
    groups: _Groups,
    places: np.ndarray,
    conflicts: np.ndarray,
) -> Diagnostic:
    groups_in_conflict, first = np.unique(groups.of_row[conflicts], return_index=True)
    held = parent.column(contract.header)
    texts = kept.column(contract.header)
    notes = []
    for group, at in list(zip(groups_in_conflict, first, strict=True))[:MOST_EXAMPLES]:
        pair = pa.concat_arrays([texts.slice(int(i), 1).combine_chunks() for i in (places[group], conflicts[at])])
        values = display_array(pair, held.type) if held is not None else pair
        one, other = (masked(shown(v), contract) for v in values.to_pylist())
        key = ", ".join(shown(kept.column(h)[int(places[group])].as_py()) for h in key_headers)
        notes.append(f"key `{key}` has `{one}` and `{other}`")
    count = len(groups_in_conflict)
    return Diagnostic(
        "SEG610",
        f"`{contract.name}` is not constant for {count:,} {'key' if count == 1 else 'keys'} of `{source.name}`",
        (Label(contract.span),),
        expected=f"one value of `{contract.header}` for each key in `{parent.name}`",
        help="leave the column out, or correct the data",
        notes=tuple(notes),
    )
