"""The model: everything a spec declares, with names resolved and expressions typed."""

from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType

from segdsl.diagnostics import Span
from segdsl.model.catalog import ColumnName, OptionValue, ProviderTerms, Scope
from segdsl.model.expression import Expr, LinkPath
from segdsl.model.plugin_use import PluginOption, PluginUse
from segdsl.model.source import Source
from segdsl.record import dataclass
from segdsl.types import Kind, Type, Value


@dataclass(frozen=True, slots=True)
class Param:
    """A value the command line can set. `value` is what holds in this model: what was set, else the default.

    Terms hold the value itself: a model is checked for its parameters, and checked anew for others.
    """

    name: str
    type: Type
    default: Value
    value: Value
    span: Span


@dataclass(frozen=True, slots=True)
class ConstantSet:
    """A named list of constants; from a file, its values are read when the project is loaded."""

    name: str
    values: tuple[Value, ...]
    type: Type
    span: Span


@dataclass(frozen=True, slots=True)
class Field:
    """A derived field of a source, evaluated on its rows."""

    name: str
    source: str
    expr: Expr
    span: Span


@dataclass(frozen=True, slots=True)
class Option:
    """One option of a plugin call or property: its values as constants or names, and where they stand."""

    name: str
    values: tuple[Value, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class EnrichedColumn:
    """A column that an enricher makes: the output that makes it, what it reads, and the columns that come with it."""

    name: str
    output: str
    type: Type
    inputs: tuple[ColumnName, ...]
    scope: Scope
    also: tuple[tuple[str, Type], ...]
    span: Span

    @property
    def all_columns(self) -> tuple[tuple[str, Type], ...]:
        """The column and those that come with it."""
        return ((self.name, self.type), *self.also)


@dataclass(frozen=True, slots=True)
class Enrichment:
    """An `enrich` block: columns that a plugin adds to a source.

    `values` are the options the plugin is called with, defaults included. `blocked` says why it can't be carried out,
    empty where it can; types are unknown where the plugin isn't there. `number` is the block's place among those of the
    spec.
    """

    number: int
    source: str
    plugin: str
    blocked: str
    columns: tuple[EnrichedColumn, ...]
    options: tuple[PluginOption, ...]
    values: tuple[tuple[str, OptionValue], ...]
    span: Span

    def column(self, name: str) -> EnrichedColumn | None:
        """The column that makes one of that name: itself, or the one it comes with."""
        return next((c for c in self.columns if any(name == made for made, _ in c.all_columns)), None)

    @property
    def providers(self) -> tuple[ProviderTerms, ...]:
        """The providers that options name."""
        values = (option.value for option in self.options)
        return tuple(
            one
            for value in values
            for one in (value if isinstance(value, tuple) else (value,))
            if isinstance(one, ProviderTerms)
        )

    @property
    def added(self) -> tuple[tuple[str, Type], ...]:
        """All columns it adds, with their types."""
        return tuple(pair for column in self.columns for pair in column.all_columns)


@dataclass(frozen=True, slots=True)
class PopulationRule:
    """`keep` or `drop` rows where the condition is true, with the reason that the attrition table shows."""

    keep: bool
    reason: str
    condition: Expr
    span: Span


@dataclass(frozen=True, slots=True)
class Population:
    """The rows of a source (or of another population, `parent`) that are analysed; rules run in order."""

    name: str
    title: str
    source: str
    parent: str | None
    rules: tuple[PopulationRule, ...]
    span: Span


class TermSign(StrEnum):
    BASE = "base"
    PLUS = "plus"
    MINUS = "minus"


@dataclass(frozen=True, slots=True)
class ScoreTerm:
    """One addend. `condition` None: always applies."""

    sign: TermSign
    label: str
    amount: Expr
    condition: Expr | None
    span: Span


@dataclass(frozen=True, slots=True)
class Grade:
    """A grade and the share of accounts it takes; None: the rest."""

    name: str
    share: Decimal | None


@dataclass(frozen=True, slots=True)
class Score:
    """An additive value of the accounts of a table (`population`: a population or a source)."""

    name: str
    title: str
    population: str
    source: str
    terms: tuple[ScoreTerm, ...]
    missing_terms_as_zero: bool
    grades: tuple[Grade, ...]
    type: Type
    span: Span


@dataclass(frozen=True, slots=True)
class Message:
    """A message of a segment for one buying stage, and its channels."""

    stage: str
    text: str
    channels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """The point of a prototype on one measure."""

    measure: str
    value: Value


@dataclass(frozen=True, slots=True)
class Segment:
    """A segment: by rule (`condition`; None means `otherwise`) or by prototype (`at`)."""

    name: str
    title: str
    condition: Expr | None
    at: tuple[Place, ...]
    properties: tuple[tuple[str, tuple[Value, ...]], ...]
    messages: tuple[Message, ...]
    children: tuple["Segment", ...]
    span: Span


class Matching(StrEnum):
    FIRST = "first"
    OVERLAPPING = "overlapping"
    NEAREST = "nearest"
    PLUGIN = "plugin"


# What a measure only tells as equal or not: values that differ are 1 apart.
COMPARED = frozenset({Kind.CATEGORY, Kind.BOOL})


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure of a `nearest` scheme: distances are divided by `scale`; `log` measures log(1 + x).

    Of a category or a yes-or-no (`COMPARED`) the distance is 0 or 1 before that.
    """

    name: str
    value: Expr
    log: bool
    scale: Decimal


@dataclass(frozen=True, slots=True)
class OutputColumn:
    name: str
    value: Expr


@dataclass(frozen=True, slots=True)
class Scheme:
    """A segmentation.

    `plugin` finds the segments where they aren't written, from what `reads` computes on each row: its matching is
    PLUGIN until they are found.
    """

    name: str
    title: str
    population: str
    source: str
    matching: Matching
    segments: tuple[Segment, ...]
    measures: tuple[Measure, ...]
    plugin: PluginUse | None
    reads: tuple[OutputColumn, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class SortKey:
    value: Expr
    descending: bool


@dataclass(frozen=True, slots=True)
class Audience:
    """A list to act on: rows of a table that satisfy `where` and are in none of `excluded` audiences or tables.

    `take` rows are kept after sorting (None: all), with `per` as many for each of its values. `hold_out` is the share
    of those taken that becomes the control group, drawn by a hash of the key. `exporter` writes the list, None: it is
    written as CSV or Parquet.
    """

    name: str
    title: str
    table: str
    source: str
    where: Expr | None
    excluded: tuple[str, ...]
    order: tuple[SortKey, ...]
    take: int | None
    per: Expr | None
    hold_out: Decimal | None
    columns: tuple[OutputColumn, ...]
    to: str | None
    span: Span
    exporter: PluginUse | None = None


class HypothesisForm(StrEnum):
    HIGHER = "higher"
    LOWER = "lower"
    CONDITION = "condition"
    SEPARATES = "separates"


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """A statement about proxies and a score.

    HIGHER and LOWER: that direction of a numeric proxy means a higher score (`score_higher`) or a lower one;
    CONDITION: a true or false proxy does; SEPARATES: the score differs between the proxy's categories.
    """

    name: str
    title: str
    form: HypothesisForm
    proxies: tuple[Expr, ...]
    score: str
    score_higher: bool
    because: str
    among: Expr | None
    priority: int
    span: Span


@dataclass(frozen=True, slots=True)
class Cost:
    """What a provider asks: an amount `per` record, field or once (`flat`); of time, priced by `wage` per hour.

    `currency` is the one of the amount, of time that of the wage.
    """

    amount: Value
    per: str
    wage: Value
    currency: str


@dataclass(frozen=True, slots=True)
class Provider:
    """Where fields can be got from; `covers` are (source, column) pairs. Shares are None where not stated."""

    name: str
    cost: Cost | None
    effort: int | None
    accuracy: Decimal | None
    reaches: Decimal | None
    age: Value
    covers: tuple[tuple[str, str], ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Requirement:
    """A gate: a measure of a scheme, of `each segment in` it, or of a score, against bounds, inclusive.

    `figure` is one of several that the measure gives, empty for its own. `is_share`: bounds are written as percentages.

    `strict` bounds exclude the bound itself.
    """

    measure: str
    figure: str
    scheme: str
    each_segment: bool
    low: Value
    high: Value
    low_strict: bool
    high_strict: bool
    is_share: bool
    span: Span


@dataclass(frozen=True, slots=True)
class MeasuredTable:
    """Another table that measures read, such as prospects: its rows' source, and the fields of them that are read."""

    name: str
    source: str
    fields: tuple[OutputColumn, ...]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Measurements of schemes against a score (`measures`), and of the score itself (`score_measures`).

    `fields` are read on the measured rows, `tables` besides. `number` is the evaluation's place among those of the
    spec.
    """

    number: int
    schemes: tuple[str, ...]
    score: str
    options: tuple[Option, ...]
    requirements: tuple[Requirement, ...]
    measures: tuple[PluginUse, ...]
    score_measures: tuple[PluginUse, ...]
    fields: tuple[OutputColumn, ...]
    tables: tuple[MeasuredTable, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class GivenRow:
    """Fields of one given row, by name."""

    values: tuple[tuple[str, Value], ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Given:
    """Rows that a test gives for a table; no rows is `given invoices none`."""

    source: str
    rows: tuple[GivenRow, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Expectation:
    """Either a condition on the row (`condition`), or the reason that drops it (`dropped`)."""

    condition: Expr | None
    dropped: str | None
    span: Span


@dataclass(frozen=True, slots=True)
class SpecTest:
    """An executable example; the first `given` with one row is the row that is classified."""

    title: str
    given: tuple[Given, ...]
    expectations: tuple[Expectation, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class About:
    """The frame of the project, as written: property and its texts."""

    entries: tuple[tuple[str, tuple[Value, ...]], ...]


@dataclass(frozen=True, slots=True)
class Model:
    """A checked spec with its imports. Mappings are by name, in the order of declaration.

    `failed_functions` and `failed_sources` are those of plugins that failed: what rests on them can't be carried out.

    `fields` holds the derived fields by (source, name). `order` is an order in which fields, populations, scores and
    schemes can be computed, each from those before it: (kind, name) pairs with kind one of "field" (name
    "source.field"), "population", "score", "scheme".
    """

    file: str
    about: About
    clock: str | None
    params: MappingProxyType[str, Param]
    sets: MappingProxyType[str, ConstantSet]
    sources: MappingProxyType[str, Source]
    fields: MappingProxyType[tuple[str, str], Field]
    enrichments: tuple[Enrichment, ...]
    populations: MappingProxyType[str, Population]
    scores: MappingProxyType[str, Score]
    schemes: MappingProxyType[str, Scheme]
    hypotheses: MappingProxyType[str, Hypothesis]
    providers: MappingProxyType[str, Provider]
    evaluations: tuple[Evaluation, ...]
    audiences: MappingProxyType[str, Audience]
    sections: tuple[PluginUse, ...]
    tests: tuple[SpecTest, ...]
    links: tuple[LinkPath, ...]
    order: tuple[tuple[str, str], ...]
    failed_functions: tuple[str, ...] = ()
    failed_sources: tuple[str, ...] = ()
