"""Puts values in place of parameters, so that nothing below the plan knows of parameters or of today's date."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType
from typing import TypeVar

from segdsl.model.expression import Expr, Literal, Parameter
from segdsl.model.model import (
    Audience,
    Hypothesis,
    Measure,
    Model,
    OutputColumn,
    Population,
    PopulationRule,
    Scheme,
    Score,
    ScoreTerm,
    Segment,
    SortKey,
)
from segdsl.plan.traversal import rebuild
from segdsl.types import DATE, Type, Value

CLOCK = "as_of"

K = TypeVar("K")
V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class Bindings:
    """The value of every parameter, and the clock: the day after which nothing is known.

    `clock_from` says where the clock comes from: the name of a parameter, or empty for the day of the run.
    """

    values: MappingProxyType[str, Value]
    clock: date
    clock_from: str


def bindings_of(model: Model, given: Mapping[str, Value], today: date) -> Bindings:
    """Values given on the command line over the defaults of the spec. `given` was checked against the types."""
    values = {name: given.get(name, param.default) for name, param in model.params.items()}
    own = values.get(model.clock) if model.clock is not None else None
    if isinstance(own, date):
        return Bindings(MappingProxyType(values), own, model.clock or "")
    return Bindings(MappingProxyType(values), today, "")


def bind(model: Model, bindings: Bindings) -> Model:
    """The model with each parameter replaced by its value.

    Whether a value may be missing matters to the checker only, so it is levelled out here: `growth > 0` is then one
    and the same node whether or not a condition around it made growth known.
    """
    change = _binder(bindings)

    def maybe(expr: Expr | None) -> Expr | None:
        return None if expr is None else change(expr)

    return replace(
        model,
        fields=_mapped(model.fields, lambda f: replace(f, expr=change(f.expr))),
        populations=_mapped(model.populations, lambda p: _population(p, change)),
        scores=_mapped(model.scores, lambda s: _score(s, change, maybe)),
        schemes=_mapped(model.schemes, lambda s: _scheme(s, change, maybe)),
        audiences=_mapped(model.audiences, lambda a: _audience(a, change, maybe)),
        hypotheses=_mapped(model.hypotheses, lambda h: _hypothesis(h, change, maybe)),
    )


Change = Callable[[Expr], Expr]
ChangeMaybe = Callable[[Expr | None], Expr | None]


def _mapped(mapping: Mapping[K, V], change: Callable[[V], V]) -> MappingProxyType[K, V]:
    return MappingProxyType({key: change(value) for key, value in mapping.items()})


def _binder(bindings: Bindings) -> Change:
    # The old node is kept beside the new one: an id is only good while its object lives.
    done: dict[int, tuple[Expr, Expr]] = {}

    def change(expr: Expr) -> Expr:
        known = done.get(id(expr))
        if known is None:
            known = done[id(expr)] = (expr, _bound(expr))
        return known[1]

    def _bound(expr: Expr) -> Expr:
        match expr:
            case Parameter(name=name, type=type_, span=span):
                value, bound_type = _value(name, type_, bindings)
                return Literal(value, bound_type, span)
            case Literal():
                return expr
            case _:
                node = rebuild(expr, change)
                return node if node.type.optional else replace(node, type=node.type.or_missing())

    return change


def _value(name: str, type_: Type, bindings: Bindings) -> tuple[Value, Type]:
    if name in bindings.values:
        return bindings.values[name], type_
    assert name == CLOCK, f"parameter {name} has no value"
    return bindings.clock, DATE


def _population(population: Population, change: Change) -> Population:
    rules: tuple[PopulationRule, ...] = tuple(
        replace(rule, condition=change(rule.condition)) for rule in population.rules
    )
    return replace(population, rules=rules)


def _score(score: Score, change: Change, maybe: ChangeMaybe) -> Score:
    terms: tuple[ScoreTerm, ...] = tuple(
        replace(term, amount=change(term.amount), condition=maybe(term.condition)) for term in score.terms
    )
    return replace(score, terms=terms)


def _scheme(scheme: Scheme, change: Change, maybe: ChangeMaybe) -> Scheme:
    measures: tuple[Measure, ...] = tuple(replace(m, value=change(m.value)) for m in scheme.measures)
    segments = tuple(_segment(segment, maybe) for segment in scheme.segments)
    return replace(scheme, segments=segments, measures=measures)


def _segment(segment: Segment, maybe: ChangeMaybe) -> Segment:
    children = tuple(_segment(child, maybe) for child in segment.children)
    return replace(segment, condition=maybe(segment.condition), children=children)


def _audience(audience: Audience, change: Change, maybe: ChangeMaybe) -> Audience:
    order: tuple[SortKey, ...] = tuple(replace(k, value=change(k.value)) for k in audience.order)
    columns: tuple[OutputColumn, ...] = tuple(replace(c, value=change(c.value)) for c in audience.columns)
    where, per = maybe(audience.where), maybe(audience.per)
    return replace(audience, where=where, order=order, per=per, columns=columns)


def _hypothesis(hypothesis: Hypothesis, change: Change, maybe: ChangeMaybe) -> Hypothesis:
    proxies = tuple(change(proxy) for proxy in hypothesis.proxies)
    return replace(hypothesis, proxies=proxies, among=maybe(hypothesis.among))
