"""Which few segments hold the most of the best accounts beyond their size."""

from dataclasses import dataclass
from itertools import combinations

import numpy as np

from segdsl.evidence.gains import best_parts
from segdsl.evidence.measures import Floats
from segdsl_measures.samples import Places, Sample, Trial

# Of more segments that hold more than their share, those with the largest surplus are tried.
_MOST_TRIED = 20
_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class Wish:
    """What is looked for: `fewest` to `most_segments` segments that have no more than a share `most` of the accounts.

    `top` is the share of accounts that counts as the best.
    """

    top: float
    most: float
    fewest: int
    most_segments: int


def choose(sample: Sample, trial: Trial, wish: Wish) -> Places:
    """The segments of the trial that are chosen by the accounts it was learned on, best first; none if none is better.

    The surplus of a segment is the number of its accounts among the best, less what its number of accounts with a score
    would give it. Of segments with a surplus, those are chosen that have the largest together; of equal choices, the
    one with fewer accounts. If fewer segments than wished have a surplus, or so many are always too large, fewer are
    chosen.
    """
    rows, count = trial.learned_on, len(trial.names)
    sizes = _by_segment(trial.segments[rows], count)
    scored = rows & sample.known
    places = trial.segments[scored]
    surplus = _by_segment(places, count, best_parts(sample.score[scored], wish.top))
    surplus -= wish.top * _by_segment(places, count)
    shares = sizes / np.count_nonzero(rows)
    better = np.flatnonzero((surplus > _ROUNDING * len(places)) & (shares <= wish.most + _ROUNDING))
    better = better[np.argsort(-surplus[better], kind="stable")][:_MOST_TRIED]
    for number in range(min(wish.fewest, len(better)), 0, -1):
        most = wish.most_segments if number == wish.fewest else number
        sets = [list(one) for size in range(number, most + 1) for one in combinations(better.tolist(), size)]
        allowed = [one for one in sets if shares[one].sum() <= wish.most + _ROUNDING]
        if allowed:
            best = max(allowed, key=lambda one: (round(float(surplus[one].sum()), 9), -float(shares[one].sum())))
            return np.array(best, dtype=np.int64)
    return np.array([], dtype=np.int64)


def _by_segment(places: Places, count: int, weights: Floats | None = None) -> Floats:
    inside = places >= 0
    found = np.bincount(places[inside], None if weights is None else weights[inside], count)
    return found.astype(np.float64)
