"""Options of a plugin: from properties of the spec to values the plugin is called with, checked against its schema."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import assert_never

from segdsl.diagnostics import Span
from segdsl.language import syntax as s
from segdsl.language.terms import Constant, ListConstant, Name, Reference
from segdsl.model.catalog import (
    ColumnName,
    FieldName,
    Options,
    OptionValue,
    PluginKind,
    PluginSignature,
    ProviderTerms,
    TableName,
)
from segdsl.model.plugin_use import PluginOption, PluginUse
from segdsl.model.scope import Scope
from segdsl.record import dataclass
from segdsl.types import Duration, Kind, Type, Value
from segdsl.types.function import kinds_text

_UNITS: Mapping[Kind, tuple[str, str]] = {
    Kind.DURATION: ("duration", "a duration, as in `12 months`"),
    Kind.MONEY: ("money", "an amount of money, as in `$250`"),
    Kind.DATE: ("date", "a date, as in `2026-01-31`"),
    Kind.RATIO: ("ratio", "a share, as in `90%`"),
}
_KIND_OF = {name: kind for kind, (name, _) in _UNITS.items()}


TypedField = tuple[FieldName, tuple[Type, ...]]


@dataclass(frozen=True, slots=True)
class Resolving:
    """How options that name columns, fields and providers are resolved; what isn't there is reported and None.

    A field comes with its types: one for each table that has it.
    """

    column: Callable[[Reference], ColumnName | None]
    field: Callable[[Reference], TypedField | None]
    provider: Callable[[Name], ProviderTerms | None]
    table: Callable[[Reference], TableName | None]


@dataclass(frozen=True, slots=True)
class _Part:
    """One value of an option: what the plugin is called with, what the schema sees, and what it was written as."""

    value: OptionValue
    json: object
    type: Type | None
    span: Span


def read_options(
    scope: Scope,
    properties: Iterable[s.Property],
    plugin: Name,
    signature: PluginSignature,
    resolving: Resolving,
) -> tuple[PluginOption, ...]:
    """The options of a block, converted and checked; what is wrong is reported under the option's own text."""
    schemas = schemas_of(signature)
    found: dict[str, PluginOption] = {}
    instance: dict[str, object] = {}
    faulty = False
    for item in properties:
        name = item.name.text
        if name not in schemas:
            _report_unknown(scope, item, signature, schemas)
            faulty = True
        elif name in found:
            scope.report("SEG209", f"`{name}` is given twice", item.name.span, "keep one of the two")
        else:
            parts = _parts(scope, item, schemas[name], resolving)
            if parts is None or not _units_agree(scope, item, parts, schemas[name]):
                faulty = True
                continue
            several = len(parts) != 1 or schemas[name].get("type") == "array"
            whole = tuple(part.value for part in parts)
            instance[name] = [part.json for part in parts] if several else parts[0].json
            is_path = format_of(schemas[name]) == "path"
            currency = next((p.type.currency for p in parts if p.type is not None and p.type.currency), None)
            found[name] = PluginOption(name, whole if several else whole[0], is_path, item.span, currency)
    places = {name: option.span for name, option in found.items()}
    _check(scope, signature, instance, places, None if faulty else plugin.span)
    return tuple(found.values())


def use_plugin(
    scope: Scope,
    name: Name,
    kind: PluginKind,
    properties: Iterable[s.Property],
    field: Callable[[Reference], TypedField | None] | None = None,
    table: Callable[[Reference], TableName | None] | None = None,
) -> PluginUse:
    """A plugin with its options, which name fields and tables where there are any.

    It can't be run where it isn't there.
    """
    signature = scope.plugin(name, kind)
    if signature is None:
        return PluginUse(name.text, (), (), name.span)

    def refuse(reference: Reference | Name) -> None:
        scope.report("SEG403", f"`{name.text}` can't be given this", reference.span, "write a text in double quotes")

    options = read_options(
        scope, properties, name, signature, Resolving(refuse, field or refuse, refuse, table or refuse)
    )
    values = tuple(values_of(signature, options).items())
    return PluginUse(name.text, options, values, name.span, signature.run, signature.package)


def check_currencies(scope: Scope, options: Iterable[PluginOption], types: Iterable[Type]) -> None:
    """Amounts of options are compared with the columns that the plugin reads, so they are in the same currency."""
    read = {type_.currency for type_ in types if type_.currency is not None}
    told = {one.span for one in scope.found if one.code == "SEG301"}
    for option in options:
        if option.currency is not None and read and option.currency not in read and option.span not in told:
            listed = " and ".join(sorted(read))
            message = f"`{option.name}` is in {option.currency}, and what it is compared with is in {listed}"
            scope.report("SEG301", message, option.span, f"write the amounts in {listed}")


def values_of(signature: PluginSignature, options: Iterable[PluginOption]) -> Options:
    """The options by name, with the schema's defaults for those that aren't given."""
    defaults = {n: _frozen(p["default"]) for n, p in schemas_of(signature).items() if "default" in p}
    return {**defaults, **{option.name: option.value for option in options}}


def _frozen(default: object) -> OptionValue:
    if isinstance(default, list | tuple):
        return tuple(_frozen(item) for item in default)
    if isinstance(default, float):
        return Decimal(repr(default))
    assert default is None or isinstance(default, str | int | Decimal | Duration | date | bool)
    return default


def schemas_of(signature: PluginSignature) -> Mapping[str, Mapping[str, object]]:
    """The schema of each option of a plugin."""
    found = signature.options.get("properties", {})
    return found if isinstance(found, Mapping) else {}


