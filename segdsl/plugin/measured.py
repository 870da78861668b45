"""What a measure gave, held to what it may give: a run writes it, and a gate compares it."""

from collections.abc import Collection
from math import isfinite
from numbers import Real

import pyarrow as pa

from segdsl.plugin.calls import Measured


def measured_fault(made: object, segments: Collection[str]) -> str:
    """What is wrong with what a measure gave, in a clause; empty where nothing is. `segments` are the scheme's."""
    if not isinstance(made, Measured):
        return f"it gave {type(made).__name__} instead of Measured"
    strange = next((name for name in made.by_segment if name not in segments), None)
    if strange is not None:
        return f"it gave a figure of `{strange}`, which is no segment"
    figures = (made.value, *made.by_segment.values(), *made.figures.values())
    odd = next((one for one in figures if one is not None and not _is_figure(one)), None)
    if odd is not None:
        return f"it gave {odd!r} instead of a finite number, or None where it can't be told"
    if not isinstance(made.notes, tuple | list) or not all(isinstance(one, str) for one in made.notes):
        return "not all of its notes are texts"
    return next((fault for name, table in made.tables.items() if (fault := _table_fault(name, table))), "")


def _is_figure(value: object) -> bool:
    return not isinstance(value, bool) and isinstance(value, Real) and isfinite(value)


def _table_fault(name: object, table: object) -> str:
    if not isinstance(name, str) or not isinstance(table, pa.Table):
        return "not all of its tables are Arrow tables with names"
    odd = next((field for field in table.schema if not _is_plain(field.type)), None)
    return "" if odd is None else f"column `{odd.name}` of its table `{name}` is {odd.type}, which no CSV file holds"


def _is_plain(type_: pa.DataType) -> bool:
    """Whether a cell of the type can be written as text: no structures, and no bytes that may be anything."""
    if pa.types.is_dictionary(type_) or pa.types.is_list(type_):
        return _is_plain(type_.value_type)
    tests = (pa.types.is_binary, pa.types.is_large_binary, pa.types.is_fixed_size_binary, pa.types.is_interval)
    return not pa.types.is_nested(type_) and not any(test(type_) for test in tests)
