"""Values of rows that a spec's test gives: computed from those rows alone, with the kernels of a run.

What can't be known from the given rows (a column not given, a figure of a whole table, a rank) is *not given*. A
field, aggregate or score that reads something not given is not given either; in a rule it counts as missing.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import assert_never

import numpy as np
import pyarrow as pa

from segdsl.engines.arrow.aggregation.accumulator import accumulator
from segdsl.engines.arrow.aggregation.chosen_values import Ending
from segdsl.engines.arrow.aggregation.columns import joined, truth
from segdsl.engines.arrow.amounts import stop_too_large
from segdsl.engines.arrow.batch import Batch, EvaluationStopped, spread
from segdsl.engines.arrow.execution.binding import segment_names
from segdsl.engines.arrow.execution.classifying import classify
from segdsl.engines.arrow.execution.enriching import enrich
from segdsl.engines.arrow.execution.kernel import Kernel
from segdsl.engines.arrow.execution.plugin_calls import PluginCalls
from segdsl.engines.arrow.execution.scoring import add_score
from segdsl.engines.arrow.execution.state import Chunk, Frame, RunInputs, State, column_slot, leaf_slot, score_slot
from segdsl.engines.arrow.physical import arrow_type, from_physical, to_physical
from segdsl.engines.arrow.values import evaluate
from segdsl.model.catalog import Scope
from segdsl.model.expression import (
    Column,
    Expected,
    Expr,
    Follow,
    LinkAggregate,
    LinkPath,
    ScoreOf,
    ScorePart,
    SegmentOf,
    TableAggregate,
)
from segdsl.model.model import EnrichedColumn, Enrichment, Given, GivenRow, Matching, Model, PopulationRule
from segdsl.plan.making import enrich_step
from segdsl.plan.needs import conditions_of, enrichments_of, field_of, has_columns
from segdsl.plan.steps import AddTerms, Classify, Plan
from segdsl.plan.traversal import External, externals
from segdsl.types import Type, Value


@dataclass(frozen=True, slots=True)
class Row:
    """A given row: its table and its place among the rows given for that table."""

    table: str
    place: int


@dataclass(frozen=True, slots=True)
class Workbench:
    """A model with its parameters bound, and the kernels that its schemes were compiled to so far.

    `state` is what the kernels would ask a run for: every value is bound beforehand, so there is nothing in it.
    """

    model: Model
    state: State
    kernels: dict[tuple[str, str], Kernel] = field(default_factory=dict)

    def classifier(self, table: str, name: str) -> Kernel:
        """The kernel that puts rows of a table into the segments of a scheme."""
        if (table, name) not in self.kernels:
            scheme = self.model.schemes[name]
            step = Classify(table, name, table, False, scheme.matching, scheme.segments, scheme.measures, scheme.span)
            self.kernels[table, name] = classify(self.state, step)
        return self.kernels[table, name]


@dataclass(frozen=True, slots=True)
class Example:
    """The given rows of one test. `found` holds what was computed: one value, or None for what is not given."""

    bench: Workbench
    rows: Mapping[str, tuple[GivenRow, ...]]
    found: dict[tuple[Row, External], pa.Array | None] = field(default_factory=dict)

    @property
    def model(self) -> Model:
        return self.bench.model

    def value(self, row: Row, expr: Expr) -> Value:
        """The value of an expression on a row; what is not given counts as missing."""
        array = spread(evaluate(expr, self._batch(row, (expr,))), 1)
        return from_physical(array[0].as_py(), expr.type)

    def is_given(self, row: Row, expr: Expr) -> bool:
        """Whether all that an expression reads is given."""
        nodes = externals((expr,))
        self._prepare(row, nodes)
        return all(self._find(row, node) is not None for node in nodes)

    def first_drop(self, row: Row, rules: Iterable[PopulationRule]) -> PopulationRule | None:
        """The first population rule that drops the row: `keep` if it isn't true, `drop` if it is."""
        for rule in rules:
            true, _ = truth(evaluate(rule.condition, self._batch(row, (rule.condition,))), 1)
            if bool(true[0]) != rule.keep:
                return rule
        return None

    def leaf(self, row: Row, scheme: str) -> int:
        """The place of the leaf of a first-match or nearest scheme that the row is in; -1 for none."""
        return int(self._classified(row, scheme).slots[leaf_slot(scheme)][0].as_py())

    def _batch(self, row: Row, exprs: Iterable[Expr]) -> Batch:
        nodes = externals(exprs)
        self._prepare(row, nodes)
        bound: dict[Expr, pa.Array | pa.Scalar] = {}
        for node in nodes:
            found = self._find(row, node)
            bound[node] = pa.nulls(1, arrow_type(node.type)) if found is None else found
        return Batch(1, bound)

    def _prepare(self, row: Row, nodes: Iterable[External]) -> None:
        """Computes the fields that `nodes` read, the deepest first, so that long chains of fields don't nest calls."""
        stack = [(node, False) for node in nodes]
        while stack:
            node, ready = stack.pop()
            if (row, node) in self.found or not isinstance(node, Column):
                continue
            expr = field_of(self.model, row.table, node.name)
            if ready or expr is None or node.name in dict(self._given(row).values):
                self._find(row, node)
            else:
                stack.append((node, True))
                stack.extend((inner, False) for inner in externals((expr,)))

    def _find(self, row: Row, node: External) -> pa.Array | None:
        if (row, node) not in self.found:
            self.found[row, node] = self._resolve(row, node)
        return self.found[row, node]

    def _resolve(self, row: Row, node: External) -> pa.Array | None:
        match node:
            case Column():
                return self._column(row, node)
            case Follow():
                return self._followed(row, node)
            case LinkAggregate():
                return self._aggregate(row, node) if node.path.parent == row.table else _missing(node.type)
            case ScoreOf(score=score, part=ScorePart.VALUE):
                return self._score(row, score) if self._is_scored(row, score) else _missing(node.type)
            case ScoreOf(score=score):
                return None if self._is_scored(row, score) else _missing(node.type)
            case SegmentOf():
                return self._segment(row, node)
            case TableAggregate() | Expected():
                return None
            case _:
                assert_never(node)

    def _given(self, row: Row) -> GivenRow:
        return self.rows[row.table][row.place]

    def _column(self, row: Row, node: Column) -> pa.Array | None:
        given = dict(self._given(row).values)
        if node.name in given:
            return _array(given[node.name], node.type)
        source = self.model.sources[row.table]
        contract = source.column(node.name)
        if contract is not None:
            return None if contract.default is None else _array(contract.default, node.type)
        expr = field_of(self.model, row.table, node.name)
        if expr is not None:
            return self._derived(row, expr)
        for enrichment in enrichments_of(self.model, row.table):
            column = enrichment.column(node.name)
            if column is not None:
                return self._enriched(row, enrichment, column, node.name)
        # A column that only the source it is like has is missing in every row of this one.
        return _missing(node.type)

    def _enriched(self, row: Row, enrichment: Enrichment, column: EnrichedColumn, name: str) -> pa.Array | None:
        """What a plugin makes of the row, if all that it is made from is given and it needs no more than the row."""
        if enrichment.blocked or column.scope is Scope.TABLE:
            return None
        step = enrich_step(self.model, row.table, enrichment, (column,))
        given = {read.name: self._find(row, Column(read.name, read.type)) for read in step.reads}
        if any(value is None for value in given.values()):
            return None
        slots = {column_slot(read): value for read, value in given.items()}
        state = State(self.bench.state.plan, self.bench.state.inputs, self.model.sources)
        state.frames[row.table] = Frame(self.model.sources[row.table], 1, slots)
        calls = state.inputs.calls
        calls.made.clear()
        enrich(state, step)
        failure = calls.failed.get(enrichment.number)
        if failure is not None:
            raise EvaluationStopped(failure)
        return state.frames[row.table].slots[column_slot(name)]

    def _derived(self, row: Row, expr: Expr) -> pa.Array | None:
        """The value of an expression if all that it reads is given."""
        if not self.is_given(row, expr):
            return None
        return spread(evaluate(expr, self._batch(row, (expr,))), 1)

    def _followed(self, row: Row, node: Follow) -> pa.Array | None:
        if not has_columns(self.model.sources[row.table], node.path):
            return _missing(node.type)
        links = [dict(self._given(row).values).get(name, "") for name in node.path.columns]
        if any(value is None for value in links) or self.rows.get(node.path.parent) == ():
            return _missing(node.type)
        parent = self._parent(row, node.path)
        return None if parent is None else self._derived(parent, node.value)

    def _parent(self, row: Row, path: LinkPath) -> Row | None:
        """The given row that a row points to: by its key, or the only one where the link or the key isn't given."""
        parents = [Row(path.parent, place) for place in range(len(self.rows.get(path.parent, ())))]
        matches = [parent for parent in parents if self._points(row, parent, path) is True]
        if matches:
            return matches[0]
        open_ones = [parent for parent in parents if self._points(row, parent, path) is None]
        return open_ones[0] if len(open_ones) == len(parents) == 1 and path.child != path.parent else None

    def _points(self, child: Row, parent: Row, path: LinkPath) -> bool | None:
        """Whether a row points to another; None if their columns don't say."""
        mine, theirs = dict(self._given(child).values), dict(self._given(parent).values)
        key = self.model.sources[path.parent].key
        pairs = list(zip(path.columns, key, strict=True))
        if any(a in mine and b in theirs and mine[a] != theirs[b] for a, b in pairs):
            return False
        return True if all(a in mine and b in theirs for a, b in pairs) else None

    def _children(self, row: Row, path: LinkPath) -> Iterator[Row]:
        for place in range(len(self.rows[path.child])):
            child = Row(path.child, place)
            points = self._points(child, row, path)
            alone = path.child != path.parent and len(self.rows[path.parent]) == 1
            if points or (points is None and alone):
                yield child

    def _aggregate(self, row: Row, node: LinkAggregate) -> pa.Array | None:
        if node.path.child not in self.rows:
            return None
        children = list(self._children(row, node.path))
        if node.path.child == node.path.parent and len(self.rows[node.path.child]) == 1:
            # The row itself says nothing about other rows of its table.
            return None
        parts = [part for part in (node.value, node.where, node.by) if part is not None]
        if not all(self.is_given(child, part) for child in children for part in parts):
            return None
        target = accumulator(node.function, 1, None if node.value is None else node.value.type, node.type)
        for child in children:
            values = [self._part(child, part) for part in (node.value, node.where, node.by)]
            value, where, by = values
            if where is not None and not where[0].as_py():
                continue
            if any(part is not None and part.null_count for part in (value, by)):
                continue
            if isinstance(target, Ending):
                assert value is not None
                target.add_rows(np.zeros(1, dtype=np.int64), value, self._order(child, by))
            else:
                target.add(np.zeros(1, dtype=np.int64), value)
        return joined([target.outcome().values], arrow_type(node.type))

    def _part(self, row: Row, expr: Expr | None) -> pa.Array | None:
        return None if expr is None else self._derived(row, expr)

    def _order(self, child: Row, by: pa.Array | None) -> tuple[pa.Array, ...]:
        """What `first` and `last` sort by: ties by the key where it is given, else by the order of the test."""
        source = self.model.sources[child.table]
        given = dict(self._given(child).values)
        rows = self.rows[child.table]
        keyed = all(name in dict(row.values) for row in rows for name in source.key)
        contracts = [column for column in source.columns if column.is_key]
        key = tuple(_array(given[c.name], c.type) for c in contracts) if keyed else (pa.array([child.place]),)
        return key if by is None else (by, *key)

    def _is_scored(self, row: Row, score: str) -> bool:
        return self.model.scores[score].source == row.table

    def _score(self, row: Row, name: str) -> pa.Array | None:
        """The total of a score; None if something that its terms read is not given."""
        score = self.model.scores[name]
        parts = [part for term in score.terms for part in (term.amount, term.condition) if part is not None]
        if not all(self.is_given(row, part) for part in parts):
            return None
        step = AddTerms(
            score.source, name, score.population, score.terms, score.missing_terms_as_zero, score.type, score.span
        )
        chunk = Chunk(row.table, self._batch(row, parts), {})
        add_score(self.bench.state, step).run(chunk)
        return chunk.slots[score_slot(name)]

    def _segment(self, row: Row, node: SegmentOf) -> pa.Array | None:
        if self.model.schemes[node.scheme].matching is Matching.PLUGIN:
            return None
        chunk = self._classified(row, node.scheme)
        names = segment_names(self.bench.state, chunk, node.scheme, node.micro)
        assert names is not None
        return names

    def _classified(self, row: Row, name: str) -> Chunk:
        scheme = self.model.schemes[name]
        exprs = [*conditions_of(scheme.segments), *(measure.value for measure in scheme.measures)]
        chunk = Chunk(row.table, self._batch(row, exprs), {})
        self.bench.classifier(row.table, name).run(chunk)
        return chunk


def workbench(model: Model, clock: date, calls: PluginCalls) -> Workbench:
    """A bench for rows of a model whose parameters are bound; `calls` is what plugins are called with."""
    return Workbench(model, State(Plan((), (), clock, ""), RunInputs({}, calls=calls), model.sources))


def example_of(bench: Workbench, given: Iterable[Given]) -> Example:
    """The rows that a test gives; rows given for one table in several places count together."""
    rows: dict[str, tuple[GivenRow, ...]] = {}
    for block in given:
        rows[block.source] = (*rows.get(block.source, ()), *block.rows)
    return Example(bench, rows)


def _array(value: Value, type_: Type) -> pa.Array:
    try:
        return pa.array([to_physical(value, type_)], arrow_type(type_))
    except OverflowError:
        stop_too_large(type_, None)


def _missing(type_: Type) -> pa.Array:
    return pa.nulls(1, arrow_type(type_))
