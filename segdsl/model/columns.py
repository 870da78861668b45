"""From the declaration of a source to its contract."""

from decimal import Decimal

from segdsl.diagnostics import Span
from segdsl.language import syntax as s
from segdsl.language.terms import Constant, Name
from segdsl.model.constants import constant_value
from segdsl.model.expression import LinkPath
from segdsl.model.read_options import read_options
from segdsl.model.scope import Scope
from segdsl.model.source import (
    ROW_NUMBER,
    BreachPolicies,
    ColumnContract,
    CurrencyConversion,
    DerivedOrigin,
    FileOrigin,
    Keep,
    KeepDuplicate,
    Origin,
    ReadOptions,
    Source,
    StackedOrigin,
    parents_of,
)
from segdsl.record import replace
from segdsl.types import CURRENCIES, UNKNOWN, Duration, Kind, Type, Value, currency_mend
from segdsl.types.column_type import ORDERED

_SIMPLE = {k.value for k in Kind} - {"money", "list", "unknown"}


def resolve_source(scope: Scope, name: Name) -> Source | None:
    """The source of that name, resolved; reports a name that isn't one."""
    decl = scope.look_up(name, (s.SourceDecl,), "source")
    return None if decl is None else source_named(scope, name.text, name.span)


def source_named(scope: Scope, name: str, span: Span) -> Source | None:
    decl = scope.names.get(name)
    if not isinstance(decl, s.SourceDecl):
        return None
    return scope.resolve("source", name, span, lambda: _make_source(scope, decl))


def _make_source(scope: Scope, decl: s.SourceDecl) -> Source | None:
    name = decl.name.text
    inherited: tuple[ColumnContract, ...] = ()
    like = None
    if decl.like is not None:
        like = resolve_source(scope, decl.like)
        if like is None:
            scope.broken.add(name)
        else:
            inherited = like.columns
    origin = _origin(scope, decl)
    columns = _still_personal(scope, origin, _columns(scope, decl, inherited))
    read = read_options(scope, decl)
    if read is None:
        read = like.read if like is not None else ReadOptions()
    key = tuple(c.name for c in columns if c.is_key)
    source = Source(
        name=name,
        origin=origin,
        row_type=name if like is None else like.row_type,
        columns=columns,
        key=key,
        links=(),
        read=read,
        policies=_policies(scope, decl, columns, _inherited_policies(like, columns)),
        known_from=_known_from(scope, decl, columns) or _inherited_clock(like, columns),
        span=decl.name.span,
    )
    if not key and name not in scope.broken:
        mend = f"put `key` behind the column that tells rows apart, or add `row : int key from {ROW_NUMBER}`"
        scope.report("SEG205", f"Source `{name}` has no key", decl.name.span, mend)
    scope.sources[name] = source
    return source


def _inherited_policies(like: Source | None, columns: tuple[ColumnContract, ...]) -> BreachPolicies:
    """What the source it is like does on a breach holds here too, as far as its columns are here."""
    if like is None:
        return BreachPolicies()
    duplicate = like.policies.duplicate
    if duplicate is not None and duplicate.by not in {c.name for c in columns}:
        return replace(like.policies, duplicate=None)
    return like.policies


def _inherited_clock(like: Source | None, columns: tuple[ColumnContract, ...]) -> str | None:
    names = {c.name for c in columns}
    return like.known_from if like is not None and like.known_from in names else None


# ---- columns


