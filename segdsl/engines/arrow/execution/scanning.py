"""Reading sources: streaming files past their row-wise work, deriving and stacking tables."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
import pyarrow as pa

from segdsl.diagnostics import has_errors
from segdsl.diagnostics.codes import PLUGIN_FAILED
from segdsl.engines.arrow.aggregation.columns import joined
from segdsl.engines.arrow.batch import Batch, Tally
from segdsl.engines.arrow.execution.frames import in_order, make_frame
from segdsl.engines.arrow.execution.kernel import Absorb, Kernel
from segdsl.engines.arrow.execution.link_checks import Orphans, report_orphans
from segdsl.engines.arrow.execution.pointers import pointers_to
from segdsl.engines.arrow.execution.state import ROW_SLOT, Chunk, Slot, State, column_slot, pointer_slot
from segdsl.engines.arrow.execution.work import kernel_of
from segdsl.engines.arrow.reading import ROW_COLUMN, ScanFacts, SourceScan, derive_source, stack_sources
from segdsl.plan.steps import CheckLinks, ConvertAmounts, Derive, Scan, Stack, Step

Drops = tuple[tuple[Orphans, bool], ...]


class Opened(Protocol):
    """Something that gives the rows of a source, and then what was found out about them."""

    @property
    def schema(self) -> pa.Schema: ...

    def batches(self) -> Iterator[pa.RecordBatch]: ...

    def finish(self) -> ScanFacts: ...


@dataclass(frozen=True, slots=True)
class TableScan:
    """A table in memory that stands in for a source's files; its values are taken as they are."""

    table: pa.Table
    columns: tuple[str, ...]
    rows: int

    @property
    def schema(self) -> pa.Schema:
        return self._numbered().schema

    def batches(self) -> Iterator[pa.RecordBatch]:
        yield from self._numbered().to_batches(max_chunksize=self.rows)

    def _numbered(self) -> pa.Table:
        numbers = pa.array(np.arange(1, self.table.num_rows + 1, dtype=np.int64))
        return self.table.select(list(self.columns)).append_column(ROW_COLUMN, numbers)

    def finish(self) -> ScanFacts:
        return ScanFacts(rows_read=self.table.num_rows)


@dataclass(frozen=True, slots=True)
class _Passed:
    """A batch that went through its work: the rows that stay, what is to be added up, and how many rows were read."""

    chunk: Chunk
    absorbs: tuple[Absorb, ...]
    read: int


def scan(state: State, step: Scan, check_only: bool = False) -> None:
    """Reads a source, does its row-wise work batch by batch, and holds what later steps need.

    With `check_only` nothing but the contract is looked at.
    """
    checks = [inner for inner in step.work if isinstance(inner, CheckLinks)]
    others = [inner for inner in step.work if _is_done(state, inner, check_only)]
    kernels = [kernel_of(state, inner) for inner in others]
    orphans = tuple(
        (Orphans(pointers_to(state.frames[path.parent], path)), check.drop_orphans)
        for check in checks
        for path in check.links
        if path.parent in state.frames
    )
    opened = _open(state, step)
    parts: dict[Slot, list[pa.Array]] = {slot: [] for slot in _kept_slots(state, step, kernels, orphans)}
    length = read = 0
    for passed in in_order(state, _batches(opened), lambda batch: _pass(step, batch, kernels, orphans)):
        state.tally.merge(passed.chunk.batch.tally)
        for absorb in passed.absorbs:
            absorb()
        for slot, arrays in parts.items():
            arrays.append(passed.chunk.slots[slot])
        length += passed.chunk.length
        read += passed.read
        state.inputs.on_progress(f"reading {step.table}", read, 0)
    _finish(state, step, opened.finish(), orphans)
    if step.held:
        make_frame(state, step.table, {slot: joined(arrays, pa.null()) for slot, arrays in parts.items()}, length)
    for kernel in kernels:
        kernel.finish()


def _is_done(state: State, inner: Step, check_only: bool) -> bool:
    """Whether work is done on the batches. A rate for every amount is part of the contract."""
    if check_only:
        return isinstance(inner, ConvertAmounts) and has_rates(state, inner)
    return not isinstance(inner, CheckLinks)


def has_rates(state: State, step: ConvertAmounts) -> bool:
    """Whether the rates that a conversion needs are in memory, and good."""
    names = [column.conversion.rates for column in step.columns if column.conversion is not None]
    return all(name in state.frames and not failed(state, name) for name in names)


