"""Nodes of sources, providers and enrichments."""

from segdsl import record
from segdsl.diagnostics import Diagnostic, Label
from segdsl.language import syntax as s
from segdsl.language.building.places import Children, Places


def source(at: Places, c: Children) -> s.SourceDecl:
    _, name, _, like, _, origin, *items, brace = c
    path = at.quoted(origin[0]) if origin and origin[0].type == "STRING" else None
    parents = at.names(origin) if origin and path is None else ()
    like_name = None if like is None else at.name(like)
    span = at.span(c[0], brace)
    return s.SourceDecl(at.name(name), like_name, path, parents, _with_modifiers(at, items), span)


def origin(at: Places, c: Children) -> Children:
    return c


def _with_modifiers(at: Places, items: Children) -> tuple[s.SourceItem, ...]:
    """Clauses are parsed as items of their own; here they join the column before them."""
    joined: list[s.SourceItem] = []
    modifiers: list[s.ColumnModifier] = []
    for item in items:
        if not isinstance(item, s.ColumnModifier):
            _flush(joined, modifiers)
            joined.append(item)
        elif joined and isinstance(joined[-1], s.ColumnDecl):
            modifiers.append(item)
        else:
            at.found.append(
                Diagnostic(
                    "SEG102",
                    f"`{item.word.replace('_', ' ')}` stands before any column",
                    (Label(item.span),),
                    expected="a column to which it belongs",
                    help="put it behind the column's type: `name : text key`",
                )
            )
    _flush(joined, modifiers)
    return tuple(joined)


def column(at: Places, c: Children) -> s.ColumnDecl:
    return s.ColumnDecl(at.head(c[0]), c[1], (), at.span(c[0], c[1]))


def _modifier(at: Places, word: str, c: Children, values: Children) -> s.ColumnModifier:
    return s.ColumnModifier(word, tuple(values), at.whole(c))


def key(at: Places, c: Children) -> s.ColumnModifier:
    return _modifier(at, "key", c, [])


def pii(at: Places, c: Children) -> s.ColumnModifier:
    return _modifier(at, "pii", c, [])


def lenient(at: Places, c: Children) -> s.ColumnModifier:
    return _modifier(at, "lenient", c, [])


def from_(at: Places, c: Children) -> s.ColumnModifier:
    return _modifier(at, "from", c, [at.name(c[1])])


def range_between(at: Places, c: Children) -> s.ColumnModifier:
    return _modifier(at, "range", c, [s.RangeValue(c[1], c[2], at.span(c[1], c[2]))])


def range_above(at: Places, c: Children) -> s.ColumnModifier:
    return _modifier(at, "range", c, [s.RangeValue(c[1], None, at.span(c[1], c[2]))])


def range_below(at: Places, c: Children) -> s.ColumnModifier:
    return _modifier(at, "range", c, [s.RangeValue(None, c[2], at.span(c[1], c[2]))])


def empty(at: Places, c: Children) -> s.ColumnModifier:
    return _modifier(at, "empty", c, list(at.texts(c[1:])))


def replace(at: Places, c: Children) -> s.ColumnModifier:
    pairs = [text for pair in c[1:] for text in pair]
    return s.ColumnModifier("replace", tuple(pairs), at.span(c[0], pairs[-1]))


def replacement(at: Places, c: Children) -> Children:
    return [at.quoted(c[0]), at.quoted(c[2])]


def scale(at: Places, c: Children) -> s.ColumnModifier:
    return _modifier(at, "scale", c, [c[1]])


def split(at: Places, c: Children) -> s.ColumnModifier:
    return _modifier(at, "split", c, [at.quoted(c[1])])


def known_after(at: Places, c: Children) -> s.ColumnModifier:
    return _modifier(at, "known_after", c, [at.name(c[1])])


def other_as_missing(at: Places, c: Children) -> s.ColumnModifier:
    return _modifier(at, "other_as_missing", c, [])


def default(at: Places, c: Children) -> s.ColumnModifier:
    return _modifier(at, "default", c, [c[0]])


def convert(at: Places, c: Children) -> s.ColumnModifier:
    return _modifier(at, "convert", c, [at.name(c[1]), at.name(c[3]), at.name(c[5])])


def read(at: Places, c: Children) -> s.ReadBlock:
    return s.ReadBlock(tuple(c[1:-1]), at.span(c[0], c[-1]))


def links(at: Places, c: Children) -> s.LinksClause:
    return s.LinksClause(at.names(c[1:-2]), at.name(c[-1]), at.span(c[0], c[-1]))


def known_from(at: Places, c: Children) -> s.KnownFromClause:
    return s.KnownFromClause(at.name(c[1]), at.span(c[0], c[1]))


def without(at: Places, c: Children) -> s.WithoutClause:
    return s.WithoutClause(at.names(c[1:]), at.span(c[0], c[-1]))


def on_duplicate(at: Places, c: Children) -> s.PolicyClause:
    return s.PolicyClause("duplicate", str(c[3]), at.name(c[5]), at.span(c[0], c[5]))


def on_broken(at: Places, c: Children) -> s.PolicyClause:
    return s.PolicyClause("broken", "", None, at.span(c[0], c[-1]))


def on_orphan(at: Places, c: Children) -> s.PolicyClause:
    return s.PolicyClause("orphan", "", None, at.span(c[0], c[-1]))


def on_missing_key(at: Places, c: Children) -> s.PolicyClause:
    return s.PolicyClause("missing_key", "", None, at.span(c[0], c[-1]))


def provider(at: Places, c: Children) -> s.ProviderDecl:
    return s.ProviderDecl(at.name(c[1]), at.string(c[2]), tuple(c[3:-1]), at.span(c[0], c[-1]))


def enrich(at: Places, c: Children) -> s.EnrichDecl:
    return s.EnrichDecl(at.name(c[1]), at.name(c[3]), tuple(c[4:-1]), at.span(c[0], c[-1]))


def enrich_column(at: Places, c: Children) -> s.EnrichColumn:
    return s.EnrichColumn(at.name(c[0]), None, tuple(c[2:]), at.span(c[0], c[-1]))


def enrich_renamed(at: Places, c: Children) -> s.EnrichColumn:
    return s.EnrichColumn(at.head(c[0]), at.name(c[1]), tuple(c[3:]), at.span(c[0], c[-1]))


def _flush(joined: list[s.SourceItem], modifiers: list[s.ColumnModifier]) -> None:
    """Hand the modifiers gathered so far to the column they stand behind."""
    if not modifiers:
        return
    column = joined[-1]
    assert isinstance(column, s.ColumnDecl)
    span = column.span.to(modifiers[-1].span)
    joined[-1] = record.replace(column, modifiers=tuple(modifiers), span=span)
    modifiers.clear()