def _columns(scope: Scope, decl: s.SourceDecl, inherited: tuple[ColumnContract, ...]) -> tuple[ColumnContract, ...]:
    by_name = {c.name: c for c in inherited}
    for clause in (i for i in decl.items if isinstance(i, s.WithoutClause)):
        for left_out in clause.columns:
            if by_name.pop(left_out.text, None) is None and decl.name.text not in scope.broken:
                scope.unknown_name("inherited column", left_out.text, left_out.span, by_name)
    # What is known only after a date isn't known of rows that lack that date.
    by_name = {c.name: c for c in by_name.values() if c.known_after is None or c.known_after in by_name}
    own: dict[str, Span] = {}
    for item in decl.items:
        if not isinstance(item, s.ColumnDecl):
            continue
        name = item.name.text
        if name in own:
            found = f"Column `{name}` is declared twice"
            scope.report("SEG202", found, item.name.span, "keep one of the two", first=own[name])
            continue
        own[name] = item.name.span
        by_name[name] = _column(scope, item, derived=bool(decl.parents))
    for name in own:
        _check_companions(scope, by_name[name], by_name)
    return tuple(by_name.values())


def _check_companions(scope: Scope, column: ColumnContract, by_name: dict[str, ColumnContract]) -> None:
    if column.known_after is not None and column.known_after not in by_name:
        scope.unknown_name("column", column.known_after, column.span, by_name)


def type_of(scope: Scope, term: s.TypeTerm) -> Type:
    """The type that a type term says; UNKNOWN after a mistake."""
    name = term.name.text
    plain = _plain_type(scope, term)
    if plain is None:
        near = scope.suggestions.closest(name, [*_SIMPLE, "money", "list"])
        mend = (
            f"did you mean `{near}`?"
            if near
            else "text, category, count, int, number, ratio, money(USD), date, "
            + ("timestamp, duration, bool or list(...)")
        )
        scope.report("SEG201", f"There is no type `{name}`", term.name.span, mend)
        return UNKNOWN
    return plain.or_missing(term.optional)


def _plain_type(scope: Scope, term: s.TypeTerm) -> Type | None:
    name, arguments = term.name.text, term.arguments
    if name == "money":
        return _money_type(scope, term)
    if name == "list":
        inner = arguments[0] if len(arguments) == 1 else None
        if not isinstance(inner, s.TypeTerm):
            scope.report("SEG306", "A list needs the type of its items", term.span, "write `list(category)`")
            return UNKNOWN
        element = type_of(scope, inner)
        if element.kind is Kind.LIST:
            scope.report("SEG208", "A list of lists is not a column", inner.span, "declare a list of simple values")
            return UNKNOWN
        return Type(Kind.LIST, element=element.or_missing(False))
    if name not in _SIMPLE:
        return None
    if name == "category" and arguments:
        values = tuple(a.value for a in arguments if isinstance(a, Constant) and isinstance(a.value, str))
        if len(values) != len(arguments):
            scope.report("SEG306", "The values of a category are texts", term.span, 'write `category("a", "b")`')
            return UNKNOWN
        for value in values:
            if values.count(value) > 1:
                scope.report("SEG202", f'`"{value}"` stands twice in the category', term.span, "keep one of the two")
                break
        return Type(Kind.CATEGORY, values=tuple(dict.fromkeys(values)))
    if arguments:
        scope.report("SEG306", f"`{name}` takes nothing in brackets", term.span, f"write `{name}`")
    return Type(Kind(name))


def _money_type(scope: Scope, term: s.TypeTerm) -> Type:
    inner = term.arguments[0] if len(term.arguments) == 1 else None
    if not isinstance(inner, s.TypeTerm) or inner.arguments:
        scope.report("SEG306", "Money needs its currency", term.span, "write `money(USD)`, with an ISO 4217 code")
        return UNKNOWN
    code = inner.name.text
    if code not in CURRENCIES:
        scope.report("SEG106", f"`{code}` is no currency", inner.span, currency_mend(code))
        return UNKNOWN
    return Type(Kind.MONEY, currency=code)


KEY_KINDS = frozenset({Kind.TEXT, Kind.CATEGORY, Kind.COUNT, Kind.INT, Kind.DATE, Kind.TIMESTAMP})


