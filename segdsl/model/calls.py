"""Calls in terms: row-wise functions, aggregates over links and over tables, bands, and expected scores."""

from collections.abc import Callable
from decimal import Decimal
from itertools import pairwise

from segdsl.diagnostics import Span
from segdsl.language import syntax as s
from segdsl.language import terms as t
from segdsl.language.terms import CallTerm, Modifier, Reference, Term
from segdsl.model.catalog import PluginKind
from segdsl.model.context import Context
from segdsl.model.date_bounds import warn_open_ended
from segdsl.model.expression import (
    REMAINING,
    Band,
    Call,
    Expected,
    Expr,
    LinkAggregate,
    LinkPath,
    Literal,
    TableAggregate,
)
from segdsl.model.missing import may_miss
from segdsl.model.plugin_functions import check_plugin_function
from segdsl.model.references import source_of_table
from segdsl.model.scope import Scope, unresolved
from segdsl.model.source import Source
from segdsl.model.units import comparable
from segdsl.model.written import as_written, in_backquotes
from segdsl.types import Duration, Kind, Type, Value, category
from segdsl.types.aggregate import AGGREGATES, Aggregate, aggregate_type
from segdsl.types.aggregate import Parameter as AggregateParameter
from segdsl.types.column_type import WHOLE
from segdsl.types.function import FUNCTIONS, Signature, result_type

Check = Callable[[Scope, Term, Context], Expr]

_SPECIAL = ("band", "expected")

# Functions of databases and spreadsheets, and what stands for them here.
_HABITS = {
    **dict.fromkeys(("avg", "average"), "write `mean(...)`"),
    **dict.fromkeys(("len", "char_length"), "write `length(...)`"),
    **dict.fromkeys(("lowercase", "lcase"), "write `lower(...)`"),
    **dict.fromkeys(("uppercase", "ucase"), "write `upper(...)`"),
    **dict.fromkeys(("coalesce", "ifnull", "nvl", "iferror"), "write `x ?? value`"),
    **dict.fromkeys(("isnull", "isblank", "isna"), "write `x is missing`"),
    **dict.fromkeys(("if", "iif", "iff", "decode", "switch"), "write `case when ... then ... else ... end`"),
    **dict.fromkeys(
        ("today", "now", "current_date", "getdate"), "declare `param as_of : date = ...`, the spec's clock"
    ),
    **dict.fromkeys(("datediff", "date_diff"), "subtract one date from the other"),
    **dict.fromkeys(("dateadd", "date_add", "edate"), "add a duration: `signed_on + 3 months`"),
    **dict.fromkeys(("countif", "countifs", "sumif", "sumifs"), "write `where` inside the function"),
    **dict.fromkeys(("percentile", "percentile_cont"), "write `quantile(x, 0.75 over customers)`"),
    "exists": "write `any(...)`: `any(invoices where amount > $500)`",
    "row_number": "write `rank(x over customers)`",
    "greatest": "write `max_of(...)`",
    "least": "write `min_of(...)`",
    "ceiling": "write `ceil(...)`",
    "ln": "write `log(...)`",
    "strip": "write `trim(...)`",
    "count_distinct": "write `distinct(...)`",
    "ntile": "write `grade` in a score, or `rank(x over customers)`",
}


def check_call(scope: Scope, term: CallTerm, context: Context, check: Check) -> Expr:
    """The expression of a call; mistakes are reported."""
    name = term.function.text
    for modifier in term.modifiers:
        if sum(m.word == modifier.word for m in term.modifiers) > 1:
            scope.report("SEG209", f"`{modifier.word}` is given twice", modifier.span, "keep one of the two")
            return unresolved(term.span)
    if name == "expected":
        return _expected(scope, term, context)
    if name in AGGREGATES:
        if term.modifier("over") is not None or name in ("quantile", "nth_largest", "rank"):
            return _over_table(scope, term, context, check)
        return _over_link(scope, term, context, check)
    called = FUNCTIONS.get(name)
    plugin = scope.catalog.plugins.get(name)
    if called is None and plugin is not None and plugin.kind is PluginKind.FUNCTION and not term.modifiers:
        return check_plugin_function(scope, plugin, term, [check(scope, a, context) for a in term.arguments])
    if called is None and name in scope.catalog.refused:
        return unresolved(term.span)
    if called is None and name not in _SPECIAL:
        _report_unknown_function(scope, term.function)
        return unresolved(term.span)
    for modifier in term.modifiers:
        mend = "it belongs to aggregates such as `sum(...)`"
        scope.report("SEG306", f"`{name}` takes no `{modifier.word}`", modifier.span, mend)
        return unresolved(term.span)
    if called is None:
        return _band(scope, term, context, check)
    return _row_function(scope, called, term, context, check)


