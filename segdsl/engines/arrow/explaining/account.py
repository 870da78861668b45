"""An account: one row of a table that a run holds in memory."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from segdsl.engines.arrow.aggregation.columns import plain_text
from segdsl.engines.arrow.batch import Batch, Values, spread
from segdsl.engines.arrow.execution.binding import bind, compute
from segdsl.engines.arrow.execution.state import Chunk, Frame, State, column_slot
from segdsl.engines.arrow.physical import from_physical
from segdsl.model.expression import Expr
from segdsl.model.source import Source
from segdsl.plan.personal import Names, holds_personal
from segdsl.plan.traversal import External, externals
from segdsl.types import Kind, Type, Value

# Keys beyond so many are not looked through for one that was probably meant.
_MOST_KEYS = 200_000


# Columns and fields of tables, as (table, name).


@dataclass(frozen=True, slots=True)
class Account:
    """Row `row` of the table `table`. `personal` are the columns and fields that hold personal data."""

    state: State
    table: str
    row: int
    personal: Names = frozenset()

    @property
    def frame(self) -> Frame:
        return self.state.frames[self.table]

    def bound(self, nodes: Iterable[External]) -> dict[Expr, Values]:
        """The values of what expressions rest on, each an array of one value or a scalar."""
        chunk = self._chunk()
        bind(self.state, chunk, nodes)
        return chunk.batch.bound

    def value(self, expr: Expr) -> Value:
        """The value of an expression on the account."""
        found = spread(compute(self.state, self._chunk(), expr, externals((expr,))), 1)
        return from_physical(found[0].as_py(), expr.type)

    def is_given(self, expr: Expr) -> bool:
        """Everything of an account is there to be asked for; what has no value is missing."""
        return True

    def is_personal(self, node: External) -> bool:
        """Whether a value must not be shown."""
        return holds_personal(node, self.table, self.personal)

    def key(self) -> tuple[Value, ...]:
        types = [_type(self.frame.source, name) for name in self.frame.source.key]
        pairs = zip(self.frame.key(), types, strict=True)
        return tuple(from_physical(column[self.row].as_py(), type_) for column, type_ in pairs)

    def _chunk(self) -> Chunk:
        return Chunk(self.table, Batch(1, {}), {}, self.frame, self.row)


def find_by_key(frame: Frame, written: str) -> int | None:
    """The row whose key is written so; parts of a key of several columns stand between `/`."""
    for parts in _partings(written, len(frame.source.key)):
        mask = pa.array(np.ones(frame.length, dtype=bool))
        for name, column, part in zip(frame.source.key, frame.key(), parts, strict=True):
            wanted = _key_value(part.strip(), _type(frame.source, name))
            if wanted is None:
                break
            same = pc.equal(plain_text(column), pa.scalar(wanted, plain_text(column[:0]).type))
            mask = pc.and_(mask, pc.fill_null(same, False))
        else:
            rows = np.flatnonzero(mask.to_numpy(zero_copy_only=False))
            if len(rows):
                return int(rows[0])
    return None


def find_by_name(frame: Frame, columns: Iterable[str], written: str) -> tuple[int, ...]:
    """The rows that are called so in the first of some text columns that knows the name; case doesn't matter."""
    wanted = written.strip().casefold()
    for name in columns:
        column = frame.slots.get(column_slot(name))
        if column is None:
            continue
        same = pc.equal(pc.utf8_lower(pc.utf8_trim_whitespace(plain_text(column))), wanted)
        rows = np.flatnonzero(pc.fill_null(same, False).to_numpy(zero_copy_only=False))
        if len(rows):
            return tuple(int(row) for row in rows)
    return ()


def key_texts(frame: Frame) -> list[str]:
    """Keys as they are written, the first 200,000."""
    columns = [plain_text(column[:_MOST_KEYS]).cast(pa.string()).to_pylist() for column in frame.key()]
    return ["/".join(str(part) for part in key) for key in zip(*columns, strict=True)]


def _partings(written: str, parts: int) -> Iterator[Sequence[str]]:
    """Every way to cut a text at slashes into so many parts."""
    pieces = written.split("/")
    if len(pieces) < parts:
        return
    if parts == 1:
        yield (written,)
        return
    for end in range(1, len(pieces) - parts + 2):
        for rest in _partings("/".join(pieces[end:]), parts - 1):
            yield ("/".join(pieces[:end]), *rest)


def _key_value(written: str, type_: Type) -> str | int | date | datetime | None:
    try:
        match type_.kind:
            case Kind.INT | Kind.COUNT:
                return int(written.replace("_", ""))
            case Kind.DATE:
                return date.fromisoformat(written)
            case Kind.TIMESTAMP:
                return datetime.fromisoformat(written)
            case Kind.TEXT | Kind.CATEGORY:
                return written
            case _:
                return None
    except ValueError:
        return None


def _type(source: Source, name: str) -> Type:
    column = source.column(name)
    assert column is not None
    return column.type
