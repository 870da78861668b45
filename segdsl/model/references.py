"""What a name in a term stands for: a column, a field, a linked value, a parameter, a score, a segment."""

from collections.abc import Iterator
from itertools import chain

from segdsl.diagnostics import Span
from segdsl.language import syntax as s
from segdsl.language.keywords import RESERVED, quote_name
from segdsl.language.terms import Membership, Name, Operation, Reference, Term, TextCondition
from segdsl.model.columns import source_named
from segdsl.model.constants import DECLARE_IT
from segdsl.model.context import Context
from segdsl.model.expression import (
    Column,
    Expr,
    Follow,
    LinkPath,
    Literal,
    ScoreOf,
    ScorePart,
    SegmentOf,
)
from segdsl.model.scope import CLOCK, Scope, unresolved
from segdsl.model.source import ColumnContract, Source
from segdsl.model.written import as_written, in_backquotes
from segdsl.record import replace
from segdsl.types import COUNT, DATE, RATIO, UNKNOWN, Kind, Type, category, list_of

# What isn't added up: a condition is asked of each value.
_ASKED = (Kind.TEXT, Kind.CATEGORY, Kind.BOOL, Kind.LIST)

# Constants of other languages, and what stands for them here.
_CONSTANTS = {
    "true": "write `true`",
    "false": "write `false`",
    "null": "no constant is missing: a `case` without its `else` leaves a value missing",
}


def check_reference(scope: Scope, term: Reference, context: Context, in_term: bool = True) -> Expr:
    """The expression of a name or dotted name; one that stands alone in an option (not `in_term`) needs no quotes."""
    if in_term:
        _check_keyword(scope, term)
    source = scope.sources.get(context.row)
    if source is None:
        return unresolved(term.span)
    if len(term.parts) == 1:
        return _bare(scope, term.parts[0], source, context)
    return _dotted(scope, term.parts, source, context, term.span)


def _check_keyword(scope: Scope, term: Reference) -> None:
    """A bare name that is also a word of the language must be quoted in a term."""
    first = term.parts[0]
    if first.text in RESERVED and first.span.end - first.span.start == len(first.text):
        mend = f"write it in backquotes: `` `{first.text}` ``"
        scope.report("SEG108", f"`{first.text}` is a word of the language", first.span, mend)


def own_column(scope: Scope, source: Source, name: Name) -> Expr | None:
    """A declared column, an enriched column or a derived field of a source's rows; None if there is no such thing."""
    text = name.text
    column = source.column(text)
    if column is not None:
        return unresolved(name.span) if column.type.is_unknown else Column(text, column_type(column), name.span)
    if text in scope.enrich_sites.get(source.row_type, {}):
        enriched = scope.resolvers.enriched(scope, source.row_type, text, name.span)
        return unresolved(name.span) if enriched is None else Column(text, enriched, name.span)
    if text in scope.field_sites.get(source.row_type, {}):
        field = scope.resolvers.field(scope, source.row_type, text, name.span)
        if field is None or field.expr.type.is_unknown:
            return unresolved(name.span)
        return Column(text, field.expr.type, name.span)
    if _comes_with_missing(scope, source, text):
        return Column(text, UNKNOWN, name.span)
    inherited = scope.sources.get(source.row_type)
    gone = inherited.column(text) if inherited is not None and inherited is not source else None
    if gone is not None:
        # A `like` source without this column: for its rows it isn't known.
        return Column(text, gone.type.or_missing(), name.span)
    return None


def _comes_with_missing(scope: Scope, source: Source, name: str) -> bool:
    """Whether it may be a column that comes with one of a plugin that isn't installed, as `revenue_date` may."""
    sites = scope.enrich_sites.get(source.row_type, {})
    return any(site.block.plugin is None and name.startswith(f"{made}_") for made, site in sites.items())


def column_type(column: ColumnContract) -> Type:
    """The type of a column's values once read: what a default fills is known.

    `on broken as missing` changes nothing here: in a column without `?` a missing value is a breach of its own.
    """
    return column.type.or_missing(column.type.optional and column.default is None)


