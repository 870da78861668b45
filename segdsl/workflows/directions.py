"""How fields are expected to go with the target of a segmenter, as the hypotheses of the spec state it."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from segdsl.model.catalog import FieldName
from segdsl.model.expression import Expr, Not, ScoreOf, ScorePart
from segdsl.model.model import Hypothesis, HypothesisForm, Model, Scheme

# The option that names what segments should differ in; the directions are those of hypotheses on that score.
TARGET = "target"


def stated_directions(model: Model, scheme: Scheme) -> Mapping[str, int]:
    """Of fields that the scheme's plugin reads: 1 where more is expected to mean more of the target, -1 for less.

    Hypotheses are taken as they are written, whatever a test of them says. One counts where it is about all rows and
    its proxy is the field itself: a measure with `higher` or `lower`, or a yes-or-no. A field that hypotheses expect
    to go both ways has no direction, nor has any field where the target isn't a score or a part of one.
    """
    target = _target(scheme)
    if target is None:
        return MappingProxyType({})
    sense = -1 if target.part is ScorePart.RANK else 1
    stated: dict[Expr, set[int]] = {}
    for hypothesis in model.hypotheses.values():
        if hypothesis.score == target.score and hypothesis.among is None:
            for proxy, direction in _proxies(hypothesis):
                stated.setdefault(proxy, set()).add(sense * direction)
    found = {read.name: stated.get(read.value, set()) for read in scheme.reads}
    return MappingProxyType({name: next(iter(ways)) for name, ways in found.items() if len(ways) == 1})


def _target(scheme: Scheme) -> ScoreOf | None:
    named = dict(scheme.plugin.values).get(TARGET) if scheme.plugin is not None else None
    if not isinstance(named, FieldName):
        return None
    value = next((read.value for read in scheme.reads if read.name == named.name), None)
    return value if isinstance(value, ScoreOf) else None


def _proxies(hypothesis: Hypothesis) -> Iterator[tuple[Expr, int]]:
    """Each proxy with its direction. A condition that isn't a field equals none that a plugin reads."""
    expected = 1 if hypothesis.score_higher else -1
    for proxy in hypothesis.proxies:
        match hypothesis.form:
            case HypothesisForm.HIGHER:
                yield proxy, expected
            case HypothesisForm.LOWER:
                yield proxy, -expected
            case HypothesisForm.CONDITION if isinstance(proxy, Not):
                yield proxy.operand, -expected
            case HypothesisForm.CONDITION:
                yield proxy, expected
            case HypothesisForm.SEPARATES:
                continue
