"""What a plugin declares, for people and for programs."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, assert_never

from segdsl.model.catalog import Input, Output, Scope
from segdsl.plugin.contracts import kind_of
from segdsl.plugin.declarations import (
    Declaration,
    Enricher,
    Evaluator,
    Exporter,
    Function,
    Reader,
    Section,
    Segmenter,
)
from segdsl.plugin.registry import InstalledPlugin
from segdsl.plugin.usage import usage_of
from segdsl.types import Kind, Type

_BY_INPUTS = "depends on what it is made from"

Facts = Mapping[str, Any]

# A longer closed list is cut where people read it.
_MOST_VALUES = 8


def plugin_facts(declared: Declaration, origin: InstalledPlugin) -> Facts:
    """Everything that can be told of a plugin without running it, as values that JSON holds."""
    return {
        "name": declared.name,
        "title": declared.title,
        "kind": str(kind_of(declared)),
        "package": origin.package,
        "version": origin.version,
        **_own_facts(declared),
        "options": [_option_facts(declared.options, name, one) for name, one in _properties(declared.options)],
        "example": usage_of(declared).block,
    }


def _own_facts(declared: Declaration) -> Facts:
    match declared:
        case Enricher(outputs=outputs, cost=cost, deterministic=deterministic):
            return {"columns": list(map(_output_facts, outputs)), "cost": cost, "deterministic": deterministic}
        case Function(arguments=arguments, result=result, example=example):
            inputs = list(map(_input_facts, arguments))
            return {"arguments": inputs, "result": _type_text(result), "usage": example}
        case Segmenter(deterministic=deterministic):
            return {"deterministic": deterministic}
        case Evaluator(each_segment=each, of_score=of_score, figures=figures):
            return {"each_segment": each, "of_score": of_score, "figures": list(figures)}
        case Reader() | Exporter() | Section():
            return {}
        case _:
            assert_never(declared)


def _output_facts(output: Output) -> Facts:
    return {
        "name": output.name,
        "from": list(map(_input_facts, output.inputs)),
        "type": _type_text(output.type),
        "about": output.doc,
        "sees_whole_tables": output.scope is Scope.TABLE,
        "also": [{"name": name, "type": str(type_)} for name, type_ in output.also],
    }


def _input_facts(one: Input) -> Facts:
    kinds = sorted(str(kind) for kind in one.kinds)
    return {"name": one.name, "kinds": kinds, "about": one.doc, "required": one.required, "repeats": one.repeats}


def _type_text(type_: object) -> str:
    return str(type_) if isinstance(type_, Type) else _BY_INPUTS


def _properties(schema: Mapping[str, Any]) -> Sequence[tuple[str, Mapping[str, Any]]]:
    return tuple(schema.get("properties", {}).items())


def _option_facts(schema: Mapping[str, Any], name: str, one: Mapping[str, Any]) -> Facts:
    return {
        "name": name,
        "about": one.get("description", ""),
        "type": _option_type(one),
        "default": one.get("default"),
        "required": name in schema.get("required", ()),
    }


def _option_type(schema: Mapping[str, Any]) -> str:
    """What may stand behind an option, in the words of a spec."""
    if "enum" in schema:
        return " or ".join(map(str, schema["enum"]))
    choices = schema.get("anyOf", schema.get("oneOf"))
    if choices:
        return " or ".join(dict.fromkeys(map(_option_type, choices)))
    if schema.get("type") == "array":
        return f"list of {_option_type(schema.get('items', {}))}"
    words = {"string": "text", "integer": "whole number", "boolean": "true or false", "number": "number"}
    named = schema.get("format")
    return str(named) if named else words.get(str(schema.get("type", "")), "any value")


# ---- for people


def plugin_text(declared: Declaration, origin: InstalledPlugin) -> str:
    """The same as a page for people."""
    return "\n".join(_lines(plugin_facts(declared, origin))) + "\n"


def _lines(facts: Facts) -> Iterator[str]:
    yield f"{facts['name']}: {facts['title']}"
    yield f"{facts['kind']}, {facts['package']} {facts['version']}"
    if facts.get("cost"):
        yield f"cost: {facts['cost']}"
    if facts.get("deterministic") is False:
        yield "not deterministic: the same call may give other values"
    if facts.get("each_segment"):
        yield "measures segments one by one"
    if facts.get("of_score"):
        yield "measures the score itself"
    if facts.get("figures"):
        listed = ", ".join(f"{facts['name']}.{one}" for one in facts["figures"])
        yield f"also gives {listed}"
    if "columns" in facts:
        yield from ("", "Columns it can add")
        for column in facts["columns"]:
            yield from _column_lines(column)
        inputs = [one for column in facts["columns"] for one in column["from"]]
        yield from ("", "Made from", *dict.fromkeys(map(_input_line, inputs)))
    if "arguments" in facts:
        yield from ("", f"Gives {_short(facts['result'])}, from", *map(_input_line, facts["arguments"]))
        if facts["usage"]:
            yield f"Such as {facts['usage']}"
    if facts["options"]:
        yield from ("", "Options")
        for option in facts["options"]:
            yield from _option_lines(option)
    yield from ("", "Example", "")
    yield from (f"  {line}".rstrip() for line in facts["example"].splitlines())


def _column_lines(column: Facts) -> Iterator[str]:
    yield f"  {column['name']} : {_short(column['type'])}"
    if column["about"]:
        yield f"      {column['about']}"
    inputs = [f"{one['name']} (any number)" if one["repeats"] else _optional(one) for one in column["from"]]
    if inputs:
        tables = "; may read other tables" if column["sees_whole_tables"] else ""
        yield f"      from {', '.join(inputs)}{tables}"
    for also in column["also"]:
        yield f"      with {also['name'].replace('*', column['name'])} : {_short(also['type'])}"


def _optional(one: Facts) -> str:
    return str(one["name"]) if one["required"] else f"{one['name']} (optional)"


def _short(type_: str) -> str:
    """A type, a long closed list cut."""
    values = type_.split(", ")
    return type_ if len(values) <= _MOST_VALUES else f"{', '.join(values[:3])}, ... ({len(values)} values)"


def _input_line(one: Facts) -> str:
    kinds = "any kind" if len(one["kinds"]) >= len(Kind) - 1 else " or ".join(one["kinds"])
    return f"  {one['name']} : {kinds}" + (f"\n      {one['about']}" if one["about"] else "")


def _option_lines(option: Facts) -> Iterator[str]:
    default = "" if option["default"] is None else f", {_shown(option['default'])} if left out"
    must = ", must be given" if option["required"] else ""
    yield f"  {option['name']} : {option['type']}{default}{must}"
    if option["about"]:
        yield f"      {option['about']}"


def _shown(value: object) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case list() | tuple():
            return ", ".join(map(_shown, value))
        case _:
            return str(value)
