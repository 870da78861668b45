"""What breaks the JSON Schema of a plugin's options, in the words of a user."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from segdsl.diagnostics.suggestion import closest
from segdsl.model.catalog import OptionFault
from segdsl.plugin.plain_options import are_plainly_valid

_TYPES = {
    "string": "a text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "array": "a list of values",
    "object": "a group of values",
    "null": "missing",
}


def find_faults(schema: Mapping[str, object], options: Mapping[str, object]) -> tuple[OptionFault, ...]:
    """The faults of options given as JSON values, one an option, in the order of the options."""
    if are_plainly_valid(schema, options):
        return ()
    from jsonschema import Draft202012Validator  # noqa: PLC0415  (it takes a tenth of a second to load)

    errors = sorted(Draft202012Validator(schema).iter_errors(options), key=lambda e: [str(p) for p in e.absolute_path])
    found: dict[str, OptionFault] = {}
    for error in errors:
        fault = _fault(error)
        found.setdefault(fault.option + ("" if fault.option else fault.message), fault)
    return tuple(found.values())


def _fault(error: Any) -> OptionFault:
    path = list(error.absolute_path)
    if not path:
        return _fault_of_all(error)
    name = str(path[0])
    value = f"{_shown(error.instance)} " if not isinstance(error.instance, list | dict) else ""
    return OptionFault(name, f"`{name}`: {value}{_reason(error)}", _mend(error))


def _fault_of_all(error: Any) -> OptionFault:
    if error.validator == "required":
        missing = next(name for name in error.validator_value if name not in error.instance)
        described = error.schema.get("properties", {}).get(missing, {}).get("description", "")
        return OptionFault("", f"The option `{missing}` isn't given", f"write `{missing}: ...`: {described}")
    return OptionFault("", f"The options don't go together: {error.message}")


def _reason(error: Any) -> str:
    wanted = error.validator_value
    match error.validator:
        case "type":
            kinds = wanted if isinstance(wanted, list) else [wanted]
            return f"isn't {' or '.join(_TYPES.get(str(kind), '') for kind in kinds)}"
        case "enum":
            return f"isn't one of {', '.join(_shown(one) for one in wanted)}"
        case "const":
            return f"isn't {_shown(wanted)}"
        case "minimum":
            return f"is less than {wanted}"
        case "maximum":
            return f"is more than {wanted}"
        case "exclusiveMinimum":
            return f"isn't more than {wanted}"
        case "exclusiveMaximum":
            return f"isn't less than {wanted}"
        case "minItems":
            return f"needs at least {wanted} values"
        case "maxItems":
            return f"takes at most {wanted} values"
        case "uniqueItems":
            return "has a value twice"
        case "minLength" if wanted == 1:
            return "is empty"
        case "pattern":
            return f"doesn't have the form {wanted}"
        case _:
            return str(error.message)


def _mend(error: Any) -> str:
    if error.validator == "enum" and isinstance(error.instance, str):
        near = closest(error.instance, [one for one in error.validator_value if isinstance(one, str)])
        return f"did you mean `{near}`?" if near else ""
    return ""


def _shown(value: object) -> str:
    match value:
        case str():
            return f'"{value}"'
        case bool():
            return "true" if value else "false"
        case _:
            return str(value)
