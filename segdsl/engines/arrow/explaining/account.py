"""An account: one row of a table that a run holds in memory."""

from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
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
from segdsl.model.expression import Column, Expr, Follow, LinkAggregate, TableAggregate
from segdsl.model.model import Model
from segdsl.model.source import Source
from segdsl.plan.traversal import External, externals
from segdsl.types import Kind, Type, Value

# Keys beyond so many are not looked through for one that was probably meant.
_MOST_KEYS = 200_000


# Columns and fields of tables, as (table, name).
Names = frozenset[tuple[str, str]]


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


def personal_names(model: Model) -> Names:
    """Columns marked `pii`, and the texts that are derived or made by plugins from them.

    What is counted or compared may be shown.
    """
    found = {(s.name, c.name) for s in model.sources.values() for c in s.columns if c.pii}
    before = -1
    # Fields rest on enriched columns and these on fields, in any order.
    while len(found) > before:
        before = len(found)
        _add_derived(model, found)
        _add_enriched(model, found)
    return frozenset(found)


def _add_enriched(model: Model, found: set[tuple[str, str]]) -> None:
    for enrichment in model.enrichments:
        for source in (s for s in model.sources.values() if s.row_type == enrichment.source):
            for column in enrichment.columns:
                read = ((source.name if o.table == enrichment.source else o.table, o.column) for o in column.inputs)
                if not found.isdisjoint(read):
                    found.update((source.name, name) for name, type_ in column.all_columns if _is_text(type_))


def _add_derived(model: Model, found: set[tuple[str, str]]) -> None:
    for field in model.fields.values():
        if not _is_text(field.expr.type):
            continue
        for source in model.sources.values():
            if source.row_type == field.source and any(
                holds_personal(node, source.name, found) for node in externals((field.expr,))
            ):
                found.add((source.name, field.name))


def holds_personal(node: External, table: str, personal: AbstractSet[tuple[str, str]]) -> bool:
    """Whether the value of a node, on rows of a table, is personal data."""
    match node:
        case Column(name=name):
            return (table, name) in personal
        case Follow(path=path, value=value):
            return any(holds_personal(inner, path.parent, personal) for inner in externals((value,)))
        case LinkAggregate(path=path, value=value) if value is not None and _is_text(node.type):
            return any(holds_personal(inner, path.child, personal) for inner in externals((value,)))
        case TableAggregate(value=value) if value is not None and _is_text(node.type):
            # The table may be a population; a personal column of that name anywhere is enough to say nothing.
            return any(holds_personal(inner, own, personal) for inner in externals((value,)) for own, _ in personal)
        case _:
            return False


def _is_text(type_: Type) -> bool:
    return type_.is_textual or type_.kind is Kind.LIST