def _column(scope: Scope, decl: s.ColumnDecl, derived: bool) -> ColumnContract:
    name = decl.name.text
    column = ColumnContract(name, name, type_of(scope, decl.type), decl.name.span)
    seen: set[str] = set()
    for clause in decl.modifiers:
        if clause.word in seen:
            word = clause.word.replace("_", " ")
            scope.report("SEG209", f"`{word}` is given twice for `{name}`", clause.span, "keep one of the two")
            continue
        seen.add(clause.word)
        column = _modify(scope, column, clause)
    if column.is_key and column.type.optional:
        scope.report("SEG208", f"The key `{name}` may not be missing", decl.type.span, "leave out the `?`")
    if column.is_key and not column.type.is_unknown and column.type.kind not in KEY_KINDS:
        mend = "a key is a text, category, count, int, date or timestamp"
        scope.report("SEG302", f"A {column.type.kind} can't be a key", decl.type.span, mend)
    return column


def _modify(scope: Scope, column: ColumnContract, clause: s.ColumnModifier) -> ColumnContract:
    values = clause.values
    match clause.word:
        case "key":
            return replace(column, is_key=True)
        case "pii":
            return replace(column, pii=True)
        case "lenient":
            return _only_for(scope, column, clause, _MEASURES, replace(column, lenient=True))
        case "from":
            return _from(column, values)
        case "range":
            return _range(scope, column, clause)
        case "empty":
            return replace(column, empty=_texts(values))
        case "replace":
            texts = _texts(values)
            return replace(column, replace=tuple(zip(texts[::2], texts[1::2], strict=True)))
        case "scale":
            return _scale(scope, column, clause)
        case "split":
            return _only_for(scope, column, clause, {Kind.LIST}, replace(column, split=_texts(values)[0]))
        case "known_after":
            return replace(column, known_after=_names(values)[0])
        case "other_as_missing":
            return _other_as_missing(scope, column, clause)
        case "default":
            return replace(column, default=constant_value(scope, values[0], column.type))  # type: ignore[arg-type]
        case _:
            names = _names(values)
            changed = replace(column, conversion=CurrencyConversion(names[0], names[1], names[2]))
            return _only_for(scope, column, clause, {Kind.MONEY}, changed)


_MEASURES = {Kind.COUNT, Kind.INT, Kind.NUMBER, Kind.RATIO, Kind.MONEY}


def _texts(values: tuple[object, ...]) -> tuple[str, ...]:
    return tuple(str(v.value) for v in values if isinstance(v, Constant))


def _names(values: tuple[object, ...]) -> tuple[str, ...]:
    return tuple(v.text for v in values if isinstance(v, Name))


def _only_for(
    scope: Scope, column: ColumnContract, clause: s.ColumnModifier, kinds: set[Kind], changed: ColumnContract
) -> ColumnContract:
    if column.type.is_unknown or column.type.kind in kinds:
        return changed
    word = clause.word.replace("convert", "by").replace("_", " ")
    wanted = ", ".join(sorted(kind.value for kind in kinds))
    found = f"`{word}` has no meaning for `{column.type.or_missing(False)}`"
    scope.report("SEG208", found, clause.span, "leave it out", f"a column of the type {wanted}")
    return column


def _from(column: ColumnContract, values: tuple[object, ...]) -> ColumnContract:
    header = _names(values)[0]
    if header == ROW_NUMBER:
        return replace(column, from_row_number=True)
    return replace(column, header=header)


def _range(scope: Scope, column: ColumnContract, clause: s.ColumnModifier) -> ColumnContract:
    if column.type.kind in (Kind.TEXT, Kind.CATEGORY, Kind.BOOL, Kind.LIST):
        return _only_for(scope, column, clause, _MEASURES | {Kind.DATE, Kind.TIMESTAMP, Kind.DURATION}, column)
    bounds = clause.values[0]
    assert isinstance(bounds, s.RangeValue)
    low = None if bounds.low is None else constant_value(scope, bounds.low, column.type)
    high = None if bounds.high is None else constant_value(scope, bounds.high, column.type)
    if low is not None and high is not None and _greater(low, high):
        scope.report("SEG307", "The range ends before it begins", bounds.span, "write the lower bound first")
    return replace(column, low=low, high=high)


