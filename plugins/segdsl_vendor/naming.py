"""Matching by name: which account and which record are each other's only likely partner."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from segdsl_vendor.blocking import Placed, pair_names
from segdsl_vendor.likeness import compare, confidence

NEAR = 0.5  # confidence from which a pair is a near miss, worth a person's look
MARGIN = 0.05  # a rival within it makes a tie
UNKNOWN_COUNTRY = 0.95  # of the confidence, where the country of one isn't known

Pairing: TypeAlias = "Callable[[Sequence[Placed], Sequence[Placed]], Iterable[tuple[int, Sequence[int]]]]"


@dataclass(frozen=True, slots=True)
class Edge:
    """A pair of names that may be one firm's, by their positions."""

    ours: int
    theirs: int
    confidence: float


@dataclass(frozen=True, slots=True)
class Likely:
    """What is known of one of our names: its best partner (the first of equals), and who else contends.

    `partners` are the positions of their names that contend with the best, `claimants` of our names that claim the
    best partner at least nearly as well; both hold the one that they are about. `better` says that a claimant fits the
    partner better, beyond a tie.
    """

    best: Edge
    partners: tuple[int, ...]
    claimants: tuple[int, ...]
    better: bool


def find_likely(
    ours: Sequence[Placed], theirs: Sequence[Placed], threshold: float, pairing: Pairing = pair_names
) -> Mapping[int, Likely]:
    """What is known of each of our names that has at least a near miss, by its position."""
    edges = _edges(ours, theirs, pairing)
    by_ours, by_theirs = defaultdict[int, list[Edge]](list), defaultdict[int, list[Edge]](list)
    for edge in edges:
        by_ours[edge.ours].append(edge)
        if edge.confidence >= threshold:
            by_theirs[edge.theirs].append(edge)
    found: dict[int, Likely] = {}
    for position, options in by_ours.items():
        best = min(options, key=lambda edge: (-edge.confidence, edge.theirs))
        floor = max(threshold, best.confidence - MARGIN) if best.confidence >= threshold else best.confidence
        claims = by_theirs[best.theirs]
        found[position] = Likely(
            best,
            tuple(edge.theirs for edge in options if edge.confidence >= floor),
            tuple(edge.ours for edge in claims if edge.confidence >= best.confidence - MARGIN),
            any(edge.confidence > best.confidence + MARGIN for edge in claims),
        )
    return found


def _edges(ours: Sequence[Placed], theirs: Sequence[Placed], pairing: Pairing) -> list[Edge]:
    return [
        Edge(position, other, chance)
        for position, others in pairing(ours, theirs)
        for other in others
        if (chance := likeness(ours[position], theirs[other])) >= NEAR
    ]


def likeness(one: Placed, other: Placed) -> float:
    """The confidence that two names are one firm's; 0 in different countries."""
    known = one.country is not None and other.country is not None
    if known and one.country != other.country:
        return 0.0
    return round(confidence(compare(one.name, other.name)) * (1.0 if known else UNKNOWN_COUNTRY), 4)
