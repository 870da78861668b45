"""What a spec says of its tables: columns and their contract, keys, links, and what to do on a breach."""

from decimal import Decimal
from enum import StrEnum
from typing import assert_never

from segdsl.diagnostics import Span
from segdsl.model.expression import LinkPath
from segdsl.model.plugin_use import PluginUse
from segdsl.record import dataclass
from segdsl.types import Type, Value

ROW_NUMBER = "row_number"

# What a source of rates must have.
RATE_COLUMNS = ("currency", "date", "rate")


@dataclass(frozen=True, slots=True)
class CurrencyConversion:
    """Amounts in the currency that another column names, converted by a `rates` source at the date of a column.

    The rates source has the columns RATE_COLUMNS: `currency`, `date` and `rate` (units of the target currency for one
    unit of that currency); the latest rate on or before the date is taken.
    """

    currency_column: str
    rates: str
    date_column: str


@dataclass(frozen=True, slots=True)
class ColumnContract:
    """One declared column and everything its values must satisfy.

    `header` is the column's name in the file. `low` and `high` are inclusive bounds in the column's own type.
    `empty` are texts that count as missing, `replace` pairs of (found, meant), applied in that order before the type
    is read. `scale` multiplies numbers as read. `default` fills missing values (None: no default).
    """

    name: str
    header: str
    type: Type
    span: Span
    is_key: bool = False
    pii: bool = False
    lenient: bool = False
    low: Value = None
    high: Value = None
    empty: tuple[str, ...] = ()
    replace: tuple[tuple[str, str], ...] = ()
    scale: Decimal | None = None
    split: str | None = None
    known_after: str | None = None
    other_as_missing: bool = False
    default: Value = None
    from_row_number: bool = False
    conversion: CurrencyConversion | None = None


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """How a file is read; None or empty where the spec leaves it to the format's custom.

    `plugin` reads files of a format that isn't built in. `dates` is a pattern of D, M, Y with one separator
    (`DD/MM/YYYY`, `M/D/YYYY`, `YYYY-MM-DD`).
    """

    delimiter: str | None = None
    dates: str | None = None
    encoding: str | None = None
    sheet: str | None = None
    header: int | None = None
    decimal: str | None = None
    quote: str | None = None
    plugin: PluginUse | None = None


@dataclass(frozen=True, slots=True)
class FileOrigin:
    """A path or glob as written, relative to the spec file that says it (`base` is that file's folder)."""

    path: str
    base: str
    span: Span


@dataclass(frozen=True, slots=True)
class DerivedOrigin:
    """One row per key of another source."""

    parent: str
    span: Span


@dataclass(frozen=True, slots=True)
class StackedOrigin:
    """The rows of several sources, one below the other."""

    parents: tuple[str, ...]
    span: Span


Origin = FileOrigin | DerivedOrigin | StackedOrigin


def parents_of(origin: Origin) -> tuple[str, ...]:
    """The sources that a source is made of; none where it is read from files."""
    match origin:
        case DerivedOrigin(parent=parent):
            return (parent,)
        case StackedOrigin(parents=parents):
            return parents
        case FileOrigin():
            return ()
        case _:
            assert_never(origin)


class Keep(StrEnum):
    FIRST = "first"
    LAST = "last"


@dataclass(frozen=True, slots=True)
class KeepDuplicate:
    """`on duplicate keep last by X`: of rows with one key the one with the greatest (or least) X stays.

    Ties by X are settled by the row's own values (all read columns, in declared order), never by row order.
    """

    which: Keep
    by: str


@dataclass(frozen=True, slots=True)
class BreachPolicies:
    """What to do instead of refusing the data; each is counted and reported.

    Broken values (wrong type, out of range, outside a closed category, infinite) as missing; duplicates; orphan
    links; rows without a key.
    """

    broken_as_missing: bool = False
    duplicate: KeepDuplicate | None = None
    drop_orphans: bool = False
    drop_missing_key: bool = False


@dataclass(frozen=True, slots=True)
class Source:
    """A table of the spec.

    `row_type` is the source whose derived fields and enrichments apply: itself, or for `like` the source it is like.
    `known_from` names the date or timestamp column from which a row exists: rows later than the clock are hidden.
    `links` are the links from this source to others.
    """

    name: str
    origin: Origin
    row_type: str
    columns: tuple[ColumnContract, ...]
    key: tuple[str, ...]
    links: tuple[LinkPath, ...]
    read: ReadOptions
    policies: BreachPolicies
    known_from: str | None
    span: Span

    def column(self, name: str) -> ColumnContract | None:
        return next((c for c in self.columns if c.name == name), None)
