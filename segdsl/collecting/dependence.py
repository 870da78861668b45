"""Which columns and fields an expression rests on, through everything it is computed from."""

from collections.abc import Iterable, Iterator
from typing import assert_never

from segdsl.collecting.field_name import FieldName
from segdsl.model.catalog import Scope
from segdsl.model.expression import (
    REMAINING,
    Column,
    Expected,
    Expr,
    Follow,
    LinkAggregate,
    LinkPath,
    ScoreOf,
    SegmentOf,
    TableAggregate,
)
from segdsl.model.model import Model, Scheme, Score
from segdsl.model.source import DerivedOrigin, FileOrigin, Source, StackedOrigin
from segdsl.plan.needs import conditions_of, field_of, table_of
from segdsl.plan.traversal import External, externals
from segdsl.types import UNKNOWN

# An expression (None where there is none) with the table on whose rows it is evaluated.
Placed = tuple[str, Expr | None]


def rests_on(model: Model, placed: Iterable[Placed]) -> frozenset[FieldName]:
    """Everything that expressions rest on: columns, derived fields, and what those are computed from.

    Links that are followed count, for without them nothing is found. Which rows belong to a population does not: a
    mean over customers rests on what is averaged, not on the rules that say who is a customer.
    """
    found: set[FieldName] = set()
    seen: set[tuple[str, External]] = set()
    stack = [pair for pair in placed if pair[1] is not None]
    while stack:
        table, expr = stack.pop()
        if expr is None:
            continue
        for node in externals((expr,)):
            if isinstance(node, Column):
                name = FieldName(table, node.name)
                if name not in found:
                    found.add(name)
                    stack.extend(_behind_column(model, name))
            elif (table, node) not in seen:
                seen.add((table, node))
                stack.extend(_behind(model, table, node))
    return frozenset(found)


def base_fields(model: Model, placed: Iterable[Placed]) -> frozenset[FieldName]:
    """Of what expressions rest on, the columns that sources declare: nothing in the spec computes them."""
    return frozenset(name for name in rests_on(model, placed) if _is_declared(model, name))


def scheme_parts(scheme: Scheme, table: str) -> Iterator[Placed]:
    """What a scheme evaluates on the rows of a table."""
    yield from ((table, condition) for condition in conditions_of(scheme.segments))
    yield from ((table, measure.value) for measure in scheme.measures)


def score_parts(score: Score) -> Iterator[Placed]:
    """What a score evaluates."""
    for term in score.terms:
        yield from ((score.source, term.amount), (score.source, term.condition))


def _is_declared(model: Model, name: FieldName) -> bool:
    source = model.sources[name.source]
    return source.column(name.name) is not None and isinstance(source.origin, FileOrigin)


def _behind_column(model: Model, name: FieldName) -> Iterator[Placed]:
    source = model.sources[name.source]
    contract = source.column(name.name)
    if contract is None:
        derived = field_of(model, name.source, name.name)
        yield (name.source, derived)
        if derived is None:
            yield from _enriched(model, source, name.name)
        return
    yield from _made_from(source, contract.header)
    by = contract.conversion
    if by is not None:
        yield from ((name.source, Column(other, UNKNOWN)) for other in (by.currency_column, by.date_column))


def _made_from(source: Source, header: str) -> Iterator[Placed]:
    match source.origin:
        case FileOrigin():
            return
        case DerivedOrigin(parent=parent):
            yield (parent, Column(header, UNKNOWN))
        case StackedOrigin(parents=parents):
            yield from ((parent, Column(header, UNKNOWN)) for parent in parents)
        case _:
            assert_never(source.origin)


def _enriched(model: Model, source: Source, name: str) -> Iterator[Placed]:
    """The columns that an enricher makes a column from; one of the enriched table is its own of that name."""
    for enrichment in model.enrichments:
        if enrichment.source != source.row_type:
            continue
        for made in enrichment.columns:
            if any(name == one for one, _ in made.all_columns):
                by_options = (one for option in enrichment.options for one in option.columns)
                for read in (*made.inputs, *(by_options if made.scope is Scope.TABLE else ())):
                    table = source.name if read.table == enrichment.source else read.table
                    yield (table, Column(read.column, UNKNOWN))


def _behind(model: Model, table: str, node: External) -> Iterator[Placed]:
    match node:
        case Column():
            return
        case Follow(path=path, value=value):
            yield from ((table, Column(name, UNKNOWN)) for name in _present(model, table, path))
            yield (path.parent, value)
        case LinkAggregate(path=path, value=value, where=where, by=by):
            yield from ((path.child, Column(name, UNKNOWN)) for name in path.columns)
            yield from ((path.child, part) for part in (value, where, by))
        case TableAggregate(table=over, value=value, where=where, per=per):
            rows = table if over == REMAINING else table_of(model, over)
            yield from ((rows, value), (rows, where), (table, per))
        case ScoreOf(score=score):
            yield from score_parts(model.scores[score])
        case SegmentOf(scheme=scheme):
            yield from scheme_parts(model.schemes[scheme], table)
        case Expected(score=score, scheme=scheme):
            yield from scheme_parts(model.schemes[scheme], table)
            yield from score_parts(model.scores[score])
        case _:
            assert_never(node)


def _present(model: Model, table: str, path: LinkPath) -> Iterator[str]:
    return (name for name in path.columns if model.sources[table].column(name) is not None)
