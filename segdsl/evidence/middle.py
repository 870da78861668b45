"""Whether a score is best (or worst) in the middle of a proxy."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from segdsl.evidence.rank_correlation import rho_and_p
from segdsl.evidence.ranks import Numbers, Ranked, known_pairs, ranked

Floats = npt.NDArray[np.float64]

LEAST_ROWS = 30
# The turn is looked for between these shares of the rows, so that both sides have rows enough.
_WITHIN = (0.2, 0.8)


@dataclass(frozen=True, slots=True)
class Turn:
    """A turn `at` a value of the proxy: rank correlations with the score up to it and above it.

    `best` tells a top from a bottom. `p` is the larger of the two sides' two-sided p-values.
    """

    at: float
    best: bool
    before: float
    after: float
    p: float


def find_turn(proxy: Numbers, score: Numbers) -> Turn | None:
    """None with fewer than 30 rows, or where the two sides don't run opposite ways.

    Two lines (Simonsohn 2018), on ranks: the turn is at the vertex of a parabola through the ranks, between the first
    and the last fifth, and both sides must go their own way. A parabola alone takes any bent line for a turn.
    """
    values, scores = known_pairs(proxy, score)
    n = len(values.codes)
    if n < LEAST_ROWS:
        return None
    one = ranked(values)
    places = (one.midranks - 0.5) / n
    vertex = float(np.clip(_vertex(one, places, ranked(scores).ranks), *_WITHIN))
    # Places ascend with the values, but for values that no row has.
    low = (places <= vertex)[values.codes]
    before, after = (rho_and_p(ranked(values.within(part)), ranked(scores.within(part))) for part in (low, ~low))
    if before is None or after is None or before[0] * after[0] >= 0:
        return None
    at = float(values.values[int(values.codes[low].max())])
    return Turn(at, before[0] > 0, before[0], after[0], max(before[1], after[1]))


def _vertex(one: Ranked, places: Floats, ranks: Floats) -> float:
    """Where the parabola of least squares of ranks on places (by value) turns; the middle, where they lie on a line."""
    n = len(ranks)
    centre = float((one.counts * places).sum()) / n
    x = places - centre
    sums = np.bincount(one.codes, ranks - (n + 1) / 2, len(places))
    x_square = x * x
    powers = [float((one.counts * power).sum()) for power in (np.ones_like(x), x, x_square, x_square * x, x_square**2)]
    moments = [float((power * sums).sum()) for power in (np.ones_like(x), x, x_square)]
    matrix = np.array([powers[start : start + 3] for start in range(3)])
    if np.linalg.matrix_rank(matrix) < 3:
        return 0.5
    _, slope, square = np.linalg.solve(matrix, np.array(moments))
    return 0.5 if square == 0 else float(centre - slope / (2 * square))
