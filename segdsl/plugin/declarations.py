"""What a hook returns: declarations of what a plugin can do.

Each has a name, by which specs call it, a title of a few words, and a JSON Schema (draft 2020-12) of its options: an
object whose properties are the options, each with a `description` that users read as help. The format of an option may
be "column" (it names a column), "field" (a column, field or score of the population; of both `"kinds": [...]` may
restrict the kinds), "table" (of an evaluator: a source or population whose rows are of the same kind, such as
prospects), "path" (a file or folder of the project), "provider" (a provider of the spec), or one of "money", "ratio",
"duration" and "date" (a value with that unit).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeAlias

from segdsl.model.catalog import Input, Output, TypeRule
from segdsl.plugin.calls import (
    ExportCall,
    FitCall,
    Fitted,
    MeasureCall,
    Measured,
    ReadCall,
    SectionCall,
    SectionText,
)
from segdsl.plugin.enriching import Call, Made
from segdsl.record import dataclass
from segdsl.types import Type

if TYPE_CHECKING:
    import pyarrow as pa

_NO_OPTIONS: Mapping[str, object] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Enricher:
    """Adds columns to a source: `enrich accounts using NAME { ... }`.

    `make` gives the columns. `deterministic` says that the same call gives the same columns; `cost` says in words what
    a call costs.
    """

    name: str
    title: str
    outputs: tuple[Output, ...]
    make: Callable[[Call], Made]
    options: Mapping[str, object] = _NO_OPTIONS
    deterministic: bool = True
    cost: str = ""


@dataclass(frozen=True, slots=True)
class Function:
    """A function of the language: `NAME(x, y)` wherever an expression stands.

    `compute` takes one array an argument and gives an array of the same length; it is called with distinct rows only,
    on which every argument is known: where one is missing, so is the result. `result` is optional where it can be
    missing for known arguments, too. The same arguments must always give the same result.
    """

    name: str
    title: str
    arguments: tuple[Input, ...]
    result: Type | TypeRule
    compute: Callable[..., pa.Array]
    example: str = ""

    @property
    def options(self) -> Mapping[str, object]:
        """A function has arguments only."""
        return _NO_OPTIONS


@dataclass(frozen=True, slots=True)
class Segmenter:
    """Finds segments: `segmentation found for customers using NAME { ... }`.

    `fit` gives them as text of the language: rules or prototypes.
    """

    name: str
    title: str
    fit: Callable[[FitCall], Fitted]
    options: Mapping[str, object] = _NO_OPTIONS
    deterministic: bool = True


@dataclass(frozen=True, slots=True)
class Evaluator:
    """Measures a segmentation: `require NAME of fit >= 0.5`, or `NAME: true` to have it shown.

    `each_segment` says that it measures segments one by one: `require NAME of each segment in fit >= 3%`. `of_score`
    says that it measures the score itself, once an evaluation: `require NAME of quality >= 0.5`. `figures` names
    further figures that it gives: `require NAME.figure of fit >= 0.5`.
    """

    name: str
    title: str
    measure: Callable[[MeasureCall], Measured]
    each_segment: bool = False
    options: Mapping[str, object] = _NO_OPTIONS
    of_score: bool = False
    figures: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads files of a format: `read { format: NAME ... }` in a source.

    `read` gives record batches with the columns that are asked for, by the names they have in the file, as text or in
    any Arrow type that fits; the source's contract is checked on them as on any file.
    """

    name: str
    title: str
    read: Callable[[ReadCall], Iterator[pa.RecordBatch]]
    options: Mapping[str, object] = _NO_OPTIONS


@dataclass(frozen=True, slots=True)
class Exporter:
    """Writes a list: `to "list.json" using NAME { ... }` in an audience."""

    name: str
    title: str
    write: Callable[[ExportCall], None]
    options: Mapping[str, object] = _NO_OPTIONS


@dataclass(frozen=True, slots=True)
class Section:
    """Adds a section to the report: `report using NAME { ... }`."""

    name: str
    title: str
    write: Callable[[SectionCall], SectionText]
    options: Mapping[str, object] = _NO_OPTIONS


Declaration: TypeAlias = Enricher | Function | Segmenter | Evaluator | Reader | Exporter | Section
