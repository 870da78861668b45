"""How well a scorecard tells wanted rows from others in rows that it was not learned from."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from segdsl.evidence.binning import Floats
from segdsl.evidence.ranks import rank
from segdsl.evidence.regression_tree import Feature, Flags, Rows
from segdsl.evidence.scorecard import fit_weights, learn_scorecard, log_odds, point_sums
from segdsl.evidence.tree_pruning import fold_places
from segdsl.evidence.two_groups import compare

# Penalties that are tried: each is worth about so many rows that say that a level changes nothing.
STRENGTHS = (100.0, 30.0, 10.0, 3.0)
FOLDS = 5
# How often the rows are parted into folds anew.
REPEATS = 4
# More rows tell no more of how a scorecard does.
_MOST_ROWS = 5_000
_NORMAL = 1.959963984540054


@dataclass(frozen=True, slots=True)
class OutOfSample:
    """What points tell of rows that they weren't learned from.

    `area` under the receiver operating characteristic: how often a wanted row has more points than another one, equal
    ones counting half; .5 is chance. `low` and `high`: its 95 % interval. `shares`: of each band of the rows, those
    with the most points first, the share of wanted ones; NaN where a band has no rows.
    """

    area: float
    low: float
    high: float
    shares: tuple[float, ...]


def choose_strength(features: Sequence[Feature], wanted: Flags, seed: int) -> float:
    """The penalty with the greatest likelihood of held out rows, in cross-validation with five folds."""
    rows = _sample(len(wanted))
    lost = np.zeros(len(STRENGTHS))
    for learned, held in _folds(wanted, rows, seed):
        weights = None
        for place, strength in enumerate(STRENGTHS):
            weights = fit_weights(features, wanted, strength, learned, weights)
            odds = log_odds(weights, features, held)
            lost[place] += np.logaddexp(0, np.where(wanted[held], -odds, odds)).sum()
    return STRENGTHS[int(np.argmin(lost))]


def judge_scorecard(
    features: Sequence[Feature], wanted: Flags, strength: float, bands: Sequence[float], seed: int
) -> OutOfSample:
    """Four times cross-validation with five folds, of the whole way from rows to points.

    There are five rows of each kind, or more. `bands` are shares of the rows, those with the most points first; they
    add up to 1. Points are compared by their ranks within a fold, since each fold has a scorecard of its own.
    The interval is that of DeLong, DeLong and Clarke-Pearson (Biometrics 44, 1988) on the scale of Fisher's z, wider by
    the root of 1.5: folds share what they are learned from, so an area varies by (1/20 + 1/4) / (1/5) as much as if
    they didn't (Nadeau and Bengio, Machine Learning 52, 2003).
    """
    rows = _sample(len(wanted))
    own = wanted[rows]
    # Where the search begins changes nothing but how long it takes.
    start = fit_weights(features, wanted, strength, rows)
    found, counts = [], np.zeros((2, len(bands)))
    for repeat in range(REPEATS):
        standing = np.zeros(len(wanted))
        for learned, held in _folds(wanted, rows, seed + 1 + repeat):
            card = learn_scorecard(features, wanted, strength, learned, start)
            standing[held] = (rank(point_sums(card, features, held)).ranks - 0.5) / len(held)
        found.append(_on_z(own, standing[rows]))
        places = np.searchsorted(np.cumsum(bands)[:-1], 1 - standing[rows], side="left")
        for kind in (0, 1):
            counts[kind] += np.bincount(places[own == kind], minlength=len(bands))
    middle, half = np.mean(found, axis=0)
    half *= np.sqrt((1 / (FOLDS * REPEATS) + 1 / (FOLDS - 1)) * FOLDS)
    with np.errstate(invalid="ignore"):
        shares = counts[1] / counts.sum(axis=0)
    area, low, high = (float(1 + np.tanh(z)) / 2 for z in (middle, middle - half, middle + half))
    return OutOfSample(area, low, high, tuple(shares.tolist()))


def _on_z(wanted: Flags, standing: Floats) -> tuple[float, float]:
    """How much oftener a wanted row stands above another than below, on Fisher's scale, and half of its 95 % interval.

    Rows that all stand alike have the width that chance would give them; such as are wholly apart count as nearly so.
    """
    compared = compare(wanted, standing)
    pairs = float(wanted.sum()) * float((~wanted).sum())
    if compared is None:
        return 0.0, 2 * _NORMAL * float(np.sqrt((len(wanted) + 1) / (12 * pairs)))
    nearly = 1 - 1 / (pairs + 1)
    low, middle, high = np.arctanh(np.clip((compared.low, compared.effect, compared.high), -nearly, nearly))
    return float(middle), float(high - low) / 2


def area_of(wanted: Flags, values: Floats) -> float:
    """How often a wanted row has a larger value than another one, equal ones counting half.

    Mann and Whitney's statistic as a share of the pairs (Hanley and McNeil, Radiology 143, 1982); both kinds have rows.
    """
    count = int(wanted.sum())
    above = float(rank(values).ranks[wanted].sum()) - count * (count + 1) / 2
    return above / (count * (len(wanted) - count))


def _sample(count: int) -> Rows:
    return np.arange(0, count, -(-count // _MOST_ROWS))


def _folds(wanted: Flags, rows: Rows, seed: int) -> Iterator[tuple[Rows, Rows]]:
    """The rows that are learned from and those that are held out, for each fold."""
    for held in fold_places(wanted[rows].astype(np.float64), FOLDS, seed):
        learned = np.ones(len(rows), np.bool_)
        learned[held] = False
        yield rows[learned], rows[held]
