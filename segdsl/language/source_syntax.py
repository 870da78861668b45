"""Nodes of sources and of what brings data to them: columns, clauses, providers, enrichments, and properties."""

from segdsl.diagnostics import Span
from segdsl.language.terms import Constant, ListConstant, Name, Reference
from segdsl.record import dataclass, field


@dataclass(frozen=True, slots=True)
class RangeValue:
    """`low .. high`; an open end is None."""

    low: Constant | None
    high: Constant | None
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class CostValue:
    """`$6 per record`, `3 minutes per field at $20 per hour`, `$4k flat`.

    `unit` is what stands behind `per`, or `flat`.
    """

    amount: Constant
    unit: Name
    wage: Constant | None
    wage_unit: Name | None
    span: Span = field(compare=False)


PropertyValue = Constant | ListConstant | Reference | RangeValue | CostValue


@dataclass(frozen=True, slots=True)
class Property:
    """`name: value, value`."""

    name: Name
    values: tuple[PropertyValue, ...]
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class TypeTerm:
    """A type as written: `money(USD)`, `category("a", "b")?`, `list(category)`."""

    name: Name
    arguments: "tuple[Constant | TypeTerm, ...]"
    optional: bool
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class ColumnModifier:
    """A clause behind a column's type.

    `word` is one of: key, pii, lenient, from, range, empty, replace, scale, split, known_after, other_as_missing,
    default, convert. `values` are its constants, names or range: replace holds pairs one after the other, convert
    the names of the currency column, the rates source and the date column.
    """

    word: str
    values: tuple[Constant | ListConstant | Name | RangeValue, ...]
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class ColumnDecl:
    name: Name
    type: TypeTerm
    modifiers: tuple[ColumnModifier, ...]
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class ReadBlock:
    properties: tuple[Property, ...]
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class LinksClause:
    columns: tuple[Name, ...]
    target: Name
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class KnownFromClause:
    column: Name
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class WithoutClause:
    columns: tuple[Name, ...]
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class PolicyClause:
    """`on duplicate keep last by X` and the like; `word` is duplicate, broken, orphan or missing_key."""

    word: str
    keep: str
    by: Name | None
    span: Span = field(compare=False)


SourceItem = ColumnDecl | ReadBlock | LinksClause | KnownFromClause | WithoutClause | PolicyClause


@dataclass(frozen=True, slots=True)
class SourceDecl:
    """`path` for a file, one of `parents` for a derived source, more for a stacked one."""

    name: Name
    like: Name | None
    path: Constant | None
    parents: tuple[Name, ...]
    items: tuple[SourceItem, ...]
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class ProviderDecl:
    name: Name
    title: Constant | None
    properties: tuple[Property, ...]
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class EnrichColumn:
    """`made from read`, `name = output from read, read`; `output` is None where it bears the name of the column."""

    name: Name
    output: Name | None
    inputs: tuple[Reference, ...]
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class EnrichDecl:
    source: Name
    plugin: Name
    items: tuple[EnrichColumn | Property, ...]
    span: Span = field(compare=False)