def _greater(low: Value, high: Value) -> bool:
    if isinstance(low, Duration) and isinstance(high, Duration):
        return low.total_seconds > high.total_seconds
    return type(low) is type(high) and bool(low > high)  # type: ignore[operator]


def _scale(scope: Scope, column: ColumnContract, clause: s.ColumnModifier) -> ColumnContract:
    factor = clause.values[0]
    value = factor.value if isinstance(factor, Constant) else None
    if isinstance(value, bool) or not isinstance(value, int | Decimal) or value <= 0:
        scope.report("SEG302", "A scale is a number above 0", clause.span, "write `scale 1k` or `scale 1M`")
        return column
    return _only_for(scope, column, clause, _MEASURES, replace(column, scale=Decimal(value)))


def _other_as_missing(scope: Scope, column: ColumnContract, clause: s.ColumnModifier) -> ColumnContract:
    if column.type.kind is Kind.CATEGORY and column.type.values is None:
        mend = 'list its values: `category("a", "b")?`'
        scope.report("SEG208", "`other as missing` needs a closed category", clause.span, mend)
        return column
    changed = replace(column, other_as_missing=True, type=column.type.or_missing())
    return _only_for(scope, column, clause, {Kind.CATEGORY}, changed)


# ---- the block around the columns


def _origin(scope: Scope, decl: s.SourceDecl) -> Origin:
    if len(decl.parents) == 1:
        resolve_source(scope, decl.parents[0])
        return DerivedOrigin(decl.parents[0].text, decl.parents[0].span)
    if decl.parents:
        for parent in decl.parents:
            resolve_source(scope, parent)
        return StackedOrigin(tuple(p.text for p in decl.parents), decl.parents[0].span.to(decl.parents[-1].span))
    if decl.path is None:
        mend = 'write `from "data/file.csv"`, or `from` another source'
        scope.report("SEG205", f"Source `{decl.name.text}` doesn't say where it comes from", decl.name.span, mend)
        return FileOrigin("", decl.span.file, decl.name.span)
    return FileOrigin(str(decl.path.value), decl.span.file, decl.path.span)


def _still_personal(scope: Scope, origin: Origin, columns: tuple[ColumnContract, ...]) -> tuple[ColumnContract, ...]:
    """The columns, of which those that take over a personal one are personal too."""
    parents = [scope.sources[name] for name in parents_of(origin) if name in scope.sources]
    taken = {column.name for parent in parents for column in parent.columns if column.pii}
    return tuple(replace(one, pii=one.pii or (not one.from_row_number and one.header in taken)) for one in columns)


def _known_from(scope: Scope, decl: s.SourceDecl, columns: tuple[ColumnContract, ...]) -> str | None:
    for clause in (i for i in decl.items if isinstance(i, s.KnownFromClause)):
        column = next((c for c in columns if c.name == clause.column.text), None)
        if column is None:
            if decl.name.text not in scope.broken:
                scope.unknown_name("column", clause.column.text, clause.column.span, [c.name for c in columns])
        elif column.type.kind not in (Kind.DATE, Kind.TIMESTAMP, Kind.UNKNOWN):
            found = f"`{column.name}` is {column.type}, and rows are known from a date"
            scope.report("SEG302", found, clause.column.span, "name a column of dates")
        else:
            return column.name
    return None


def _policies(
    scope: Scope, decl: s.SourceDecl, columns: tuple[ColumnContract, ...], policies: BreachPolicies
) -> BreachPolicies:
    for clause in (i for i in decl.items if isinstance(i, s.PolicyClause)):
        match clause.word:
            case "broken":
                policies = replace(policies, broken_as_missing=True)
            case "orphan":
                policies = replace(policies, drop_orphans=True)
            case "missing_key":
                policies = replace(policies, drop_missing_key=True)
            case _:
                by = clause.by
                assert by is not None
                column = next((c for c in columns if c.name == by.text), None)
                if column is None:
                    scope.unknown_name("column", by.text, by.span, [c.name for c in columns])
                elif column.type.kind not in ORDERED and not column.type.is_unknown:
                    scope.report("SEG302", f"Rows can't be put in order by {column.type}", by.span, "name a date")
                policies = replace(policies, duplicate=KeepDuplicate(Keep(clause.keep), by.text))
    return policies


