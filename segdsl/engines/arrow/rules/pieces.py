"""A batch in pieces that fit the processor's cache, worked on by a thread for each core."""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from segdsl.engines.arrow.batch import Batch, Tally, Values

Result = TypeVar("Result")

# Slots stand in memory an odd number of cache lines apart, or they would all compete for the same few places in
# the cache.
_LINE = 8


@dataclass(frozen=True, slots=True)
class SlotStore:
    """Memory for slots, used again from piece to piece: fresh memory costs as much as what is done in it."""

    _spare: list[npt.NDArray[np.uint64]] = field(default_factory=list)

    def borrow(self, slots: int, words: int) -> npt.NDArray[np.uint64]:
        """`slots` rows of `words` words with any content."""
        stride = (words + _LINE - 1) // _LINE | 1
        try:
            held = self._spare.pop()
        except IndexError:
            held = np.empty(0, np.uint64)
        if held.size < slots * stride * _LINE:
            held = np.empty(slots * stride * _LINE, np.uint64)
        return held[: slots * stride * _LINE].reshape(slots, stride * _LINE)[:, :words]

    def give_back(self, slots: npt.NDArray[np.uint64]) -> None:
        whole = slots
        while isinstance(whole.base, np.ndarray):
            whole = whole.base
        self._spare.append(whole)


def map_pieces(
    batch: Batch, rows: int, work: Callable[[Batch, int], Result], threads: int | None = None
) -> list[Result]:
    """What `work` makes of each piece of at most `rows` rows, given the piece and its first row, in order.

    Lapses while evaluating are added to the tally of the batch.
    """
    starts = range(0, batch.length, rows)
    threads = min(threads or core_count(), len(starts))
    if threads <= 1:
        return [work(_piece(batch, start, rows), start) for start in starts]
    tallies = [Tally() for _ in starts]
    pieces = (_piece(batch, start, rows, tally) for start, tally in zip(starts, tallies, strict=True))
    with ThreadPoolExecutor(threads) as pool:
        found = list(pool.map(work, pieces, starts))
    for tally in tallies:
        batch.tally.merge(tally)
    return found


def core_count() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _piece(batch: Batch, start: int, rows: int, tally: Tally | None = None) -> Batch:
    if start == 0 and rows >= batch.length:
        return batch
    length = min(rows, batch.length - start)
    bound = {expr: _slice(values, start, length) for expr, values in batch.bound.items()}
    return Batch(length, bound, batch.tally if tally is None else tally)


def _slice(values: Values, start: int, length: int) -> Values:
    return values if isinstance(values, pa.Scalar) else values.slice(start, length)
