"""How a spec uses a plugin: a block that can be pasted, made from what the plugin declares."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, assert_never

from segdsl.diagnostics import SourceText
from segdsl.language.formatter import format_tree
from segdsl.language.parser import parse
from segdsl.model.catalog import Input, Output
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
from segdsl.record import dataclass
from segdsl.types import CATEGORY, Kind, Type, list_of, money
from segdsl.types.column_type import repr_text

_MOST_OUTPUTS = 3
_NAMING = frozenset({"column", "field"})
_BARE = _NAMING | {"table", "provider", "money", "ratio", "duration", "date"}
_FIELDS = {"seats": Kind.COUNT, "mrr": Kind.MONEY, "offices": Kind.COUNT}
_PRELUDE = """
population customers from accounts { keep "all" when true }
score quality for customers { base seats }
segmentation fit for customers { segment large when seats >= 50  segment other otherwise }
"""


@dataclass(frozen=True, slots=True)
class Usage:
    """`block` uses the plugin as users would write it; `spec` is a whole spec with that block."""

    block: str
    spec: str


def usage_of(declared: Declaration) -> Usage:
    """An example of a spec that uses the plugin, in canonical form."""
    block, columns = _block(declared)
    reader = isinstance(declared, Reader)
    source = "" if reader else _source(columns)
    prelude = _PRELUDE if isinstance(declared, Evaluator | Exporter | Segmenter) else ""
    return Usage(_formatted(block), f"{source}{prelude}{block}")


def _formatted(text: str) -> str:
    source = SourceText("example.seg", text)
    tree, mistakes = parse(source)
    return text if mistakes else format_tree(tree, text)


def _source(columns: Mapping[str, Type]) -> str:
    count = Type(Kind.COUNT)
    own = {"seats": count, "offices": count, "industry": CATEGORY, "mrr": money("USD"), **columns}
    listed = "".join(f"  `{name}` : {type_}\n" for name, type_ in own.items())
    return f'source accounts from "accounts.csv" {{\n  account_key : text key\n{listed}}}\n'


def _block(declared: Declaration) -> tuple[str, Mapping[str, Type]]:
    """The block, and the columns that it reads."""
    name = declared.name
    options, named = _options(declared.options)
    braces = f" {{\n{options}}}" if options else ""
    match declared:
        case Enricher(outputs=outputs):
            listed, columns = _made(outputs)
            return f"enrich accounts using {name} {{\n{listed}{options}}}\n", {**named, **columns}
        case Function(arguments=arguments):
            columns = dict(_columns(arguments))
            return f"derive accounts {{\n  result = {name}({', '.join(columns)})\n}}\n", columns
        case Segmenter():
            return f"segmentation found for customers using {name} {{\n{options}}}\n", named
        case Evaluator(each_segment=each, of_score=of_score):
            of = "quality" if of_score else "each segment in fit" if each else "fit"
            return f"evaluate fit against quality {{\n{options}  require {name} of {of} >= 0.5\n}}\n", named
        case Reader():
            read = f"  read {{ format: {name}\n{options}}}\n"
            return f'source accounts from "accounts.txt" {{\n{read}  account_id : text key\n}}\n', {}
        case Exporter():
            to = f'  to "call_first.txt" using {name}{braces}\n'
            return f"audience call_first from customers {{\n{to}}}\n", {}
        case Section():
            return f"report using {name} {{\n{options}}}\n", {}
        case _:
            assert_never(declared)


def _made(outputs: Sequence[Output]) -> tuple[str, Mapping[str, Type]]:
    lines, columns = [], {}
    for output in [*(o for o in outputs if "*" not in o.name), *(o for o in outputs if "*" in o.name)][:_MOST_OUTPUTS]:
        inputs = dict(_columns(output.inputs))
        columns.update({name: type_ for name, type_ in inputs.items() if name not in columns})
        name = output.name.replace("*", "example", 1)
        # A column that the example's table has already, such as one that is made anew, gets another name.
        made = f"new_{name} = {name}" if name in (*_FIELDS, "industry", *inputs) else name
        lines.append(f"  {made} from {', '.join(inputs)}\n")
    return "".join(lines), columns


def _columns(inputs: Iterable[Input]) -> Iterable[tuple[str, Type]]:
    for one in inputs:
        kind = next((kind for kind in _PREFERRED if kind in one.kinds), Kind.TEXT)
        yield re.sub(r"\W+", "_", one.name).strip("_") or "value", _type(kind).or_missing()


_PREFERRED = (Kind.TEXT, Kind.COUNT, Kind.CATEGORY, Kind.MONEY, Kind.DATE, *Kind)


def _type(kind: Kind) -> Type:
    match kind:
        case Kind.MONEY:
            return money("USD")
        case Kind.LIST:
            return list_of(CATEGORY)
        case _:
            return Type(kind)


# ---- options


def _options(schema: Mapping[str, Any]) -> tuple[str, Mapping[str, Type]]:
    """Lines of those options that must be given, and of those for which the schema has an example.

    With them come columns that they name and that no table of an example has.
    """
    required = schema.get("required", ())
    lines = []
    # Each option names another field: what is to be explained explains nothing.
    taken: list[str] = []
    columns: dict[str, Type] = {}
    for name, one in schema.get("properties", {}).items():
        if one.get("examples"):
            lines.append(f"  {name}: {_values(one)}\n")
        elif name in required:
            if _form(one) in _NAMING:
                taken.append(_field(name, one, taken, columns))
            lines.append(f"  {name}: {taken[-1] if _form(one) in _NAMING else _values(one)}\n")
    return "".join(lines), columns


def _field(name: str, schema: Mapping[str, Any], taken: Sequence[str], columns: dict[str, Type]) -> str:
    """A field of a kind that the option takes, if possible one that no other names; else a column that is added."""
    kinds = schema.get("kinds") or schema.get("items", {}).get("kinds") or tuple(Kind)
    found = min((one for one, kind in _FIELDS.items() if kind in kinds), key=taken.count, default=None)
    if found is None:
        found = f"{name}_column"
        columns[found] = _type(next((kind for kind in _PREFERRED if kind in kinds), Kind.TEXT))
    return found


def _form(schema: Mapping[str, Any]) -> str:
    """The format of an option, or of the values in its list."""
    return str(schema.get("format", schema.get("items", {}).get("format", "")))


def _values(schema: Mapping[str, Any]) -> str:
    """An example of an option's value, as a spec writes it."""
    items = schema.get("items", {})
    form = _form(schema)
    value = _example(schema) if "examples" in schema or not items else [_example(items)]
    return ", ".join(_written(one, form) for one in (value if isinstance(value, list) else [value]))


def _example(schema: Mapping[str, Any]) -> Any:
    """The schema's own example, default or first choice; else something of its type."""
    for key in ("examples", "enum"):
        if schema.get(key):
            return schema[key][0]
    if "default" in schema:
        return schema["default"]
    form = schema.get("format")
    if form in _OF_FORMAT:
        return _OF_FORMAT[form]
    low = schema.get("minimum", schema.get("exclusiveMinimum", 0) + 1)
    return {"integer": low, "number": low, "boolean": True}.get(str(schema.get("type")), "example")


_OF_FORMAT = {
    "table": "accounts",
    "money": "$100",
    "ratio": "50%",
    "duration": "12 months",
    "date": "2026-01-31",
    "path": "file.txt",
}


def _written(value: object, form: str) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return value if form in _BARE else repr_text(value)
        case float() | int() if form == "ratio":
            return f"{float(value) * 100:g}%"
        case _:
            return str(value)