def _report_unknown_function(scope: Scope, name: t.Name) -> None:
    if name.text in scope.broken:
        return
    habit = _HABITS.get(name.text.lower())
    if habit is not None:
        scope.report("SEG201", f"There is no function `{name.text}`", name.span, habit)
        return
    known = [*FUNCTIONS, *AGGREGATES, *_SPECIAL]
    scope.unknown_name("function", name.text, name.span, known, "see the functions in the language reference")


# ---- row-wise


def _row_function(scope: Scope, called: Signature, term: CallTerm, context: Context, check: Check) -> Expr:
    arguments = tuple(check(scope, a, context) for a in term.arguments)
    kind = result_type(called, [a.type for a in arguments])
    if isinstance(kind, str):
        scope.report("SEG306", kind[:1].upper() + kind[1:], term.span, f"for example `{called.example}`")
        return unresolved(term.span)
    if any(a.type.is_unknown for a in arguments):
        return unresolved(term.span)
    for place, argument in enumerate(arguments):
        operand = called.operand(place)
        if operand is not None and operand.constant and not isinstance(argument, Literal):
            span = term.arguments[place].span
            scope.report(
                "SEG306",
                f"`{operand.name}` of `{called.usage}` must be a constant",
                span,
                f"for example `{called.example}`",
            )
            return unresolved(term.span)
    optional = called.may_be_missing or any(may_miss(a, context.known) for a in arguments)
    return Call(called.name, arguments, kind.or_missing(optional), term.span)


def _band(scope: Scope, term: CallTerm, context: Context, check: Check) -> Expr:
    if len(term.arguments) < 2:
        mend = "write `band(employees, 10, 50, 250)`"
        scope.report("SEG306", "`band` takes a measure and its cut-points", term.span, mend)
        return unresolved(term.span)
    operand, *cuts = (check(scope, a, context) for a in term.arguments)
    if operand.type.is_unknown or any(c.type.is_unknown for c in cuts):
        return unresolved(term.span)
    if not operand.type.is_numeric and operand.type.kind not in (Kind.MONEY, Kind.DURATION):
        found = f"`band` takes a measure, not `{operand.type.or_missing(False)}`"
        scope.report("SEG306", found, term.arguments[0].span, "band a number, an amount or a duration")
        return unresolved(term.span)
    values: list[Value] = []
    for cut, written in zip(cuts, term.arguments[1:], strict=True):
        wrong = comparable(operand, cut)
        if wrong is not None:
            scope.report(wrong.code, wrong.found[:1].upper() + wrong.found[1:], written.span, wrong.mend)
            return unresolved(term.span)
        if not isinstance(cut, Literal):
            scope.report("SEG306", "Cut-points are constants", written.span, "write the number itself")
            return unresolved(term.span)
        values.append(cut.value)
    if any(not _ascending(a, b) for a, b in pairwise(values)):
        span = term.arguments[1].span.to(term.arguments[-1].span)
        scope.report("SEG307", "Cut-points must ascend", span, "write the least first, each once")
        return unresolved(term.span)
    labels = _band_labels([_written(a) for a in term.arguments[1:]])
    kind = category(*labels).or_missing(may_miss(operand, context.known))
    return Band(operand, tuple(values), labels, kind, term.span)


def _written(term: Term) -> str:
    if isinstance(term, t.Signed):
        return "-" + _written(term.operand)
    return term.text if isinstance(term, t.Constant) else ""


def _ascending(a: Value, b: Value) -> bool:
    if isinstance(a, Duration) and isinstance(b, Duration):
        return a.total_seconds < b.total_seconds
    return bool(a < b)  # type: ignore[operator]


def _band_labels(cuts: list[str]) -> tuple[str, ...]:
    between = (f"{low} to under {high}" for low, high in pairwise(cuts))
    return (f"under {cuts[0]}", *between, f"{cuts[-1]} and over")


# ---- over a link


