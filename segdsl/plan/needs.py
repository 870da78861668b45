"""What each item needs first: the edges of the dependency graph of a model."""

from collections.abc import Callable, Iterable, Iterator
from typing import assert_never

from segdsl.model.catalog import Scope
from segdsl.model.expression import (
    REMAINING,
    Call,
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
    Unresolved,
)
from segdsl.model.model import Audience, EnrichedColumn, Enrichment, Matching, Model, Segment
from segdsl.model.references import column_type
from segdsl.model.source import Source, parents_of
from segdsl.plan.items import (
    Blocked,
    Checked,
    Converted,
    Enriched,
    Fielded,
    Figured,
    Followed,
    Item,
    Linked,
    Listed,
    Meant,
    Populated,
    Ranked,
    Rows,
    Scored,
    Segmented,
)
from segdsl.plan.traversal import External, externals, subexpressions
from segdsl.types import Type


def table_of(model: Model, name: str) -> str:
    """The source whose rows a source or population holds."""
    return name if name in model.sources else model.populations[name].source


def membership(model: Model, name: str) -> Item:
    """What says which rows belong to a source or population."""
    return Checked(name) if name in model.sources else Populated(name)


def has_columns(source: Source, path: LinkPath) -> bool:
    """Whether a table has the columns of a link; a `like` source may be without them."""
    return all(source.column(name) is not None for name in path.columns)


def checked_links(model: Model, table: str) -> tuple[LinkPath, ...]:
    """The links whose every value must be a key of the parent; with a source made from this one it is so anyway."""
    paths = model.sources[table].links
    return tuple(path for path in paths if path.child == table and table not in _made_from(model, path.parent))


def made_of(source: Source) -> tuple[str, ...]:
    """The sources whose rows a derived or stacked source is made of."""
    return parents_of(source.origin)


def needs(model: Model, item: Item) -> Iterator[Item | Blocked]:
    """What has to be there before an item, or why the item can't be."""
    match item:
        case Rows(table=table) if table in model.failed_sources or _reader_is_missing(model.sources[table]):
            yield Blocked(f"the plugin that reads `{table}` failed or isn't there")
        case Rows(table=table):
            yield from _made_needs(model, model.sources[table])
        case Checked(table=table):
            yield Rows(table)
            yield from _parents(model, table)
        case Converted(table=table, column=column):
            yield Checked(table)
            yield Checked(_rates(model.sources[table], column))
        case Fielded(table=table, name=name):
            field = field_of(model, table, name)
            assert field is not None
            yield Checked(table)
            yield from _inputs(model, table, (field,))
        case Enriched():
            yield from _enriched(model, item)
        case Followed(table=table, node=node):
            yield from (Checked(table), Checked(node.path.parent))
            yield from _inputs(model, node.path.parent, (node.value,))
        case Linked(table=table, node=aggregate):
            yield from (Checked(aggregate.path.child), Checked(table))
            parts = (aggregate.value, aggregate.where, aggregate.by)
            yield from _inputs(model, aggregate.path.child, parts)
        case Figured(node=figure):
            yield membership(model, figure.table)
            parts = (figure.value, figure.where, figure.per)
            yield from _inputs(model, table_of(model, figure.table), parts)
        case Populated(name=name):
            population = model.populations[name]
            yield membership(model, population.parent or population.source)
            yield from _inputs(model, population.source, (rule.condition for rule in population.rules))
        case Scored(name=name):
            score = model.scores[name]
            yield membership(model, score.population)
            terms = (part for term in score.terms for part in (term.amount, term.condition))
            yield from _inputs(model, score.source, terms)
        case Ranked(name=name):
            yield Scored(name)
        case Segmented(scheme=name, table=table):
            yield from _segmented(model, name, table)
        case Meant(score=name, scheme=scheme):
            yield from (Scored(name), Segmented(scheme, model.scores[name].source))
        case Listed(name=name):
            yield from _listed(model, model.audiences[name])
        case _:
            assert_never(item)


def _reader_is_missing(source: Source) -> bool:
    return source.read.plugin is not None and source.read.plugin.run is None


