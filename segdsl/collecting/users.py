"""Who depends on a field: rules, score terms, segments, hypotheses, evaluations and lists."""

from collections.abc import Iterator

from segdsl.collecting.dependence import Placed, rests_on
from segdsl.collecting.field_name import FieldName
from segdsl.model.model import Audience, Evaluation, Model, Scheme, Segment
from segdsl.record import dataclass

EVALUATION = "evaluation"


@dataclass(frozen=True, slots=True)
class User:
    """Something that depends on a field. `part` is the rule, term or segment of its owner; empty for the whole.

    An evaluation has no name: its owner is the score that it measures against.
    """

    kind: str
    owner: str
    part: str

    def __str__(self) -> str:
        return f"{self.kind} {self.owner}: {self.part}" if self.part else f"{self.kind} {self.owner}"


def users_of(model: Model) -> dict[FieldName, tuple[User, ...]]:
    """Everything that depends on each field, directly or through what is computed from it, in the order of the spec."""
    found: dict[FieldName, list[User]] = {}
    for user, placed in _users(model):
        for field in rests_on(model, placed):
            found.setdefault(field, []).append(user)
    return {field: tuple(users) for field, users in found.items()}


def _users(model: Model) -> Iterator[tuple[User, tuple[Placed, ...]]]:
    for population in model.populations.values():
        for rule in population.rules:
            yield User("population", population.name, rule.reason), ((population.source, rule.condition),)
    for score in model.scores.values():
        for term in score.terms:
            parts = ((score.source, term.amount), (score.source, term.condition))
            yield User("score", score.name, term.label or term.sign.value), parts
    for scheme in model.schemes.values():
        yield from _of_scheme(scheme)
    for one in model.hypotheses.values():
        table = model.scores[one.score].source
        exprs = (*one.proxies, *(() if one.among is None else (one.among,)))
        yield User("hypothesis", one.name, ""), tuple((table, expr) for expr in exprs)
    for evaluation in model.evaluations:
        if evaluation.score in model.scores:
            yield User(EVALUATION, evaluation.score, ""), tuple(_of_evaluation(model, evaluation))
    for audience in model.audiences.values():
        yield User("audience", audience.name, ""), tuple(_of_audience(audience))


def _of_scheme(scheme: Scheme) -> Iterator[tuple[User, tuple[Placed, ...]]]:
    for segment in scheme.segments:
        yield from _of_segment(scheme, segment, "")
    for measure in scheme.measures:
        yield User("segmentation", scheme.name, measure.name), ((scheme.source, measure.value),)
    if scheme.reads:
        yield User("segmentation", scheme.name, ""), tuple((scheme.source, read.value) for read in scheme.reads)


def _of_segment(scheme: Scheme, segment: Segment, above: str) -> Iterator[tuple[User, tuple[Placed, ...]]]:
    path = f"{above}{segment.name}"
    if segment.condition is not None:
        yield User("segmentation", scheme.name, path), ((scheme.source, segment.condition),)
    for child in segment.children:
        yield from _of_segment(scheme, child, f"{path}/")


def _of_evaluation(model: Model, evaluation: Evaluation) -> Iterator[Placed]:
    yield from ((model.scores[evaluation.score].source, field.value) for field in evaluation.fields)
    yield from ((table.source, field.value) for table in evaluation.tables for field in table.fields)


def _of_audience(audience: Audience) -> Iterator[Placed]:
    yield from ((audience.source, expr) for expr in (audience.where, audience.per))
    yield from ((audience.source, key.value) for key in audience.order)
    yield from ((audience.source, column.value) for column in audience.columns)