def _batches(opened: Opened) -> Iterator[pa.RecordBatch]:
    """The batches of a source, or an empty one, so that a table without rows still has its columns."""
    found = False
    for batch in opened.batches():
        found = True
        yield batch
    if not found:
        yield pa.RecordBatch.from_pylist([], opened.schema)


def derive(state: State, step: Derive) -> None:
    """Makes a source with one row per key of another one."""
    parent = state.sources[step.parent]
    table, facts = derive_source(step.source, parent, _as_table(state, step.parent), step.columns)
    _take_in(state, step, table, facts)


def stack(state: State, step: Stack) -> None:
    """Makes a source of the rows of several others."""
    parents = [state.sources[name] for name in step.parents]
    tables = [_as_table(state, name) for name in step.parents]
    table, facts = stack_sources(step.source, parents, tables, state.plan.clock, step.columns)
    _take_in(state, step, table, facts)


def _take_in(state: State, step: Derive | Stack, table: pa.Table, facts: ScanFacts) -> None:
    state.facts[step.table] = facts
    state.diagnostics.extend(facts.diagnostics)
    slots = {column_slot(name): joined(table.column(name).chunks, table.column(name).type) for name in step.columns}
    make_frame(state, step.table, slots, table.num_rows)


def _as_table(state: State, name: str) -> pa.Table:
    """The declared columns of a table in memory."""
    frame = state.frames[name]
    columns = {c.name: frame.slots.get(column_slot(c.name)) for c in frame.source.columns}
    return pa.table({name: array for name, array in columns.items() if array is not None})


def _open(state: State, step: Scan) -> Opened:
    table = state.inputs.tables.get(step.table)
    if table is not None:
        return TableScan(table, step.columns, state.inputs.chunk_rows)
    files = state.inputs.files[step.table]
    return SourceScan(step.source, files, state.plan.clock, step.columns, step.coded, number_rows=True)


def _kept_slots(state: State, step: Scan, kernels: list[Kernel], orphans: Drops) -> list[Slot]:
    """What is held of each row after the pass: columns, and what the work found out about the row."""
    if not step.held:
        return []
    computed = [slot for kernel in kernels for slot in kernel.slots]
    pointers = [pointer_slot(found.pointers.path) for found, _ in orphans]
    judging = (CheckLinks, ConvertAmounts)
    judged = any(isinstance(later, judging) and later.table == step.table for later in state.plan.steps)
    numbers = [ROW_SLOT] if judged else []
    return list(dict.fromkeys([*map(column_slot, step.kept), *computed, *pointers, *numbers]))


def _pass(step: Scan, batch: pa.RecordBatch, kernels: list[Kernel], orphans: Drops) -> _Passed:
    slots = {column_slot(name): batch.column(name) for name in batch.schema.names}
    chunk = Chunk(step.table, Batch(batch.num_rows, {}, Tally()), slots)
    absorbs: list[Absorb] = []
    kept = np.ones(chunk.length, dtype=bool)
    for found, drops in orphans:
        lost = found.find(chunk)
        if lost.any():
            absorbs.append(found.noting(chunk, lost))
            kept &= ~lost | (not drops)
    if not kept.all():
        chunk = _only(chunk, kept)
    done = [kernel.run(chunk) for kernel in kernels]
    return _Passed(chunk, (*absorbs, *(absorb for absorb in done if absorb is not None)), batch.num_rows)


def _only(chunk: Chunk, kept: np.ndarray) -> Chunk:
    rows = pa.array(kept)
    slots = {slot: array.filter(rows) for slot, array in chunk.slots.items()}
    return replace(chunk, batch=Batch(int(kept.sum()), {}, chunk.batch.tally), slots=slots)


def _finish(state: State, step: Scan, facts: ScanFacts, orphans: Drops) -> None:
    dropped = sum(report_orphans(state, step.source, found, facts.places) for found, drops in orphans if drops)
    for found, drops in orphans:
        if not drops:
            report_orphans(state, step.source, found, facts.places)
    state.facts[step.table] = replace(facts, rows_dropped=facts.rows_dropped + dropped)
    failures = [found for found in facts.diagnostics if found.code in PLUGIN_FAILED]
    if failures:
        # What a plugin couldn't read is left out of the run, with all that rests on it.
        state.inputs.calls.failed_sources[step.table] = tuple(failures)
        state.plugin_failed = True
        return
    state.diagnostics.extend(facts.diagnostics)


def failed(state: State, table: str) -> bool:
    """Whether the contract of a source is broken."""
    return table in state.facts and has_errors(state.facts[table].diagnostics)
