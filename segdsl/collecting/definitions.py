"""What a field means, in plain words for people who look it up."""

from segdsl.model.source import ColumnContract
from segdsl.types import Kind, Type, Value
from segdsl.types.display import show

_WORDS = {
    Kind.TEXT: "text",
    Kind.CATEGORY: "a category",
    Kind.COUNT: "whole number from 0 on",
    Kind.INT: "whole number",
    Kind.NUMBER: "number",
    Kind.RATIO: "share, such as 12% or 0.12",
    Kind.DATE: "date, such as 2026-01-31",
    Kind.TIMESTAMP: "time, such as 2026-01-31T09:00:00Z",
    Kind.DURATION: "length of time, such as 90 days",
    Kind.BOOL: "yes or no",
}
DEFAULT_SEPARATOR = ";"


def define(contract: ColumnContract) -> str:
    """The meaning of a column: its type and unit, its range, and the values that are allowed."""
    type_ = contract.type
    parts = [_type_words(type_, contract.split or DEFAULT_SEPARATOR)]
    if contract.scale is not None:
        parts.append("in full, not in thousands or millions")
    bounds = _range_words(contract.low, contract.high, type_)
    return ", ".join([*parts, *([bounds] if bounds else [])])


def _type_words(type_: Type, separator: str) -> str:
    match type_.kind:
        case Kind.MONEY:
            return f"amount in {type_.currency}"
        case Kind.CATEGORY if type_.values is not None:
            return f"one of: {', '.join(type_.values)}"
        case Kind.LIST if type_.element is not None:
            return f"any number, parted by `{separator}`, each {_type_words(type_.element, separator)}"
        case _:
            return _WORDS.get(type_.kind, "text")


def _range_words(low: Value, high: Value, type_: Type) -> str:
    shown = type_.or_missing(False)
    if low is not None and high is not None:
        return f"from {show(low, shown)} to {show(high, shown)}"
    if low is not None:
        return f"at least {show(low, shown)}"
    return f"at most {show(high, shown)}" if high is not None else ""


def closed_values(contract: ColumnContract) -> tuple[str, ...]:
    """The values that a cell may be chosen from; empty where it is written freely."""
    if contract.type.kind is Kind.BOOL:
        return ("yes", "no")
    return contract.type.values or ()
