"""A grid as few rules: which stretches of scores a segment takes, given those before it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations_with_replacement, product

import numpy as np
import numpy.typing as npt

Cells = npt.NDArray[np.int64]
Stretch = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Box:
    """A stretch of places, first and last, on each axis of the grid."""

    stretches: tuple[Stretch, ...]

    @property
    def cells(self) -> tuple[slice, ...]:
        return tuple(slice(first, last + 1) for first, last in self.stretches)


def cover(cells: Cells, segment: int, before: Sequence[int]) -> tuple[Box, ...]:
    """Boxes that hold every cell of a segment, and else only cells of segments before it, which match first.

    Each next box is the one that takes most of what is left; of several the one that is bounded on fewest sides, then
    the first.
    """
    allowed = np.isin(cells, [segment, *before])
    left = cells == segment
    boxes = [box for box in _boxes(cells.shape) if allowed[box.cells].all()]
    chosen: list[Box] = []
    while left.any():
        best = max(boxes, key=lambda box: (int(left[box.cells].sum()), -_bounds(box, cells.shape)))
        chosen.append(best)
        left[best.cells] = False
    return tuple(chosen)


def _boxes(shape: Sequence[int]) -> Iterator[Box]:
    axes = (tuple(combinations_with_replacement(range(length), 2)) for length in shape)
    return (Box(stretches) for stretches in product(*axes))


def _bounds(box: Box, shape: Sequence[int]) -> int:
    """How many conditions the box takes to write."""
    return sum((first > 0) + (last < length - 1) for (first, last), length in zip(box.stretches, shape, strict=True))
