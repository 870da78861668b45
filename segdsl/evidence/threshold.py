"""The best customers on both sides of a cut."""

from dataclasses import dataclass
from decimal import Decimal

import numpy as np
import numpy.typing as npt

from segdsl.evidence.cut_points import cut_point
from segdsl.evidence.ranks import rank

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

LEAST_ROWS = 20
# Neither side of a cut has less than this share of the rows, and a cut may move past this share to a rounder figure.
_LEAST_SHARE = 0.1
_PLAY = 0.02


@dataclass(frozen=True, slots=True)
class Side:
    """Rows on one side, their mean score, and the share of them that are in the top quartile of the score."""

    n: int
    mean: float
    top: float


@dataclass(frozen=True, slots=True)
class Cut:
    """A cut: `below` are the rows with less than `at`, `above` those with `at` or more."""

    at: Decimal
    below: Side
    above: Side


def choose_cut(proxy: npt.ArrayLike, score: npt.ArrayLike, chosen_on: Bools) -> Cut | None:
    """The cut that best parts the ranks of the score on some rows, with what the other rows say of it.

    None with fewer than 20 known rows in either half, or where no cut leaves a tenth of them on each side.
    """
    values, scores = np.asarray(proxy, dtype=np.float64), np.asarray(score, dtype=np.float64)
    known = np.isfinite(values) & np.isfinite(scores)
    values, scores, first = values[known], scores[known], chosen_on[known]
    if min(first.sum(), (~first).sum()) < LEAST_ROWS:
        return None
    at = _best(values[first], rank(scores[first]).ranks)
    if at is None:
        return None
    below, above = two_sides(values[~first] >= float(at), scores[~first], float(np.quantile(scores, 0.75)))
    return None if below is None or above is None else Cut(at, below, above)


def two_sides(inside: Bools, scores: Floats, top: float) -> tuple[Side | None, Side | None]:
    """Rows outside and inside a condition; `top` is the least score of the top quartile. None: no rows."""
    outside, within = (_side(scores[rows], top) for rows in (~inside, inside))
    return outside, within


def _side(scores: Floats, top: float) -> Side | None:
    return Side(len(scores), float(scores.mean()), float((scores >= top).mean())) if len(scores) else None


def _best(values: Floats, ranks: Floats) -> Decimal | None:
    """Between two values, where the ranks' variance between the two sides is greatest."""
    order = np.argsort(values, kind="stable")
    ascending, n = values[order], len(values)
    places = np.arange(1, n)
    least = max(1, int(np.ceil(_LEAST_SHARE * n)))
    allowed = (ascending[1:] > ascending[:-1]) & (places >= least) & (places <= n - least)
    if not allowed.any():
        return None
    sums = np.cumsum(ranks[order] - ranks.mean())[:-1]
    gain = np.where(allowed, sums**2 / (places * (n - places)), -1.0)
    play = int(_PLAY * n)
    return cut_point(ascending, int(places[gain.argmax()]), play, play)
