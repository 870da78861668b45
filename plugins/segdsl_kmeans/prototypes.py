"""Centres of clusters as prototypes: round figures, as long as they place the accounts as the centres do."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import expm1

import numpy as np
import numpy.typing as npt

from segdsl.evidence.figures import exact, roundest
from segdsl.evidence.measures import Floats
from segdsl.evidence.mixed_clusters import MixedPoints, nearest
from segdsl.evidence.mixed_clusters import Prototypes as Middles
from segdsl.plugin import Kind
from segdsl_kmeans.features import Feature

Places = npt.NDArray[np.int64]

# How far a figure may be moved to be round, in units of the scale; the first that moves few accounts is taken.
_TOLERANCES = (0.1, 0.05, 0.02, 0.01, 0.001, 1e-6)
_FEW = 0.01
# What is closer to 0 in units of the scale is 0: the mean of nothing but zeros may be off by the last bits.
_NOTHING = _TOLERANCES[-1]
# A figure of what can't be negative stays within this share of itself: 40 of 9,000 employees isn't 0.
_OF_ITSELF = 0.2
_SECOND = Decimal(86_400)


@dataclass(frozen=True, slots=True)
class Prototypes:
    """A figure for each cluster and number, where each account then goes, and the share that goes elsewhere."""

    figures: tuple[tuple[Decimal, ...], ...]
    labels: Places
    moved: float


def round_prototypes(measures: Sequence[Feature], points: MixedPoints, middles: Middles, labels: Places) -> Prototypes:
    """The roundest figures by which at most 1 % of the accounts change cluster and no cluster is left empty.

    `measures` are those of the numbers; modes stay as they are.
    """
    *_, last = _trials(measures, points, middles, labels)
    return last


def _trials(measures: Sequence[Feature], points: MixedPoints, middles: Middles, labels: Places) -> Iterator[Prototypes]:
    """Rounder to finer, up to the first that will do."""
    count = len(middles.centres)
    for tolerance in _TOLERANCES:
        figures = tuple(
            tuple(_rounded(m, float(at), tolerance) for m, at in zip(measures, centre, strict=True))
            for centre in middles.centres
        )
        placed, _ = nearest(points, Middles(place_figures(measures, figures), middles.modes))
        moved = float(np.mean(placed != labels))
        yield Prototypes(figures, placed, moved)
        if moved <= _FEW and len(np.unique(placed)) == count:
            return


def place_figures(measures: Sequence[Feature], figures: Sequence[Sequence[Decimal]]) -> Floats:
    """Where figures stand, in units of the scales: as the language reads a prototype."""
    rows = [[_scaled(m, float(x)) for m, x in zip(measures, row, strict=True)] for row in figures]
    return np.array(rows, dtype=np.float64).reshape(len(figures), len(measures))


def _scaled(measure: Feature, value: float) -> float:
    return float((np.log1p(value) if measure.log else value) / float(measure.scale))


def _rounded(measure: Feature, at: float, tolerance: float) -> Decimal:
    """The roundest figure near a place on a measure, in the measure's own unit."""
    if abs(at) < _NOTHING:
        return Decimal(0)
    value = _unscaled(measure, at)
    low, high = (_unscaled(measure, at + sign * tolerance) for sign in (-1, 1))
    if measure.from_zero:
        low, high = max(low, value * (1 - _OF_ITSELF)), min(high, value * (1 + _OF_ITSELF))
    if not low < high:
        return exact(value)
    figure = roundest(exact(low), exact(high), exact(value))
    return _whole_seconds(figure) if measure.type.kind is Kind.DURATION else figure


def _unscaled(measure: Feature, at: float) -> float:
    value = at * float(measure.scale)
    return expm1(value) if measure.log else value


def _whole_seconds(days: Decimal) -> Decimal:
    return (days * _SECOND).to_integral_value() / _SECOND
