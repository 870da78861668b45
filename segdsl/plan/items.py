"""What a run computes, as items: the nodes of the dependency graph of a model.

An item stands at the level of a table and an expression, not of a table: accounts may need deals that need accounts,
as long as no single value needs itself.
"""

from segdsl.model.expression import Follow, LinkAggregate, TableAggregate
from segdsl.record import dataclass


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of a source, read or made, before its links are checked."""

    table: str


@dataclass(frozen=True, slots=True)
class Checked:
    """The rows of a source with the links of each found."""

    table: str


@dataclass(frozen=True, slots=True)
class Converted:
    """A column of amounts in several currencies, in the one of its type."""

    table: str
    column: str


@dataclass(frozen=True, slots=True)
class Fielded:
    table: str
    name: str


@dataclass(frozen=True, slots=True)
class Enriched:
    """Columns that a plugin makes: one, or with an empty name all those of a block that see whole tables."""

    table: str
    number: int
    name: str


@dataclass(frozen=True, slots=True)
class Followed:
    table: str
    node: Follow


@dataclass(frozen=True, slots=True)
class Linked:
    table: str
    node: LinkAggregate


@dataclass(frozen=True, slots=True)
class Figured:
    node: TableAggregate


@dataclass(frozen=True, slots=True)
class Populated:
    name: str


@dataclass(frozen=True, slots=True)
class Scored:
    name: str


@dataclass(frozen=True, slots=True)
class Ranked:
    name: str


@dataclass(frozen=True, slots=True)
class Segmented:
    scheme: str
    table: str


@dataclass(frozen=True, slots=True)
class Meant:
    score: str
    scheme: str


@dataclass(frozen=True, slots=True)
class Listed:
    name: str


Item = (
    Rows
    | Checked
    | Converted
    | Fielded
    | Enriched
    | Followed
    | Linked
    | Figured
    | Populated
    | Scored
    | Ranked
    | Segmented
    | Meant
    | Listed
)


@dataclass(frozen=True, slots=True)
class Blocked:
    """Why an item can't be carried out."""

    reason: str
