"""A table as a B2B export has it, of any length, from a seed: numbers, money, counts, categories, dates, flags."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from segdsl.types import BOOL, CATEGORY, COUNT, DATE, NUMBER, Kind, Type, money

SEED = 20260131
MILLIONTHS = 1_000_000
SCORE = "score"
FIRST_DAY = date(2012, 1, 1).toordinal() - date(1970, 1, 1).toordinal()


@dataclass(frozen=True, slots=True)
class Made:
    """One column: its type, the share of missing values, and the number that varies it from others of its kind."""

    type: Type
    missing: float
    variant: int


def _columns() -> dict[str, Made]:
    shares = [0.0, 0.02, 0.1, 0.3]
    kinds = [(NUMBER, 7), (money("USD"), 4), (COUNT, 5), (CATEGORY, 4), (DATE, 2), (BOOL, 3)]
    made = [(type_, variant) for type_, count in kinds for variant in range(count)]
    return {
        f"{type_.kind.value}_{variant}": Made(
            type_.or_missing(shares[(i + variant) % 4] > 0), shares[(i + variant) % 4], variant
        )
        for i, (type_, variant) in enumerate(made)
    }


COLUMNS: Mapping[str, Made] = _columns()


def make_table(rows: int) -> pa.Table:
    """The table: the columns above and a score without missing values."""
    rng = np.random.default_rng(SEED)
    arrays = {name: _column(column, rows, rng) for name, column in COLUMNS.items()}
    arrays[SCORE] = pa.array(rng.normal(1000.0, 400.0, rows))
    return pa.table(arrays)


def _column(column: Made, rows: int, rng: np.random.Generator) -> pa.Array:
    values = values_of(column, rows, rng)
    mask = rng.random(rows, np.float32) < column.missing if column.missing else None
    match column.type.kind:
        case Kind.CATEGORY:
            texts = [f"c{column.variant}_{i:03d}" for i in range(category_size(column.variant))]
            return pa.DictionaryArray.from_arrays(pa.array(values, pa.int32(), mask=mask), pa.array(texts))
        case Kind.DATE:
            return pa.array(values, pa.int32(), mask=mask).cast(pa.date32())
        case _:
            return pa.array(values, mask=mask)


def category_size(variant: int) -> int:
    return (6, 20, 60, 180)[variant]


def values_of(column: Made, rows: int, rng: np.random.Generator) -> npt.NDArray[np.generic]:
    """Values as Arrow holds them: money in millionths to whole cents, dates in days, categories as codes."""
    spread = 0.5 + 0.25 * column.variant
    match column.type.kind:
        case Kind.NUMBER if column.variant % 2:
            return rng.normal(0.05 * column.variant, spread, rows)
        case Kind.NUMBER:
            return rng.lognormal(3.0 + column.variant, spread, rows)
        case Kind.MONEY:
            return np.round(rng.lognormal(8.0 + column.variant, spread, rows) * 100).astype(np.int64) * 10_000
        case Kind.COUNT:
            return rng.lognormal(2.0 + column.variant, spread, rows).astype(np.int64)
        case Kind.CATEGORY:
            size = category_size(column.variant)
            return np.minimum(rng.exponential(size / 4, rows), size - 1).astype(np.int32)
        case Kind.DATE:
            return FIRST_DAY + rng.integers(0, 365 * 14, rows, dtype=np.int32)
        case _:
            return rng.random(rows, np.float32) < 0.2 + 0.2 * column.variant


def write_table(table: pa.Table, folder: Path) -> None:
    """The table as an uncompressed Arrow file and as zstd Parquet."""
    with pa.OSFile(str(folder / "table.arrow"), "wb") as sink, pa.ipc.new_file(sink, table.schema) as writer:
        writer.write_table(table)
    pq.write_table(table, folder / "table.parquet", compression="zstd", row_group_size=1 << 20)
