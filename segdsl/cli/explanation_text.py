"""An explanation as lines of text, the same for terminals and pipes."""

from collections.abc import Iterable, Iterator

from segdsl.diagnostics.display import escape
from segdsl.engines.arrow.explaining.nearest_change import MOST_FIELDS
from segdsl.model.model import Matching
from segdsl.report.layout import Column, Line, Piece, Tone, table_lines
from segdsl.report.terminal import Canvas
from segdsl.report.wrapping import wrap
from segdsl.types import Type, Value
from segdsl.types.display import show
from segdsl.workflows.explanation import (
    ChangeFact,
    Explanation,
    MarkFact,
    PopulationFact,
    SchemeFact,
    ScoreFact,
    TermFact,
)
from segdsl.workflows.reasons import Fact, sentence


def explanation_lines(found: Explanation, canvas: Canvas) -> Iterator[Line]:
    """Populations first, then segmentations, then scores."""
    name = f"  {escape(found.name)}" if found.name else ""
    yield (Piece(f"{found.table} ", Tone.QUIET), Piece(escape("/".join(found.key)), Tone.HEADING), Piece(name))
    for population in found.populations:
        yield from _population(population, canvas)
    for scheme in found.schemes:
        yield ()
        yield from _scheme(scheme, canvas)
    for score in found.scores:
        yield ()
        yield from _score(score, canvas)
    for skipped in found.skipped:
        yield ()
        yield from _prose(f"{skipped.kind} {skipped.name} is left out: {skipped.reason}", canvas, 0, Tone.WARNING)


def _population(one: PopulationFact, canvas: Canvas) -> Iterator[Line]:
    head = (Piece("population ", Tone.QUIET), Piece(one.name))
    if one.inside:
        yield (*head, Piece("  belongs to it", Tone.GOOD))
        return
    via = f" by {one.dropped_from}" if one.dropped_from else ""
    how = f'not kept{via}: "{one.reason}"' if one.keep else f'dropped{via}: "{one.reason}"'
    yield (*head, Piece(f"  {how}", Tone.WARNING))
    yield from _reasons(one.facts, canvas)


def _scheme(one: SchemeFact, canvas: Canvas) -> Iterator[Line]:
    title = f"  {one.title}" if one.title and one.title != one.name else ""
    yield (Piece("segmentation ", Tone.QUIET), Piece(one.name, Tone.HEADING), Piece(title))
    if not one.inside:
        yield from _prose(f"not of {one.population}; classified by the same rules", canvas, 2, Tone.QUIET)
    match one.matching:
        case Matching.OVERLAPPING:
            for mark in one.marks:
                yield from _mark(mark, canvas)
        case Matching.NEAREST:
            yield from _nearest(one, canvas)
        case _:
            yield from _first(one, canvas)


def _segment(name: str, title: str) -> Line:
    rest = f"  {title}" if title and title != name else ""
    return (Piece("  "), Piece(name, Tone.HEADING), Piece(rest))


def _first(one: SchemeFact, canvas: Canvas) -> Iterator[Line]:
    if not one.segment:
        yield (Piece("  in no segment: no rule is true", Tone.WARNING),)
    else:
        yield _segment(one.segment, one.segment_title)
    if one.otherwise:
        yield from _prose("no rule before it is true", canvas, 4)
    yield from _reasons(one.facts, canvas)
    yield from _change(one.change, one.complete, canvas)


def _mark(one: MarkFact, canvas: Canvas) -> Iterator[Line]:
    sign = ("✓" if canvas.unicode else "+") if one.inside else ("·" if canvas.unicode else "-")
    tone = Tone.GOOD if one.inside else Tone.QUIET
    title = f"  {one.title}" if one.title and one.title != one.segment else ""
    yield (Piece(f"  {sign} ", tone), Piece(one.segment, Tone.HEADING if one.inside else Tone.PLAIN), Piece(title))
    if one.otherwise:
        yield from _prose("no other segment matches" if one.inside else "another segment matches", canvas, 6)
        return
    yield from _reasons(one.facts, canvas, 6)
    if not one.inside:
        yield from _mark_change(one.change, one.complete, canvas)


def _nearest(one: SchemeFact, canvas: Canvas) -> Iterator[Line]:
    if one.segment:
        yield _segment(one.segment, one.segment_title)
    else:
        yield (Piece("  in no segment: a measure is missing", Tone.WARNING),)
    yield from _reasons(one.facts, canvas)
    if one.distances:
        ordered = sorted(one.distances, key=lambda pair: pair[1])
        rows = [(name, f"{apart:.3f}") for name, apart in ordered]
        yield from table_lines((Column("prototype"), Column("distance", right=True)), rows, canvas.columns, 4)


