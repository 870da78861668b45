"""Options of which it is plain that they keep to their schema, found out without loading a validator of JSON Schema.

Loading one takes a tenth of a second, a third of what checking a small spec takes. What isn't plain is left to it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_SILENT = frozenset({"description", "title", "default", "examples", "format", "kinds"})
_OF_OBJECTS = frozenset({"type", "properties", "required", "additionalProperties", "description", "title", "$schema"})
_TYPES: Mapping[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "array": (list,),
}


def are_plainly_valid(schema: Mapping[str, Any], options: Mapping[str, object]) -> bool:
    """Whether options surely keep to the schema; False where they don't, or where that takes more to find out."""
    properties = schema.get("properties", {})
    return (
        schema.keys() <= _OF_OBJECTS
        and schema.get("additionalProperties", True) in (True, False)
        and all(name in options for name in schema.get("required", ()))
        and all(name in properties and _is_plainly_valid(properties[name], one) for name, one in options.items())
    )


def _is_plainly_valid(schema: Mapping[str, Any], value: object) -> bool:
    return all(_holds(keyword, wanted, value) for keyword, wanted in schema.items() if keyword not in _SILENT)


def _holds(keyword: str, wanted: Any, value: object) -> bool:
    """Whether a keyword is kept; those that aren't known here are never plain."""
    number = value if isinstance(value, int | float) and not isinstance(value, bool) else None
    match keyword:
        case "type":
            return isinstance(wanted, str) and _is_of(wanted, value)
        case "enum":
            return isinstance(value, str) and value in wanted
        case "minimum":
            return number is not None and number >= wanted
        case "maximum":
            return number is not None and number <= wanted
        case "exclusiveMinimum":
            return number is not None and number > wanted
        case "exclusiveMaximum":
            return number is not None and number < wanted
        case "minItems":
            return isinstance(value, list) and len(value) >= wanted
        case "maxItems":
            return isinstance(value, list) and len(value) <= wanted
        case "items":
            return isinstance(value, list) and all(_is_plainly_valid(wanted, one) for one in value)
        case "minLength":
            return isinstance(value, str) and len(value) >= wanted
        case "uniqueItems":
            texts = [one for one in value if isinstance(one, str)] if isinstance(value, list) else None
            return wanted is False or (texts is not None and texts == value and len(set(texts)) == len(texts))
        case _:
            return False


def _is_of(name: str, value: object) -> bool:
    of_type = isinstance(value, _TYPES.get(name, ()))
    return of_type and (name == "boolean" or not isinstance(value, bool))
