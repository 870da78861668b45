"""Properties `name: value`, and the columns and options of an enrichment."""

import re
from typing import assert_never

from segdsl.language.comments import Comments
from segdsl.language.format_block import Draft
from segdsl.language.format_term import (
    behind,
    comma_separated,
    format_constant,
    format_list,
    format_name,
    plain_name,
)
from segdsl.language.keywords import quote_word
from segdsl.language.layout import Doc, group
from segdsl.language.rows import Cell, Row
from segdsl.language.syntax import (
    CostValue,
    EnrichColumn,
    Property,
    PropertyValue,
    RangeValue,
    UnknownAsFalse,
)
from segdsl.language.terms import Constant, ListConstant, Name, Reference

# Behind a number these would read as its unit or currency.
_UNIT = re.compile(r"(?:year|month|week|day|hour|minute)s?|[A-Z]{3}")


def head_name(name: Name) -> str:
    """A name in front of `:` or `=`, where words of the language may stand bare."""
    return plain_name(name.text)


def format_property(item: Property, draft: Draft, _indent: int) -> Row:
    """`name: value, value`."""
    head = behind(draft.comments.take(item.name.span.start), f"{head_name(item.name)}:")
    values = comma_separated(item.values, draft.comments, format_value)
    return Row("property", (Cell(head), Cell(values, breaks=len(item.values) > 1)))


def format_value(value: PropertyValue, comments: Comments) -> Doc:
    """One value of a property."""
    match value:
        case Constant():
            return format_constant(value, comments)
        case ListConstant():
            return format_list(value, comments)
        case Reference():
            return behind(comments.take(value.span.start), ".".join([_value_name(part.text) for part in value.parts]))
        case RangeValue():
            return format_range(value, comments)
        case CostValue():
            return _format_cost(value, comments)
        case _:
            assert_never(value)


def _value_name(name: str) -> str:
    # Of the words of the language only these two can stand where a property's value stands.
    return f"`{name}`" if name in ("true", "false") else plain_name(name)


def format_range(value: RangeValue, comments: Comments) -> Doc:
    """`low .. high`, either end of which may be open."""
    low = "" if value.low is None else group((format_constant(value.low, comments), " "))
    high = "" if value.high is None else group((" ", format_constant(value.high, comments)))
    return group((low, "..", high))


def _format_cost(value: CostValue, comments: Comments) -> Doc:
    amount = format_constant(value.amount, comments)
    if value.wage is None or value.wage_unit is None:
        word = " " if value.unit.text == "flat" else " per "
        return group((amount, word, format_name(value.unit, comments)))
    unit = format_name(value.unit, comments)
    wage = format_constant(value.wage, comments)
    return group((amount, " per ", unit, " at ", wage, " per ", format_name(value.wage_unit, comments)))


def format_enrich_item(item: EnrichColumn | Property, draft: Draft, indent: int) -> Row:
    """`made from read`, or an option of the plugin."""
    if isinstance(item, Property):
        return format_property(item, draft, indent)
    found = draft.comments.take(item.name.span.start)
    if item.output is None:
        made = behind(found, _head_word(item.name))
    else:
        output = behind(draft.comments.take(item.output.span.start), _head_word(item.output))
        made = group((behind(found, f"{head_name(item.name)} = "), output))
    inputs = comma_separated(item.inputs, draft.comments, format_value)
    return Row("column", (Cell(made), Cell(group(("from ", inputs)), breaks=len(item.inputs) > 1)))


def _head_word(name: Name) -> str:
    return f"`{name.text}`" if _UNIT.fullmatch(name.text) else quote_word(name.text)


def unknown_row(_item: UnknownAsFalse) -> Row:
    """`unknown as false`."""
    return Row("unknown", (Cell("unknown as false"),))
