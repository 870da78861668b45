"""The step that computes a group of items of one kind."""

from collections.abc import Iterable, Iterator

from segdsl.model.model import EnrichedColumn, Enrichment, Model
from segdsl.model.source import DerivedOrigin, FileOrigin, Source, StackedOrigin
from segdsl.plan.items import (
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
from segdsl.plan.needs import (
    checked_links,
    columns_read_by,
    enriched_columns,
    field_of,
    links_between,
    table_of,
    type_of,
)
from segdsl.plan.personal import personal_names
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
    Named,
    RankScore,
    ReadColumn,
    Scan,
    Stack,
    Step,
)


def step_of(model: Model, group: list[Item]) -> Iterator[Step]:
    """The step for a group of items with one key; none where there is nothing to do."""
    match group[0]:
        case Rows(table=table):
            yield _rows(model.sources[table])
        case Checked(table=table):
            links = checked_links(model, table)
            if links:
                yield CheckLinks(table, links, model.sources[table].policies.drop_orphans)
        case Converted(table=table):
            source = model.sources[table]
            names = {item.column for item in group if isinstance(item, Converted)}
            yield ConvertAmounts(table, tuple(column for column in source.columns if column.name in names))
        case Fielded(table=table):
            yield Compute(table, tuple(_fields(model, group)))
        case Enriched(table=table, number=number):
            columns = tuple(c for i in group if isinstance(i, Enriched) for c in enriched_columns(model, i))
            yield enrich_step(model, table, model.enrichments[number], columns)
        case Followed(table=table, node=node):
            yield FollowLink(table, node.path, tuple(i.node for i in group if isinstance(i, Followed)))
        case Linked(node=aggregate):
            path = aggregate.path
            yield AggregateLink(path.child, path, tuple(i.node for i in group if isinstance(i, Linked)))
        case Figured(node=figure):
            figures = tuple(i.node for i in group if isinstance(i, Figured))
            yield AggregateTable(table_of(model, figure.table), figure.table, figures)
        case Meant(score=score, scheme=scheme):
            yield ExpectScore(model.scores[score].source, score, scheme, model.scores[score].type)
        case Listed(name=name):
            yield ListAudience(model.audiences[name].source, model.audiences[name])
        case named:
            yield _named(model, named)


def enrich_step(model: Model, table: str, enrichment: Enrichment, columns: tuple[EnrichedColumn, ...]) -> Enrich:
    """The step in which a plugin makes some columns of a table: those made from the same ones, or all of a block."""
    read = columns_read_by(enrichment, columns, table)
    personal = personal_names(model)
    reads = tuple(ReadColumn(t, name, type_of(model, t, name), (t, name) in personal) for t, name in read)
    others = dict.fromkeys(where for where, _ in read if where != table)
    paths = (links_between(model, other, table) for other in others)
    return Enrich(table, enrichment, columns, reads, tuple(path for path in paths if path is not None))


def _named(model: Model, item: Item) -> Step:
    match item:
        case Populated(name=name):
            p = model.populations[name]
            return Filter(p.source, name, p.parent, p.rules, p.span)
        case Scored(name=name):
            s = model.scores[name]
            return AddTerms(s.source, name, s.population, s.terms, s.missing_terms_as_zero, s.type, s.span)
        case Ranked(name=name):
            return RankScore(model.scores[name].source, name, model.scores[name].grades, model.scores[name].span)
        case Segmented(scheme=name, table=table):
            c = model.schemes[name]
            own = table == c.source
            return Classify(table, name, c.population, own, c.matching, c.segments, c.measures, c.span)
        case _:
            raise AssertionError(f"no step for {item}")


def _fields(model: Model, group: Iterable[Item]) -> Iterator[Named]:
    for item in group:
        if isinstance(item, Fielded):
            expr = field_of(model, item.table, item.name)
            assert expr is not None
            yield Named(item.name, expr)


def _rows(source: Source) -> Step:
    columns = tuple(column.name for column in source.columns)
    match source.origin:
        case FileOrigin():
            return Scan(source, columns, columns, (), True, ())
        case DerivedOrigin(parent=parent):
            return Derive(source, parent, columns)
        case StackedOrigin(parents=parents):
            return Stack(source, parents, columns)
