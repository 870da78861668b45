"""Rules that can be asked of an account as it is and as it would be with some fields changed."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from segdsl.engines.arrow.aggregation.columns import plain_text
from segdsl.engines.arrow.batch import Batch, EvaluationStopped, Values, spread
from segdsl.engines.arrow.explaining.steps import ORDERED_KINDS
from segdsl.engines.arrow.physical import Physical, arrow_type, to_physical
from segdsl.engines.arrow.rules import RuleProgram, compile_rules, first_match
from segdsl.engines.arrow.values import evaluate
from segdsl.model.expression import Column, Expr, Follow, LinkAggregate, ScoreOf, SegmentOf, TableAggregate
from segdsl.model.source import Source
from segdsl.plan.traversal import External, externals
from segdsl.types import Kind, Type

# What the account would have instead, by field; physical values.
Assignment = tuple[tuple[int, Physical], ...]


@dataclass(frozen=True, slots=True)
class Field:
    """Something that rules read and that could be otherwise: a column, a derived field, a linked value, a score.

    `low` and `high` are the declared range, in physical units.
    """

    node: External
    type: Type
    low: int | float | None
    high: int | float | None

    def ends(self) -> tuple[int | float | None, int | float | None]:
        """The least and the greatest value it may have; None where there is no end."""
        return (0 if self.type.kind is Kind.COUNT and self.low is None else self.low, self.high)


@dataclass(frozen=True, slots=True)
class RuleSet:
    """Rules in their order, the values of one account, and the fields that the rules read.

    `reads[i]` are the places of the fields that rule i reads.
    """

    conditions: tuple[Expr, ...]
    program: RuleProgram
    bound: dict[Expr, Values]
    fields: tuple[Field, ...]
    reads: tuple[tuple[int, ...], ...]

    def base(self, field: int) -> Physical:
        """What the account has now; ordered types as a number in their physical unit."""
        array = spread(self.bound[self.fields[field].node], 1)
        if self.fields[field].type.kind in ORDERED_KINDS:
            return number_of(array)
        found: Physical = array[0].as_py()
        return found

    def landing(self, assignments: Sequence[Assignment]) -> npt.NDArray[np.int32]:
        """For each assignment the first rule that would be true, -1 for none or where no rule can be computed."""
        try:
            return first_match(self.program, self.batch(assignments), threads=1).index
        except EvaluationStopped:
            # Somewhere an amount grew beyond what can be held: that account is left out, the others are tried again.
            if len(assignments) == 1:
                return np.full(1, -1, dtype=np.int32)
            half = len(assignments) // 2
            return np.concatenate([self.landing(assignments[:half]), self.landing(assignments[half:])])

    def values(self, expr: Expr, assignments: Sequence[Assignment]) -> list[object]:
        """What an expression would be under each assignment; None for missing or what can't be computed."""
        try:
            found: list[object] = self._array(expr, assignments).to_pylist()
            return found
        except EvaluationStopped:
            if len(assignments) == 1:
                return [None]
            half = len(assignments) // 2
            return [*self.values(expr, assignments[:half]), *self.values(expr, assignments[half:])]

    def number(self, expr: Expr, assignment: Assignment) -> int | float | None:
        """What an expression would be, as a number in its physical unit; None for missing."""
        try:
            return number_of(self._array(expr, (assignment,)))
        except EvaluationStopped:
            return None

    def _array(self, expr: Expr, assignments: Sequence[Assignment]) -> pa.Array:
        return spread(evaluate(expr, self.batch(assignments)), len(assignments))

    def batch(self, assignments: Sequence[Assignment]) -> Batch:
        bound = {node: _scalar(values) for node, values in self.bound.items()}
        changed = sorted({field for assignment in assignments for field, _ in assignment})
        for field in changed:
            base = self.base(field)
            column = [dict(assignment).get(field, base) for assignment in assignments]
            bound[self.fields[field].node] = pa.array(column, arrow_type(self.fields[field].type))
        return Batch(len(assignments), bound)


def rule_set(conditions: Sequence[Expr], bound: dict[Expr, Values], source: Source) -> RuleSet:
    """Rules over rows of a source, for the account whose values are bound."""
    nodes = tuple(node for node in externals(conditions) if _can_change(node, source))
    places = {node: place for place, node in enumerate(nodes)}
    reads = tuple(tuple(places[n] for n in externals((c,)) if n in places) for c in conditions)
    fields = tuple(_field(node, source) for node in nodes)
    return RuleSet(tuple(conditions), compile_rules(conditions), dict(bound), fields, reads)


def _can_change(node: External, source: Source) -> bool:
    """Figures of a whole table stay as they are, and so does the key."""
    match node:
        case Column(name=name):
            return name not in source.key
        case Follow() | LinkAggregate() | ScoreOf() | SegmentOf():
            return True
        case TableAggregate(function=function):
            return function == "rank"
        case _:
            return False


def _field(node: External, source: Source) -> Field:
    contract = source.column(node.name) if isinstance(node, Column) else None
    if contract is None:
        return Field(node, node.type, None, None)
    bounds = [_physical(value, contract.type) for value in (contract.low, contract.high)]
    return Field(node, node.type, bounds[0], bounds[1])


def _physical(value: object, type_: Type) -> int | float | None:
    if value is None:
        return None
    array = pa.array([to_physical(value, type_)], arrow_type(type_))  # type: ignore[arg-type]
    return number_of(array)


def number_of(array: pa.Array) -> int | float | None:
    """The one value of an array as a number in its physical unit; None for missing or what is no number."""
    if array.null_count or not len(array):
        return None
    if pa.types.is_date32(array.type):
        array = array.view(pa.int32())
    elif pa.types.is_temporal(array.type):
        array = array.view(pa.int64())
    found = array[0].as_py()
    return found if isinstance(found, int | float) and not isinstance(found, bool) else None


def _scalar(values: Values) -> Values:
    if isinstance(values, pa.Scalar):
        return values
    return plain_text(values[:1])[0]