def _bare(scope: Scope, name: Name, source: Source, context: Context) -> Expr:
    own = own_column(scope, source, name)
    if own is not None:
        return own
    scope.used.add(name.text)
    match scope.names.get(name.text):
        case s.ParamDecl():
            param = scope.params.get(name.text)
            return unresolved(name.span) if param is None else Literal(param.value, param.type, name.span)
        case s.ScoreDecl() as decl:
            return _score(scope, decl, ScorePart.VALUE, name, context)
        case s.SegmentationDecl() as decl:
            return _segment(scope, decl, False, name, context)
        case s.SetDecl():
            scope.report("SEG206", f"`{name.text}` is a set", name.span, f"use it behind `in`: `x in {name.text}`")
        case s.SourceDecl():
            scope.report(
                "SEG309",
                f"`{name.text}` is a table, not a value",
                name.span,
                f"aggregate it: `count({name.text})`",
            )
        case s.PopulationDecl():
            mend = f"name it behind `over`, as in `mean(x over {name.text})`"
            scope.report("SEG309", f"`{name.text}` is a population, not a value", name.span, mend)
        case None if name.text == CLOCK and scope.today is not None:
            return Literal(scope.today, DATE, name.span)
        case None if name.text in scope.broken or source.name in scope.broken or source.row_type in scope.broken:
            pass
        case _:
            _report_unknown(scope, name, source, context)
    return unresolved(name.span)


def _report_unknown(scope: Scope, name: Name, source: Source, context: Context) -> None:
    globals_ = (n for n, d in scope.names.items() if isinstance(d, s.ParamDecl | s.ScoreDecl | s.SegmentationDecl))
    candidates = chain(_names_of(scope, source), globals_)
    near = scope.column_headed(source, name.text) or scope.suggestions.closest(name.text, candidates)
    mend = f"did you mean `{near}`?" if near else _CONSTANTS.get(name.text.lower(), DECLARE_IT)
    outer = None if context.outer is None else scope.sources.get(context.outer.parent)
    if outer is not None and name.text in names_of(scope, outer):
        mend = f"inside an aggregate it is `{outer.name}.{name.text}`"
    where = f"`{source.name}` has no column or field `{name.text}`"
    scope.report("SEG201", where, name.span, mend)


def names_of(scope: Scope, source: Source) -> list[str]:
    """All columns and fields of a source's rows."""
    return list(_names_of(scope, source))


def _names_of(scope: Scope, source: Source) -> Iterator[str]:
    yield from (column.name for column in source.columns)
    yield from scope.enrich_sites.get(source.row_type, {})
    yield from scope.field_sites.get(source.row_type, {})


def _dotted(scope: Scope, parts: tuple[Name, ...], source: Source, context: Context, span: Span) -> Expr:
    first, rest = parts[0], parts[1:]
    link = _link_named(source, first.text)
    if link is None and source.row_type in scope.sources:
        # A `like` source without the link's column: for its rows what stands behind the link is missing.
        link = _link_named(scope.sources[source.row_type], first.text)
    if link is not None:
        return _follow(scope, link, rest, span)
    if context.outer is not None and first.text == context.outer.parent:
        return _follow(scope, context.outer, rest, span)
    if first.text == source.name:
        # The row's own table, as in `deals.closed_on` inside an aggregate over deals.
        inner = Reference(rest, rest[0].span.to(rest[-1].span))
        return check_reference(scope, inner, context, in_term=False)
    decl = scope.names.get(first.text)
    scope.used.add(first.text)
    if isinstance(decl, s.ScoreDecl) and len(rest) == 1:
        return _score_part(scope, decl, first, rest[0], context)
    if isinstance(decl, s.SegmentationDecl) and len(rest) == 1:
        return _micro(scope, decl, first, rest[0], context)
    _report_dotted(scope, parts, source, decl, span)
    return unresolved(span)


def _link_named(source: Source, name: str) -> LinkPath | None:
    return next((x for x in source.links if x.columns[0] == name), None)


def _follow(scope: Scope, link: LinkPath, rest: tuple[Name, ...], span: Span) -> Expr:
    target = scope.sources.get(link.parent)
    if target is None:
        return unresolved(span)
    value = check_reference(scope, Reference(rest, rest[0].span.to(rest[-1].span)), Context(target.name), in_term=False)
    if value.type.is_unknown:
        return unresolved(span)
    child = scope.sources[link.child]
    columns = [child.column(name) for name in link.columns]
    optional = value.type.optional or any(c is None or c.type.optional for c in columns)
    return Follow(link, value, value.type.or_missing(optional), span)