def _change(one: ChangeFact | None, complete: bool, canvas: Canvas) -> Iterator[Line]:
    if one is None:
        yield from _none_found("leads to another segment", complete, canvas, 2)
        return
    far = f"  {_far(one.distance)}" if _is_measured(one) else ""
    yield (Piece("  nearest: ", Tone.QUIET), Piece(one.segment, Tone.HEADING), Piece(far, Tone.QUIET))
    yield from _reasons(one.facts, canvas)
    if one.otherwise:
        yield from _prose("no other rule would be true", canvas, 4)
    elif not one.facts:
        yield from _prose("its rule is true, but an earlier one catches the account", canvas, 4)
    yield from _prose(f"smallest change: {_changes(one, canvas)}", canvas, 4)


def _mark_change(one: ChangeFact | None, complete: bool, canvas: Canvas) -> Iterator[Line]:
    if one is None:
        yield from _none_found("makes it true", complete, canvas, 6)
        return
    far = f", {_far(one.distance)}" if _is_measured(one) else ""
    yield from _prose(f"smallest change: {_changes(one, canvas)}{far}", canvas, 6)


def _none_found(what: str, complete: bool, canvas: Canvas, indent: int) -> Iterator[Line]:
    limit = "" if complete else ", as far as was searched"
    yield from _prose(f"no change of up to {MOST_FIELDS} fields {what}{limit}", canvas, indent, Tone.QUIET)


def _changes(one: ChangeFact, canvas: Canvas) -> str:
    arrow = "→" if canvas.unicode else "->"
    return " and ".join(f"{field.field} {field.now} {arrow} {field.then}" for field in one.fields)


def _is_measured(one: ChangeFact) -> bool:
    """From a value that isn't known there is no way to measure."""
    return one.distance is not None and all(field.now != "missing" for field in one.fields)


def _far(distance: float | None) -> str:
    assert distance is not None
    shown = f"{distance:.2g}" if distance < 10 else f"{distance:,.0f}"
    return f"{shown} interquartile range{'' if shown == '1' else 's'} away"


def _score(one: ScoreFact, canvas: Canvas) -> Iterator[Line]:
    title = f"  {one.title}" if one.title and one.title != one.name else ""
    yield (Piece("score ", Tone.QUIET), Piece(one.name, Tone.HEADING), Piece(title))
    if not one.inside:
        yield (Piece(f"  none: not of {one.population}", Tone.QUIET),)
        return
    rows = [_term_row(term, one.type) for term in one.terms]
    rows.append(("total", _amount(one.total, one.type), _standing(one)))
    columns = (Column(""), Column("", right=True), Column("", cuttable=True, tone=Tone.QUIET))
    for place, line in enumerate(table_lines(columns, rows, canvas.columns, 2)):
        if place == len(one.terms):
            yield tuple(Piece(p.text, Tone.HEADING if at < 4 else p.tone) for at, p in enumerate(line))
            continue
        yield line
        if one.terms[place].condition:
            yield from _reasons(one.terms[place].facts, canvas, 6)


def _term_row(term: TermFact, type_: Type) -> tuple[str, str, str]:
    label = "base" if term.sign == "base" else f"{term.sign} {term.label}"
    when = f" when {term.condition}" if term.condition else ""
    return label, _amount(term.amount, type_), f"{term.written}{when}"


def _standing(one: ScoreFact) -> str:
    parts = [] if one.grade is None else [f"grade {one.grade}"]
    if one.rank is not None:
        parts.append(f"rank {one.rank:,} of {one.scored:,}")
    return ", ".join(parts)


def _amount(value: Value, type_: Type) -> str:
    return show(value, type_.or_missing(False))


def _reasons(found: Iterable[Fact], canvas: Canvas, indent: int = 4) -> Iterator[Line]:
    for fact in found:
        yield from _prose(sentence(fact), canvas, indent)


def _prose(text: str, canvas: Canvas, indent: int, tone: Tone = Tone.PLAIN) -> Iterator[Line]:
    for number, line in enumerate(wrap(escape(text), canvas.columns - indent - 2)):
        yield (Piece(" " * (indent if number == 0 else indent + 2)), Piece(line, tone))
