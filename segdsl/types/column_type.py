"""The type of a column, field or expression: kind, unit, and whether a value may be missing."""

from enum import StrEnum

from segdsl.record import dataclass, replace


class Kind(StrEnum):
    """The kinds of the language, by the words a spec uses for them."""

    TEXT = "text"
    CATEGORY = "category"
    COUNT = "count"
    INT = "int"
    NUMBER = "number"
    RATIO = "ratio"
    MONEY = "money"
    DATE = "date"
    TIMESTAMP = "timestamp"
    DURATION = "duration"
    BOOL = "bool"
    LIST = "list"
    UNKNOWN = "unknown"


NUMERIC = frozenset({Kind.COUNT, Kind.INT, Kind.NUMBER, Kind.RATIO})
WHOLE = frozenset({Kind.COUNT, Kind.INT})
TEXTUAL = frozenset({Kind.TEXT, Kind.CATEGORY})
ORDERED = NUMERIC | {Kind.MONEY, Kind.DATE, Kind.TIMESTAMP, Kind.DURATION, Kind.TEXT, Kind.CATEGORY}


@dataclass(frozen=True, slots=True)
class Type:
    """A type of the language.

    `currency` is the ISO 4217 code of money; `values` the closed list of a category (None: open); `element` the type
    of a list's items; `optional` says that a value may be missing. UNKNOWN is the type of what can't be known without
    a plugin, or of an expression already found wrong: it fits everywhere, so that one mistake is one diagnostic.
    """

    kind: Kind
    optional: bool = False
    currency: str | None = None
    values: tuple[str, ...] | None = None
    element: "Type | None" = None

    def or_missing(self, optional: bool = True) -> "Type":
        """The same type, whose values may be missing (or no longer, with False)."""
        return self if self.optional == optional else replace(self, optional=optional)

    @property
    def is_numeric(self) -> bool:
        """Plain numbers without a unit: count, int, number, ratio."""
        return self.kind in NUMERIC

    @property
    def is_textual(self) -> bool:
        return self.kind in TEXTUAL

    @property
    def is_unknown(self) -> bool:
        return self.kind is Kind.UNKNOWN

    def __str__(self) -> str:
        mark = "?" if self.optional else ""
        match self.kind:
            case Kind.MONEY:
                return f"money({self.currency}){mark}"
            case Kind.LIST:
                return f"list({self.element}){mark}"
            case Kind.CATEGORY if self.values is not None:
                return f"category({', '.join(repr_text(v) for v in self.values)}){mark}"
            case _:
                return f"{self.kind.value}{mark}"


def repr_text(value: str) -> str:
    """A text as a spec writes it, in double quotes with escapes."""
    escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    escaped = "".join(c if c.isprintable() else f"\\u{{{ord(c):x}}}" for c in escaped)
    return f'"{escaped}"'


TEXT = Type(Kind.TEXT)
CATEGORY = Type(Kind.CATEGORY)
COUNT = Type(Kind.COUNT)
INT = Type(Kind.INT)
NUMBER = Type(Kind.NUMBER)
RATIO = Type(Kind.RATIO)
DATE = Type(Kind.DATE)
TIMESTAMP = Type(Kind.TIMESTAMP)
DURATION = Type(Kind.DURATION)
BOOL = Type(Kind.BOOL)
UNKNOWN = Type(Kind.UNKNOWN)


def money(currency: str) -> Type:
    """Money in one currency, by its ISO 4217 code."""
    return Type(Kind.MONEY, currency=currency)


def category(*values: str) -> Type:
    """A category closed to these values."""
    return Type(Kind.CATEGORY, values=values)


def list_of(element: Type) -> Type:
    return Type(Kind.LIST, element=element)
