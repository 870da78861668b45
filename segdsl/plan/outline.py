"""A step in words: a title, and lines with what it computes. What every printed form of a plan is made of."""

from collections.abc import Iterator
from typing import assert_never

from segdsl.model.model import Grade, Matching, Segment, TermSign
from segdsl.model.source import ColumnContract
from segdsl.plan.shared_nodes import shared_in
from segdsl.plan.steps import (
    AddTerms,
    AggregateLink,
    AggregateTable,
    CheckLinks,
    Classify,
    Compute,
    ConvertAmounts,
    Derive,
    Enrich,
    ExpectScore,
    Filter,
    FollowLink,
    ListAudience,
    RankScore,
    Scan,
    Stack,
    Step,
)
from segdsl.plan.wording import word_expr, word_path, word_value
from segdsl.record import dataclass
from segdsl.types import money


@dataclass(frozen=True, slots=True)
class Outline:
    """`verb` is the kind of step, `title` the whole first line, `lines` the details, `work` what is done on the way."""

    verb: str
    table: str
    title: str
    lines: tuple[str, ...]
    work: tuple["Outline", ...] = ()


def outline(step: Step) -> Outline:
    """The step in words."""
    verb, rest = _worded(step)
    work = tuple(outline(inner) for inner in step.work) if isinstance(step, Scan) else ()
    shared = len(shared_in(step)) if isinstance(step, Classify | Filter) else 0
    note = (f"{shared} expressions that stand in several places are computed once",) if shared > 1 else ()
    return Outline(verb, step.table, f"{verb} {rest}", (*_lines(step), *note), work)


def title_of(step: Step) -> str:
    """The first line of a step, such as `scan accounts, held`."""
    return " ".join(_worded(step))


def _worded(step: Step) -> tuple[str, str]:
    match step:
        case Scan():
            return "scan", f"{step.table}, {'held' if step.held else 'streamed'}"
        case Derive(parent=parent):
            return "derive", f"{step.table} from {parent}"
        case Stack(parents=parents):
            return "stack", f"{step.table} from {', '.join(parents)}"
        case CheckLinks(table=table, drop_orphans=drops):
            return "check links", f"of {table}{', orphans dropped' if drops else ''}"
        case ConvertAmounts(table=table):
            return "convert", f"amounts of {table}"
        case Compute(table=table):
            return "compute", f"on {table}"
        case Enrich(table=table, enrichment=enrichment):
            return "enrich", f"{table} using {enrichment.plugin}"
        case FollowLink(path=path):
            return "follow", f"{word_path(path)} to {path.parent}"
        case AggregateLink(path=path):
            return "aggregate link", f"{word_path(path)} to {path.parent}"
        case AggregateTable(over=over):
            return "aggregate table", over
        case Filter():
            return "filter", f"{step.population} from {step.parent or step.table}"
        case AddTerms():
            return "score", f"{step.score} for {step.over}"
        case RankScore(score=score):
            return "rank", score
        case Classify():
            return "classify", f"{step.table} by {step.scheme}"
        case ExpectScore(score=score, scheme=scheme):
            return "expect", f"{score} by {scheme}"
        case ListAudience():
            return "list", f"{step.audience.name} from {step.audience.table}"
        case _:
            assert_never(step)


def _lines(step: Step) -> tuple[str, ...]:
    match step:
        case Scan():
            return _scan(step)
        case Derive(columns=columns) | Stack(columns=columns):
            return (f"columns {', '.join(columns)}",)
        case CheckLinks(links=links):
            return tuple(f"{word_path(path)} to {path.parent}" for path in links)
        case ConvertAmounts(columns=converted):
            return tuple(_conversion(column) for column in converted)
        case Compute(fields=fields):
            return tuple(f"{f.name} = {word_expr(f.value)}" for f in fields)
        case Enrich():
            return _enriched(step)
        case FollowLink(values=values):
            return tuple(map(word_expr, values))
        case AggregateLink(aggregates=aggregates):
            return tuple(map(word_expr, aggregates))
        case AggregateTable(aggregates=figures):
            return tuple(map(word_expr, figures))
        case Filter():
            return _rules(step)
        case AddTerms():
            return _terms(step)
        case RankScore(grades=grades):
            return (f"grades {', '.join(_share(g) for g in grades)}",) if grades else ()
        case Classify():
            return _segments(step)
        case ExpectScore():
            return ()
        case ListAudience():
            return _audience(step)
        case _:
            assert_never(step)