def _over_link(scope: Scope, term: CallTerm, context: Context, check: Check) -> Expr:
    called = AGGREGATES[term.function.text]
    row = scope.sources.get(context.row)
    if row is None:
        return unresolved(term.span)
    via = term.modifier("via")
    if len(term.arguments) != 1:
        mend = f"for example `{called.example}`, or `... over TABLE` for a figure of a whole table"
        scope.report("SEG306", f"`{called.name}` takes one value of a linked table", term.span, mend)
        return unresolved(term.span)
    argument = term.arguments[0]
    child = _child_of(scope, argument, row, context)
    if child is None:
        return unresolved(term.span)
    path = _path(scope, child, row, via, argument.span)
    if path is None:
        return unresolved(term.span)
    inside = Context(child.name, unknown_as_false=context.unknown_as_false, outer=path)
    whole_rows = isinstance(argument, Reference) and len(argument.parts) == 1 and argument.parts[0].text == child.name
    value = None if whole_rows else check(scope, argument, inside)
    where = _condition(scope, term.modifier("where"), inside, check)
    by = _value(scope, term.modifier("by"), inside, check)
    if where is not None:
        warn_open_ended(scope, child, where)
    if called.name == "any" and value is None and where is not None:
        value, where = where, None
    return _link_aggregate(scope, called, term, (path, value, where, by), context)


def _link_aggregate(
    scope: Scope,
    called: Aggregate,
    term: CallTerm,
    parts: tuple[LinkPath, Expr | None, Expr | None, Expr | None],
    context: Context,
) -> Expr:
    path, value, where, by = parts
    if any(x is not None and x.type.is_unknown for x in (value, where, by)):
        return unresolved(term.span)
    kind = aggregate_type(called, None if value is None else value.type)
    if isinstance(kind, str):
        mend = f"for example `{called.example}`"
        if called.name == "count":
            asked = as_written(term.arguments[0])
            if value is None or value.type.kind is not Kind.BOOL:
                asked = f"{asked if isinstance(term.arguments[0], Reference | CallTerm) else f'({asked})'} is known"
            mend = f"write {in_backquotes(f'count({path.child} where {asked})')}"
        scope.report("SEG306", kind[:1].upper() + kind[1:], term.span, mend)
        return unresolved(term.span)
    if called.ordered != (by is not None):
        found = f"`{called.name}` needs `by`" if called.ordered else f"`{called.name}` takes no `by`"
        scope.report("SEG306", found, term.span, f"for example `{called.example}`")
        return unresolved(term.span)
    for word in ("per",):
        extra = term.modifier(word)
        if extra is not None:
            scope.report("SEG306", f"`{word}` needs `over` a table", extra.span, "a link already gives a value per row")
            return unresolved(term.span)
    row = scope.sources[context.row]
    optional = kind.optional or (path.parent != row.name and path.parent == row.row_type)
    return LinkAggregate(called.name, path, value, where, by, kind.or_missing(optional), term.span)


def _child_of(scope: Scope, argument: Term, row: Source, context: Context) -> Source | None:
    """The linked table that an aggregate's argument names."""
    names = list(dict.fromkeys(_tables_named(scope, argument, row)))
    if len(names) == 1:
        return scope.sources[names[0]]
    if len(names) > 1:
        listed = " and ".join(f"`{n}`" for n in names)
        found = f"One aggregate reads one linked table, and this names {listed}"
        scope.report("SEG309", found, argument.span, "aggregate each of them on its own")
        return None
    if (isinstance(argument, Reference) and argument.parts[0].text in scope.broken) or row.name in scope.broken:
        return None
    if isinstance(argument, Reference) and isinstance(scope.names.get(argument.parts[0].text), s.PopulationDecl):
        name = argument.parts[0].text
        mend = f"write `count(over {name})` for its size, or `... over {name}` behind a value"
        scope.report("SEG309", f"`{name}` is a population, not a linked table", argument.span, mend)
        return None
    linked = sorted({link.child for link in scope.links if link.parent in (row.name, row.row_type)})
    tables = ", ".join(f"`{n}`" for n in linked)
    mend = f"name a column of a linked table ({tables})" if linked else f"link a table to `{row.name}`"
    found = "An aggregate needs a value of a linked table"
    scope.report("SEG309", found, argument.span, f"{mend}, or add `over {row.name}` for a figure of the whole table")
    return None


