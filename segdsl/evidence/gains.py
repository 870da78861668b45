"""Cumulative gains: how many of the best rows a ranking finds, and how early.

Rows are ranked by places from 0, the first, on; rows of one place are tied. Wherever ties are cut, among the best as in
the ranking, every tied row has an equal part: that is what comes on average if ties are broken at random.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]

# Sums of doubles are exact to about this, relative to the total.
_ROUNDING = 1e-12
# A resample's boundary lies this many standard deviations from the sample's in one of a billion resamples.
_REACH = 6.0


@dataclass(frozen=True, slots=True)
class Gains:
    """A gains curve of straight pieces: `caught` is the share of the best that is in the first `depths` of the rows.

    Both are shares from 0 to 1, ascending. Without information it is the diagonal.
    """

    depths: Floats
    caught: Floats

    def at(self, depth: npt.ArrayLike) -> Floats:
        """The share of the best that is in that first share of the rows."""
        found: Floats = np.interp(np.asarray(depth, dtype=np.float64), self.depths, self.caught)
        return found

    @property
    def area(self) -> float:
        """The area below the curve: 0.5 without information."""
        return float((np.diff(self.depths) * (self.caught[1:] + self.caught[:-1])).sum() / 2)

    def depth_of(self, share: float) -> float:
        """The least share of the rows that holds this share of the best."""
        wanted = share - _ROUNDING
        place = int(np.searchsorted(self.caught, wanted))
        if place == 0 or self.caught[place] <= share:
            return float(self.depths[place])
        low, high = self.caught[place - 1], self.caught[place]
        part = (share - low) / (high - low)
        return float(self.depths[place - 1] + part * (self.depths[place] - self.depths[place - 1]))


def best_parts(score: Floats, top: float) -> Floats:
    """How much of each row is among the best `top` of the rows: 1, 0, or an equal part for those tied at the boundary.

    `score` (n,) is finite, n > 0; `top` is a share above 0 and below 1. The parts add up to top n.
    """
    size = len(score)
    wanted = round(top * size, 9)
    boundary = size - max(int(np.ceil(wanted)), 1)
    lowest = np.partition(score, boundary)[boundary]
    above, tied = score > lowest, score == lowest
    parts: Floats = above + tied * ((wanted - np.count_nonzero(above)) / np.count_nonzero(tied))
    return parts


def gains(places: Places, best: Floats) -> Gains:
    """The curve of a ranking: of each row its place and how much of it is among the best, as `best_parts` gives it."""
    counts = np.cumsum(np.bincount(places))
    caught = np.cumsum(np.bincount(places, weights=best))
    return Gains(
        np.concatenate(([0.0], counts / counts[-1])), np.concatenate(([0.0], np.minimum(caught / caught[-1], 1.0)))
    )


def pooled(curves: Sequence[Gains], weights: Sequence[float]) -> Gains:
    """One curve of several lists of rows, from each of which the same first share is taken; weights are their sizes."""
    if len(curves) == 1:
        return curves[0]
    depths = np.unique(np.concatenate([one.depths for one in curves]))
    parts = np.asarray(weights, dtype=np.float64) / np.sum(weights)
    caught = sum((part * one.at(depths) for part, one in zip(parts, curves, strict=True)), np.zeros(len(depths)))
    return Gains(depths, np.minimum(caught, 1.0))


def resampled_gains(
    places: Places,
    score: Floats,
    top: float,
    depths: Floats,
    count: int,
    random: np.random.Generator,
    reach: float = _REACH,
) -> Floats:
    """The curve at `depths` in `count` bootstrap resamples of the rows (Efron 1979), shape (count, depths).

    Each resample draws n rows with replacement and finds its own best `top`; places stay. Instead of rows, the number
    of rows in each cell is drawn, which has the multinomial distribution that drawing rows gives it. Rows of one place
    and one score share a cell; so do those of one place whose score lies so far above or below the boundary of the
    best, by `reach` standard deviations, that no resample's boundary gets there. One that does is found, and all scores
    are then told apart. Time and memory grow with the square root of n.
    """
    cells = _cells(places, score, top, reach)
    drawn = random.multinomial(len(score), cells.counts / len(score), size=count)
    parts = _parts(cells, drawn, top * len(score))
    if parts is None:
        return resampled_gains(places, score, top, depths, count, random, np.inf)
    by_place = np.argsort(cells.places, kind="stable")
    starts = np.flatnonzero(np.diff(cells.places[by_place], prepend=-1))
    rows = np.cumsum(np.add.reduceat(drawn[:, by_place], starts, axis=1), axis=1) / len(score)
    best = np.cumsum(np.add.reduceat((drawn * parts)[:, by_place], starts, axis=1), axis=1)
    edge = np.zeros((count, 1))
    ranked, caught = np.hstack((edge, rows)), np.hstack((edge, best / best[:, -1:]))
    return np.array([np.interp(depths, *curve) for curve in zip(ranked, caught, strict=True)])


@dataclass(frozen=True, slots=True)
class _Cells:
    """Cells in the order of their classes, which are 0 for what is surely above the boundary, and then descend.

    `starts` is where each class begins; `has_above` and `has_below` tell whether the first and last are of that kind.
    """

    places: Places
    classes: Places
    counts: Places
    starts: Places
    has_above: bool
    has_below: bool


def _cells(places: Places, score: Floats, top: float, reach: float) -> _Cells:
    size = len(score)
    width = np.inf if np.isinf(reach) else np.ceil(reach * np.sqrt(size * top * (1 - top))) + 1
    first = int(max(size - np.ceil(top * size) - width, 0))
    last = int(min(size - np.floor(top * size) + width, size - 1))
    cut = np.partition(score, [first, last])
    near = (score >= cut[first]) & (score <= cut[last])
    values, at = np.unique(-score[near], return_inverse=True)
    classes = np.where(score > cut[last], 0, len(values) + 1)
    classes[near] = at + 1
    width_of_place = int(places.max()) + 1
    cells, counts = _counted(classes * width_of_place + places, (len(values) + 2) * width_of_place)
    of_cell = cells // width_of_place
    starts = np.flatnonzero(np.diff(of_cell, prepend=-1))
    return _Cells(
        cells % width_of_place, of_cell, counts, starts, bool(of_cell[0] == 0), bool(of_cell[-1] == len(values) + 1)
    )


def _counted(codes: Places, size: int) -> tuple[Places, Places]:
    """The distinct codes, all below `size`, and how often each is there; without sorting where a table is small."""
    if size > 4 * len(codes):
        cells, counts = np.unique(codes, return_counts=True)
        return cells, counts.astype(np.int64)
    table = np.bincount(codes, minlength=size)
    found = np.flatnonzero(table)
    return found, table[found]


def _parts(cells: _Cells, drawn: Places, wanted: float) -> Floats | None:
    """How much of each cell's rows is among the best, by resample; None if a boundary lies where none was expected."""
    totals = np.add.reduceat(drawn, cells.starts, axis=1)
    before = np.cumsum(totals, axis=1) - totals
    if cells.has_above and np.any(totals[:, 0] > wanted):
        return None
    if cells.has_below and np.any(before[:, -1] < wanted):
        return None
    parts = np.clip((wanted - before) / np.maximum(totals, 1), 0.0, 1.0)
    return np.repeat(parts, np.diff(cells.starts, append=len(cells.places)), axis=1)
