"""One test of a spec: its given rows put to what it expects of them."""

from collections.abc import Iterator, Mapping
from itertools import takewhile

from segdsl.diagnostics import SourceText, Span
from segdsl.engines.arrow.batch import EvaluationStopped
from segdsl.engines.arrow.examples import Example, Row, Workbench, example_of
from segdsl.engines.arrow.execution.leaves import Leaf, path_name
from segdsl.model.expression import Expr, SegmentOf
from segdsl.model.model import Expectation, Given, Matching, Model, Population, PopulationRule, Segment, SpecTest
from segdsl.plan.traversal import External
from segdsl.record import dataclass, field
from segdsl.types import Value
from segdsl.workflows.reasons import Fact, facts, outcome, segments_named, text_of, value_text


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a rule does or doesn't apply to the row: words about the rule, and the comparisons that decide."""

    text: str
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Failure:
    """An expectation that isn't met: as written, the operands with their actual values, and the rules concerned."""

    expected: str
    span: Span
    actual: str
    facts: tuple[Fact, ...]
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one test."""

    title: str
    span: Span
    failures: tuple[Failure, ...]

    @property
    def passed(self) -> bool:
        return not self.failures


@dataclass(frozen=True, slots=True)
class Reached:
    """What tests came to: segments by scheme and path, rules by population and reason."""

    segments: set[tuple[str, str]] = field(default_factory=set)
    rules: set[tuple[str, str]] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class _Given:
    """A given row, as reasons ask it."""

    example: Example
    row: Row

    def value(self, expr: Expr) -> Value:
        return self.example.value(self.row, expr)

    def is_given(self, expr: Expr) -> bool:
        return self.example.is_given(self.row, expr)

    def is_personal(self, node: External) -> bool:
        # What stands in a test stands in the spec for all to read.
        return False


@dataclass(frozen=True, slots=True)
class Trial:
    """Tries the tests of a model, and notes in `reached` what they come to."""

    bench: Workbench
    texts: Mapping[str, SourceText]
    reached: Reached

    @property
    def model(self) -> Model:
        return self.bench.model

    def run(self, test: SpecTest) -> Outcome:
        example = example_of(self.bench, test.given)
        try:
            failures = tuple(self._failures(test, example))
        except EvaluationStopped as stopped:
            span = stopped.diagnostic.span or test.span
            failures = (Failure(stopped.diagnostic.message, span, "it can't be computed", (), ()),)
        return Outcome(test.title, test.span, failures)

    def _failures(self, test: SpecTest, example: Example) -> Iterator[Failure]:
        for expectation in test.expectations:
            if expectation.dropped is not None:
                failure = self._try_drop(test, example, expectation.dropped, expectation.span)
            else:
                subject = _single_rows(test.given)[0]
                failure = self._try_condition(_Given(example, subject), expectation)
            if failure is not None:
                yield failure

    # ---- conditions

    def _try_condition(self, given: _Given, expectation: Expectation) -> Failure | None:
        condition = expectation.condition
        assert condition is not None
        named = tuple(segments_named(condition))
        for scheme, _ in named:
            self._note_segments(given, scheme)
        if outcome(condition, given) is True:
            return None
        found = facts(condition, given, self.texts)
        reasons = tuple(reason for scheme, value in named for reason in self._reasons(given, scheme, value))
        actual = "; ".join(dict.fromkeys(f"`{o.text}` is {o.value}" for fact in found for o in fact.operands))
        expected = text_of(condition, self.texts)
        return Failure(expected, expectation.span, actual, found, tuple(dict.fromkeys(reasons)))

    def _note_segments(self, given: _Given, scheme: SegmentOf) -> None:
        declared = self.model.schemes[scheme.scheme]
        match declared.matching:
            case Matching.FIRST | Matching.NEAREST:
                place = given.example.leaf(given.row, scheme.scheme)
                if place >= 0:
                    path = self._leaves(scheme.scheme)[place].path
                    names = (path_name(path[:depth]) for depth in range(1, len(path) + 1))
                    self.reached.segments.update((scheme.scheme, name) for name in names)
            case Matching.OVERLAPPING:
                value = given.value(scheme)
                listed = value if isinstance(value, tuple) else ()
                self.reached.segments.update((scheme.scheme, str(name)) for name in listed)
            case Matching.PLUGIN:
                pass

    def _leaves(self, scheme: str) -> tuple[Leaf, ...]:
        return self.bench.state.leaves[scheme].leaves

    def _reasons(self, given: _Given, scheme: SegmentOf, wanted: Value) -> Iterator[Reason]:
        """Why the row is where it is, and why it isn't where it was expected."""
        match self.model.schemes[scheme.scheme].matching:
            case Matching.FIRST:
                yield from self._first_reasons(given, scheme, str(wanted))
            case Matching.OVERLAPPING:
                segment = next((s for s in self.model.schemes[scheme.scheme].segments if s.name == wanted), None)
                if segment is not None and segment.condition is not None:
                    yield self._rule(given, f"the rule of `{segment.name}`", segment.condition)
            case Matching.NEAREST:
                for measure in self.model.schemes[scheme.scheme].measures:
                    shown = value_text(measure.value, given)
                    yield Reason(f"measure `{measure.name}` is {shown}", ())
            case Matching.PLUGIN:
                yield Reason(f"`{scheme.scheme}` is found by a plugin, so a test can't tell", ())

    def _first_reasons(self, given: _Given, scheme: SegmentOf, wanted: str) -> Iterator[Reason]:
        leaves = self._leaves(scheme.scheme)
        place = given.example.leaf(given.row, scheme.scheme)
        if place < 0:
            yield Reason(f"no rule of `{scheme.scheme}` is true", ())
        else:
            yield self._caught(given, scheme.scheme, leaves[place])
        for segments in paths(self.model.schemes[scheme.scheme].segments):
            if path_name(segments) == wanted or (not scheme.micro and segments[-1].name == wanted):
                yield from self._missed(given, segments, leaves[place].path if place >= 0 else ())

    def _caught(self, given: _Given, scheme: str, leaf: Leaf) -> Reason:
        name = path_name(leaf.path)
        conditions = [segment.condition for segment in leaf.path if segment.condition is not None]
        if not conditions:
            return Reason(f"`{scheme}` is `{name}` because no rule before it is true", ())
        found = tuple(fact for condition in conditions for fact in facts(condition, given, self.texts))
        return Reason(f"`{scheme}` is `{name}` because", found)

    def _missed(self, given: _Given, path: tuple[Segment, ...], caught: tuple[Segment, ...]) -> Iterator[Reason]:
        for depth, segment in enumerate(path, 1):
            name = path_name(path[:depth])
            if caught[:depth] == path[:depth]:
                continue
            if segment.condition is None or outcome(segment.condition, given) is True:
                yield Reason(f"`{name}` comes after the rule that is true", ())
            else:
                yield self._rule(given, f"the rule of `{name}`", segment.condition)
            return

    def _rule(self, given: _Given, name: str, condition: Expr) -> Reason:
        came = {True: "is true", False: "is false", None: "is unknown"}[outcome(condition, given)]
        return Reason(f"{name} {came}:", facts(condition, given, self.texts))

    # ---- populations

    def _try_drop(self, test: SpecTest, example: Example, reason: str, span: Span) -> Failure | None:
        tried: list[Failure] = []
        for row in _single_rows(test.given):
            given = _Given(example, row)
            for population in self.model.populations.values():
                if population.source != row.table:
                    continue
                rules = tuple(_rules(self.model, population))
                if all(rule.reason != reason for _, rule in rules):
                    continue
                dropped = example.first_drop(row, [rule for _, rule in rules])
                if dropped is not None and dropped.reason == reason:
                    owner = next(name for name, rule in rules if rule is dropped)
                    self.reached.rules.add((owner, reason))
                    return None
                tried.append(self._not_dropped(given, population, rules, dropped, reason, span))
        if tried:
            return tried[0]
        tables = " or ".join(f"`{row.table}`" for row in _single_rows(test.given))
        return Failure(f'dropped "{reason}"', span, f"no population of {tables} has that rule", (), ())

    def _not_dropped(
        self,
        given: _Given,
        population: Population,
        rules: tuple[tuple[str, PopulationRule], ...],
        dropped: PopulationRule | None,
        reason: str,
        span: Span,
    ) -> Failure:
        if dropped is None:
            actual = f"the row stays in `{population.name}`"
        else:
            actual = f'the row is {"not kept" if dropped.keep else "dropped"}: "{dropped.reason}"'
        listed = [rule for _, rule in rules]
        until = [*takewhile(lambda rule: rule.reason != reason, listed)]
        wanted = listed[len(until)]
        concerned = [rule for rule in (dropped, wanted) if rule is not None]
        reasons = tuple(
            self._rule(given, f'{"keep" if rule.keep else "drop"} "{rule.reason}"', rule.condition)
            for rule in dict.fromkeys(concerned)
        )
        return Failure(f'dropped "{reason}"', span, actual, (), reasons)


def _single_rows(given: tuple[Given, ...]) -> tuple[Row, ...]:
    """The rows that a test gives alone, in its order; the first is the one that is classified."""
    before: dict[str, int] = {}
    found = []
    for block in given:
        if len(block.rows) == 1:
            found.append(Row(block.source, before.get(block.source, 0)))
        before[block.source] = before.get(block.source, 0) + len(block.rows)
    return tuple(found)


def _rules(model: Model, population: Population) -> Iterator[tuple[str, PopulationRule]]:
    """The rules that a row passes, those of the population that this one is from first."""
    if population.parent is not None:
        yield from _rules(model, model.populations[population.parent])
    yield from ((population.name, rule) for rule in population.rules)


def paths(segments: tuple[Segment, ...], above: tuple[Segment, ...] = ()) -> Iterator[tuple[Segment, ...]]:
    for segment in segments:
        yield (*above, segment)
        yield from paths(segment.children, (*above, segment))
