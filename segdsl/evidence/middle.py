"""Whether a score is best (or worst) in the middle of a proxy."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from segdsl.evidence.rank_correlation import correlate
from segdsl.evidence.ranks import known_pairs, rank

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


def find_turn(proxy: npt.ArrayLike, score: npt.ArrayLike) -> Turn | None:
    """None with fewer than 30 rows, or where the two sides don't run opposite ways.

    Two lines (Simonsohn 2018), on ranks: the turn is at the vertex of a parabola through the ranks, between the first
    and the last fifth, and both sides must go their own way. A parabola alone takes any bent line for a turn.
    """
    values, scores = known_pairs(proxy, score)
    if len(values) < LEAST_ROWS:
        return None
    places = (rank(values).ranks - 0.5) / len(values)
    vertex = float(np.clip(_vertex(places, rank(scores).ranks), *_WITHIN))
    low = places <= vertex
    before, after = correlate(values[low], scores[low]), correlate(values[~low], scores[~low])
    if before is None or after is None or before.rho * after.rho >= 0:
        return None
    return Turn(float(values[low].max()), before.rho > 0, before.rho, after.rho, max(before.p, after.p))


def _vertex(places: Floats, ranks: Floats) -> float:
    """Where the parabola of least squares through the points turns; the middle, where they lie on a line."""
    centre, mean = places.mean(), ranks.mean()
    x, y = places - centre, ranks - mean
    powers = [float((x**power).sum()) for power in range(5)]
    moments = [float((x**power * y).sum()) for power in range(3)]
    matrix = np.array([powers[start : start + 3] for start in range(3)])
    if np.linalg.matrix_rank(matrix) < 3:
        return 0.5
    _, slope, square = np.linalg.solve(matrix, np.array(moments))
    return 0.5 if square == 0 else float(centre - slope / (2 * square))
