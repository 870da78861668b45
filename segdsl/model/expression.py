"""Typed expressions: what a spec's expressions mean once names are resolved.

This is the one representation of expressions from the checker to the engine. A node is evaluated for each row of
some table, its row table. Nodes are values: two that mean the same are equal and hash the same wherever they
stand in the text (spans don't compare), so that shared subexpressions are found by equality.

Missing values follow three-valued logic; the docstring of each node says what is particular to it.
"""

from collections.abc import Callable
from enum import StrEnum
from typing import Any

from segdsl.diagnostics import Span
from segdsl.record import dataclass, field
from segdsl.types import BOOL, Type, Value


class Operator(StrEnum):
    """Arithmetic between two operands."""

    ADD = "+"
    SUBTRACT = "-"
    MULTIPLY = "*"
    DIVIDE = "/"


class Comparison(StrEnum):
    EQUAL = "=="
    UNEQUAL = "!="
    LESS = "<"
    AT_MOST = "<="
    MORE = ">"
    AT_LEAST = ">="


class TextMatch(StrEnum):
    CONTAINS = "contains"
    STARTS = "starts with"
    ENDS = "ends with"
    MATCHES = "matches"


@dataclass(frozen=True, slots=True)
class LinkPath:
    """A link that can be followed: columns of table `child` hold the key of table `parent`."""

    child: str
    columns: tuple[str, ...]
    parent: str


@dataclass(frozen=True, slots=True)
class Literal:
    """A constant. `value` is None for missing."""

    value: Value
    type: Type
    span: Span | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Column:
    """A declared column, an enriched column or a derived field of the row table."""

    name: str
    type: Type
    span: Span | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Follow:
    """`value`, evaluated on the row of `path.parent` that this row of `path.child` points to; missing without one."""

    path: LinkPath
    value: "Expr"
    type: Type
    span: Span | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Negate:
    """Minus a number, money or duration."""

    operand: "Expr"
    type: Type
    span: Span | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """Two operands combined; missing if one is, or where the divisor is zero.

    By the kinds of the operands: numbers; money +- money (one currency, exact), money x number or ratio (rounded
    half-even to the currency's places), money / number (the same), money / money -> ratio; date - date -> duration;
    date or timestamp +- duration (months by the calendar, clamped); duration +- duration, duration x number;
    count / count -> ratio.
    """

    operator: Operator
    left: "Expr"
    right: "Expr"
    type: Type
    span: Span | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Compare:
    """A comparison; unknown if an operand is missing. Text compares by code point, false before true."""

    operator: Comparison
    left: "Expr"
    right: "Expr"
    type: Type = BOOL
    span: Span | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class And:
    """True if all operands are, false if one is false, else unknown."""

    operands: tuple["Expr", ...]
    type: Type = BOOL
    span: Span | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Or:
    """True if one operand is, false if all are false, else unknown."""

    operands: tuple["Expr", ...]
    type: Type = BOOL
    span: Span | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Not:
    operand: "Expr"
    type: Type = BOOL
    span: Span | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class IsMissing:
    """Whether the operand is missing; itself never missing. `is known` is Not of this."""

    operand: "Expr"
    type: Type = BOOL
    span: Span | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class KnownTrue:
    """Whether a condition is true, with unknown made false (`unknown as false`); itself never missing."""

    operand: "Expr"
    type: Type = BOOL
    span: Span | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Coalesce:
    """The operand, or where it is missing the fallback (`??`)."""

    operand: "Expr"
    fallback: "Expr"
    type: Type
    span: Span | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class InValues:
    """Whether the operand is one of some constants; unknown if it is missing. `not in` is Not of this."""

    operand: "Expr"
    values: tuple[Value, ...]
    type: Type = BOOL
    span: Span | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class TextTest:
    """A test of a text against a constant, case-sensitive; `MATCHES` finds the pattern anywhere in the text."""

    match: TextMatch
    operand: "Expr"
    pattern: str
    type: Type = BOOL
    span: Span | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class HasValues:
    """Whether a list holds any, or all, of some constants; unknown if the list is missing."""

    operand: "Expr"
    values: tuple[Value, ...]
    every: bool
    type: Type = BOOL
    span: Span | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Branch:
    """One `when A then x` of a case."""

    condition: "Expr"
    value: "Expr"


