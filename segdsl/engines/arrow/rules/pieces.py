"""A batch in pieces that fit the processor's cache, worked on by some threads."""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import pyarrow as pa

from segdsl.engines.arrow.batch import Batch, Tally, Values
from segdsl.engines.arrow.rules.bitmap import WORD

Result = TypeVar("Result")

# Smaller pieces are not worth a thread: two take longer than one for 100,000 rows, and a third less for a million.
_LEAST_ROWS = 1 << 18


def map_pieces(batch: Batch, rows: int, work: Callable[[Batch, int], Result], threads: int) -> list[Result]:
    """What `work` makes of each piece of at most `rows` rows, given the piece and its first row, in order.

    `rows` is a multiple of 64; a short batch is cut into smaller pieces, so that every thread has one. Lapses while
    evaluating are added to the tally of the batch.
    """
    share = -(-batch.length // (threads * WORD)) * WORD
    rows = min(rows, max(share, _LEAST_ROWS))
    starts = range(0, batch.length, rows)
    threads = min(threads, len(starts))
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
    """How many cores this process may use, and no more than eight: each thread holds slots of its own."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(cores, 8)


def _piece(batch: Batch, start: int, rows: int, tally: Tally | None = None) -> Batch:
    if start == 0 and rows >= batch.length:
        return batch
    length = min(rows, batch.length - start)
    bound = {expr: _slice(values, start, length) for expr, values in batch.bound.items()}
    return Batch(length, bound, batch.tally if tally is None else tally)


def _slice(values: Values, start: int, length: int) -> Values:
    return values if isinstance(values, pa.Scalar) else values.slice(start, length)
