"""A pruned tree as regions: which values of each column every leaf takes, with cut-points as people write them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from segdsl.evidence.regression_tree import Node, Rows, Split, leaf_places, leaves
from segdsl_tree.columns import Column, Measure
from segdsl_tree.cut_points import MOVED, choose_cut

Flags = NDArray[np.bool_]

# How much of what may move a cut-point moves up and down, tried in turn; the last moves no row.
Allowances = tuple[tuple[float, float], ...]
UNMOVED: Allowances = ((0.0, 0.0),)
_ALLOWANCES: Allowances = ((1.0, 1.0), (1.0, 0.0), (0.0, 1.0), (0.2, 0.2), (0.2, 0.0), (0.0, 0.2), *UNMOVED)


@dataclass(frozen=True, slots=True)
class Splitting:
    """A split of the tree as it is written. `cut` is the cut-point of a measure; None where no values are compared.

    `to_high` has a flag for each code of the column, for a measure `below cut, cut and above, missing`. `path` are
    the splits above it, each with the side it is on.
    """

    place: int
    cut: Fraction | None
    to_high: Flags
    rows: Rows
    high: Flags
    low_side: "Splitting | End"
    high_side: "Splitting | End"

    @property
    def ends(self) -> "tuple[End, ...]":
        return self.low_side.ends + self.high_side.ends


@dataclass(frozen=True, slots=True)
class End:
    """A leaf: the rows that fall into it."""

    rows: Rows

    @property
    def ends(self) -> "tuple[End, ...]":
        return (self,)


@dataclass(frozen=True, slots=True)
class Grid:
    """The cut-points of each measure, ascending: k of them make k + 1 intervals, and a last place for missing."""

    columns: tuple[Column, ...]
    cuts: Mapping[int, tuple[Fraction, ...]]

    def size(self, place: int) -> int:
        column = self.columns[place]
        return len(self.cuts.get(place, ())) + 2 if isinstance(column, Measure) else column.feature.bins + 1


# What a leaf takes of each column that its splits are on; it takes everything of the others.
Region = Mapping[int, Flags]


def round_cuts(
    node: Node, columns: Sequence[Column], rows: Rows, min_rows: int, allowances: Allowances = _ALLOWANCES
) -> Splitting | End:
    """The tree with human cut-points, as round as can be while every leaf keeps so many rows."""
    split = node.split
    if split is None or node.low is None or node.high is None:
        return End(rows)
    cut, to_high, codes = _written(split, columns[split.feature], rows, node, columns, min_rows, allowances)
    high = to_high[codes]
    return Splitting(
        split.feature,
        cut,
        to_high,
        rows,
        high,
        round_cuts(node.low, columns, rows[~high], min_rows, allowances),
        round_cuts(node.high, columns, rows[high], min_rows, allowances),
    )


def _written(
    split: Split,
    column: Column,
    rows: Rows,
    node: Node,
    columns: Sequence[Column],
    min_rows: int,
    allowances: Allowances,
) -> tuple[Fraction | None, Flags, Rows]:
    """The cut-point of a split, its flags, and the place among these of each row."""
    if not isinstance(column, Measure):
        return None, split.to_high, column.feature.codes[rows].astype(np.intp)
    known, values = split.to_high[:-1], column.values[rows]
    to_high = np.array([known[0], known[-1], split.to_high[-1]])
    missing = np.isnan(values)
    if known.all() or not known.any():
        return None, to_high, np.where(missing, 2, 0)
    edge = float(column.edges[int(np.argmax(known)) - 1])
    if not (values < edge).any() or not (values >= edge).any():
        # Rows that moved across a cut above took all known values of a side with them, and left the missing ones.
        return Fraction(repr(edge)), to_high, np.where(missing, 2, values >= edge)
    for share_up, share_down in allowances:
        cut = choose_cut(values[~missing], edge, column.type, share_up * MOVED, share_down * MOVED)
        codes = np.where(missing, 2, values >= float(cut))
        if _keeps(node, columns, rows, to_high[codes], min_rows):
            break
    return cut, to_high, codes


def _keeps(node: Node, columns: Sequence[Column], rows: Rows, high: Flags, min_rows: int) -> bool:
    """Whether all leaves keep so many rows when the first split is as these flags say, and the others exact."""
    features = [column.feature for column in columns]
    return all(
        np.bincount(leaf_places(side, features, part), minlength=len(leaves(side))).min() >= min_rows
        for side, part in ((node.low, rows[~high]), (node.high, rows[high]))
        if side is not None
    )


def keeps_directions(tree: Splitting | End, columns: Sequence[Column], values: NDArray[np.float64]) -> bool:
    """Whether on each side of a split on a column with a direction every segment's mean is as that direction says."""
    for split in splittings(tree):
        direction = columns[split.place].feature.direction
        low, high = (
            [direction * float(values[end.rows].mean()) for end in side.ends]
            for side in (split.low_side, split.high_side)
        )
        if direction and max(low) > min(high):
            return False
    return True


def grid_of(tree: Splitting | End, columns: Sequence[Column]) -> Grid:
    found: dict[int, set[Fraction]] = {}
    for split in splittings(tree):
        if split.cut is not None:
            found.setdefault(split.place, set()).add(split.cut)
    return Grid(tuple(columns), MappingProxyType({place: tuple(sorted(cuts)) for place, cuts in found.items()}))


def splittings(tree: Splitting | End) -> list[Splitting]:
    """The splits, from the root down, low sides first."""
    if isinstance(tree, End):
        return []
    return [tree, *splittings(tree.low_side), *splittings(tree.high_side)]


def regions(tree: Splitting | End, grid: Grid) -> list[tuple[End, Region]]:
    """The leaves, low sides first, each with what it takes."""
    return _regions(tree, grid, {})


def _regions(tree: Splitting | End, grid: Grid, region: Region) -> list[tuple[End, Region]]:
    if isinstance(tree, End):
        return [(tree, region)]
    high = _on_grid(tree, grid)
    before = region.get(tree.place, np.ones(grid.size(tree.place), np.bool_))
    return [
        *_regions(tree.low_side, grid, {**region, tree.place: before & ~high}),
        *_regions(tree.high_side, grid, {**region, tree.place: before & high}),
    ]


def _on_grid(split: Splitting, grid: Grid) -> Flags:
    """The flags of a split for each interval of the grid, or for each code."""
    if not isinstance(grid.columns[split.place], Measure):
        return split.to_high
    cuts = grid.cuts.get(split.place, ())
    below = 0 if split.cut is None else cuts.index(split.cut) + 1
    parts = (np.full(below, split.to_high[0]), np.full(len(cuts) + 1 - below, split.to_high[1]), split.to_high[2:])
    return np.concatenate(parts)


def meet(one: Region, other: Region) -> bool:
    """Whether some values would be in both regions."""
    return all((one[place] & other[place]).any() for place in one.keys() & other.keys())
