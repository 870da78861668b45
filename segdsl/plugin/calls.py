"""What passes between segdsl and plugins other than enrichers. Arrays are as in `segdsl.plugin.enriching`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from segdsl.model.catalog import Options
from segdsl.record import dataclass
from segdsl.types import NUMBER, Type

if TYPE_CHECKING:
    import pyarrow as pa

_NOTHING: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class ReadCall:
    """A file that is to be read: its real path, and the columns that are wanted, as the file names them.

    A column that the file lacks is left out of every batch. `batch_rows` is how many rows a batch should have at most.
    """

    path: Path
    columns: tuple[str, ...]
    options: Options = _NOTHING
    batch_rows: int = 1 << 18


@dataclass(frozen=True, slots=True)
class ExportCall:
    """A list that is to be written to `path`, a file that doesn't exist yet in a folder that does.

    `table` has the columns and the order that the spec says; `types` are their types. `title` is the audience's.
    """

    table: pa.Table
    types: Mapping[str, Type]
    path: Path
    title: str = ""
    options: Options = _NOTHING


@dataclass(frozen=True, slots=True)
class SectionCall:
    """What a section of the report can tell of: the tables of the run, by the name they have in the run folder.

    Such as `members/fit`, `scores/quality`, `audiences/top_100`, `enriched/accounts`, `attrition`, `segments`.
    """

    tables: Mapping[str, pa.Table]
    clock: date
    options: Options = _NOTHING


@dataclass(frozen=True, slots=True)
class SectionText:
    """A section: its title, paragraphs of plain text, and tables by their titles."""

    title: str
    paragraphs: tuple[str, ...] = ()
    tables: Mapping[str, pa.Table] = _NOTHING


@dataclass(frozen=True, slots=True)
class FitCall:
    """Rows in which segments are to be found: those of the population, in the order of the key.

    `fields` are the values of what options of the format "field" name, `types` their types. `directions` says of some
    fields how hypotheses expect them to go with the option `target`, where that is a score or a part of one: 1 for the
    more the more, -1 for the less the more. `seed` is the same in every run.
    """

    fields: Mapping[str, pa.Array]
    types: Mapping[str, Type]
    length: int
    key: tuple[pa.Array, ...] = ()
    options: Options = _NOTHING
    directions: Mapping[str, int] = _NOTHING
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Fitted:
    """Segments as text of the language: what stands between the braces of a `segmentation`.

    With `nearest` these are measures and prototypes, else rules. `notes` say what was learned, a clause each.
    """

    body: str
    nearest: bool = False
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Relearned:
    """A segmentation learned anew on a part of the rows: the place of every row's segment in `names`, null for none."""

    segments: pa.Int32Array
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ElsewhereRows:
    """The rows of another table, such as prospects: their segments (as in `MeasureCall`) and fields."""

    segments: pa.Int32Array
    fields: Mapping[str, pa.Array]


@dataclass(frozen=True, slots=True)
class MeasureCall:
    """A segmentation that is to be measured on the rows it is for, or a score; rows are in the order of the key.

    `segments` is the place of each row's segment in `names`, null for none; `score` the score of each row as a number
    (durations in days), null where it isn't known, and `score_type` its type. An evaluator of a score gets no segments.

    `fields` are the values of what options of the format "field" name; `told_by` those of the fields that segments are
    told by; `proxies` those of the hypotheses about the score, by their text; `terms` the terms of the score as signed
    numbers, 0 where one doesn't apply. `types` are the types of fields, told_by and proxies. `rows_of` are the rows
    of the tables that options of the format "table" name.

    `relearn` learns the segmentation on the rows where its argument is true, and classifies all rows: what a plugin
    finds is found anew, and figures of whole tables are taken of these rows only. Where nothing is learned it gives the
    segments as they are. None where it can't be done. `learned` says whether anything is learned at all.

    `key` are the columns of the key. `draw` is a number from 0 to below 1 for each row, by nothing but its key: rows
    put in its order are in a random order that is the same in every run. `seed` is the same in every run.
    """

    segments: pa.Int32Array
    names: tuple[str, ...]
    score: pa.DoubleArray
    options: Options = _NOTHING
    seed: int = 0
    fields: Mapping[str, pa.Array] = _NOTHING
    told_by: Mapping[str, pa.Array] = _NOTHING
    proxies: Mapping[str, pa.Array] = _NOTHING
    terms: Mapping[str, pa.DoubleArray] = _NOTHING
    types: Mapping[str, Type] = _NOTHING
    score_type: Type = NUMBER
    rows_of: Mapping[str, ElsewhereRows] = _NOTHING
    key: tuple[pa.Array, ...] = ()
    draw: pa.DoubleArray | None = None
    relearn: Callable[[pa.BooleanArray], Relearned] | None = None
    learned: bool = False


@dataclass(frozen=True, slots=True)
class Measured:
    """The figure of a segmentation, or with `by_segment` one for each of its segments; None where it can't be told.

    `figures` are further ones by name, of those that the evaluator declares: `require lift.area of fit >= 0.6`. `notes`
    say what was found, a sentence each, to be shown. `tables` are written to the run folder.
    """

    value: float | None = None
    by_segment: Mapping[str, float | None] = _NOTHING
    tables: Mapping[str, pa.Table] = _NOTHING
    figures: Mapping[str, float | None] = _NOTHING
    notes: tuple[str, ...] = ()