@dataclass(frozen=True, slots=True)
class Case:
    """The value of the first branch whose condition is true (unknown falls through), else `otherwise`."""

    branches: tuple[Branch, ...]
    otherwise: "Expr"
    type: Type
    span: Span | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Band:
    """The band of a number or amount among ascending cut-points; `labels` are one more than `cuts`.

    A value equal to a cut-point belongs to the band above it.
    """

    operand: "Expr"
    cuts: tuple[Value, ...]
    labels: tuple[str, ...]
    type: Type
    span: Span | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Call:
    """A row-wise function by its name (`lower`, `round`, `year`, ...).

    `compute` is what a function of the plugin `package` is computed by, None for a built-in one.
    """

    function: str
    arguments: tuple["Expr", ...]
    type: Type
    span: Span | None = field(default=None, compare=False)
    compute: Callable[..., Any] | None = field(default=None, compare=False)
    package: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class LinkAggregate:
    """An aggregate over the rows of `path.child` that point to this row (a row of `path.parent`).

    `value`, `where` and `by` are evaluated on rows of the child. `count` has no value. Missing values are skipped. No
    row left gives 0 for count, sum and distinct, false for any, true for all, missing for the others. `first` and
    `last` take the value of the row with the least or greatest `by`, ties by the child's key.
    """

    function: str
    path: LinkPath
    value: "Expr | None"
    where: "Expr | None"
    by: "Expr | None"
    type: Type
    span: Span | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class TableAggregate:
    """A whole-table figure, the same for every row (except `rank`, and with `per`).

    `value`, `where` and `per` are evaluated on the rows of `table` (a source or a population); `over remaining`
    in a population's rules has table REMAINING, the rows that earlier rules left. `argument` is the level of a
    quantile or the n of nth_largest. Quantiles interpolate linearly (type 7). `rank` is the competition rank
    of the row's own value, 1 the largest. Rows outside `table` have the figure of their `per` group, and no rank.
    """

    function: str
    table: str
    value: "Expr | None"
    argument: Value
    where: "Expr | None"
    per: "Expr | None"
    type: Type
    span: Span | None = field(default=None, compare=False)


REMAINING = "remaining"


class ScorePart(StrEnum):
    VALUE = "value"
    GRADE = "grade"
    RANK = "rank"
    PERCENTILE = "percentile"


@dataclass(frozen=True, slots=True)
class ScoreOf:
    """The row's score, its grade, rank or percentile; missing outside the score's population."""

    score: str
    part: ScorePart
    type: Type
    span: Span | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class SegmentOf:
    """The row's segment (or, with `micro`, the path of its nested segment); a list for overlapping schemes."""

    scheme: str
    micro: bool
    type: Type
    span: Span | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Expected:
    """The mean score of the row's segment over the score's own population (`expected(score by scheme)`)."""

    score: str
    scheme: str
    type: Type
    span: Span | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Unresolved:
    """An expression already found wrong, or of a plugin that isn't there; it is never evaluated."""

    type: Type
    span: Span | None = field(default=None, compare=False)


Expr = (
    Literal
    | Column
    | Follow
    | Negate
    | Arithmetic
    | Compare
    | And
    | Or
    | Not
    | IsMissing
    | KnownTrue
    | Coalesce
    | InValues
    | TextTest
    | HasValues
    | Case
    | Band
    | Call
    | LinkAggregate
    | TableAggregate
    | ScoreOf
    | SegmentOf
    | Expected
    | Unresolved
)