# ---- links, once all sources are known


def resolve_links(scope: Scope) -> None:
    """Fill in the links of every source: declared ones, and those of a derived source to what it came from."""
    for decl in scope.of_kind(s.SourceDecl):
        source = scope.sources.get(decl.name.text)
        if source is None:
            continue
        links = [
            link for clause in decl.items if isinstance(clause, s.LinksClause) for link in _link(scope, source, clause)
        ]
        if decl.like is not None and decl.like.text in scope.sources:
            names = {c.name for c in source.columns}
            like = scope.sources[decl.like.text]
            links += [replace(x, child=source.name) for x in like.links if set(x.columns) <= names]
        scope.sources[source.name] = replace(source, links=source.links + tuple(links))
    for source in list(scope.sources.values()):
        if isinstance(source.origin, DerivedOrigin) and source.origin.parent in scope.sources:
            _imply_link(scope, source, scope.sources[source.origin.parent])
    scope.links.extend(link for source in scope.sources.values() for link in source.links)


def _link(scope: Scope, source: Source, clause: s.LinksClause) -> list[LinkPath]:
    target_decl = scope.look_up(clause.target, (s.SourceDecl,), "source")
    target = scope.sources.get(clause.target.text) if target_decl is not None else None
    fine = True
    for name in clause.columns:
        if source.column(name.text) is None:
            fine = False
            if source.name not in scope.broken:
                scope.unknown_name("column", name.text, name.span, [c.name for c in source.columns])
    if target is None or not fine:
        scope.unlinked.add(source.name)
        return []
    if len(target.key) != len(clause.columns):
        keys = ", ".join(f"`{k}`" for k in target.key)
        found = f"The key of `{target.name}` is {keys}, and the link has {len(clause.columns)} columns"
        if target.name not in scope.broken and target.key:
            scope.report("SEG207", found, clause.span, "name as many columns as the key has")
        return []
    for name, key in zip(clause.columns, target.key, strict=True):
        own, other = source.column(name.text), target.column(key)
        if own is not None and other is not None and not _joinable(own.type, other.type):
            found = f"`{name.text}` is {own.type}, and the key `{key}` of `{target.name}` is {other.type}"
            scope.report("SEG302", found, name.span, "declare both with one type")
    return [LinkPath(source.name, tuple(n.text for n in clause.columns), target.name)]


def _joinable(a: Type, b: Type) -> bool:
    whole = (Kind.COUNT, Kind.INT)
    if a.is_unknown or b.is_unknown:
        return True
    return a.kind is b.kind or (a.is_textual and b.is_textual) or (a.kind in whole and b.kind in whole)


def _imply_link(scope: Scope, source: Source, parent: Source) -> None:
    """A derived source's columns are columns of its parent; its key links the parent's rows to it."""
    fine = True
    for column in source.columns:
        other = parent.column(column.header)
        if other is None:
            fine = False
            if parent.name not in scope.broken and not column.from_row_number:
                scope.unknown_name(
                    f"column of `{parent.name}`", column.header, column.span, [c.name for c in parent.columns]
                )
        elif not _joinable(column.type, other.type) and column.type.kind is not other.type.kind:
            found = f"`{column.name}` is {other.type} in `{parent.name}`, and {column.type} here"
            scope.report("SEG302", found, column.span, "declare both with one type")
    if fine and source.key:
        headers = {c.name: c.header for c in source.columns}
        path = LinkPath(parent.name, tuple(headers[k] for k in source.key), source.name)
        scope.sources[parent.name] = replace(
            scope.sources[parent.name], links=(*scope.sources[parent.name].links, path)
        )
