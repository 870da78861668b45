"""What is known of the fields of tables in memory: counts, patterns of what is missing, and values."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from segdsl.engines.arrow.aggregation.columns import Mask, plain_text, valid_mask
from segdsl.engines.arrow.execution.state import Frame, column_slot, inside_slot


@dataclass(frozen=True, slots=True)
class FieldCount:
    """A field over all rows of its table: how many know it, how many different values there are, how many are stale.

    `stale` counts known values that were found before a day; None where nothing says when they were found.
    """

    rows: int
    known: int
    distinct: int
    stale: int | None

    @property
    def missing(self) -> int:
        return self.rows - self.known


def count_field(frame: Frame, name: str, dated: str | None, before: date | None) -> FieldCount:
    """Counts a field; stale are known values whose row has a date in the column `dated` that lies before a day."""
    column = frame.slots[column_slot(name)]
    known = valid_mask(column)
    stale = None
    if dated is not None and before is not None:
        found_on = frame.slots[column_slot(dated)]
        limit = pa.scalar(before, pa.date32()).cast(found_on.type)
        old = pc.fill_null(pc.less(found_on, limit), False).to_numpy(zero_copy_only=False)
        stale = int(np.count_nonzero(old & known))
    return FieldCount(frame.length, int(np.count_nonzero(known)), _distinct(column), stale)


def _distinct(column: pa.Array) -> int:
    """How many values there are; of lists, how many items, as a run tells it."""
    values = column.drop_null().flatten() if pa.types.is_list(column.type) else column
    return int(pc.count_distinct(plain_text(values), mode="only_valid").as_py())


def rows_of(frame: Frame, populations: Iterable[str]) -> Mask:
    """The rows that belong to one of some populations, or to the table itself; one byte a row."""
    inside = np.zeros(frame.length, np.bool_)
    for name in populations:
        slot = inside_slot(name)
        if slot not in frame.slots:
            return np.ones(frame.length, np.bool_)
        inside |= valid_true(frame.slots[slot])
    return inside


def valid_true(condition: pa.Array) -> Mask:
    """Where a condition is true."""
    filled = pc.fill_null(condition, False) if condition.null_count else condition
    mask: Mask = filled.to_numpy(zero_copy_only=False)
    return mask


def missing_patterns(frame: Frame, names: Sequence[str], rows: Mask) -> list[tuple[tuple[str, ...], int]]:
    """Which of some fields rows lack together, and how many rows lack just those; rows that lack none are left out."""
    lacks = [~valid_mask(frame.slots[column_slot(name)])[rows] for name in names]
    codes = np.zeros(int(np.count_nonzero(rows)), np.int64)
    for lacking in lacks:
        # Renumbered at each field, so that any number of fields can be told apart.
        codes = np.unique(codes * 2 + lacking, return_inverse=True)[1]
    _, examples, counts = np.unique(codes, return_index=True, return_counts=True)
    found = []
    for example, count in zip(examples.tolist(), counts.tolist(), strict=True):
        lacked = tuple(name for name, lacking in zip(names, lacks, strict=True) if lacking[example])
        if lacked:
            found.append((lacked, count))
    return sorted(found)


def known_rows(frame: Frame, name: str) -> Mask:
    """Where a field is known."""
    return valid_mask(frame.slots[column_slot(name)])
