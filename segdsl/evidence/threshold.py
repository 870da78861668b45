"""The best customers on both sides of a cut."""

from dataclasses import dataclass
from decimal import Decimal

import numpy as np
import numpy.typing as npt

from segdsl.evidence.cut_points import cut_point
from segdsl.evidence.ranks import Coded, Numbers, Places, coded, quantile, ranked

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


def choose_cut(proxy: Numbers, score: Numbers, chosen_on: Bools) -> Cut | None:
    """The cut that best parts the ranks of the score on some rows, with what the other rows say of it.

    None with fewer than 20 known rows in either half, or where no cut leaves a tenth of them on each side.
    """
    values, scores = coded(proxy), coded(score)
    known = values.known & scores.known
    values, scores, first = values.within(known), scores.within(known), chosen_on[known]
    if min(first.sum(), (~first).sum()) < LEAST_ROWS:
        return None
    at = _best(values.within(first), ranked(scores.within(first)).ranks)
    if at is None:
        return None
    above = (values.values >= float(at))[values.codes[~first]]
    low, high = two_sides(above, scores.within(~first), quantile(scores, 0.75))
    return None if low is None or high is None else Cut(at, low, high)


def two_sides(inside: Bools, scores: Numbers, top: float) -> tuple[Side | None, Side | None]:
    """Rows outside and inside a condition; `top` is the least score of the top quartile. None: no rows."""
    of_rows = coded(scores)
    outside, within = (_side(of_rows.values, of_rows.codes[rows], top) for rows in (~inside, inside))
    return outside, within


def _side(values: Floats, codes: Places, top: float) -> Side | None:
    n = len(codes)
    if not n:
        return None
    scores = values[codes]
    return Side(n, float(scores.mean()), int(np.count_nonzero(scores >= top)) / n)


def _best(rows: Coded, ranks: Floats) -> Decimal | None:
    """Between two values, where the ranks' variance between the two sides is greatest."""
    n, counts = len(rows.codes), np.bincount(rows.codes, minlength=len(rows.values))
    below = np.cumsum(counts)[:-1]
    least = max(1, int(np.ceil(_LEAST_SHARE * n)))
    allowed = (counts[1:] > 0) & (below >= least) & (below <= n - least)
    if not allowed.any():
        return None
    sums = np.cumsum(np.bincount(rows.codes, ranks - (n + 1) / 2, len(rows.values)))[:-1]
    gain = np.where(allowed, sums**2 / np.maximum(below * (n - below), 1), -1.0)
    play = int(_PLAY * n)
    return cut_point(np.repeat(rows.values, counts), int(below[gain.argmax()]), play, play)