def _tables_named(scope: Scope, term: object, row: Source) -> list[str]:
    """Tables that stand in front of a dot, or alone, and aren't columns or links of the row."""
    if isinstance(term, Reference):
        first = term.parts[0].text
        if first in scope.sources and (row.column(first) is None or (len(term.parts) > 1 and not _is_link(row, first))):
            return [first]
        return []
    if isinstance(term, CallTerm) and term.function.text in AGGREGATES:
        return []
    names: list[str] = []
    for slot in getattr(type(term), "__match_args__", ()):
        value = getattr(term, slot)
        for part in value if isinstance(value, tuple) else (value,):
            if hasattr(part, "span") and not isinstance(part, t.Name):
                names += _tables_named(scope, part, row)
    return names


def _is_link(row: Source, name: str) -> bool:
    return any(link.columns[0] == name for link in row.links)


def _path(scope: Scope, child: Source, row: Source, via: Modifier | None, span: Span) -> LinkPath | None:
    links = [link for link in child.links if link.parent == row.name]
    if not links:
        links = [link for link in child.links if link.parent == row.row_type]
    if via is not None:
        name = via.term.parts[0].text if isinstance(via.term, Reference) else ""
        chosen = [link for link in links if link.columns[0] == name]
        if not chosen:
            known = [link.columns[0] for link in links]
            scope.unknown_name(f"link of `{child.name}` to `{row.name}`", name, via.span, known, f"one of {known}")
            return None
        return chosen[0]
    if not links:
        if not {child.name, row.name} & (scope.broken | scope.unlinked):
            mend = f"add `links ... to {row.name}` to the source `{child.name}`"
            scope.report("SEG207", f"`{child.name}` isn't linked to `{row.name}`", span, mend)
        return None
    if len(links) > 1 or child.name == row.name:
        listed = " or ".join(f"`via {link.columns[0]}`" for link in links)
        found = f"More than one link leads from `{child.name}` to `{row.name}`"
        if len(links) == 1:
            found = f"`{child.name}` is linked to itself, so it isn't clear which rows are meant"
        scope.report("SEG207", found, span, f"add {listed}")
        return None
    return links[0]


def _condition(scope: Scope, clause: Modifier | None, context: Context, check: Check) -> Expr | None:
    if clause is None:
        return None
    expr = check(scope, clause.term, context)
    if not expr.type.is_unknown and expr.type.kind is not Kind.BOOL:
        found = f"Behind `where` stands a condition, and this is `{expr.type.or_missing(False)}`"
        scope.report("SEG302", found, clause.term.span, "compare it with something")
        return unresolved(clause.span)
    return expr


def _value(scope: Scope, clause: Modifier | None, context: Context, check: Check) -> Expr | None:
    return None if clause is None else check(scope, clause.term, context)


# ---- over a table


def _over_table(scope: Scope, term: CallTerm, context: Context, check: Check) -> Expr:
    called = AGGREGATES[term.function.text]
    over = term.modifier("over")
    if over is None or not isinstance(over.term, Reference):
        scope.report(
            "SEG309",
            f"`{called.name}` needs the table it is over",
            term.span,
            f"for example `{called.example}`",
        )
        return unresolved(term.span)
    if not called.over_table:
        mend = f"for example `{called.example}`"
        scope.report("SEG309", f"`{called.name}` reads a linked table, not a whole one", over.span, mend)
        return unresolved(term.span)
    table = over.term.dotted
    source = _table_source(scope, over.term, context)
    if source is None:
        return unresolved(term.span)
    inside = Context(source.name, unknown_as_false=context.unknown_as_false)
    arguments = [check(scope, a, inside) for a in term.arguments]
    where = _condition(scope, term.modifier("where"), inside, check)
    per = _value(scope, term.modifier("per"), inside, check)
    for word in ("by", "via"):
        extra = term.modifier(word)
        if extra is not None:
            scope.report("SEG306", f"`{word}` has no meaning over a table", extra.span, "leave it out")
            return unresolved(term.span)
    row = scope.sources.get(context.row)
    if (per is not None or called.name == "rank") and row is not None and row.row_type != source.row_type:
        found = f"`{called.name}` here looks up the row's own place, and the row isn't one of `{table}`"
        scope.report("SEG309", found, term.span, f"use it on rows of `{source.name}`")
        return unresolved(term.span)
    parts = [*arguments, *(x for x in (where, per) if x is not None)]
    if any(x.type.is_unknown for x in parts):
        return unresolved(term.span)
    return _table_aggregate(scope, called, term, table, arguments, where, per)