def _report_dotted(scope: Scope, parts: tuple[Name, ...], source: Source, decl: object, span: Span) -> None:
    first = parts[0]
    if first.text in scope.broken or source.name in scope.broken:
        return
    link = _link_meant(scope, source, first.text)
    if link is not None:
        meant = ".".join(quote_name(name) for name in (link.columns[0], *(part.text for part in parts[1:])))
        scope.report("SEG201", f"There is no link `{first.text}`", first.span, f"did you mean {in_backquotes(meant)}?")
    elif isinstance(decl, s.SourceDecl):
        mend = f"aggregate it: `{_aggregate_of(scope, first.text, parts[1].text)}` or `count({first.text})`"
        found = f"`{first.text}.{parts[1].text}` has many values for one row of `{source.name}`"
        scope.report("SEG309", found, span, mend)
    elif source.name in scope.unlinked:
        return
    elif first.text in names_of(scope, source):
        mend = f"declare `links {first.text} to ...` in `{source.name}`"
        scope.report("SEG207", f"`{first.text}` is no link, so nothing can be followed behind it", first.span, mend)
    else:
        links = [x.columns[0] for x in source.links]
        candidates = [*links, *scope.sources, *scope.schemes, *scope.scores]
        mend = f"name a link of `{source.name}`, or aggregate a table that is linked to it"
        scope.unknown_name("link or table", first.text, first.span, candidates, mend)


def _aggregate_of(scope: Scope, table: str, name: str) -> str:
    """An aggregate that a column of a linked table may have: the sum of amounts, the last of days."""
    kind = _kind_of(scope, table, name)
    if kind in (Kind.DATE, Kind.TIMESTAMP):
        return f"max({table}.{name})"
    return f"any({table} where {name} ...)" if kind in _ASKED else f"sum({table}.{name})"


def _kind_of(scope: Scope, table: str, name: str) -> Kind | None:
    """The kind of a declared column, None for anything else."""
    source = scope.sources.get(table)
    column = None if source is None else source.column(name)
    return None if column is None else column.type.kind


def propose_any(scope: Scope, since: int, condition: Operation | Membership | TextCondition, operand: Term) -> None:
    """Where a column of a linked table was reported since then as having many values, `any` asks each of them.

    `operand` is what the condition asks of. Amounts are rather added up, so these keep their mend.
    """
    if not isinstance(operand, Reference) or len(operand.parts) != 2:
        return
    table, column = operand.parts
    if _kind_of(scope, table.text, column.text) not in (*_ASKED, Kind.DATE, Kind.TIMESTAMP):
        return
    inner = Reference((column,), column.span)
    if not isinstance(condition, Operation):
        asked = as_written(replace(condition, operand=inner))
    elif condition.left is operand:
        asked = as_written(replace(condition, left=inner))
    else:
        asked = as_written(replace(condition, right=inner))
    for place, one in enumerate(scope.found[since:], since):
        if one.code == "SEG309" and one.span == operand.span:
            mend = f"ask for one of them: {in_backquotes(f'any({quote_name(table.text)} where {asked})')}"
            scope.found[place] = replace(one, help=mend)


def _link_meant(scope: Scope, source: Source, name: str) -> LinkPath | None:
    """The link to the table that a name in front of a dot is meant for; None where it may be rows that link here."""
    if any(link.child == name and link.parent in (source.name, source.row_type) for link in scope.links):
        return None
    near = scope.suggestions.closest(name, [link.parent for link in source.links])
    return next((link for link in source.links if link.parent == near), None)


# ---- scores and segments of the row


def _same_rows(scope: Scope, table: Name, context: Context, what: str, name: Name) -> bool:
    """Whether a score or scheme of this table has a value on rows of the context."""
    source = scope.sources.get(context.row)
    own = source_of_table(scope, table.text, table.span)
    if source is None or own is None:
        return False
    if own.row_type == source.row_type:
        return True
    mend = f"it belongs to rows of `{own.row_type}`"
    scope.report("SEG206", f"`{name.text}` is no {what} of rows of `{source.name}`", name.span, mend)
    return False


def source_of_table(scope: Scope, table: str, span: Span) -> Source | None:
    """The source whose rows a source or population holds, without resolving the population's rules."""
    seen: set[str] = set()
    while table not in seen:
        seen.add(table)
        match scope.names.get(table):
            case s.SourceDecl():
                source_named(scope, table, span)
                return scope.sources.get(table)
            case s.PopulationDecl() as decl:
                table = decl.parent.text
            case _:
                return None
    return None


