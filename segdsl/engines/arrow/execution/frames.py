"""Tables in memory: working through them in chunks, evaluating on all their rows, putting rows in order."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from segdsl.engines.arrow.aggregation.columns import Ints, Mask, joined, ordered_codes
from segdsl.engines.arrow.batch import Batch, Tally
from segdsl.engines.arrow.execution.binding import compute_array
from segdsl.engines.arrow.execution.kernel import Absorb, Kernel
from segdsl.engines.arrow.execution.state import Chunk, Frame, Slot, State, inside_slot
from segdsl.engines.arrow.physical import arrow_type
from segdsl.model.expression import Expr
from segdsl.plan.traversal import externals

T = TypeVar("T")
R = TypeVar("R")

# Below so many rows a second thread costs more than it brings.
_FEW_ROWS = 1 << 15


def run_on_frame(state: State, table: str, kernel: Kernel) -> None:
    """Runs row-wise work over a table in memory; what it keeps for each row is kept with the table."""
    frame = state.frames[table]

    def work(chunk: Chunk) -> tuple[Chunk, Absorb | None]:
        return chunk, kernel.run(chunk)

    parts: dict[Slot, list[pa.Array]] = {slot: [] for slot in kernel.slots}
    for chunk, absorb in in_order(state, _chunks(state, frame), work):
        state.tally.merge(chunk.batch.tally)
        if absorb is not None:
            absorb()
        for slot, arrays in parts.items():
            arrays.append(chunk.slots[slot])
    for slot, arrays in parts.items():
        frame.slots[slot] = joined(arrays, pa.null())
    kernel.finish()


def frame_values(state: State, table: str, exprs: Sequence[Expr]) -> list[pa.Array]:
    """The values of expressions on all rows of a table in memory."""
    frame = state.frames[table]
    reads = [externals((expr,)) for expr in exprs]

    def work(chunk: Chunk) -> tuple[Chunk, list[pa.Array]]:
        pairs = zip(exprs, reads, strict=True)
        return chunk, [compute_array(state, chunk, expr, nodes) for expr, nodes in pairs]

    parts: list[list[pa.Array]] = [[] for _ in exprs]
    for chunk, arrays in in_order(state, _chunks(state, frame), work):
        state.tally.merge(chunk.batch.tally)
        for part, array in zip(parts, arrays, strict=True):
            part.append(array)
    return [joined(part, arrow_type(expr.type)) for part, expr in zip(parts, exprs, strict=True)]


def inside_mask(frame: Frame, name: str) -> Mask:
    """Which rows of a table belong to a population; all of them for the table itself."""
    found = frame.slots.get(inside_slot(name))
    if found is None:
        return np.ones(frame.length, dtype=bool)
    mask: Mask = found.to_numpy(zero_copy_only=False)
    return mask


def in_order(state: State, items: Iterator[T], work: Callable[[T], R]) -> Iterator[R]:
    """The results of `work` in the order of the items, computed by as many threads as the run may use."""
    threads = state.inputs.threads
    first = next(items, None)
    if first is None:
        return
    second = next(items, None)
    if second is None or threads < 2:
        yield work(first)
        if second is not None:
            yield work(second)
            yield from map(work, items)
        return
    with ThreadPoolExecutor(threads) as pool:
        running: list[Future[R]] = [pool.submit(work, first), pool.submit(work, second)]
        for item in items:
            # One more than the threads is under way, so that none waits while the next batch is read.
            if len(running) > threads:
                yield running.pop(0).result()
            running.append(pool.submit(work, item))
        for future in running:
            yield future.result()


def _chunks(state: State, frame: Frame) -> Iterator[Chunk]:
    """Slices of a table. How it is cut changes no result."""
    rows = frame.length
    even = -(-rows // max(1, state.inputs.threads))
    size = max(1, min(state.inputs.chunk_rows, max(even, _FEW_ROWS)))
    for start in range(0, max(rows, 1), size):
        batch = Batch(min(size, rows - start), {}, Tally())
        yield Chunk(frame.source.name, batch, {}, frame, start)


def make_frame(state: State, name: str, slots: Mapping[Slot, pa.Array], length: int) -> None:
    """Holds a table in the order of its key, so that no later step can depend on the order of rows in a file."""
    frame = Frame(state.sources[name], length, dict(slots))
    order = key_order(frame.key())
    if order is not None:
        rows = pa.array(order)
        frame.slots = {slot: array.take(rows) for slot, array in frame.slots.items()}
    state.frames[name] = frame


def key_order(key: Sequence[pa.Array]) -> Ints | None:
    """The rows in ascending order of the key; None where they stand so already."""
    if len(key) == 1 and pa.types.is_string(key[0].type):
        order = pc.sort_indices(key[0]).to_numpy().astype(np.int64)
    else:
        codes = [ordered_codes(column) for column in key]
        if len(codes) == 1 and bool(np.all(codes[0][1:] >= codes[0][:-1])):
            return None
        order = np.lexsort(codes[::-1]).astype(np.int64)
    return None if bool(np.all(order[1:] > order[:-1])) else order


def drop_rows(frame: Frame, kept: Mask) -> None:
    """Leaves out rows of a table in memory."""
    rows = pa.array(kept)
    frame.slots = {slot: array.filter(rows) for slot, array in frame.slots.items()}
    frame.length = int(np.count_nonzero(kept))
