"""What is always missing on rows of a source that is like another: warned of where such rows are used."""

from collections.abc import Iterable, Iterator

from segdsl.diagnostics import Diagnostic, Label, Span
from segdsl.model.catalog import FieldName
from segdsl.model.expression import (
    Coalesce,
    Column,
    Expected,
    Expr,
    Follow,
    IsMissing,
    LinkAggregate,
    ScoreOf,
    SegmentOf,
    TableAggregate,
)
from segdsl.model.model import Audience, Matching, Scheme, Segment
from segdsl.model.scope import Scope
from segdsl.model.source import Source
from segdsl.record import dataclass


@dataclass(frozen=True, slots=True)
class Lack:
    """Something that no row of a like source has: what is read, why it is missing, and where it is read."""

    what: str
    reason: str
    span: Span | None


def warn_missing_for_like(scope: Scope, audiences: Iterable[Audience]) -> None:
    """Warn once for each use and cause. What `??`, `is known` or `is missing` decides is left alone."""
    for source in scope.sources.values():
        if source.row_type == source.name:
            continue
        seen: set[tuple[Span | None, str]] = set()
        for use in _uses(scope, source, audiences):
            for lack in _lacks(scope, use, source, frozenset()):
                if (use.span, lack.what) not in seen:
                    seen.add((use.span, lack.what))
                    scope.found.append(_warning(source, use, lack))


def _warning(source: Source, use: Expr, lack: Lack) -> Diagnostic:
    labels = [Label(span) for span in (use.span, lack.span) if span is not None]
    if len(labels) > 1 and lack.span != use.span:
        labels[1:] = [Label(labels[1].span, "it is read here")]
    else:
        labels = labels[:1]
    return Diagnostic(
        "SEG802",
        f"{lack.what} is missing for every row of `{source.name}`",
        tuple(labels),
        help="leave it out, or say with `??` what holds where it is missing",
        notes=(lack.reason,),
    )


# ---- where rows of the source are used


def _uses(scope: Scope, source: Source, audiences: Iterable[Audience]) -> Iterator[Expr]:
    """The outermost expressions that can lack something, of every declaration on rows of the source."""
    for whole in _expressions(scope, source, audiences):
        yield from _readings(whole)


def _expressions(scope: Scope, source: Source, audiences: Iterable[Audience]) -> Iterator[Expr]:
    for audience in (a for a in audiences if a.source == source.name):
        yield from (audience.where,) if audience.where is not None else ()
        yield from (key.value for key in audience.order)
        yield from (audience.per,) if audience.per is not None else ()
        yield from (column.value for column in audience.columns)
    for population in (p for p in scope.populations.values() if p.source == source.name):
        yield from (rule.condition for rule in population.rules)
    for score in (s for s in scope.scores.values() if s.source == source.name):
        for term in score.terms:
            yield term.amount
            yield from (term.condition,) if term.condition is not None else ()
    for scheme in (s for s in scope.schemes.values() if s.source == source.name):
        yield from (c for segment in scheme.segments for c in _conditions(segment))
        yield from (measure.value for measure in scheme.measures)


def _conditions(segment: Segment) -> Iterator[Expr]:
    if segment.condition is not None:
        yield segment.condition
    for child in segment.children:
        yield from _conditions(child)


_READING = (Column, Follow, LinkAggregate, ScoreOf, SegmentOf, Expected)


def _readings(expr: Expr) -> Iterator[Expr]:
    """The parts of an expression that read something of the row, except where missing is provided for."""
    if isinstance(expr, _READING):
        yield expr
    elif isinstance(expr, Coalesce):
        yield from _readings(expr.fallback)
    elif not isinstance(expr, TableAggregate | IsMissing):
        for part in parts(expr):
            yield from _readings(part)


def parts(expr: object) -> Iterator[Expr]:
    """The expressions directly below one, whatever rows they are evaluated on."""
    for slot in getattr(type(expr), "__match_args__", ()):
        value = getattr(expr, slot)
        for part in value if isinstance(value, tuple) else (value,):
            if hasattr(part, "span") and hasattr(part, "type"):
                yield part
            elif hasattr(part, "condition"):
                yield from parts(part)


# ---- what it lacks


def _lacks(scope: Scope, expr: Expr, source: Source, passed: frozenset[str]) -> Iterator[Lack]:
    """What is missing in a reading, also behind the fields and segmentations that it names."""
    match expr:
        case Column(name=name, span=span):
            yield from _column(scope, name, span, source, passed)
        case Follow(path=path, span=span):
            gone = next((c for c in path.columns if source.column(c) is None), None)
            if gone is not None and path.child == source.row_type:
                yield Lack(f"`{gone}`", f"`{source.name}` is declared without `{gone}`", span)
        case LinkAggregate(path=path, span=span):
            if not any(link.child == path.child and link.parent == source.name for link in scope.links):
                reason = f"`{path.child}` is linked to `{path.parent}`, not to `{source.name}`"
                yield Lack(f"What is aggregated over `{path.child}`", reason, span)
        case ScoreOf(score=score, span=span):
            if scope.scores[score].source != source.name:
                reason = f"it is a score of `{scope.scores[score].population}`; `expected({score} by ...)` has a value"
                yield Lack(f"The score `{score}`", reason, span)
        case SegmentOf(scheme=scheme) | Expected(scheme=scheme):
            if scheme not in passed and scheme in scope.schemes:
                yield from _scheme(scope, scheme, source, passed | {scheme})
        case _:
            return


def _column(scope: Scope, name: str, span: Span | None, source: Source, passed: frozenset[str]) -> Iterator[Lack]:
    column = source.column(name)
    field = scope.fields.get((source.row_type, name))
    if column is not None:
        if column.known_after is not None:
            yield Lack(f"`{name}`", f"it is known only after `{column.known_after}`", span)
    elif field is not None and name not in passed:
        for part in _readings(field.expr):
            yield from _lacks(scope, part, source, passed | {name})
    elif field is None:
        gone = scope.sources[source.row_type].column(name)
        if gone is not None:
            reason = f"`{source.name}` is declared without `{gone.known_after or name}`"
            after = f"it is known only after `{gone.known_after}`, and " if gone.known_after else ""
            yield Lack(f"`{name}`", after + reason, span)


def _scheme(scope: Scope, name: str, source: Source, passed: frozenset[str]) -> Iterator[Lack]:
    scheme = scope.schemes[name]
    conditions = [c for segment in scheme.segments for c in _conditions(segment)]
    for condition in (*conditions, *(m.value for m in scheme.measures), *_told_by(scheme)):
        for part in _readings(condition):
            yield from _lacks(scope, part, source, passed)


def _told_by(scheme: Scheme) -> Iterator[Expr]:
    """The fields by which segments will be told that a plugin is still to find: all that it reads but its `target`."""
    if scheme.matching is Matching.PLUGIN and scheme.plugin is not None:
        target = dict(scheme.plugin.values).get("target")
        yield from (read.value for read in scheme.reads if target != FieldName(read.name))