def _table_source(scope: Scope, table: Reference, context: Context) -> Source | None:
    name = table.dotted
    if name == REMAINING and name not in scope.names:
        if not context.remaining:
            mend = "name a population or a source"
            scope.report("SEG309", "`remaining` is known only in the rules of a population", table.span, mend)
            return None
        return scope.sources.get(context.row)
    decl = scope.look_up(table.parts[0], (s.SourceDecl, s.PopulationDecl), "source or population")
    if decl is None or len(table.parts) > 1:
        return None
    if isinstance(decl, s.PopulationDecl) and scope.resolvers.population(scope, name, table.span) is None:
        return None
    return source_of_table(scope, name, table.span)


def _table_aggregate(
    scope: Scope,
    called: Aggregate,
    term: CallTerm,
    table: str,
    arguments: list[Expr],
    where: Expr | None,
    per: Expr | None,
) -> Expr:
    wanted = (called.accepts is not None) + (called.parameter is not None)
    if len(arguments) != wanted:
        found = f"`{called.name}` over a table takes {wanted} {'value' if wanted == 1 else 'values'}"
        mend = f"for example `{called.example}`" if wanted else f"write `count(over {table})`"
        scope.report("SEG306", found, term.span, mend)
        return unresolved(term.span)
    value = arguments[0] if arguments else None
    argument: Value = None
    if called.parameter is not None:
        argument = _parameter(scope, called.parameter, arguments[1], term.arguments[1].span)
        if argument is None:
            return unresolved(term.span)
    kind = aggregate_type(called, None if value is None else value.type)
    if isinstance(kind, str):
        scope.report("SEG306", kind[:1].upper() + kind[1:], term.span, f"for example `{called.example}`")
        return unresolved(term.span)
    # A row whose group isn't known has no figure.
    kind = kind.or_missing(kind.optional or (per is not None and per.type.optional))
    return TableAggregate(called.name, table, value, argument, where, per, kind, term.span)


def _parameter(scope: Scope, wanted: AggregateParameter, argument: Expr, span: Span) -> Value:
    value = argument.value if isinstance(argument, Literal) else None
    if wanted is AggregateParameter.PLACE:
        if argument.type.kind in WHOLE and isinstance(value, int) and value >= 1:
            return value
        mend = "for example `nth_largest(mrr, 2 over customers)`"
        scope.report("SEG306", "The place is a whole number from 1 on", span, mend)
        return None
    if (
        isinstance(value, int | Decimal)
        and not isinstance(value, bool)
        and 0 <= value <= 1
        and not _is_unit(argument.type)
    ):
        return Decimal(value)
    mend = "for example `quantile(mrr, 0.75 over customers)`"
    scope.report("SEG306", "The level of a quantile lies between 0 and 1", span, mend)
    return None


def _is_unit(type_: Type) -> bool:
    return type_.kind in (Kind.MONEY, Kind.DURATION)


# ---- expected scores


def _expected(scope: Scope, term: CallTerm, context: Context) -> Expr:
    by = term.modifier("by")
    argument = term.arguments[0] if len(term.arguments) == 1 else None
    if (
        by is None
        or not isinstance(argument, Reference)
        or not isinstance(by.term, Reference)
        or len(term.modifiers) > 1
    ):
        mend = "write `expected(quality by fit)`"
        scope.report("SEG306", "`expected` takes a score by a segmentation", term.span, mend)
        return unresolved(term.span)
    score_decl = scope.look_up(argument.parts[0], (s.ScoreDecl,), "score")
    scheme_decl = scope.look_up(by.term.parts[0], (s.SegmentationDecl,), "segmentation")
    if score_decl is None or scheme_decl is None:
        return unresolved(term.span)
    if scheme_decl.mode == "overlapping":
        found = "An overlapping segmentation gives several segments, so there is no expected score"
        scope.report("SEG208", found, by.span, "name a segmentation whose segments don't overlap")
        return unresolved(term.span)
    score = scope.resolvers.score(scope, score_decl.name.text, argument.span)
    scheme = scope.resolvers.scheme(scope, scheme_decl.name.text, by.span)
    row = scope.sources.get(context.row)
    if score is None or scheme is None or row is None or score.type.is_unknown:
        return unresolved(term.span)
    for name, source in ((score.name, score.source), (scheme.name, scheme.source)):
        own = scope.sources.get(source)
        if own is not None and own.row_type != row.row_type:
            mend = f"it belongs to rows of `{own.row_type}`"
            scope.report("SEG206", f"`{name}` has no value for rows of `{row.name}`", term.span, mend)
            return unresolved(term.span)
    return Expected(score.name, scheme.name, score.type.or_missing(), term.span)
