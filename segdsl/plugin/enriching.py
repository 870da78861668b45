"""What passes between segdsl and an enricher: the call with its inputs, and what was made.

Arrays hold text and category as `string`, count and int as `int64`, number and ratio as `float64`, money as
`decimal128(19, places)`, date as `date32`, timestamp as microseconds in UTC, duration as microseconds, bool as `bool`,
lists as `list`. Missing is null.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from segdsl.model.catalog import ColumnName, Options
from segdsl.record import dataclass
from segdsl.types import Type

if TYPE_CHECKING:
    import pyarrow as pa

_NOTHING: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Asked:
    """One column to be made: its name, the output of the enricher that makes it, and what from.

    `inputs` are the values and `columns` the columns they come from, as the spec lists them. For an output of scope
    ROW all inputs have as many rows as the call; for one of scope TABLE, inputs of another table have that table's.
    """

    name: str
    output: str
    type: Type
    columns: tuple[ColumnName, ...]
    inputs: tuple[pa.Array, ...]


@dataclass(frozen=True, slots=True)
class Linked:
    """Another table that a call reads. `columns` holds all its columns that inputs or options name.

    `rows` is the row of the enriched table (from 0, null for none) that each of its rows points to, where exactly one
    link leads there; else None. `key` are the columns of its key.
    """

    columns: Mapping[str, pa.Array]
    length: int
    rows: pa.Array | None
    key: tuple[pa.Array, ...]


@dataclass(frozen=True, slots=True)
class Call:
    """What an enricher is asked for.

    Outputs of scope ROW are asked for with distinct rows only, in batches; those of scope TABLE of one `enrich` block
    all at once, on the whole table in the order of its key. `length` is the number of rows. `options` are the block's,
    as values of the language: text, int, Decimal, bool, date, Duration, tuples of them, `ColumnName` for an option of
    the format "column", `ProviderTerms` for one of the format "provider". `paths` are the files and folders that
    options of the format "path" name: they exist, and are inside the project.

    With scope TABLE, `columns` holds every column of the table that inputs or options name, `tables` the other tables,
    `key` the table's key and `key_names` its columns' names; with scope ROW these are empty. `clock` is the day after
    which nothing is known. `personal` are those of the columns that hold personal data, which may stand in no table,
    note or message. `max_cost` is the most that may be spent, in the currency of the prices, None without a
    bound.
    `store` is a folder that only this plugin writes to and that outlasts the run (for what was paid for); None where
    there is none, as for an author's tests.
    """

    asked: tuple[Asked, ...]
    length: int
    options: Options = _NOTHING
    paths: Mapping[str, tuple[Path, ...]] = _NOTHING
    clock: date = date.max
    table: str = ""
    columns: Mapping[str, pa.Array] = _NOTHING
    tables: Mapping[str, Linked] = _NOTHING
    key: tuple[pa.Array, ...] = ()
    key_names: tuple[str, ...] = ()
    personal: frozenset[ColumnName] = frozenset()
    max_cost: Any = None
    store: Path | None = None


@dataclass(frozen=True, slots=True)
class Note:
    """A finding about some rows, which the user reads as a warning with their number and the first of them.

    `message` is a clause about the rows: "e-mail addresses without a host"; `where` says which rows of the call;
    `column` is the asked column that it is about, and `help` a mend.
    """

    message: str
    where: pa.BooleanArray
    column: str = ""
    help: str = ""


@dataclass(frozen=True, slots=True)
class Made:
    """What an enricher gives back: every asked column and those that come with it, by name, `length` values each.

    Values are arrays, or sequences of Python values from which an array of the promised type can be made. `tables`
    are written to the run folder, such as an audit of what was matched. `spent` is what was paid in this call.
    """

    columns: Mapping[str, pa.Array | pa.ChunkedArray | Sequence[Any]]
    notes: tuple[Note, ...] = ()
    tables: Mapping[str, pa.Table] = _NOTHING
    spent: Any = 0


class Refused(Exception):
    """Raised by a plugin that can't work with what the user gave it; the user reads it as a diagnostic.

    `message` says what was found, `option` names the option it is about, `expected` what would do, `help` one mend.
    """

    def __init__(self, message: str, option: str = "", expected: str = "", help: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.option = option
        self.expected = expected
        self.help = help
