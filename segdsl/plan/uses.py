"""What a step evaluates, on the rows of which table; what it takes from other steps and what it gives to them."""

from collections.abc import Callable, Iterable, Iterator
from typing import assert_never

from segdsl.model.expression import (
    REMAINING,
    Column,
    Expected,
    Expr,
    Follow,
    LinkAggregate,
    LinkPath,
    ScoreOf,
    ScorePart,
    SegmentOf,
    TableAggregate,
)
from segdsl.model.model import Segment
from segdsl.model.source import RATE_COLUMNS, ColumnContract
from segdsl.plan.needs import conditions_of
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
from segdsl.plan.traversal import externals
from segdsl.record import dataclass, replace

Change = Callable[[Expr], Expr]
Placed = tuple[str, Expr]


@dataclass(frozen=True, slots=True)
class Thing:
    """Something that one step gives and others take; `what` tells things of one kind on one table apart.

    The table is empty where the name alone says it: figures, populations, means and lists.
    """

    kind: str
    table: str
    what: object = ""


def expressions(step: Step) -> tuple[Placed, ...]:
    """The expressions that a step evaluates itself, each with the table on whose rows."""
    return tuple((table, expr) for table, expr in _placed(step) if expr is not None)


def _placed(step: Step) -> Iterator[tuple[str, Expr | None]]:
    match step:
        case Scan(work=work):
            for inner in work:
                yield from _placed(inner)
        case Derive() | Stack() | CheckLinks() | ConvertAmounts() | Enrich() | RankScore() | ExpectScore():
            return
        case Compute(table=table, fields=fields):
            yield from ((table, field.value) for field in fields)
        case FollowLink(path=path, values=values):
            yield from ((path.parent, node.value) for node in values)
        case AggregateLink(table=table, aggregates=aggregates):
            yield from ((table, part) for a in aggregates for part in (a.value, a.where, a.by))
        case AggregateTable(table=table, aggregates=figures):
            yield from ((table, part) for f in figures for part in (f.value, f.where, f.per))
        case Filter(table=table, rules=rules):
            for rule in rules:
                yield (table, rule.condition)
                yield from ((table, part) for part in _remaining(rule.condition))
        case AddTerms(table=table, terms=terms):
            yield from ((table, part) for term in terms for part in (term.amount, term.condition))
        case Classify(table=table, segments=segments, measures=measures):
            yield from ((table, condition) for condition in conditions_of(segments))
            yield from ((table, measure.value) for measure in measures)
        case ListAudience(table=table, audience=audience):
            yield from ((table, expr) for expr in (audience.where, audience.per))
            yield from ((table, key.value) for key in audience.order)
            yield from ((table, column.value) for column in audience.columns)
        case _:
            assert_never(step)


def _remaining(condition: Expr) -> Iterator[Expr | None]:
    """What a rule evaluates over the rows that earlier rules left."""
    for node in externals((condition,)):
        if isinstance(node, TableAggregate) and node.table == REMAINING:
            yield from (node.value, node.where)


def reads_remaining(step: Filter) -> bool:
    """Whether a rule needs a figure of the rows that earlier rules left."""
    return any(
        isinstance(node, TableAggregate) and node.table == REMAINING
        for node in externals(rule.condition for rule in step.rules)
    )


def change_step(step: Step, change: Change) -> Step:
    """The step with `change` applied to each of its expressions."""

    def maybe(expr: Expr | None) -> Expr | None:
        return None if expr is None else change(expr)

    match step:
        case Scan(work=work):
            return replace(step, work=tuple(change_step(inner, change) for inner in work))
        case Derive() | Stack() | CheckLinks() | ConvertAmounts() | Enrich() | RankScore() | ExpectScore():
            return step
        case Compute(fields=fields):
            return replace(step, fields=tuple(replace(f, value=change(f.value)) for f in fields))
        case FollowLink(values=values):
            return replace(step, values=tuple(v for v in map(change, values) if isinstance(v, Follow)))
        case AggregateLink(aggregates=aggregates):
            changed = map(change, aggregates)
            return replace(step, aggregates=tuple(a for a in changed if isinstance(a, LinkAggregate)))
        case AggregateTable(aggregates=figures):
            changed = map(change, figures)
            return replace(step, aggregates=tuple(f for f in changed if isinstance(f, TableAggregate)))
        case Filter(rules=rules):
            return replace(step, rules=tuple(replace(r, condition=change(r.condition)) for r in rules))
        case AddTerms(terms=terms):
            pairs = ((t, change(t.amount), maybe(t.condition)) for t in terms)
            return replace(step, terms=tuple(replace(t, amount=a, condition=c) for t, a, c in pairs))
        case Classify(segments=segments, measures=measures):
            places = tuple(replace(m, value=change(m.value)) for m in measures)
            return replace(step, segments=tuple(_segment(s, maybe) for s in segments), measures=places)
        case ListAudience(audience=a):
            order = tuple(replace(k, value=change(k.value)) for k in a.order)
            columns = tuple(replace(c, value=change(c.value)) for c in a.columns)
            changed_list = replace(a, where=maybe(a.where), per=maybe(a.per), order=order, columns=columns)
            return replace(step, audience=changed_list)
        case _:
            assert_never(step)


def _segment(segment: Segment, maybe: Callable[[Expr | None], Expr | None]) -> Segment:
    children = tuple(_segment(child, maybe) for child in segment.children)
    return replace(segment, condition=maybe(segment.condition), children=children)


