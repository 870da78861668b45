"""The steps of a plan: what is done to which table, in order. Each is a value that prints."""

from collections.abc import Iterable, Iterator
from datetime import date

from segdsl.diagnostics import Span
from segdsl.model.expression import Expr, Follow, LinkAggregate, LinkPath, TableAggregate
from segdsl.model.model import (
    Audience,
    EnrichedColumn,
    Enrichment,
    Grade,
    Matching,
    Measure,
    PopulationRule,
    ScoreTerm,
    Segment,
)
from segdsl.model.source import ColumnContract, Source
from segdsl.record import dataclass
from segdsl.types import Type


@dataclass(frozen=True, slots=True)
class Named:
    """A column to be made: its name and what it is computed from."""

    name: str
    value: Expr


@dataclass(frozen=True, slots=True)
class Scan:
    """Reads a source's files in batches, checks its contract, and does the work that needs no more than the batch.

    `columns` are read, in declared order. `kept` are held in memory afterwards, in the order of the key; a table that
    is not `held` only streams by. `coded` are text columns read as dictionaries, because predicates stand on them.
    """

    source: Source
    columns: tuple[str, ...]
    kept: tuple[str, ...]
    coded: tuple[str, ...]
    held: bool
    work: tuple["Step", ...]

    @property
    def table(self) -> str:
        return self.source.name


@dataclass(frozen=True, slots=True)
class Derive:
    """Makes a source of one row per key of another one; its columns must be constant within a key."""

    source: Source
    parent: str
    columns: tuple[str, ...]

    @property
    def table(self) -> str:
        return self.source.name


@dataclass(frozen=True, slots=True)
class Stack:
    """Makes a source of the rows of several others, one below the other, and checks its contract."""

    source: Source
    parents: tuple[str, ...]
    columns: tuple[str, ...]

    @property
    def table(self) -> str:
        return self.source.name


@dataclass(frozen=True, slots=True)
class CheckLinks:
    """Finds the row that each link of the table's rows points to; a link to no row is a breach or drops the row."""

    table: str
    links: tuple[LinkPath, ...]
    drop_orphans: bool


@dataclass(frozen=True, slots=True)
class ConvertAmounts:
    """Amounts of a table, each in the currency that its row names, brought to the currency of their column's type."""

    table: str
    columns: tuple[ColumnContract, ...]


@dataclass(frozen=True, slots=True)
class Compute:
    """Row-wise fields of a table, each from what was there before or from fields listed earlier."""

    table: str
    fields: tuple[Named, ...]


@dataclass(frozen=True, slots=True)
class ReadColumn:
    """A column that a plugin reads, its type, and whether it holds personal data."""

    table: str
    name: str
    type: Type
    personal: bool


@dataclass(frozen=True, slots=True)
class Enrich:
    """Columns of a table that a plugin makes.

    `reads` are all columns it reads, of this table or of others. `links` are those from other tables that it reads to
    the rows of this one, where there is exactly one.
    """

    table: str
    enrichment: Enrichment
    columns: tuple[EnrichedColumn, ...]
    reads: tuple[ReadColumn, ...]
    links: tuple[LinkPath, ...]

    def is_personal(self, column: EnrichedColumn) -> bool:
        """Whether a column is made from personal data."""
        own = self.enrichment.source
        read = {(self.table if one.table == own else one.table, one.column) for one in column.inputs}
        return any(one.personal and (one.table, one.name) in read for one in self.reads)


@dataclass(frozen=True, slots=True)
class FollowLink:
    """Values of the linked rows, brought to the table."""

    table: str
    path: LinkPath
    values: tuple[Follow, ...]


@dataclass(frozen=True, slots=True)
class AggregateLink:
    """All aggregates over one link at once: one value per row of `path.parent` from the rows of `table`, its child."""

    table: str
    path: LinkPath
    aggregates: tuple[LinkAggregate, ...]


@dataclass(frozen=True, slots=True)
class AggregateTable:
    """Figures of a whole table or population (`over`), whose rows are rows of `table`."""

    table: str
    over: str
    aggregates: tuple[TableAggregate, ...]


@dataclass(frozen=True, slots=True)
class Filter:
    """A population: its rules in order, over the rows of a source or of another population (`parent`)."""

    table: str
    population: str
    parent: str | None
    rules: tuple[PopulationRule, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class AddTerms:
    """The terms of a score and their sum, for the rows of a population or source (`over`)."""

    table: str
    score: str
    over: str
    terms: tuple[ScoreTerm, ...]
    missing_terms_as_zero: bool
    type: Type
    span: Span


@dataclass(frozen=True, slots=True)
class RankScore:
    """Rank, percentile and grade of a score."""

    table: str
    score: str
    grades: tuple[Grade, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Classify:
    """Puts every row of a table into the segments of a scheme.

    `own` says that the table is the scheme's own, so that its members (the rows of `over`) are a result.
    """

    table: str
    scheme: str
    over: str
    own: bool
    matching: Matching
    segments: tuple[Segment, ...]
    measures: tuple[Measure, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class ExpectScore:
    """The mean score of each segment over the score's own population."""

    table: str
    score: str
    scheme: str
    type: Type


@dataclass(frozen=True, slots=True)
class ListAudience:
    """A list: chosen, ordered and cut rows of a population or source."""

    table: str
    audience: Audience


Step = (
    Scan
    | Derive
    | Stack
    | CheckLinks
    | ConvertAmounts
    | Compute
    | Enrich
    | FollowLink
    | AggregateLink
    | AggregateTable
    | Filter
    | AddTerms
    | RankScore
    | Classify
    | ExpectScore
    | ListAudience
)


def all_steps(steps: Iterable[Step]) -> Iterator[Step]:
    """Every step, those done while scanning after their scan."""
    for step in steps:
        yield step
        if isinstance(step, Scan):
            yield from step.work


@dataclass(frozen=True, slots=True)
class Skipped:
    """Something the plan leaves out, and why."""

    kind: str
    name: str
    reason: str
    span: Span | None


@dataclass(frozen=True, slots=True)
class Plan:
    """Steps in an order in which each finds what it needs. `skipped` is what is left out, each with its reason.

    `clock` is the day after which nothing is known; `clock_from` is the parameter it comes from, or empty for the day
    of the run.
    """

    steps: tuple[Step, ...]
    skipped: tuple[Skipped, ...]
    clock: date
    clock_from: str
