"""Contract checks of a declaration itself: what users read of it, its options, and that a spec can use it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError

from segdsl.plugin.contracts import declaration_faults
from segdsl.plugin.declarations import Declaration, Enricher
from segdsl.plugin.lateness import Later
from segdsl.plugin.testing.faults import Fault
from segdsl.plugin.testing.specs import spec_faults
from segdsl.plugin.usage import usage_of
from segdsl.types import Kind

# A declaration with a fault of this rule can't be tried any further.
DECLARATION = "declaration"
FORMATS = frozenset({"column", "field", "table", "path", "provider", "money", "ratio", "duration", "date"})
# Values with these units stand in a schema as texts or numbers, not as a spec writes them.
_UNITS = frozenset({"money", "ratio", "duration", "date"})
_KINDS = tuple(kind.value for kind in Kind if kind is not Kind.UNKNOWN)
_READ = "users read it in `segdsl plugins show` and in messages"


def faults_of_declaration(declared: Declaration, spec: str | None) -> Iterator[Fault]:
    """What is wrong with what a hook returns. `spec` takes the place of the spec that is made from the declaration."""
    broken = [*_reasons(declared), *_place_faults(declared)]
    yield from (*broken, *_text_faults(declared))
    wrong = list(_schema_faults(declared.options))
    yield from wrong
    if not broken and not wrong:
        yield from spec_faults(declared, usage_of(declared).spec if spec is None else spec)


def _reasons(declared: Declaration) -> Iterator[Fault]:
    for reason in declaration_faults(declared):
        yield Fault(DECLARATION, "a declaration that the compiler can use", reason, "correct the declaration")


def _text_faults(declared: Declaration) -> Iterator[Fault]:
    if not declared.title.strip():
        yield Fault("texts", f"a title of a few words: {_READ}", "an empty title", "say what the plugin does")
    if not isinstance(declared, Enricher):
        return
    if not declared.outputs:
        yield Fault("texts", "at least one output", "none", "declare what the enricher can add")
    for output in declared.outputs:
        if not output.doc.strip():
            mend = "say what the column is, and when it is missing"
            yield Fault("texts", f"a text of the output `{output.name}`: {_READ}", "an empty text", mend)


def _schema_faults(schema: Mapping[str, Any]) -> Iterator[Fault]:
    if not schema:
        return
    try:
        Draft202012Validator.check_schema(_plain(schema))
    except SchemaError as wrong:
        place = ".".join(map(str, wrong.absolute_path)) or "the schema"
        promised = "options as a JSON Schema of draft 2020-12"
        yield Fault("options schema", promised, f"{place}: {wrong.message}", "correct the schema")
        return
    if schema.get("type") != "object":
        came = f"the type {schema.get('type', 'is not given')}"
        yield Fault("options schema", "a schema of an object", came, 'write `"type": "object"`')
    for name, one in schema.get("properties", {}).items():
        yield from _option_faults(name, one)


def _option_faults(name: str, schema: Mapping[str, Any]) -> Iterator[Fault]:
    if not str(schema.get("description", "")).strip():
        mend = 'write `"description": "..."`; it is shown where the option is wrong'
        yield Fault("options schema", f"a description of the option `{name}`", "none", mend)
    form = schema.get("format", schema.get("items", {}).get("format"))
    if form is not None and form not in FORMATS:
        listed = ", ".join(sorted(FORMATS))
        yield Fault(
            "options schema", f"`{name}` in a format that segdsl knows: {listed}", f"`{form}`", "use one of these"
        )
    kinds = schema.get("kinds", schema.get("items", {}).get("kinds", ()))
    if unknown := [str(one) for one in kinds if one not in _KINDS]:
        promised = f"kinds of `{name}` that the language has: {', '.join(_KINDS)}"
        yield Fault("options schema", promised, ", ".join(unknown), "use some of these")
    if "default" in schema and form not in _UNITS:
        wrong = next(Draft202012Validator(_plain(schema)).iter_errors(_plain(schema["default"])), None)
        if wrong is not None:
            came = str(wrong.message)
            yield Fault("options schema", f"a default of `{name}` that its schema takes", came, "correct the default")


def _plain(schema: Any) -> Any:
    """The schema with plain lists and dictionaries, as JSON would hold it."""
    if isinstance(schema, Mapping):
        return {key: _plain(value) for key, value in schema.items()}
    return [_plain(one) for one in schema] if isinstance(schema, list | tuple) else schema


def _place_faults(declared: Declaration) -> Iterator[Fault]:
    """Functions named by `later` are where it says."""
    for name in ("make", "compute", "fit", "measure", "read", "write"):
        function = getattr(declared, name, None)
        if not isinstance(function, Later):
            continue
        module, _, attribute = function.place.partition(":")
        try:
            found = getattr(import_module(module), attribute, None)
        except ImportError as failure:
            yield Fault(DECLARATION, f"`{name}` at `{function.place}`", str(failure), "correct the place")
            continue
        if not callable(found):
            came = f"`{module}` has no function `{attribute}`"
            yield Fault(DECLARATION, f"`{name}` at `{function.place}`", came, "correct the place")
