"""Bands of points, as segments."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from segdsl.evidence.cut_points import cut_point, quantile_places
from segdsl.evidence.regression_tree import Flags
from segdsl.evidence.scorecard import Points
from segdsl.plugin import INT, TEXT, literal
from segdsl_lookalike.terms import Term

# The share of rows that may stand in another band so that its bound is round.
_SLACK = 0.01
_NAMES = {
    2: ("alike", "unlike"),
    3: ("alike", "partly_alike", "unlike"),
    4: ("very_alike", "alike", "partly_alike", "unlike"),
    5: ("very_alike", "alike", "partly_alike", "hardly_alike", "unlike"),
}


@dataclass(frozen=True, slots=True)
class Band:
    """A segment: rows with at least so many points that aren't in a higher band; None for the lowest."""

    name: str
    title: str
    begins: int | None
    rows: Flags


def find_bands(points: Points, count: int) -> tuple[Band, ...]:
    """At most so many bands of about as many rows, from the most points down. Equal points are never parted."""
    ascending = np.sort(points).astype(np.float64)
    slack = int(len(points) * _SLACK)
    places = {int(place) for place in quantile_places(ascending, count) if place < len(ascending)}
    bounds = sorted({int(cut_point(ascending, place, slack, slack)) for place in places}, reverse=True)
    names = _NAMES.get(len(bounds) + 1) or [f"likeness_{place + 1}" for place in range(len(bounds) + 1)]
    left = np.ones(len(points), np.bool_)
    bands = []
    for name, begins in zip(names, (*bounds, None), strict=True):
        rows = left if begins is None else left & (points >= begins)
        title = _title(name, begins, bounds[-1] if bounds else 0)
        bands.append(Band(name, title, begins, rows))
        left = left & ~rows
    return tuple(bands)


def _title(name: str, begins: int | None, lowest: int) -> str:
    said = name.replace("_", " ").capitalize()
    return f"{said}: under {lowest} points" if begins is None else f"{said}: {begins} points and over"


def write_bands(bands: Sequence[Band], terms: Sequence[Term]) -> str:
    """A segment for each band. Every bound is compared with the same sum, which is computed once."""
    total = " + ".join(term.text for term in terms)
    lines = []
    for band in bands:
        when = "otherwise" if band.begins is None else f"when {total} >= {literal(band.begins, INT)}"
        lines.append(f"segment {band.name} {literal(band.title, TEXT)} {when}")
    return "\n".join(lines)