def _score(scope: Scope, decl: s.ScoreDecl, part: ScorePart, name: Name, context: Context) -> Expr:
    if not _same_rows(scope, decl.population, context, "score", name):
        return unresolved(name.span)
    score = scope.resolvers.score(scope, decl.name.text, name.span)
    if score is None or score.type.is_unknown:
        return unresolved(name.span)
    kinds = {
        ScorePart.VALUE: score.type,
        ScorePart.GRADE: category(*(g.name for g in score.grades)),
        ScorePart.RANK: COUNT,
        ScorePart.PERCENTILE: RATIO,
    }
    return ScoreOf(score.name, part, kinds[part].or_missing(), name.span)


def _score_part(scope: Scope, decl: s.ScoreDecl, first: Name, part: Name, context: Context) -> Expr:
    words = [p.value for p in ScorePart if p is not ScorePart.VALUE]
    if part.text not in words:
        scope.unknown_name(f"part of the score `{first.text}`", part.text, part.span, words, ", ".join(words))
        return unresolved(part.span)
    if part.text == "grade" and not any(isinstance(i, s.GradeClause) for i in decl.items):
        mend = f"add `grade quartiles` to the score `{first.text}`"
        scope.report("SEG205", f"The score `{first.text}` has no grades", part.span, mend)
        return unresolved(part.span)
    whole = Name(first.text, first.span.to(part.span))
    return _score(scope, decl, ScorePart(part.text), whole, context)


def _segment(scope: Scope, decl: s.SegmentationDecl, micro: bool, name: Name, context: Context) -> Expr:
    if not _same_rows(scope, decl.population, context, "segmentation", name):
        return unresolved(name.span)
    if scope.resolvers.scheme(scope, decl.name.text, name.span) is None:
        return unresolved(name.span)
    if decl.name.text in scope.broken or decl.name.text in scope.unnamed:
        return unresolved(name.span)
    kind = segment_type(scope.body_of(decl), micro)
    return unresolved(name.span) if kind.is_unknown else SegmentOf(decl.name.text, micro, kind, name.span)


def segment_type(decl: s.SegmentationDecl, micro: bool) -> Type:
    """The category of a scheme's segments, or of the paths of its innermost ones; unknown until a plugin finds them."""
    segments = [i for i in decl.items if isinstance(i, s.SegmentDecl)]
    if decl.mode == "using":
        return UNKNOWN
    closed = any(i.condition is None and not i.places for i in segments)
    if decl.mode == "overlapping":
        return list_of(category(*(i.name.text for i in segments)))
    if not micro:
        return category(*(i.name.text for i in segments)).or_missing(not closed)
    paths = [path for i in segments for path in _leaves(i)]
    return category(*paths).or_missing(not closed or any(_open(i) for i in segments))


def _leaves(segment: s.SegmentDecl) -> list[str]:
    inner = [i for i in segment.items if isinstance(i, s.SegmentDecl)]
    if not inner:
        return [segment.name.text]
    return [f"{segment.name.text}/{leaf}" for i in inner for leaf in _leaves(i)]


def _open(segment: s.SegmentDecl) -> bool:
    """Whether a row of the segment may be in none of its nested segments."""
    inner = [i for i in segment.items if isinstance(i, s.SegmentDecl)]
    closed = any(i.condition is None and not i.places for i in inner)
    return bool(inner) and (not closed or any(_open(i) for i in inner))


def _micro(scope: Scope, decl: s.SegmentationDecl, first: Name, part: Name, context: Context) -> Expr:
    if part.text != "micro":
        scope.unknown_name(f"part of the segmentation `{first.text}`", part.text, part.span, ["micro"], "`micro`")
        return unresolved(part.span)
    nested = any(
        isinstance(i, s.SegmentDecl) and any(isinstance(x, s.SegmentDecl) for x in i.items)
        for i in scope.body_of(decl).items
    )
    if not nested and scope.body_of(decl).mode != "using" and decl.name.text not in scope.unnamed:
        mend = "nest segments inside one of its segments"
        scope.report("SEG205", f"`{first.text}` has no micro-segments", part.span, mend)
        return unresolved(part.span)
    return _segment(scope, decl, True, Name(first.text, first.span.to(part.span)), context)