def format_of(schema: Mapping[str, object]) -> str:
    """The format of an option, or of its items."""
    return str(schema.get("format", _items_of(schema).get("format", "")))


def _report_unknown(scope: Scope, item: s.Property, signature: PluginSignature, known: Iterable[str]) -> None:
    name = item.name.text
    near = scope.suggestions.closest(name, known)
    listed = ", ".join(f"`{one}`" for one in known)
    mend = f"did you mean `{near}`?" if near else (f"its options are {listed}" if listed else "it has no options")
    scope.report("SEG403", f"`{signature.name}` has no option `{name}`", item.name.span, mend)


def _parts(scope: Scope, item: s.Property, schema: Mapping[str, object], resolving: Resolving) -> list[_Part] | None:
    parts: list[_Part] = []
    for value in item.values:
        found = _converted(scope, value, (item.name.text, schema), resolving)
        if found is None:
            return None
        parts.extend(found)
    return parts


_Option = tuple[str, Mapping[str, object]]


def _converted(scope: Scope, value: s.PropertyValue, option: _Option, resolving: Resolving) -> list[_Part] | None:
    match value:
        case Constant():
            return [_constant(value)]
        case ListConstant():
            return [_constant(item) for item in value.items]
        case s.RangeValue():
            ends = (value.low, value.high)
            return [_Part(None, None, None, value.span) if end is None else _constant(end) for end in ends]
        case s.CostValue():
            scope.report("SEG403", "A cost belongs to a provider", value.span, "name a provider instead")
            return None
        case Reference():
            return _referred(scope, value, option, resolving)
        case _:
            assert_never(value)


def _constant(constant: Constant) -> _Part:
    return _Part(constant.value, _json(constant.value), constant.type, constant.span)


def _json(value: Value) -> object:
    match value:
        case bool() | int() | str() | None:
            return value
        case Decimal():
            return int(value) if value == value.to_integral_value() else float(value)
        case Duration():
            return f"{value.months} months {value.seconds} seconds"
        case tuple():
            return [_json(item) for item in value]
        case _:
            return value.isoformat()


def _referred(scope: Scope, value: Reference, option: _Option, resolving: Resolving) -> list[_Part] | None:
    format_ = format_of(option[1])
    if format_ == "column":
        column = resolving.column(value)
        return None if column is None else [_Part(column, f"{column.table}.{column.column}", None, value.span)]
    if format_ == "field":
        found = resolving.field(value)
        if found is None or not kinds_fit(scope, *option, found[1], value.dotted, value.span):
            return None
        return [_Part(found[0], found[0].name, None, value.span)]
    first = value.parts[0]
    if format_ == "table":
        table = resolving.table(value)
        return None if table is None else [_Part(table, table.name, None, value.span)]
    if format_ == "provider":
        terms = resolving.provider(first)
        return None if terms is None else [_Part(terms, terms.name, None, value.span)]
    declared = scope.names.get(first.text) if len(value.parts) == 1 else None
    scope.used.add(first.text)
    if isinstance(declared, s.SetDecl):
        constants = scope.sets.get(first.text)
        if constants is None:
            return None
        return [_Part(one, _json(one), constants.type, value.span) for one in constants.values]
    if isinstance(declared, s.ParamDecl):
        param = scope.params.get(first.text)
        return None if param is None else [_Part(param.value, _json(param.value), param.type, value.span)]
    return [_Part(value.dotted, value.dotted, None, value.span)]


def kinds_fit(
    scope: Scope, option: str, schema: Mapping[str, object], types: Iterable[Type], written: str, span: Span
) -> bool:
    """Whether what an option names is of a kind that it takes, in every table; the first that isn't is reported."""
    listed = schema.get("kinds") or _items_of(schema).get("kinds")
    if not isinstance(listed, list | tuple):
        return True
    kinds = frozenset(kind for kind in Kind if kind in listed)
    wrong = next((one for one in types if not one.is_unknown and one.kind not in kinds), None)
    if wrong is None or not kinds:
        return True
    message = f"`{option}` takes no {wrong.or_missing(False)}, and `{written}` is one"
    described = str(schema.get("description", ""))
    scope.report("SEG403", message, span, described, expected=kinds_text(kinds))
    return False


def _items_of(schema: Mapping[str, object]) -> Mapping[str, object]:
    items = schema.get("items")
    return items if isinstance(items, Mapping) else {}


def _units_agree(scope: Scope, item: s.Property, parts: Iterable[_Part], schema: Mapping[str, object]) -> bool:
    """Whether values bear the unit that the option wants, and none where it wants plain numbers."""
    wanted = _KIND_OF.get(format_of(schema))
    for part in parts:
        kind = None if part.type is None else part.type.kind
        if wanted is not None and kind is not wanted and part.value is not None:
            expected = _UNITS[wanted][1]
        elif wanted is None and kind in _UNITS and kind is not Kind.RATIO:
            expected = "a value without a unit"
        else:
            continue
        described = str(schema.get("description", ""))
        takes = expected.partition(",")[0]
        scope.report("SEG403", f"`{item.name.text}` takes {takes}", part.span, described, expected=expected)
        return False
    return True


def _check(
    scope: Scope,
    signature: PluginSignature,
    instance: Mapping[str, object],
    places: Mapping[str, Span],
    whole: Span | None,
) -> None:
    """Report what breaks the schema; faults of all options together only where each was read (`whole`)."""
    schemas = schemas_of(signature)
    for fault in signature.check_options(instance):
        described = str(schemas.get(fault.option, {}).get("description", ""))
        place = places.get(fault.option, whole)
        if place is not None:
            scope.report("SEG403", fault.message, place, fault.help or described)
