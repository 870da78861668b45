"""What a run holds while it goes on: tables in memory, figures, results, findings."""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from segdsl.diagnostics import Diagnostic
from segdsl.engines.arrow.aggregation.columns import plain_text
from segdsl.engines.arrow.batch import Batch, Tally
from segdsl.engines.arrow.execution.leaves import Leaves
from segdsl.engines.arrow.execution.plugin_calls import PluginCalls
from segdsl.engines.arrow.reading import ROW_COLUMN, DataFile, ScanFacts
from segdsl.engines.arrow.results import AttritionTable, AudienceTable
from segdsl.model.expression import LinkPath, TableAggregate
from segdsl.model.source import Source
from segdsl.plan.steps import Plan

# A column of a table in memory or of a batch: a kind and what tells columns of that kind apart.
Slot = tuple[str, Hashable]

POINTER = "pointer"

# A pass over a table is cut into chunks of about so many rows.
CHUNK_ROWS = 1 << 20

Progress = Callable[[str, int, int], None]


def silent(step: str, done: int, total: int) -> None:
    """Progress that nobody watches."""


@dataclass(frozen=True, slots=True)
class RunInputs:
    """What a plan is carried out on.

    `files` by source; `tables` stand in place of files, columns named as in the spec and in physical types.
    `calls` is what plugins are called with. `on_progress(step, done, total)` is told rows done of rows expected; total
    is 0 where it isn't known.
    """

    files: Mapping[str, tuple[DataFile, ...]]
    tables: Mapping[str, pa.Table] = field(default_factory=dict)
    calls: PluginCalls = field(default_factory=PluginCalls)
    threads: int = 2
    chunk_rows: int = CHUNK_ROWS
    on_progress: Progress = silent


@dataclass(slots=True)
class Frame:
    """A table in memory: rows in the order of the key, every column an array of `length`."""

    source: Source
    length: int
    slots: dict[Slot, pa.Array]

    def key(self) -> list[pa.Array]:
        """The key columns, texts plain: the order of a dictionary would tell in what order the rows were read."""
        return [plain_text(self.slots[column_slot(name)]) for name in self.source.key]


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of a table: one value, or one for each value of `per` in `groups`.

    With `per` the last of `values` is the figure of no rows, for values of `per` that don't occur.
    """

    values: pa.Array
    groups: pa.Array | None


@dataclass(slots=True)
class State:
    """Everything that steps have computed so far.

    `learning` are the rows, by table, from which whole-table figures are taken; of other tables, all.
    """

    plan: Plan
    inputs: RunInputs
    sources: Mapping[str, Source]
    frames: dict[str, Frame] = field(default_factory=dict)
    facts: dict[str, ScanFacts] = field(default_factory=dict)
    figures: dict[TableAggregate, Figure] = field(default_factory=dict)
    means: dict[tuple[str, str], pa.Array] = field(default_factory=dict)
    attrition: dict[str, AttritionTable] = field(default_factory=dict)
    undecided: dict[str, list[int]] = field(default_factory=dict)
    leaves: dict[str, Leaves] = field(default_factory=dict)
    plugin_failed: bool = False
    plugin_tables: dict[str, pa.Table] = field(default_factory=dict)
    audiences: dict[str, AudienceTable] = field(default_factory=dict)
    tally: Tally = field(default_factory=Tally)
    diagnostics: list[Diagnostic] = field(default_factory=list)
    learning: Mapping[str, npt.NDArray[np.bool_]] = field(default_factory=dict)


@dataclass(slots=True)
class Chunk:
    """Rows that are worked on together: a batch of a scan, or a slice of a table in memory.

    `slots` holds what is known of just these rows; what is not there is sliced out of `frame` when asked for.
    """

    table: str
    batch: Batch
    slots: dict[Slot, pa.Array]
    frame: Frame | None = None
    start: int = 0

    @property
    def length(self) -> int:
        return self.batch.length

    def find(self, slot: Slot) -> pa.Array | None:
        found = self.slots.get(slot)
        if found is None and self.frame is not None and slot in self.frame.slots:
            found = self.slots[slot] = self.frame.slots[slot].slice(self.start, self.length)
        return found

    def column(self, name: str) -> pa.Array:
        found = self.find(column_slot(name))
        assert found is not None, f"column {name} of {self.table} was not kept"
        return found


def column_slot(name: str) -> Slot:
    """A declared column or field."""
    return ("column", name)


# The number of each row in the source's files, for messages about links.
ROW_SLOT = column_slot(ROW_COLUMN)


def node_slot(node: Hashable) -> Slot:
    """A followed link, an aggregate over a link, or a rank, by its expression."""
    return ("node", node)


def inside_slot(population: str) -> Slot:
    """Whether a row belongs to a population."""
    return ("inside", population)


def leaf_slot(scheme: str) -> Slot:
    """The place of a row's segment among the leaves of a scheme, -1 for none."""
    return ("leaf", scheme)


def lists_slot(scheme: str) -> Slot:
    """The segments of a row in an overlapping scheme."""
    return ("lists", scheme)


def score_slot(score: str, part: str = "value") -> Slot:
    """A score's total, or its rank, percentile or grade."""
    return ("score", (score, part))


def term_slot(score: str, place: int) -> Slot:
    return ("term", (score, place))


def pointer_slot(path: LinkPath) -> Slot:
    """The row of the parent that each row points to, -1 for none."""
    return (POINTER, path)
