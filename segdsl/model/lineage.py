"""What a term rests on: columns and fields, through derived fields, columns that plugins make, links, aggregates,
scores and segmentations, with the way there."""

from collections import deque
from collections.abc import Iterator, Mapping

from segdsl.model.catalog import Scope
from segdsl.model.expression import (
    REMAINING,
    Coalesce,
    Column,
    Expected,
    Expr,
    Follow,
    LinkAggregate,
    ScoreOf,
    SegmentOf,
    TableAggregate,
)
from segdsl.model.like_sources import parts
from segdsl.model.model import Enrichment, Model, Segment
from segdsl.model.source import DerivedOrigin, Source, StackedOrigin
from segdsl.record import dataclass

# Aggregates that grow with the number of rows.
_GROWING = frozenset({"count", "distinct", "sum"})
# What a score rests on is asked for each of its proxies, and what a proxy rests on several times in a row.
_MOST_KEPT = 16


@dataclass(frozen=True, slots=True)
class Ground:
    """Something that values rest on.

    A column or field of a table; with an empty name the number of rows of the table; with an empty table
    the score or segmentation of that name.
    """

    table: str
    name: str


@dataclass(frozen=True, slots=True)
class Use:
    """A ground that something rests on directly.

    `filters`: it decides only which rows of another table count. `replaced`: where it is missing, something else that
    is read stands in for it.
    """

    ground: Ground
    filters: bool = False
    replaced: bool = False


class Lineage:
    """What everything in a model rests on; each ground is looked into once."""

    def __init__(self, model: Model) -> None:
        self._model = model
        self._direct: dict[Ground, tuple[Use, ...]] = {}
        self._reached: dict[tuple[tuple[Use, ...], bool], Mapping[Use, Use | None]] = {}

    def uses(self, expr: Expr, table: str) -> tuple[Use, ...]:
        """What an expression on rows of a table rests on directly."""
        return tuple(dict.fromkeys(_uses(self._model, expr, table)))

    def behind(self, ground: Ground) -> tuple[Use, ...]:
        """What a field, a column that a plugin makes, a score or a segmentation rests on directly."""
        found = self._direct.get(ground)
        if found is None:
            found = self._direct[ground] = tuple(dict.fromkeys(_behind(self._model, ground)))
        return found

    def reach(self, start: tuple[Use, ...], through_replaced: bool = True) -> Mapping[Use, Use | None]:
        """All that some uses rest on, at any depth, the nearest first; each with the use it was reached by.

        What is reached by a filter filters, too. Without `through_replaced`, what something else stands in for is left
        out.
        """
        asked = (start, through_replaced)
        if asked in self._reached:
            return self._reached[asked]
        found: dict[Use, Use | None] = {}
        waiting: deque[tuple[Use, Use | None]] = deque((use, None) for use in start)
        while waiting:
            use, before = waiting.popleft()
            if use.replaced and not through_replaced:
                continue
            filters = use.filters or (before is not None and before.filters)
            reached = use if use.filters == filters and not use.replaced else Use(use.ground, filters)
            if reached not in found:
                found[reached] = before
                waiting.extend((behind, reached) for behind in self.behind(use.ground))
        if len(self._reached) >= _MOST_KEPT:
            self._reached.clear()
        self._reached[asked] = found
        return found


def way(reached: Mapping[Use, Use | None], use: Use) -> tuple[Ground, ...]:
    """The grounds from the first use to this one."""
    grounds = [use.ground]
    before = reached[use]
    while before is not None:
        grounds.append(before.ground)
        before = reached[before]
    return tuple(reversed(grounds))


# ---- in an expression


