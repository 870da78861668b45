"""The answers that groups stand for, in round figures that place the accounts as the centres do."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
import numpy.typing as npt

from segdsl.evidence.figures import exact, roundest
from segdsl.evidence.measures import Floats
from segdsl_needs.analysis import Space

Places = npt.NDArray[np.int64]

# How far a figure may be moved to be round, in units of the item's scale.
_TOLERANCES = (0.1, 0.05, 0.02, 0.01, 0.001, 1e-6)
_FEW = 0.01
# Answers times prototypes held at a time.
_CELLS = 1 << 20


@dataclass(frozen=True, slots=True)
class Prototypes:
    """A figure for each group and item, where each account goes by them, and the share that goes elsewhere than by the
    factors."""

    figures: tuple[tuple[Decimal, ...], ...]
    labels: Places
    moved: float


def round_prototypes(space: Space, answers: Floats, centres: Floats, labels: Places) -> Prototypes:
    """The roundest figures by which at most 1 % of the accounts change group and no group is left empty."""
    *_, last = _trials(space, answers, centres, labels)
    return last


def _trials(space: Space, answers: Floats, centres: Floats, labels: Places) -> Iterator[Prototypes]:
    """Rounder to finer, up to the first that will do."""
    units, told = space.units, space.answers(centres)
    for tolerance in _TOLERANCES:
        figures = tuple(
            tuple(_rounded(float(at), tolerance * float(unit)) for at, unit in zip(row, units, strict=True))
            for row in told
        )
        placed = nearest(answers / units, np.array(figures, dtype=np.float64) / units)
        moved = float(np.mean(placed != labels))
        yield Prototypes(figures, placed, moved)
        if moved <= _FEW and len(np.unique(placed)) == len(centres):
            return


def _rounded(value: float, tolerance: float) -> Decimal:
    low, high = value - tolerance, value + tolerance
    return roundest(exact(low), exact(high), exact(value)) if low < high else exact(value)


def nearest(points: Floats, prototypes: Floats) -> Places:
    """The nearest prototype of each point by all items, of several the first: as the language reads them."""
    labels = np.empty(len(points), dtype=np.int64)
    size = max(1, _CELLS // len(prototypes))
    for start in range(0, len(points), size):
        part = points[start : start + size]
        distances = np.stack([((part - one) ** 2).sum(axis=1) for one in prototypes], axis=1)
        labels[start : start + size] = np.argmin(distances, axis=1)
    return labels
