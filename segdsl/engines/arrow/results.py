"""What a run gives, as tables and counts."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

import pyarrow as pa

from segdsl.diagnostics import Diagnostics, Span
from segdsl.engines.arrow.reading import ScanFacts
from segdsl.model.plugin_use import PluginUse
from segdsl.types import Type, Value


@dataclass(frozen=True, slots=True)
class AttritionRow:
    """What one rule of a population did: rows dropped, rows left after it, and those it could not decide.

    An undecided row is one that reached the rule and on which its condition is unknown: `keep` drops it, `drop`
    leaves it in.
    """

    reason: str
    keep: bool
    dropped: int
    left: int
    undecided: int
    span: Span


@dataclass(frozen=True, slots=True)
class AttritionTable:
    """How a population came about: `start` rows of `table` (a source or another population), then its rules."""

    population: str
    table: str
    start: int
    rows: tuple[AttritionRow, ...]

    @property
    def left(self) -> int:
        return self.rows[-1].left if self.rows else self.start


@dataclass(frozen=True, slots=True)
class SegmentSummary:
    """A segment over the rows that its scheme is for.

    `path` is its name, for a nested one "parent/child". `share` is of all those rows, also unassigned ones. `means` are
    by score: the mean of the known scores in the segment, None where there is none. `undecided` rows reached the
    segment's rule and left it unknown (overlapping: rows on which it is unknown; nearest: None).
    """

    path: str
    title: str
    count: int
    share: float
    means: Mapping[str, Value]
    undecided: int | None
    span: Span


@dataclass(frozen=True, slots=True)
class SchemeSummary:
    """The segments of a scheme in order; nested ones follow their parent. `unassigned` rows are in none."""

    scheme: str
    table: str
    rows: int
    unassigned: int
    segments: tuple[SegmentSummary, ...]


@dataclass(frozen=True, slots=True)
class AudienceTable:
    """A list in its order, and its control group in the same order (None if the spec holds none out).

    `chosen` rows passed `where` and `except` before the list was cut to size. `keys` are the key columns of the listed
    rows and `control_keys` those of the control group.
    """

    table: pa.Table
    control: pa.Table | None
    chosen: int
    keys: pa.Table
    control_keys: pa.Table | None
    to: str | None
    exporter: PluginUse | None
    title: str
    types: Mapping[str, Type]


@dataclass(frozen=True, slots=True)
class RunTables:
    """Everything a run computes; all tables ordered by key, lists in their own order.

    scores: key columns, one column a term named by its label (`base` for the base; a label that stands twice is
    numbered), the total under the score's name, `rank`, `percentile`, and `grade` if it is graded; the rows of the
    score's table.
    members: key columns, `segment`, `micro` if segments nest, or `segments` for an overlapping scheme; the rows of the
    scheme's table. `columns_read` are by source. enriched: by source, key columns and the columns that plugins added.
    plugin_tables: what plugins want to be written besides, by source, plugin and name (`accounts.vendor.matches`).
    `spent` is what plugins paid.
    """

    scans: Mapping[str, ScanFacts]
    columns_read: Mapping[str, tuple[str, ...]]
    attrition: Mapping[str, AttritionTable]
    scores: Mapping[str, pa.Table]
    members: Mapping[str, pa.Table]
    segments: Mapping[str, SchemeSummary]
    audiences: Mapping[str, AudienceTable]
    enriched: Mapping[str, pa.Table]
    plugin_tables: Mapping[str, pa.Table]
    spent: Decimal
    diagnostics: Diagnostics