def field_of(model: Model, table: str, name: str) -> Expr | None:
    """The expression of a derived field of a table; a column that the table itself declares goes first."""
    source = model.sources[table]
    if source.column(name) is not None:
        return None
    field = model.fields.get((table, name)) or model.fields.get((source.row_type, name))
    return field.expr if field else None


def conditions_of(segments: Iterable[Segment]) -> Iterator[Expr]:
    """The conditions of segments and of those nested in them."""
    for segment in segments:
        if segment.condition is not None:
            yield segment.condition
        yield from conditions_of(segment.children)


def _made_needs(model: Model, source: Source) -> Iterator[Item]:
    """A derived or stacked source needs its parents' rows, with the amounts that it takes over converted."""
    for name in made_of(source):
        yield Checked(name)
        for column in source.columns:
            own = model.sources[name].column(column.header)
            if own is not None and own.conversion is not None:
                yield Converted(name, own.name)


def _rates(source: Source, column: str) -> str:
    contract = source.column(column)
    assert contract is not None and contract.conversion is not None
    return contract.conversion.rates


def _parents(model: Model, table: str) -> Iterator[Item]:
    """Parents come first, with their own links checked: a row they drop is nothing to point to."""
    for path in checked_links(model, table):
        if path.parent != table:
            # Tables that link to one another in a ring are checked against the rows as they were read.
            ring = table in _reached(model, path.parent)
            yield Rows(path.parent) if ring else Checked(path.parent)


def _reached(model: Model, start: str) -> set[str]:
    """The tables reached from a table by its links and by what it is made of."""

    def ahead(name: str) -> tuple[str, ...]:
        links = (path.parent for path in checked_links(model, name))
        return (*links, *made_of(model.sources[name]))

    return _closure(start, ahead)


def _made_from(model: Model, start: str) -> set[str]:
    return _closure(start, lambda name: made_of(model.sources[name]))


def _closure(start: str, ahead: Callable[[str], tuple[str, ...]]) -> set[str]:
    found: set[str] = set()
    stack = [start]
    while stack:
        fresh = [name for name in ahead(stack.pop()) if name not in found]
        found.update(fresh)
        stack.extend(fresh)
    return found


def _segmented(model: Model, name: str, table: str) -> Iterator[Item | Blocked]:
    scheme = model.schemes[name]
    if scheme.matching is Matching.PLUGIN:
        assert scheme.plugin is not None
        finder = f"the plugin `{scheme.plugin.plugin}`"
        absent = scheme.plugin.run is None
        yield Blocked(f"{finder} isn't there" if absent else f"{finder} has not found the segments of `{name}` yet")
        return
    yield Checked(table)
    if table == scheme.source:
        yield membership(model, scheme.population)
    yield from _inputs(model, table, conditions_of(scheme.segments))
    yield from _inputs(model, table, (measure.value for measure in scheme.measures))


def _listed(model: Model, audience: Audience) -> Iterator[Item | Blocked]:
    yield membership(model, audience.table)
    for name in audience.excluded:
        yield Listed(name) if name in model.audiences else membership(model, name)
    yield from _inputs(model, audience.source, (audience.where, audience.per))
    yield from _inputs(model, audience.source, (key.value for key in audience.order))
    yield from _inputs(model, audience.source, (column.value for column in audience.columns))


def _inputs(model: Model, table: str, exprs: Iterable[Expr | None]) -> Iterator[Item | Blocked]:
    present = [expr for expr in exprs if expr is not None]
    for expr in present:
        for node in subexpressions(expr):
            if isinstance(node, Unresolved):
                yield Blocked("it rests on columns or segments of a plugin that isn't installed or fitted")
            elif isinstance(node, Call) and node.function in model.failed_functions:
                yield Blocked(f"the function `{node.function}` of a plugin failed")
    for node in externals(present):
        yield from _input(model, table, node)


