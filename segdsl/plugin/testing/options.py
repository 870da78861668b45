"""The options that a plugin is called with, from what an author's example gives."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from segdsl.model.catalog import ColumnName, FieldName, Options, TableName

_NOTHING: Mapping[str, Any] = MappingProxyType({})


def call_options(schema: Mapping[str, Any], given: Mapping[str, Any] = _NOTHING, table: str = "") -> Options:
    """The options with the schema's defaults. Names of fields, tables and columns may be given as texts: `"seats"`, and
    `"deals.stage"` for a column of a table other than `table`.
    """
    properties = schema.get("properties", {})
    defaults = {name: one["default"] for name, one in properties.items() if "default" in one}
    return {**defaults, **{name: _named(properties.get(name, {}), value, table) for name, value in given.items()}}


def _named(schema: Mapping[str, Any], value: Any, table: str) -> Any:
    if isinstance(value, list | tuple):
        return tuple(_named(schema.get("items", {}), one, table) for one in value)
    form = schema.get("format")
    if not isinstance(value, str) or form not in ("field", "table", "column"):
        return value
    if form == "field":
        return FieldName(value)
    if form == "table":
        return TableName(value)
    owner, dot, column = value.partition(".")
    return ColumnName(owner, column) if dot else ColumnName(table, value)
