"""What hypotheses need to be tested: one way a proxy, each with the fields that a provider can bring."""

from segdsl.collecting.dependence import base_fields
from segdsl.collecting.field_name import FieldName
from segdsl.model.model import Hypothesis, Model
from segdsl.plan.wording import word_expr
from segdsl.record import dataclass


@dataclass(frozen=True, slots=True)
class Way:
    """One proxy of a hypothesis: `fields` are to be had from providers, `given` are declared and covered by none."""

    proxy: str
    fields: frozenset[FieldName]
    given: frozenset[FieldName]


@dataclass(frozen=True, slots=True)
class Wish:
    """A hypothesis that wants to be tested, with its ways in the order of the spec."""

    hypothesis: str
    title: str
    priority: int
    source: str
    population: str
    ways: tuple[Way, ...]


def wishes_of(model: Model) -> tuple[Wish, ...]:
    """What every hypothesis needs, in the order of the spec.

    A hypothesis needs the base fields of its proxy and of `among`: the declared columns that they rest on through
    derived fields, enrichments, links and aggregates. A field that some provider covers is to be got, where it is
    missing; one that none covers is there already.
    """
    covered = {FieldName(source, column) for p in model.providers.values() for source, column in p.covers}
    return tuple(_wish(model, one, covered) for one in model.hypotheses.values())


def _wish(model: Model, one: Hypothesis, covered: set[FieldName]) -> Wish:
    score = model.scores[one.score]
    ways = []
    for proxy in one.proxies:
        base = base_fields(model, ((score.source, proxy), (score.source, one.among)))
        ways.append(Way(word_expr(proxy), base & covered, base - covered))
    return Wish(one.name, one.title, one.priority, score.source, score.population, tuple(ways))


def wanted_fields(wishes: tuple[Wish, ...]) -> tuple[FieldName, ...]:
    """All fields to be had from providers, by name."""
    return tuple(sorted({field for wish in wishes for way in wish.ways for field in way.fields}))


def given_fields(wishes: tuple[Wish, ...]) -> tuple[FieldName, ...]:
    """All fields that are needed and that no provider covers, by name."""
    return tuple(sorted({field for wish in wishes for way in wish.ways for field in way.given}))
