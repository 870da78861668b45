"""What an author gives the contract checks where inputs can't be invented."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeAlias

from segdsl.record import dataclass
from segdsl.types import Type

_NOTHING: Mapping[str, Any] = MappingProxyType({})

Values: TypeAlias = Sequence[Any]


@dataclass(frozen=True, slots=True)
class TableExample:
    """Another table that an enricher reads: its columns, and for each row the row it points to (None for none)."""

    columns: Mapping[str, Values]
    rows: Sequence[int | None] | None = None


@dataclass(frozen=True, slots=True)
class EnrichExample:
    """An `enrich` block with its data.

    `asks` says what is made from what: `{"age": "founded"}` stands for `age from founded`, and
    `{"invoices_n": "invoices.amount"}` reads another table; `{"hq = region": "country"}` gives another name. `columns`
    are those of the enriched table, Python values with None for missing. `types` names the type of a column where its
    kind isn't plain from what the output takes. `expected` are values that must come, by column.
    """

    asks: Mapping[str, str]
    columns: Mapping[str, Values]
    expected: Mapping[str, Values] = _NOTHING
    tables: Mapping[str, TableExample] = _NOTHING
    types: Mapping[str, Type] = _NOTHING
    options: Mapping[str, Any] = _NOTHING
    paths: Mapping[str, tuple[Path, ...]] = _NOTHING
    clock: date = date(2026, 1, 31)


@dataclass(frozen=True, slots=True)
class FunctionExample:
    """Arguments, one list of values each, and the values that must come."""

    arguments: tuple[Values, ...]
    expected: Values
    types: tuple[Type, ...] = ()


@dataclass(frozen=True, slots=True)
class FitExample:
    """Rows for a segmenter: the values and types of the fields that its options name."""

    fields: Mapping[str, Values]
    types: Mapping[str, Type]
    options: Mapping[str, Any] = _NOTHING
    expected: str | None = None


@dataclass(frozen=True, slots=True)
class MeasureExample:
    """Rows for an evaluator: the segment and score of each (None for none), and the figure that must come.

    `fields`, `told_by`, `proxies` and `terms` are as in `MeasureCall`, with Python values; `types` are the types of the
    first three. `figures` are further figures that must come. `elsewhere` are the segments of the rows of other tables,
    `fields_elsewhere` their fields.
    """

    segments: Sequence[str | None]
    score: Sequence[float | None]
    expected: float | Mapping[str, float | None] | None
    options: Mapping[str, Any] = _NOTHING
    fields: Mapping[str, Values] = _NOTHING
    told_by: Mapping[str, Values] = _NOTHING
    proxies: Mapping[str, Values] = _NOTHING
    terms: Mapping[str, Values] = _NOTHING
    types: Mapping[str, Type] = _NOTHING
    figures: Mapping[str, float | None] = _NOTHING
    elsewhere: Mapping[str, Sequence[str | None]] = _NOTHING
    fields_elsewhere: Mapping[str, Mapping[str, Values]] = _NOTHING


@dataclass(frozen=True, slots=True)
class ReadExample:
    """A file for a reader: its content, and the values that must come, by column. `name` is the file's."""

    content: bytes
    expected: Mapping[str, Values]
    name: str = "rows.txt"
    options: Mapping[str, Any] = _NOTHING


@dataclass(frozen=True, slots=True)
class ExportExample:
    """A list for an exporter: its columns with values and types, and the content of the file that must come."""

    columns: Mapping[str, Values]
    types: Mapping[str, Type]
    expected: bytes | None = None
    options: Mapping[str, Any] = _NOTHING
    title: str = "Call first"


@dataclass(frozen=True, slots=True)
class SectionExample:
    """Tables for a section, by the name they have in the run folder, and words that must be in its text."""

    tables: Mapping[str, Mapping[str, Values]]
    expected: tuple[str, ...] = ()
    options: Mapping[str, Any] = _NOTHING


Example: TypeAlias = (
    EnrichExample | FunctionExample | FitExample | MeasureExample | ReadExample | ExportExample | SectionExample
)
