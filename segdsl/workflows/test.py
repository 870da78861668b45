"""`test`: the examples that a spec itself gives, tried without any data."""

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

from segdsl.diagnostics import Diagnostic, Diagnostics, Label, Span, has_errors
from segdsl.engines.arrow.examples import workbench
from segdsl.engines.arrow.execution.leaves import path_name
from segdsl.model.model import Matching, Model
from segdsl.plan import clock_of
from segdsl.record import dataclass
from segdsl.workflows.fitted.staleness import stale_warnings
from segdsl.workflows.loading import NOTHING_SET, Loaded, load
from segdsl.workflows.plugin_calls import free_calls
from segdsl.workflows.reasons import sentence
from segdsl.workflows.trial import Failure, Outcome, Reached, Trial, paths

CODE = "SEG704"


@dataclass(frozen=True, slots=True)
class Unreached:
    """A rule that no test reaches: a segment of a segmentation, or a reason of a population."""

    kind: str
    owner: str
    name: str
    span: Span


@dataclass(frozen=True, slots=True)
class SpecTests:
    """The outcome of every test, in the order of the spec, and the rules that none of them reaches."""

    loaded: Loaded
    outcomes: tuple[Outcome, ...]
    unreached: tuple[Unreached, ...]
    diagnostics: Diagnostics


def run_tests(
    argument: Path, root: Path | None = None, settings: Mapping[str, str] = NOTHING_SET, today: date | None = None
) -> SpecTests:
    """Tries every test of a spec. `today` is the clock of a spec without one (None: the day of the machine)."""
    loaded = load(argument, root, settings)
    if loaded.model is None or has_errors(loaded.diagnostics):
        return SpecTests(loaded, (), (), loaded.diagnostics)
    clock = clock_of(loaded.model, today or date.today())
    model = loaded.model
    bench = workbench(model, clock.day, free_calls(loaded, model)[0])
    reached = Reached()
    trial = Trial(bench, loaded.texts, reached)
    outcomes = tuple(trial.run(test) for test in model.tests)
    failed = tuple(_diagnostic(outcome, failure) for outcome in outcomes for failure in outcome.failures)
    # What the data would say is left out: tests need none.
    found = (*loaded.diagnostics, *loaded.accept(stale_warnings(loaded, clock.day, None)), *failed)
    return SpecTests(loaded, outcomes, tuple(_unreached(model, reached)), found)


def _unreached(model: Model, reached: Reached) -> Iterator[Unreached]:
    for population in model.populations.values():
        for rule in population.rules:
            if (population.name, rule.reason) not in reached.rules:
                yield Unreached("population", population.name, rule.reason, rule.span)
    for scheme in model.schemes.values():
        if scheme.matching is Matching.PLUGIN:
            continue
        for path in paths(scheme.segments):
            if (scheme.name, path_name(path)) not in reached.segments:
                yield Unreached("segmentation", scheme.name, path_name(path), path[-1].span)


def _diagnostic(outcome: Outcome, failure: Failure) -> Diagnostic:
    notes = []
    for reason in failure.reasons:
        listed = "; ".join(sentence(fact) for fact in reason.facts)
        notes.append(f"{reason.text} {listed}".rstrip())
    named = {o.text for reason in failure.reasons for fact in reason.facts for o in fact.operands}
    plain = [fact for fact in failure.facts if fact.compared and not {o.text for o in fact.operands} & named]
    notes[:0] = [sentence(fact) for fact in plain if len(failure.facts) > 1]
    return Diagnostic(
        CODE,
        f"the test `{outcome.title}` fails",
        (Label(failure.span, failure.actual),),
        expected=failure.expected,
        notes=tuple(notes),
    )
