"""Conversion of currencies: what `by currency rates RATES at DATE` asks of the columns and sources it names."""

from collections.abc import Iterator

from segdsl.diagnostics import Span
from segdsl.language import syntax as s
from segdsl.language.terms import Name
from segdsl.model.scope import Scope
from segdsl.model.source import (
    RATE_COLUMNS,
    ColumnContract,
    CurrencyConversion,
    DerivedOrigin,
    Source,
    StackedOrigin,
)
from segdsl.record import dataclass
from segdsl.types import Kind, Type

_TEXTUAL = (Kind.TEXT, Kind.CATEGORY)
_KINDS = dict(zip(RATE_COLUMNS, (_TEXTUAL, (Kind.DATE,), (Kind.NUMBER, Kind.RATIO)), strict=True))
_DECLARATION = '`source fx from "fx.csv" { currency : category key   date : date key   rate : number }`'


@dataclass(frozen=True, slots=True)
class _Clause:
    """One conversion as a source has it, and where its currency column, its rates and its date column are named."""

    source: Source
    column: ColumnContract
    conversion: CurrencyConversion
    spans: tuple[Span, Span, Span]


def check_conversions(scope: Scope) -> None:
    """Report conversions whose columns or rates don't do. Links must be known."""
    seen: set[str] = set()
    for decl in scope.of_kind(s.SourceDecl):
        source = scope.sources.get(decl.name.text)
        if source is None:
            continue
        for clause in _clauses(source, decl):
            _check_columns(scope, clause)
            _check_use(scope, clause)
            rates = _rates(scope, clause)
            if rates is not None and not _report_cycle(scope, clause, rates) and rates.name not in seen:
                # Several amounts by one source of rates: what is wrong with it is told once.
                seen.add(rates.name)
                _check_rates(scope, clause, rates)


def _clauses(source: Source, decl: s.SourceDecl) -> Iterator[_Clause]:
    named = {item.name.text: _names(item) for item in decl.items if isinstance(item, s.ColumnDecl)}
    for column in source.columns:
        if column.conversion is not None:
            spans = named.get(column.name) or (decl.name.span,) * 3
            yield _Clause(source, column, column.conversion, spans)


def _names(item: s.ColumnDecl) -> tuple[Span, Span, Span] | None:
    for modifier in item.modifiers:
        if modifier.word == "convert":
            currency, rates, day = (value.span for value in modifier.values if isinstance(value, Name))
            return currency, rates, day
    return None


def _check_columns(scope: Scope, clause: _Clause) -> None:
    """The row must say its currency and its day."""
    conversion, (at_currency, _, at_day) = clause.conversion, clause.spans
    wanted = (
        (conversion.currency_column, at_currency, _TEXTUAL, "the code of a currency is a text or a category"),
        (conversion.date_column, at_day, (Kind.DATE, Kind.TIMESTAMP), "a rate is looked up at a date or a timestamp"),
    )
    for name, span, kinds, words in wanted:
        column = clause.source.column(name)
        if column is None:
            _report_lacking(scope, clause, name, span)
        elif not _is(column.type, kinds):
            found = f"`{name}` is {column.type}, and {words}"
            scope.report("SEG302", found, span, "name another column, or declare it with that type")


def _report_lacking(scope: Scope, clause: _Clause, name: str, span: Span) -> None:
    source, column = clause.source, clause.column.name
    if source.name in scope.broken:
        return
    if span == source.span:
        mend = f"take out both: `without {name}, {column}`"
        scope.report("SEG201", f"`{source.name}` is without `{name}`, by which `{column}` is converted", span, mend)
        return
    scope.unknown_name("column", name, span, [c.name for c in source.columns], "declare it in this source")


def _check_use(scope: Scope, clause: _Clause) -> None:
    """Before they are converted, amounts can't be compared, so they settle no order among duplicates."""
    column, duplicate = clause.column, clause.source.policies.duplicate
    if duplicate is not None and duplicate.by == column.name:
        found = f"Duplicates are settled by `{column.name}`, before its currencies are converted"
        scope.report("SEG208", found, column.span, "settle them by a date: `on duplicate keep last by DATE`")


def _rates(scope: Scope, clause: _Clause) -> Source | None:
    name = Name(clause.conversion.rates, clause.spans[1])
    decl = scope.look_up(name, (s.SourceDecl,), "source")
    return None if decl is None else scope.sources.get(name.text)


def _check_rates(scope: Scope, clause: _Clause, rates: Source) -> None:
    if rates.name in scope.broken:
        return
    span = clause.spans[1]
    for name, kinds in _KINDS.items():
        column = rates.column(name)
        if column is None:
            found = f"`{rates.name}` has no column `{name}`, so that it gives no rates"
            scope.report("SEG201", found, span, f"declare it as in {_DECLARATION}")
        elif not _is(column.type, kinds):
            found = f"`{name}` of the rates `{rates.name}` is {column.type}"
            expected = " or ".join(kind.value for kind in kinds)
            scope.report("SEG302", found, column.span, f"declare it as in {_DECLARATION}", expected)
    if rates.key and set(rates.key) != {"currency", "date"} and all(rates.column(name) for name in RATE_COLUMNS):
        keys = ", ".join(f"`{name}`" for name in rates.key)
        found = f"The key of the rates `{rates.name}` is {keys}, so that a day may have two rates of one currency"
        scope.report("SEG208", found, rates.span, f"put `key` behind both: {_DECLARATION}")


def _report_cycle(scope: Scope, clause: _Clause, rates: Source) -> bool:
    """Whether the rates rest on the very source whose amounts they convert."""
    goal = clause.source.name
    paths: dict[str, tuple[str, ...]] = {rates.name: (goal, rates.name)}
    waiting = [rates.name]
    while waiting and goal not in paths:
        name = waiting.pop(0)
        for ahead in _rests_on(scope.sources[name]):
            if ahead in scope.sources and ahead not in paths:
                paths[ahead] = (*paths[name], ahead)
                waiting.append(ahead)
    if goal not in paths:
        return False
    chain = " -> ".join(f"`{name}`" for name in paths[goal])
    mend = "take the rates from a source of their own"
    scope.report("SEG203", f"These need each other: {chain}", clause.spans[1], mend)
    return True


def _rests_on(source: Source) -> Iterator[str]:
    match source.origin:
        case DerivedOrigin(parent=parent):
            yield parent
        case StackedOrigin(parents=parents):
            yield from parents
        case _:
            pass
    yield from (path.parent for path in source.links if path.child == source.name)
    yield from (column.conversion.rates for column in source.columns if column.conversion is not None)


def _is(found: Type, kinds: tuple[Kind, ...]) -> bool:
    return found.is_unknown or found.kind in kinds
