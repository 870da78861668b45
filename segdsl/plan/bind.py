"""Puts values in place of parameters, so that nothing below the plan knows of parameters or of today's date."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from types import MappingProxyType
from typing import TypeVar

from segdsl.model.expression import (
    REMAINING,
    Column,
    Expr,
    Follow,
    LinkAggregate,
    Literal,
    Parameter,
    TableAggregate,
)
from segdsl.model.model import Audience, Hypothesis, Model, Population, Scheme, Score, Segment, SpecTest
from segdsl.plan.needs import table_of
from segdsl.plan.traversal import rebuild
from segdsl.record import dataclass, field
from segdsl.types import DATE, Value

CLOCK = "as_of"

K = TypeVar("K")
V = TypeVar("V")
Change = Callable[[Expr], Expr]


@dataclass(frozen=True, slots=True)
class Bindings:
    """The value of every parameter, and the clock: the day after which nothing is known.

    `clock_from` says where the clock comes from: the name of a parameter, or empty for the day of the run.
    """

    values: MappingProxyType[str, Value]
    clock: date
    clock_from: str


def bindings_of(model: Model, given: Mapping[str, Value], today: date) -> Bindings:
    """Values that are set over those that hold in the model. `given` was checked against the types."""
    values = {name: given.get(name, param.value) for name, param in model.params.items()}
    own = values.get(model.clock) if model.clock is not None else None
    if isinstance(own, date):
        return Bindings(MappingProxyType(values), own, model.clock or "")
    return Bindings(MappingProxyType(values), today, "")


def bind(model: Model, bindings: Bindings) -> Model:
    """The model with each parameter replaced by its value.

    A column gets back the type it was declared with: what a condition around it made known matters to the checker
    only, and equal columns are to be equal nodes wherever they stand.
    """
    binder = _Binder(model, bindings)
    return replace(
        model,
        fields=_mapped(model.fields, lambda f: replace(f, expr=binder.change(f.source, f.expr))),
        populations=_mapped(model.populations, lambda p: _population(p, binder.on(p.source))),
        scores=_mapped(model.scores, lambda s: _score(s, binder.on(s.source))),
        schemes=_mapped(model.schemes, lambda s: _scheme(s, binder.on(s.source))),
        audiences=_mapped(model.audiences, lambda a: _audience(a, binder.on(a.source))),
        hypotheses=_mapped(model.hypotheses, lambda h: _hypothesis(h, binder.on(model.scores[h.score].source))),
        tests=tuple(_test(test, binder) for test in model.tests),
    )


def _mapped(mapping: Mapping[K, V], change: Callable[[V], V]) -> MappingProxyType[K, V]:
    return MappingProxyType({key: change(value) for key, value in mapping.items()})


@dataclass(frozen=True, slots=True)
class _Binder:
    model: Model
    bindings: Bindings
    # The old node is kept beside the new one: an id is only good while its object lives.
    done: dict[tuple[str, int], tuple[Expr, Expr]] = field(default_factory=dict)

    def on(self, table: str) -> Change:
        return lambda expr: self.change(table, expr)

    def change(self, table: str, expr: Expr) -> Expr:
        known = self.done.get((table, id(expr)))
        if known is None:
            known = self.done[table, id(expr)] = (expr, self._bound(table, expr))
        return known[1]

    def _bound(self, table: str, expr: Expr) -> Expr:
        match expr:
            case Parameter(name=name, span=span):
                if name in self.bindings.values:
                    return Literal(self.bindings.values[name], expr.type, span)
                assert name == CLOCK, f"parameter {name} has no value"
                return Literal(self.bindings.clock, DATE, span)
            case Column():
                return self._declared(table, expr)
            case Follow(path=path):
                return rebuild(expr, self.on(path.parent))
            case LinkAggregate(path=path):
                return rebuild(expr, self.on(path.child))
            case TableAggregate(table=over) if over != REMAINING:
                return rebuild(expr, self.on(table_of(self.model, over)))
            case _:
                return rebuild(expr, self.on(table))

    def _declared(self, table: str, column: Column) -> Column:
        source = self.model.sources[table]
        declared = source.column(column.name)
        field_ = self.model.fields.get((source.row_type, column.name))
        type_ = declared.type if declared else field_.expr.type if field_ else column.type
        return column if type_ == column.type else replace(column, type=type_)


def _maybe(expr: Expr | None, change: Change) -> Expr | None:
    return None if expr is None else change(expr)


def _population(population: Population, change: Change) -> Population:
    rules = tuple(replace(rule, condition=change(rule.condition)) for rule in population.rules)
    return replace(population, rules=rules)


def _score(score: Score, change: Change) -> Score:
    terms = tuple(
        replace(term, amount=change(term.amount), condition=_maybe(term.condition, change)) for term in score.terms
    )
    return replace(score, terms=terms)


def _scheme(scheme: Scheme, change: Change) -> Scheme:
    measures = tuple(replace(m, value=change(m.value)) for m in scheme.measures)
    segments = tuple(_segment(segment, change) for segment in scheme.segments)
    return replace(scheme, segments=segments, measures=measures)


def _segment(segment: Segment, change: Change) -> Segment:
    children = tuple(_segment(child, change) for child in segment.children)
    return replace(segment, condition=_maybe(segment.condition, change), children=children)


def _audience(audience: Audience, change: Change) -> Audience:
    order = tuple(replace(k, value=change(k.value)) for k in audience.order)
    columns = tuple(replace(c, value=change(c.value)) for c in audience.columns)
    where, per = _maybe(audience.where, change), _maybe(audience.per, change)
    return replace(audience, where=where, order=order, per=per, columns=columns)


def _hypothesis(hypothesis: Hypothesis, change: Change) -> Hypothesis:
    proxies = tuple(change(proxy) for proxy in hypothesis.proxies)
    return replace(hypothesis, proxies=proxies, among=_maybe(hypothesis.among, change))


def _test(test: SpecTest, binder: _Binder) -> SpecTest:
    subject = next((given.source for given in test.given if len(given.rows) == 1), None)
    if subject is None:
        return test
    change = binder.on(subject)
    expectations = tuple(replace(e, condition=_maybe(e.condition, change)) for e in test.expectations)
    return replace(test, expectations=expectations)
