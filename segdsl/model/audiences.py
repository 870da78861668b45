"""Audiences: who is on the list, in which order, and what stands in it."""

from decimal import Decimal
from typing import TypeVar

from segdsl.language import syntax as s
from segdsl.language.terms import Reference
from segdsl.model.catalog import PluginKind
from segdsl.model.context import Context
from segdsl.model.expression import Column, Expr
from segdsl.model.model import Audience, OutputColumn, SortKey
from segdsl.model.plugin_options import use_plugin
from segdsl.model.plugin_use import PluginUse
from segdsl.model.references import source_of_table
from segdsl.model.scope import Scope
from segdsl.model.source import Source
from segdsl.model.terms import check_condition, check_term
from segdsl.types import Kind

Clause = TypeVar("Clause", s.WhereClause, s.TakeClause, s.HoldOutClause, s.ToClause)
_TABLES = (s.SourceDecl, s.PopulationDecl, s.AudienceDecl)


def make_audience(scope: Scope, decl: s.AudienceDecl) -> Audience | None:
    table = scope.look_up(decl.table, (s.SourceDecl, s.PopulationDecl), "source or population")
    source = None if table is None else source_of_table(scope, decl.table.text, decl.table.span)
    if source is None:
        return None
    if isinstance(table, s.PopulationDecl):
        scope.resolvers.population(scope, decl.table.text, decl.table.span)
    context = Context(source.name, unknown_as_false=any(isinstance(i, s.UnknownAsFalse) for i in decl.items))
    where = _one(scope, decl, s.WhereClause)
    take = _one(scope, decl, s.TakeClause)
    hold_out = _one(scope, decl, s.HoldOutClause)
    to = _one(scope, decl, s.ToClause)
    orders = [o for i in decl.items if isinstance(i, s.OrderClause) for o in i.terms]
    return Audience(
        name=decl.name.text,
        title="" if decl.title is None else str(decl.title.value),
        table=decl.table.text,
        source=source.name,
        where=None if where is None else check_condition(scope, where.condition, context),
        excluded=_excluded(scope, decl, source),
        order=tuple(_sort_key(scope, o, context) for o in orders),
        take=None if take is None else _count(scope, take),
        per=None if take is None or take.per is None else check_term(scope, take.per, context),
        hold_out=None if hold_out is None else _share(scope, hold_out),
        columns=_columns(scope, decl, source, context),
        to=None if to is None else _path(scope, to),
        exporter=None if to is None else _exporter(scope, to),
        span=decl.name.span,
    )


def _one(scope: Scope, decl: s.AudienceDecl, kind: type[Clause]) -> Clause | None:
    """The clause of a kind; a second one is reported."""
    found = [i for i in decl.items if isinstance(i, kind)]
    if len(found) > 1:
        scope.report("SEG209", "This stands twice in the audience", found[1].span, "keep one of the two")
    return found[0] if found else None


def _excluded(scope: Scope, decl: s.AudienceDecl, source: Source) -> tuple[str, ...]:
    names = []
    for name in (n for i in decl.items if isinstance(i, s.ExceptClause) for n in i.names):
        other = scope.look_up(name, _TABLES, "audience, population or source")
        if other is None:
            continue
        if name.text == decl.name.text:
            scope.report("SEG203", f"`{name.text}` can't leave out itself", name.span, "name another audience")
            continue
        table = other.table if isinstance(other, s.AudienceDecl) else name
        own = source_of_table(scope, table.text, table.span)
        if own is not None and not _same_key(own, source):
            mend = f"name one whose key is like that of `{source.name}`"
            scope.report("SEG206", f"`{name.text}` has another key than `{source.name}`", name.span, mend)
            continue
        if isinstance(other, s.PopulationDecl):
            scope.resolvers.population(scope, name.text, name.span)
        names.append(name.text)
    return tuple(names)


def _same_key(a: Source, b: Source) -> bool:
    def kinds(source: Source) -> list[str]:
        columns = (source.column(k) for k in source.key)
        return ["text" if c.type.is_textual else c.type.kind.value for c in columns if c is not None]

    return kinds(a) == kinds(b)