def _uses(model: Model, expr: Expr, table: str) -> Iterator[Use]:
    match expr:
        case Column(name=name):
            yield Use(Ground(table, name))
        case Follow(path=path, value=value):
            yield from (Use(Ground(table, name), filters=True) for name in path.columns)
            yield from _uses(model, value, path.parent)
        case LinkAggregate(function=function, path=path, value=value, where=where, by=by):
            yield from _aggregated(model, path.child, value, where)
            yield from _filtering(model, by, path.child)
            yield Use(Ground(path.child, ""), filters=function not in _GROWING)
        case TableAggregate(table=over, value=value, where=where, per=per):
            # Rules of populations alone look at what is left, and a proxy is none.
            source = table if over == REMAINING else _source_of(model, over)
            yield from _aggregated(model, source, value, where)
            yield from _filtering(model, per, table)
        case ScoreOf(score=score):
            yield Use(Ground("", score))
        case SegmentOf(scheme=scheme):
            yield Use(Ground("", scheme))
        case Expected(score=score, scheme=scheme):
            yield from (Use(Ground("", score)), Use(Ground("", scheme)))
        case Coalesce(operand=operand, fallback=fallback):
            stands_in = tuple(_uses(model, fallback, table))
            yield from (Use(u.ground, u.filters, bool(stands_in)) for u in _uses(model, operand, table))
            yield from stands_in
        case _:
            for part in parts(expr):
                yield from _uses(model, part, table)


def _aggregated(model: Model, table: str, value: Expr | None, where: Expr | None) -> Iterator[Use]:
    """Of a count, what decides which rows count is all there is."""
    if value is not None:
        yield from _uses(model, value, table)
        yield from _filtering(model, where, table)
    elif where is not None:
        yield from _uses(model, where, table)


def _filtering(model: Model, expr: Expr | None, table: str) -> Iterator[Use]:
    if expr is not None:
        yield from (Use(use.ground, True, use.replaced) for use in _uses(model, expr, table))


def _source_of(model: Model, table: str) -> str:
    population = model.populations.get(table)
    return table if population is None else population.source


# ---- behind a name


def _behind(model: Model, ground: Ground) -> Iterator[Use]:
    if not ground.table:
        yield from _behind_declaration(model, ground.name)
        return
    source = model.sources[ground.table]
    field = model.fields.get((source.row_type, ground.name))
    if source.column(ground.name) is not None:
        yield from _taken_over(source, ground.name)
    elif field is not None:
        yield from _uses(model, field.expr, ground.table)
    elif ground.name:
        blocks = (block for block in model.enrichments if block.source == source.row_type)
        yield from (use for block in blocks for use in _made(block, ground))


def _behind_declaration(model: Model, name: str) -> Iterator[Use]:
    score, scheme = model.scores.get(name), model.schemes.get(name)
    if score is not None:
        for term in score.terms:
            yield from _uses(model, term.amount, score.source)
            yield from () if term.condition is None else _uses(model, term.condition, score.source)
    elif scheme is not None:
        read = (*(measure.value for measure in scheme.measures), *(column.value for column in scheme.reads))
        for expr in (*_conditions(scheme.segments), *read):
            yield from _uses(model, expr, scheme.source)


def _conditions(segments: tuple[Segment, ...]) -> Iterator[Expr]:
    for segment in segments:
        if segment.condition is not None:
            yield segment.condition
        yield from _conditions(segment.children)


def _taken_over(source: Source, name: str) -> Iterator[Use]:
    """A column of a derived or stacked source is one of the sources that it is made of."""
    column = source.column(name)
    assert column is not None
    match source.origin:
        case DerivedOrigin(parent=parent):
            yield Use(Ground(parent, column.header))
        case StackedOrigin(parents=parents):
            yield from (Use(Ground(parent, column.header)) for parent in parents)
        case _:
            return


def _made(block: Enrichment, ground: Ground) -> Iterator[Use]:
    """What a plugin reads to make a column; one that sees whole tables reads by options, too."""
    column = block.column(ground.name)
    if column is None:
        return
    named = [*column.inputs]
    if column.scope is Scope.TABLE:
        named += [one for option in block.options for one in option.columns]
    yield from (Use(Ground(ground.table if one.table == block.source else one.table, one.column)) for one in named)
