"""A segmentation that is learned on halves of its accounts, against itself as learned on all."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from segdsl.evidence.measures import Floats, Mask
from segdsl.evidence.partitions import adjusted_rand, best_likeness
from segdsl.plugin import MeasureCall

Places = npt.NDArray[np.int64]

# Halves of fewer accounts say nothing about the whole.
LEAST_ROWS = 10


@dataclass(frozen=True, slots=True)
class Refits:
    """`agreements`: the adjusted Rand index of each time; `counts`: how many segments were found each time.

    `likeness`: a row each time, a column for each segment of the whole: how like it the most alike segment is.
    """

    agreements: Floats
    counts: Places
    likeness: Floats

    @property
    def mean(self) -> float:
        return float(self.agreements.mean())


def refit(call: MeasureCall, times: int) -> Refits | None:
    """The segmentation learned on halves drawn without replacement, and extended to all accounts.

    None where it can't be learned anew, or with fewer than ten accounts in segments. Halves are drawn from the accounts
    in the order of `draw`, so the order of rows in the data doesn't matter.
    """
    if call.relearn is None or placed_rows(call) < LEAST_ROWS:
        return None
    whole = segment_codes(call.segments)
    agreements, counts, likeness = [], [], []
    for rows in _halves(call, times):
        found = call.relearn(pa.array(rows))
        own = segment_codes(found.segments)
        agreements.append(_agreement(whole, own))
        counts.append(len(np.unique(own[own >= 0])))
        likeness.append(best_likeness(whole, own, len(call.names)))
    return Refits(np.array(agreements), np.array(counts), np.array(likeness))


def placed_rows(call: MeasureCall) -> int:
    """How many accounts are in a segment."""
    return len(call.segments) - int(call.segments.null_count)


def segment_codes(segments: pa.Int32Array) -> Places:
    """The place of each row's segment, -1 for none."""
    return segments.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64)  # type: ignore[no-any-return]


def undivided(places: Places) -> str:
    """Why segments can't be judged, if so: all accounts are in the same one, or all in none."""
    if not len(places) or np.any(places != places[0]):
        return ""
    if places[0] < 0:
        return "It puts no account into a segment, so there is nothing to judge."
    return "It is one segment for all accounts, not a segmentation."


def _agreement(whole: Places, own: Places) -> float:
    """Over the accounts that either has a segment for: those that neither can place would agree however it learned."""
    placed = (whole >= 0) | (own >= 0)
    return adjusted_rand(whole[placed], own[placed]) if (own >= 0).any() else 0.0


def _halves(call: MeasureCall, times: int) -> Iterator[Mask]:
    length = len(call.segments)
    order = np.arange(length) if call.draw is None else np.argsort(call.draw.to_numpy(zero_copy_only=False))
    for time in range(times):
        drawn = np.random.default_rng((call.seed, time)).permutation(length)[: length // 2]
        rows = np.zeros(length, dtype=bool)
        rows[order[drawn]] = True
        yield rows
