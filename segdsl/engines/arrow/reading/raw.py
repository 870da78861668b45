"""What every format hands over: the headers of a file, and its rows as they stand there."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from segdsl.diagnostics import Diagnostic
from segdsl.model.source import ColumnContract


@dataclass(frozen=True, slots=True)
class Misfit:
    """A data row (from 1) that doesn't fit the format, and its text; `is_short` where it has too few cells."""

    row: int
    text: str
    why: str
    is_short: bool = False


@dataclass(frozen=True, slots=True)
class RawBatch:
    """Rows as the file holds them, one array a wanted column, of any Arrow type in its plain layout.

    The rows are the data rows `first_row`, `first_row + 1`, ... of the file unless `rows` numbers each of them.
    `misfits` are rows that had to be left out of the arrays; `span_rows` is how many data rows of the file the batch
    stands for, misfits included.
    """

    columns: tuple[pa.Array, ...]
    length: int
    first_row: int
    span_rows: int
    rows: np.ndarray | None = None
    misfits: tuple[Misfit, ...] = ()

    def row_numbers(self) -> np.ndarray:
        if self.rows is not None:
            return self.rows
        return np.arange(self.first_row, self.first_row + self.length, dtype=np.int64)


@dataclass(frozen=True, slots=True)
class WantedColumn:
    """A column of the file, by its place among the headers, and the contract it is read for."""

    position: int
    contract: ColumnContract


Stream = Callable[[tuple[WantedColumn, ...]], Iterator[RawBatch | Diagnostic]]


@dataclass(frozen=True, slots=True)
class RawTable:
    """An opened file. `stream` gives its rows; a diagnostic is the last thing it gives."""

    headers: tuple[str, ...]
    stream: Stream


def read_ahead(batches: Iterator[RawBatch | Diagnostic]) -> Iterator[RawBatch | Diagnostic]:
    """The same batches; while one is worked on, another thread reads the next."""
    with ThreadPoolExecutor(1, "segdsl-read") as reader:
        coming = reader.submit(next, batches, None)
        while (batch := coming.result()) is not None:
            coming = reader.submit(next, batches, None)
            yield batch