def gives(step: Step) -> frozenset[Thing]:
    """What other steps can take from a step."""
    match step:
        case Scan(work=work):
            inner = (thing for part in work for thing in gives(part))
            return frozenset((Thing("rows", step.table), *inner))
        case Derive() | Stack():
            return frozenset((Thing("rows", step.table),))
        case CheckLinks(table=table):
            return frozenset((Thing("links", table),))
        case ConvertAmounts(table=table, columns=columns):
            return frozenset(Thing("column", table, column.name) for column in columns)
        case Compute(table=table, fields=fields):
            return frozenset(Thing("column", table, field.name) for field in fields)
        case Enrich(table=table, columns=enriched):
            return frozenset(Thing("column", table, name) for c in enriched for name, _ in c.all_columns)
        case FollowLink(table=table, values=values):
            return frozenset(Thing("node", table, node) for node in values)
        case AggregateLink(path=path, aggregates=aggregates):
            return frozenset(Thing("node", path.parent, node) for node in aggregates)
        case AggregateTable(table=table, aggregates=figures):
            return frozenset(Thing("figure", "", node) for node in figures)
        case Filter(table=table, population=name):
            return frozenset((Thing("population", "", name),))
        case AddTerms(table=table, score=name):
            return frozenset((Thing("score", table, name),))
        case RankScore(table=table, score=name):
            return frozenset((Thing("rank", table, name),))
        case Classify(table=table, scheme=name):
            return frozenset((Thing("segments", table, name),))
        case ExpectScore(score=score, scheme=scheme):
            return frozenset((Thing("means", "", (score, scheme)),))
        case ListAudience(audience=audience):
            return frozenset((Thing("list", "", audience.name),))
        case _:
            assert_never(step)


def takes(step: Step) -> frozenset[Thing]:
    """What a step may take from others; a thing that no step gives is a column of the files or always missing."""
    return frozenset((*_own_takes(step), *_read(step)))


def _read(step: Step) -> Iterator[Thing]:
    """One step may read the expressions of many rules on one table: those are looked through together."""
    by_table: dict[str, list[Expr]] = {}
    for table, expr in expressions(step):
        by_table.setdefault(table, []).append(expr)
    for table, exprs in by_table.items():
        yield Thing("rows", table)
        yield Thing("links", table)
        for node in externals(exprs):
            match node:
                case Column(name=name):
                    yield Thing("column", table, name)
                case Follow() | LinkAggregate():
                    yield Thing("node", table, node)
                case TableAggregate():
                    yield Thing("figure", "", node)
                case ScoreOf(score=score, part=part):
                    yield Thing("score" if part is ScorePart.VALUE else "rank", table, score)
                case SegmentOf(scheme=scheme):
                    yield Thing("segments", table, scheme)
                case Expected(score=score, scheme=scheme):
                    yield Thing("means", "", (score, scheme))
                    yield Thing("segments", table, scheme)
                case _:
                    assert_never(node)


def _own_takes(step: Step) -> Iterator[Thing]:
    match step:
        case Scan(work=work):
            yield from (thing for inner in work for thing in takes(inner))
        case Derive(source=source, parent=parent, columns=columns):
            yield from _rows(parent)
            yield from (Thing("column", parent, c.header) for c in source.columns if c.name in columns)
        case Stack(source=source, parents=parents, columns=columns):
            yield from _rows(*parents)
            headers = [c.header for c in source.columns if c.name in columns]
            yield from (Thing("column", parent, header) for parent in parents for header in headers)
        case ConvertAmounts(table=table, columns=converted):
            yield from _rows(table)
            yield from _rates(table, converted)
        case CheckLinks(table=table, links=links):
            yield Thing("rows", table)
            yield from _rows(*(path.parent for path in links if path.parent != table))
        case Compute(table=table) | Classify(table=table, own=False):
            yield from _rows(table)
        case Enrich(table=table):
            yield from _rows(table, *(one.table for one in step.reads))
            yield from (Thing("column", one.table, one.name) for one in step.reads)
        case FollowLink(path=path, table=table) | AggregateLink(path=path, table=table):
            yield from _rows(table, path.parent)
        case AggregateTable(table=table, over=over) | AddTerms(table=table, over=over):
            yield from (*_rows(table), Thing("population", "", over))
        case Classify(table=table, over=over):
            yield from (*_rows(table), Thing("population", "", over))
        case Filter(table=table, parent=parent):
            yield from (*_rows(table), Thing("population", "", parent or ""))
        case RankScore(table=table, score=score):
            yield from (*_rows(table), Thing("score", table, score))
        case ExpectScore(table=table, score=score, scheme=scheme):
            yield from (*_rows(table), Thing("score", table, score), Thing("segments", table, scheme))
        case ListAudience(table=table, audience=audience):
            yield from (*_rows(table), Thing("population", "", audience.table))
            for name in audience.excluded:
                yield from (Thing("list", "", name), Thing("population", "", name), *_rows(name))
        case _:
            assert_never(step)


def _rates(table: str, columns: Iterable[ColumnContract]) -> Iterator[Thing]:
    """What a conversion reads: the row's currency and date, and the table of rates."""
    for conversion in (column.conversion for column in columns):
        if conversion is not None:
            yield from _rows(conversion.rates)
            names = (conversion.currency_column, conversion.date_column)
            yield from (Thing("column", table, name) for name in names)
            yield from (Thing("column", conversion.rates, name) for name in RATE_COLUMNS)


def _rows(*tables: str) -> Iterator[Thing]:
    for table in tables:
        yield Thing("rows", table)
        yield Thing("links", table)


def links_of(steps: Iterable[Step]) -> Iterator[LinkPath]:
    """The links whose rows are looked up by the steps."""
    for step in steps:
        match step:
            case Scan(work=work):
                yield from links_of(work)
            case CheckLinks(links=links):
                yield from links
            case Enrich(links=links):
                yield from links
            case FollowLink(path=path) | AggregateLink(path=path):
                yield path
            case _:
                pass
