"""What expressions are evaluated on: a batch of rows with arrays bound to nodes, and a tally of lapses."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

import pyarrow as pa

from segdsl.diagnostics import Diagnostic, Span
from segdsl.model.expression import Expr

Values: TypeAlias = pa.Array | pa.Scalar


_MOST_BYTES = (1 << 31) - 2


class Lapse(StrEnum):
    """Why a value came out missing although all that it was computed from was known."""

    ZERO_DIVISOR = "division by zero"
    UNDEFINED = "no result for such a number"
    OUT_OF_RANGE = "result out of range"


@dataclass(slots=True)
class Tally:
    """How many rows lapsed, by reason and by the place in the spec (None for a node without a place)."""

    counts: dict[tuple[Lapse, Span | None], int] = field(default_factory=dict)

    def add(self, lapse: Lapse, span: Span | None, rows: int) -> None:
        if rows:
            self.counts[lapse, span] = self.counts.get((lapse, span), 0) + rows

    def merge(self, other: "Tally") -> None:
        for (lapse, span), rows in other.counts.items():
            self.add(lapse, span, rows)


@dataclass(frozen=True, slots=True)
class Batch:
    """`length` rows and the values of expressions on them.

    `bound` holds what was given (columns, link and table aggregates, scores, segments, ...) and, as
    evaluation goes on, what was computed: equal nodes are computed once. A scalar stands for the same value
    in every row.
    """

    length: int
    bound: dict[Expr, Values]
    tally: Tally = field(default_factory=Tally)


class EvaluationStopped(Exception):
    """Data that an expression can't be computed on, such as amounts beyond 64 bits; `diagnostic` says which.

    Raised by `evaluate`, to be caught where a run's diagnostics are gathered.
    """

    def __init__(self, diagnostic: Diagnostic) -> None:
        super().__init__(diagnostic.message)
        self.diagnostic = diagnostic


class UnboundExpression(KeyError):
    """A node that is not computed row by row was not bound: a fault of the program, not of a spec."""


def spread(values: Values, length: int) -> pa.Array:
    """The values as an array of `length` rows; a scalar is repeated. Raises ArrowCapacityError for texts over 2 GB."""
    if isinstance(values, pa.Scalar):
        # Arrow itself repeats a text past the reach of its offsets, and says nothing.
        if pa.types.is_string(values.type) and values.is_valid and values.as_buffer().size * length > _MOST_BYTES:
            raise pa.ArrowCapacityError("repeated texts are too long together")
        return pa.repeat(values, length)
    return values
