"""Links that point to no row: a breach, or rows to leave out."""

from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from segdsl.engines.arrow.aggregation.columns import Mask, valid_mask
from segdsl.engines.arrow.batch import Batch
from segdsl.engines.arrow.execution.frames import drop_rows
from segdsl.engines.arrow.execution.kernel import Absorb
from segdsl.engines.arrow.execution.pointers import Pointers, pointers_to
from segdsl.engines.arrow.execution.state import POINTER, ROW_SLOT, Chunk, State, pointer_slot
from segdsl.engines.arrow.reading import ROW_COLUMN, check_links
from segdsl.engines.arrow.reading.facts import Places
from segdsl.model.expression import LinkPath
from segdsl.model.source import Source
from segdsl.plan.steps import CheckLinks

# Findings after which a parent may lack rows, so that nothing can be said of links to it.
_LACKING = frozenset({"SEG501", "SEG503", "SEG601", "SEG611"})


@dataclass(frozen=True, slots=True)
class Orphans:
    """The rows of one link that point to no row, gathered with their row numbers for the message."""

    pointers: Pointers
    tables: list[pa.Table] = field(default_factory=list)

    def find(self, chunk: Chunk) -> Mask:
        """Where all parts of the link are known and no row of the parent has that key."""
        missed: Mask = self.pointers.find(chunk).to_numpy() < 0
        if not missed.any():
            return missed
        for name in self.pointers.path.columns:
            missed &= valid_mask(chunk.column(name))
        return missed

    def noting(self, chunk: Chunk, lost: Mask) -> Absorb:
        """Keeps the link's columns of the lost rows, when it is this chunk's turn."""
        rows = pa.array(np.flatnonzero(lost))
        columns = {name: chunk.column(name).take(rows) for name in self.pointers.path.columns}
        numbers = chunk.find(ROW_SLOT)
        if numbers is not None:
            columns[ROW_COLUMN] = numbers.take(rows)
        return lambda: self.tables.append(pa.table(columns))


def check_table(state: State, step: CheckLinks) -> None:
    """Checks links of a table in memory; the row that each row points to is kept with the table."""
    frame = state.frames[step.table]
    kept = np.ones(frame.length, dtype=bool)
    dropped = 0
    for path in step.links:
        if path.parent not in state.frames:
            continue
        chunk = Chunk(step.table, Batch(frame.length, {}), {}, frame)
        orphans = Orphans(pointers_to(state.frames[path.parent], path))
        lost = orphans.find(chunk)
        if path.parent != step.table:
            frame.slots[pointer_slot(path)] = chunk.slots[pointer_slot(path)]
        if lost.any():
            orphans.noting(chunk, lost)()
            dropped += report_orphans(state, frame.source, orphans, state.facts[step.table].places)
            kept &= ~lost | (not step.drop_orphans)
    if not kept.all():
        drop_rows(frame, kept)
        _forget_pointers(state, step.table)


def _forget_pointers(state: State, table: str) -> None:
    """Rows of the table were dropped, so its rows have other numbers than when links to it were found."""
    for frame in state.frames.values():
        for slot in list(frame.slots):
            if slot[0] == POINTER and isinstance(slot[1], LinkPath) and slot[1].parent == table:
                del frame.slots[slot]


def report_orphans(state: State, source: Source, orphans: Orphans, places: Places) -> int:
    """Reports the orphans of a link, and says how many there are.

    Nothing is said of a parent that may lack rows: because it can't be read, or hides rows later than the clock.
    """
    if not orphans.tables:
        return 0
    path = orphans.pointers.path
    table = pa.concat_tables(orphans.tables)
    parent = state.facts[path.parent]
    lacking = parent.rows_hidden > 0 or any(d.code in _LACKING for d in parent.diagnostics)
    if not lacking:
        _, found = check_links(source, table, path, orphans.pointers.keys, places)
        state.diagnostics.extend(found)
    return int(table.num_rows)
