"""Nested segments as one flat list of rules, the leaves, in the order in which they are tried."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from segdsl.engines.arrow.aggregation.columns import Ints
from segdsl.model.expression import And, Expr, KnownTrue, Literal
from segdsl.model.model import Segment
from segdsl.types import BOOL

TRUE = Literal(True, BOOL)


@dataclass(frozen=True, slots=True)
class Leaf:
    """A rule: rows that are the first to satisfy it are in the segments of `path`, from the outermost inwards.

    `order` are the places of those segments among their siblings. `whole` says that the path ends at a segment in
    which no others are nested, so that it is a micro-segment.
    """

    path: tuple[Segment, ...]
    order: tuple[int, ...]
    condition: Expr
    whole: bool


@dataclass(frozen=True, slots=True)
class Leaves:
    """The leaves of a scheme; for each the place of its segment and of its micro-segment (-1: none) among the names."""

    leaves: tuple[Leaf, ...]
    top: Ints
    top_names: tuple[str, ...]
    micro: Ints
    micro_names: tuple[str, ...]


def leaves_of(segments: tuple[Segment, ...]) -> Leaves:
    """The leaves of the segments of a scheme.

    A nested segment's rule asks for its parents' conditions to be true. After a segment's nested ones stands the
    segment itself, for rows that are in none of them.
    """
    leaves = tuple(_leaves(segments, Leaf((), (), TRUE, False), ()))
    top_names = tuple(segment.name for segment in segments)
    micro_names = tuple(path_name(leaf.path) for leaf in leaves if leaf.whole)
    top = np.array([leaf.order[0] for leaf in leaves], dtype=np.int64)
    micro = np.full(len(leaves), -1, dtype=np.int64)
    micro[[place for place, leaf in enumerate(leaves) if leaf.whole]] = np.arange(len(micro_names))
    return Leaves(leaves, top, top_names, micro, micro_names)


def path_name(path: tuple[Segment, ...]) -> str:
    """`parent/child`, as a spec writes a micro-segment."""
    return "/".join(segment.name for segment in path)


def _leaves(segments: tuple[Segment, ...], parent: Leaf, guards: tuple[Expr, ...]) -> Iterator[Leaf]:
    for place, segment in enumerate(segments):
        condition = TRUE if segment.condition is None else segment.condition
        whole = not segment.children
        leaf = Leaf((*parent.path, segment), (*parent.order, place), _guarded(guards, condition), whole)
        yield from _leaves(segment.children, leaf, (*guards, condition))
        yield leaf


def _guarded(guards: tuple[Expr, ...], condition: Expr) -> Expr:
    """The condition within its parents: where a parent isn't true it is false, so never undecided there."""
    if not guards:
        return condition
    return And((*(KnownTrue(guard) for guard in guards), condition))