def _conversion(column: ColumnContract) -> str:
    by = column.conversion
    assert by is not None
    return f"{column.name} from {by.currency_column} to {column.type.currency}, {by.rates} at {by.date_column}"


def _scan(step: Scan) -> tuple[str, ...]:
    lines = [f"reads {', '.join(step.columns)}"]
    if step.held and step.kept != step.columns:
        lines.append(f"keeps {', '.join(step.kept)}")
    if step.coded:
        lines.append(f"as dictionaries {', '.join(step.coded)}")
    return tuple(lines)


def _enriched(step: Enrich) -> tuple[str, ...]:
    own = step.enrichment.source
    lines = []
    for column in step.columns:
        shown = column.name if column.name == column.output else f"{column.name} = {column.output}"
        read = (one.column if one.table == own else f"{one.table}.{one.column}" for one in column.inputs)
        lines.append(f"{shown} from {', '.join(read)}")
    return (*lines, *_paid_calls(step))


def _paid_calls(step: Enrich) -> Iterator[str]:
    for one in step.enrichment.providers:
        if one.price is not None and one.currency is not None:
            price = word_value(one.price, money(one.currency))
            yield f"pays {one.name}: {price} a record, at most one record for each row of {step.table}"


def _rules(step: Filter) -> tuple[str, ...]:
    return tuple(
        f'{"keep" if rule.keep else "drop"} "{rule.reason}" when {word_expr(rule.condition)}' for rule in step.rules
    )


def _terms(step: AddTerms) -> tuple[str, ...]:
    lines = []
    for term in step.terms:
        label = "" if term.sign is TermSign.BASE else f' "{term.label}"'
        when = "" if term.condition is None else f" when {word_expr(term.condition)}"
        lines.append(f"{term.sign.value}{label} {word_expr(term.amount)}{when}")
    return (*lines, *(("missing terms as 0",) if step.missing_terms_as_zero else ()))


def _segments(step: Classify) -> tuple[str, ...]:
    if step.matching is Matching.NEAREST:
        measures = tuple(
            f"measure {m.name}{' log' if m.log else ''} scale {word_value(m.scale)}" for m in step.measures
        )
        return (*measures, *(f"segment {s.name} at {_point(s)}" for s in step.segments))
    return tuple(line for segment in step.segments for line in _segment(segment, ""))


def _point(segment: Segment) -> str:
    return ", ".join(f"{place.measure} {word_value(place.value)}" for place in segment.at)


def _segment(segment: Segment, indent: str) -> tuple[str, ...]:
    when = "otherwise" if segment.condition is None else f"when {word_expr(segment.condition)}"
    inner = (line for child in segment.children for line in _segment(child, indent + "  "))
    return (f"{indent}segment {segment.name} {when}", *inner)


def _audience(step: ListAudience) -> tuple[str, ...]:
    a = step.audience
    lines = []
    if a.where is not None:
        lines.append(f"where {word_expr(a.where)}")
    if a.excluded:
        lines.append(f"except {', '.join(a.excluded)}")
    if a.order:
        keys = (f"{word_expr(k.value)}{' desc' if k.descending else ''}" for k in a.order)
        lines.append(f"order by {', '.join(keys)}")
    if a.take is not None:
        lines.append(f"take {a.take}{'' if a.per is None else f' per {word_expr(a.per)}'}")
    if a.hold_out is not None:
        lines.append(f"hold out {a.hold_out:.2%}")
    lines += [f"column {c.name} = {word_expr(c.value)}" for c in a.columns]
    return tuple(lines)


def _share(grade: Grade) -> str:
    return f"{grade.name} rest" if grade.share is None else f"{grade.name} {(grade.share * 100).normalize():f}%"