def _input(model: Model, table: str, node: External) -> Iterator[Item | Blocked]:
    match node:
        case Column(name=name):
            yield from _column(model, table, name)
        case Follow(path=path):
            if has_columns(model.sources[table], path):
                yield Followed(table, node)
        case LinkAggregate(path=path):
            # A row of a `like` source has no related rows of its own: the value is missing.
            if path.parent == table:
                yield Linked(table, node)
        case TableAggregate(table=over, value=value, where=where, per=per):
            if over == REMAINING:
                yield from _inputs(model, table, (value, where, per))
            else:
                yield Figured(node)
        case ScoreOf(score=score, part=part):
            if model.scores[score].source == table:
                yield Scored(score) if part is ScorePart.VALUE else Ranked(score)
        case SegmentOf(scheme=scheme):
            yield Segmented(scheme, table)
        case Expected(score=score, scheme=scheme):
            yield from (Meant(score, scheme), Segmented(scheme, table))
        case _:
            assert_never(node)


def _column(model: Model, table: str, name: str) -> Iterator[Item | Blocked]:
    source = model.sources[table]
    column = source.column(name)
    if column is not None:
        yield Checked(table) if column.conversion is None else Converted(table, name)
    elif field_of(model, table, name) is not None:
        yield Fielded(table, name)
    else:
        yield from _column_of_plugin(model, table, name)


def _column_of_plugin(model: Model, table: str, name: str) -> Iterator[Item | Blocked]:
    for enrichment in enrichments_of(model, table):
        column = enrichment.column(name)
        goes_with = any(name.startswith(f"{one.name}_") for one in enrichment.columns)
        if enrichment.blocked and (column is not None or goes_with):
            yield Blocked(f"column `{name}` needs the plugin `{enrichment.plugin}`: {enrichment.blocked}")
        elif column is not None:
            yield enriched_item(table, enrichment, column)


def enrichments_of(model: Model, table: str) -> Iterator[Enrichment]:
    """The enrichments of the rows of a source: its own, or those of the source it is like."""
    row_type = model.sources[table].row_type
    return (enrichment for enrichment in model.enrichments if enrichment.source == row_type)


def enriched_item(table: str, enrichment: Enrichment, column: EnrichedColumn) -> Enriched:
    """What makes a column: columns that see whole tables are made together."""
    return Enriched(table, enrichment.number, "" if column.scope is Scope.TABLE else column.name)


def enriched_columns(model: Model, item: Enriched) -> tuple[EnrichedColumn, ...]:
    """The columns that an item makes."""
    columns = model.enrichments[item.number].columns
    return tuple(c for c in columns if (c.name == item.name if item.name else c.scope is Scope.TABLE))


def links_between(model: Model, other: str, table: str) -> LinkPath | None:
    """The link from the rows of another table to those of this one, where there is exactly one."""
    own = model.sources[table].row_type
    paths = [path for path in model.sources[other].links if path.child == other and path.parent in (table, own)]
    return paths[0] if len(paths) == 1 else None


def _enriched(model: Model, item: Enriched) -> Iterator[Item | Blocked]:
    """The columns that a plugin reads, and the rows of the tables they are in."""
    enrichment = model.enrichments[item.number]
    if enrichment.blocked:
        yield Blocked(enrichment.blocked)
    yield Checked(item.table)
    for table, name in columns_read_by(enrichment, enriched_columns(model, item), item.table):
        yield Checked(table)
        yield from _column(model, table, name)


def columns_read_by(
    enrichment: Enrichment, columns: tuple[EnrichedColumn, ...], table: str
) -> tuple[tuple[str, str], ...]:
    """Table and name of what the plugin reads to make columns of a table: what they are made from, and by options."""
    named = [one for column in columns for one in column.inputs]
    if any(column.scope is Scope.TABLE for column in columns):
        named += [one for option in enrichment.options for one in option.columns]
    own = enrichment.source
    return tuple(dict.fromkeys((table if one.table == own else one.table, one.column) for one in named))


def type_of(model: Model, table: str, name: str) -> Type:
    """The type of a column or field of a table; what a `like` source lacks has the type it has in the other."""
    column = model.sources[table].column(name)
    if column is not None:
        return column_type(column)
    expr = field_of(model, table, name)
    if expr is not None:
        return expr.type
    added = (pair for enrichment in enrichments_of(model, table) for pair in enrichment.added)
    found = next((kind for made, kind in added if made == name), None)
    return found or type_of(model, model.sources[table].row_type, name)
