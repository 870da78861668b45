"""A pruned tree as regions: which values of each column every leaf takes, with cut-points as people write them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from segdsl.evidence.binning import Floats
from segdsl.evidence.regression_tree import Node, Rows
from segdsl_tree.columns import Column, Measure
from segdsl_tree.cut_points import MOVED, choose_cut

Flags = NDArray[np.bool_]


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


def round_cuts(node: Node, columns: Sequence[Column], rows: Rows, min_rows: int) -> Splitting | End:
    """The tree with human cut-points; with exact ones if otherwise a leaf would get too small."""
    rounded = _rounded(node, columns, rows, MOVED)
    if min(len(end.rows) for end in rounded.ends) >= min_rows:
        return rounded
    return _rounded(node, columns, rows, 0.0)


def _rounded(node: Node, columns: Sequence[Column], rows: Rows, moved: float) -> Splitting | End:
    split = node.split
    if split is None or node.low is None or node.high is None:
        return End(rows)
    column = columns[split.feature]
    cut, to_high, codes = None, split.to_high, column.feature.codes[rows].astype(np.intp)
    known = split.to_high[:-1]
    if isinstance(column, Measure):
        values = column.values[rows]
        missing_high = bool(split.to_high[-1])
        if known.any() and not known.all():
            edge = column.edges[int(np.argmax(known)) - 1]
            cut = _cut(values[~np.isnan(values)], float(edge), column, moved)
        to_high = np.array([bool(known[0]), bool(known[-1]), missing_high])
        reached = np.ones(len(values), np.intp) if cut is None else (values >= float(cut)).astype(np.intp)
        codes = np.where(np.isnan(values), 2, reached)
    high = to_high[codes]
    return Splitting(
        split.feature,
        cut,
        to_high,
        rows,
        high,
        _rounded(node.low, columns, rows[~high], moved),
        _rounded(node.high, columns, rows[high], moved),
    )


def _cut(known: Floats, edge: float, column: Measure, moved: float) -> Fraction:
    # Rows that moved into this branch may leave one side of the cut empty.
    if not (known < edge).any() or not (known >= edge).any():
        return Fraction(repr(edge))
    return choose_cut(known, edge, column.type, moved)


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
