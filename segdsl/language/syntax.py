"""Nodes of declarations as written. The terms inside them are in `terms`, sources and properties in `source_syntax`."""

from segdsl.diagnostics import Span
from segdsl.language.source_syntax import ColumnDecl as ColumnDecl
from segdsl.language.source_syntax import ColumnModifier as ColumnModifier
from segdsl.language.source_syntax import CostValue as CostValue
from segdsl.language.source_syntax import EnrichColumn as EnrichColumn
from segdsl.language.source_syntax import EnrichDecl as EnrichDecl
from segdsl.language.source_syntax import KnownFromClause as KnownFromClause
from segdsl.language.source_syntax import LinksClause as LinksClause
from segdsl.language.source_syntax import PolicyClause as PolicyClause
from segdsl.language.source_syntax import Property as Property
from segdsl.language.source_syntax import PropertyValue as PropertyValue
from segdsl.language.source_syntax import ProviderDecl as ProviderDecl
from segdsl.language.source_syntax import RangeValue as RangeValue
from segdsl.language.source_syntax import ReadBlock as ReadBlock
from segdsl.language.source_syntax import SourceDecl as SourceDecl
from segdsl.language.source_syntax import SourceItem as SourceItem
from segdsl.language.source_syntax import TypeTerm as TypeTerm
from segdsl.language.source_syntax import WithoutClause as WithoutClause
from segdsl.language.terms import Constant, ListConstant, Name, Reference, Term
from segdsl.record import dataclass, field


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment with its `#`, without trailing white space; `own_line` unless code stands before it."""

    text: str
    own_line: bool = field(compare=False)
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class UnknownAsFalse:
    """`unknown as false` in a block."""

    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class AboutDecl:
    properties: tuple[Property, ...]
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class ImportDecl:
    path: Constant
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class ParamDecl:
    name: Name
    type: TypeTerm
    default: Constant | ListConstant
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class SetDecl:
    """Constants, or the path of a file that lists them."""

    name: Name
    values: tuple[Constant, ...]
    path: Constant | None
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class FieldDecl:
    name: Name
    term: Term
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class DeriveDecl:
    source: Name
    items: tuple[FieldDecl | UnknownAsFalse, ...]
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class RuleDecl:
    """`keep "reason" when ...` or `drop "reason" when ...`."""

    keep: bool
    reason: Constant
    condition: Term
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class PopulationDecl:
    name: Name
    title: Constant | None
    parent: Name
    items: tuple[RuleDecl | UnknownAsFalse, ...]
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class TermDecl:
    """`base`, `plus "label"` or `minus "label"`, an amount and perhaps a condition."""

    sign: str
    label: Constant | None
    amount: Term
    condition: Term | None
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class MissingTermsAsZero:
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class GradeStep:
    """`A top 20%`, `B next 30%` or `C rest`; `word` is top, next or rest."""

    name: Name
    word: str
    share: Constant | None
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class GradeClause:
    """A customary grading by name (`quartiles`), or steps."""

    custom: Name | None
    steps: tuple[GradeStep, ...]
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class ScoreDecl:
    name: Name
    title: Constant | None
    population: Name
    items: tuple[TermDecl | MissingTermsAsZero | GradeClause | UnknownAsFalse, ...]
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class ExpectClause:
    """What a hypothesis expects.

    `direction` is higher or lower for a measure, empty for a condition; `effect` is higher, lower or separates.
    `proxies` are alternatives written behind `proxy any of`, else the one `term`.
    """

    direction: str
    term: Term | None
    proxies: tuple[Reference, ...]
    effect: str
    score: Name
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class ProxyClause:
    proxies: tuple[Reference, ...]
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class BecauseClause:
    text: Constant
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class AmongClause:
    condition: Term
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class PriorityClause:
    value: Constant
    span: Span = field(compare=False)


HypothesisItem = ExpectClause | ProxyClause | BecauseClause | AmongClause | PriorityClause | UnknownAsFalse


@dataclass(frozen=True, slots=True)
class HypothesisDecl:
    name: Name
    title: Constant | None
    items: tuple[HypothesisItem, ...]
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class PlaceTerm:
    measure: Name
    value: Constant
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class MessageClause:
    stage: Name
    text: Constant
    channels: tuple[Constant, ...]
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class SegmentDecl:
    """A segment: `condition`, or `places` behind `at`, or neither for `otherwise`."""

    name: Name
    title: Constant | None
    condition: Term | None
    places: tuple[PlaceTerm, ...]
    items: "tuple[Property | MessageClause | SegmentDecl | UnknownAsFalse, ...]"
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class MeasureClause:
    measure: Reference
    log: bool
    scale: Constant
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class SegmentationDecl:
    """`mode` is first, overlapping, nearest or using (then `plugin` is named and the items are options)."""

    name: Name
    title: Constant | None
    population: Name
    mode: str
    plugin: Name | None
    items: tuple[SegmentDecl | MeasureClause | Property | UnknownAsFalse, ...]
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class RequireClause:
    """`require measure of scheme >= bound`; `sign` is a comparison sign or `between` (then `high` is given).

    `figure` is one of several that a measure gives: `require measure.figure of scheme >= bound`.
    """

    measure: Name
    figure: Name | None
    each_segment: bool
    scheme: Name
    sign: str
    bound: Constant
    high: Constant | None
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class EvaluateDecl:
    schemes: tuple[Name, ...]
    score: Name
    items: tuple[Property | RequireClause, ...]
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class WhereClause:
    condition: Term
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class ExceptClause:
    names: tuple[Name, ...]
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class OrderTerm:
    term: Term
    descending: bool
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class OrderClause:
    terms: tuple[OrderTerm, ...]
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class TakeClause:
    count: Constant
    per: Term | None
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class HoldOutClause:
    share: Constant
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class OutputTerm:
    """A column of a list: `term`, under `name` where one is given."""

    name: Name | None
    term: Term
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class ColumnsClause:
    columns: tuple[OutputTerm, ...]
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class ToClause:
    """Where a list is written to; `exporter` and its options only where a plugin writes it."""

    path: Constant
    exporter: Name | None
    options: tuple[Property, ...]
    span: Span = field(compare=False)


AudienceItem = (
    WhereClause | ExceptClause | OrderClause | TakeClause | HoldOutClause | ColumnsClause | ToClause | UnknownAsFalse
)


@dataclass(frozen=True, slots=True)
class AudienceDecl:
    name: Name
    title: Constant | None
    table: Name
    items: tuple[AudienceItem, ...]
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class ReportDecl:
    """A section that a plugin adds to the report."""

    plugin: Name
    properties: tuple[Property, ...]
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class GivenField:
    """A field and its value; None stands for `missing`."""

    name: Name
    value: Constant | ListConstant | None
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class GivenBlock:
    fields: tuple[GivenField, ...]
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class GivenClause:
    """`given table { ... }, { ... }`, or no block for `given table none`."""

    source: Name
    rows: tuple[GivenBlock, ...]
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class ExpectCondition:
    condition: Term
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class ExpectDropped:
    reason: Constant
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class TestDecl:
    title: Constant
    items: tuple[GivenClause | ExpectCondition | ExpectDropped, ...]
    span: Span = field(compare=False)


Declaration = (
    AboutDecl
    | ImportDecl
    | ParamDecl
    | SetDecl
    | SourceDecl
    | ProviderDecl
    | EnrichDecl
    | DeriveDecl
    | PopulationDecl
    | ScoreDecl
    | HypothesisDecl
    | SegmentationDecl
    | EvaluateDecl
    | AudienceDecl
    | ReportDecl
    | TestDecl
)


@dataclass(frozen=True, slots=True)
class Tree:
    """A file as written: its declarations in order, its comments, and names of declarations not wholly read.

    A declaration whose name is in `broken` had a mistake in its text: it may be absent or lack parts, so a use of
    what seems to be missing from it is no further mistake. An empty name there: the name itself was lost.
    """

    file: str
    declarations: tuple[Declaration, ...]
    comments: tuple[Comment, ...]
    broken: tuple[Name, ...] = field(default=(), compare=False)