def _sort_key(scope: Scope, order: s.OrderTerm, context: Context) -> SortKey:
    value = check_term(scope, order.term, context)
    if value.type.kind is Kind.LIST:
        scope.report("SEG302", "Lists have no order", order.term.span, "order by a number, a date or a text")
    return SortKey(value, order.descending)


def _count(scope: Scope, take: s.TakeClause) -> int | None:
    value = take.count.value
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        scope.report("SEG307", "How many to take is a whole number from 1 on", take.count.span, "write `take 100`")
        return None
    return value


def _share(scope: Scope, clause: s.HoldOutClause) -> Decimal | None:
    share = clause.share.value
    if not isinstance(share, Decimal) or not 0 < share < 1:
        scope.report("SEG307", "What is held out lies between 0% and 100%", clause.span, "write `hold out 10%`")
        return None
    return share


def _path(scope: Scope, clause: s.ToClause) -> str | None:
    path = str(clause.path.value)
    parts = path.replace("\\", "/").split("/")
    if not path or path.startswith(("/", "\\")) or ".." in parts or ":" in path or "\x00" in path:
        mend = 'write a file name such as "call_first.csv"'
        scope.report("SEG502", f"The list {clause.path.text} would leave the run folder", clause.path.span, mend)
        return None
    if clause.exporter is None and not path.lower().endswith((".csv", ".parquet")):
        stem = path.rpartition(".")[0] or path
        scope.report("SEG307", "A list is written as .csv or .parquet", clause.path.span, f'write "{stem}.csv"')
        return None
    if len(parts) > 1:
        mend = f'all lists stand in one folder: write "{parts[-1]}"'
        scope.report("SEG307", "A list has a file name without folders", clause.path.span, mend)
        return None
    return path


def _exporter(scope: Scope, clause: s.ToClause) -> PluginUse | None:
    if clause.exporter is None:
        return None
    return use_plugin(scope, clause.exporter, PluginKind.EXPORTER, clause.options)


def _columns(scope: Scope, decl: s.AudienceDecl, source: Source, context: Context) -> tuple[OutputColumn, ...]:
    found: list[OutputColumn] = []
    for item in (c for i in decl.items if isinstance(i, s.ColumnsClause) for c in i.columns):
        value: Expr = check_term(scope, item.term, context)
        name = item.name.text if item.name is not None else _name_of(scope, item)
        if name in {c.name for c in found}:
            mend = "name it: `other_name = ...`"
            scope.report("SEG202", f"The list has two columns `{name}`", item.span, mend)
            continue
        found.append(OutputColumn(name, value))
    if found:
        return tuple(found)
    keys = [c for c in (source.column(k) for k in source.key) if c is not None]
    if any(c.pii for c in keys):
        mend = "name the columns: `columns " + ", ".join(source.key) + "`"
        scope.report("SEG205", "The key is personal, so it stands in a list only where named", decl.name.span, mend)
    return tuple(OutputColumn(c.name, Column(c.name, c.type, decl.name.span)) for c in keys)


def _name_of(scope: Scope, item: s.OutputTerm) -> str:
    if isinstance(item.term, Reference):
        return item.term.dotted
    scope.report("SEG205", "This column needs a name", item.span, "write `name = ...`")
    return ""


def report_audience_cycles(scope: Scope, audiences: dict[str, Audience]) -> None:
    """Audiences that leave out one another."""
    done: set[str] = set()

    def visit(name: str, path: tuple[str, ...]) -> None:
        if name in path:
            chain = " -> ".join(f"`{n}`" for n in (*path[path.index(name) :], name))
            scope.report(
                "SEG203",
                f"These leave out each other: {chain}",
                audiences[name].span,
                "leave one `except` out",
            )
            return
        if name in done:
            return
        for other in audiences[name].excluded:
            if other in audiences:
                visit(other, (*path, name))
        done.add(name)

    for name in audiences:
        visit(name, ())
