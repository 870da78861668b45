"""A scorecard: whole points for each level of each feature, whose sum tells the wanted rows from the others.

The points are the weights of a penalised logistic regression on the levels. A feature is a
`segdsl.evidence.regression_tree.Feature`: codes 0 to `bins` - 1, and `bins` for a missing value, which is a level of
its own.

Sources: Newton's method for penalised logistic regression, Hastie, Tibshirani and Friedman, The Elements of Statistical
Learning (2009), section 4.4; the ridge penalty, le Cessie and van Houwelingen, Applied Statistics 41 (1992); the
penalty on differences of neighbouring levels, Gertheiss and Tutz, International Statistical Review 77 (2009); scaling
weights to whole points, Siddiqi, Credit Risk Scorecards (2006), chapter 6.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from segdsl.evidence.binning import Floats
from segdsl.evidence.regression_tree import Feature, Flags, Rows

Points = NDArray[np.int64]

# What the most that all features give comes to, but for rounding.
FULL = 100
# A feature that gives fewer points than these is left out.
LEAST_POINTS = 4
# What differences of neighbouring levels don't penalise, the level of all of them, is penalised by this share.
_RIDGE = 0.1
_MOST_STEPS = 50
_CLOSE = 1e-7
_CHUNK = 1 << 14


@dataclass(frozen=True, slots=True)
class Weights:
    """Log odds: `intercept`, and for each feature what each of its levels adds, the last for a missing value."""

    intercept: float
    levels: tuple[Floats, ...]


@dataclass(frozen=True, slots=True)
class Scorecard:
    """For each feature the points of its levels, the last for a missing value: from 0 up, all 0 where it is left out.

    `per_unit` points are one unit of log odds.
    """

    points: tuple[Points, ...]
    per_unit: float


class _Design:
    """Rows as a matrix of 0 and 1: the intercept, then a column for each level of each feature."""

    def __init__(self, features: Sequence[Feature], rows: Rows | None) -> None:
        self.starts = 1 + np.cumsum([0, *(one.bins + 1 for one in features)])
        codes = [one.codes if rows is None else one.codes[rows] for one in features]
        self.matrix = np.zeros((len(codes[0]), int(self.starts[-1])))
        self.matrix[:, 0] = 1
        for own, start in zip(codes, self.starts[:-1], strict=True):
            self.matrix[np.arange(len(own)), own + start] = 1

    def products(self, values: Floats) -> Floats:
        """For each pair of columns the sum of the values over the rows of both."""
        found = np.zeros((self.matrix.shape[1],) * 2)
        for start in range(0, len(values), _CHUNK):
            part = self.matrix[start : start + _CHUNK]
            found += (part * values[start : start + _CHUNK, None]).T @ part
        return found


def penalty(features: Sequence[Feature]) -> Floats:
    """The matrix P of the penalty b'P b / 2. The intercept is free.

    Squares of levels are penalised, of ordered features squares of differences and a little of levels.
    """
    size = 1 + sum(one.bins + 1 for one in features)
    found = np.zeros((size, size))
    start = 1
    for feature in features:
        known = slice(start, start + feature.bins)
        if feature.ordered:
            steps = np.diff(np.eye(feature.bins), axis=0)
            found[known, known] = steps.T @ steps + _RIDGE * np.eye(feature.bins)
        else:
            found[known, known] = np.eye(feature.bins)
        found[known.stop, known.stop] = 1.0
        start = known.stop + 1
    return found


def fit_weights(
    features: Sequence[Feature], wanted: Flags, strength: float, rows: Rows | None = None, start: Weights | None = None
) -> Weights:
    """The weights of greatest likelihood less `strength` times the penalty, learned from some rows (None: all).

    `strength` is above 0, so there is one answer even where a level has no rows or only wanted ones. Both wanted rows
    and others must be among them. `start` is where the search begins.
    """
    design = _Design(features, rows)
    matrix = design.matrix
    target = (wanted if rows is None else wanted[rows]).astype(np.float64)
    penalties = strength * penalty(features)
    mean = target.mean()
    parameters = np.zeros(matrix.shape[1])
    parameters[0] = np.log(mean / (1 - mean))
    if start is not None:
        parameters = np.concatenate(([start.intercept], *start.levels))
    scores = matrix @ parameters
    worth = _worth(scores, target, parameters, penalties)
    for _ in range(_MOST_STEPS):
        chance = _chance(scores)
        gradient = (target - chance) @ matrix - penalties @ parameters
        curvature = design.products(chance * (1 - chance)) + penalties
        step = np.linalg.solve(curvature, gradient).astype(np.float64, copy=False)
        parameters, scores, better = _along(matrix, target, penalties, parameters, step, worth)
        if better - worth <= _CLOSE * (1 + abs(worth)):
            break
        worth = better
    return Weights(float(parameters[0]), tuple(np.split(parameters[1:], design.starts[1:-1] - 1)))


def _along(
    matrix: Floats, target: Floats, penalties: Floats, parameters: Floats, step: Floats, worth: float
) -> tuple[Floats, Floats, float]:
    """The parameters a step further, or a part of it where the whole one goes too far."""
    for part in 0.5 ** np.arange(30):
        moved = parameters + part * step
        scores = matrix @ moved
        better = _worth(scores, target, moved, penalties)
        if better >= worth:
            return moved, scores, better
    return parameters, matrix @ parameters, worth


def _worth(scores: Floats, target: Floats, parameters: Floats, penalties: Floats) -> float:
    """The penalised log likelihood."""
    return float((target * scores - np.logaddexp(0, scores)).sum() - parameters @ penalties @ parameters / 2)


def _chance(scores: Floats) -> Floats:
    return 1 / (1 + np.exp(-np.clip(scores, -500, 500)))


def log_odds(weights: Weights, features: Sequence[Feature], rows: Rows | None = None) -> Floats:
    """The log odds of some rows (None: all)."""
    total = np.full(len(features[0].codes) if rows is None else len(rows), weights.intercept)
    for levels, feature in zip(weights.levels, features, strict=True):
        total += levels[feature.codes if rows is None else feature.codes[rows]]
    return total


def learn_scorecard(
    features: Sequence[Feature], wanted: Flags, strength: float, rows: Rows | None = None, start: Weights | None = None
) -> Scorecard:
    """The points of the levels. Features that would give next to none are left out, and the others learned again.

    A level without rows gets the mean points of its feature.
    """
    kept = list(range(len(features)))
    weights = fit_weights(features, wanted, strength, rows, start)
    while True:
        own = [features[place] for place in kept]
        card = _card(weights, own, rows)
        telling = [place for place, points in zip(kept, card.points, strict=True) if points.max() >= LEAST_POINTS]
        if len(telling) == len(kept) or not telling:
            break
        start = Weights(weights.intercept, tuple(weights.levels[kept.index(place)] for place in telling))
        kept = telling
        weights = fit_weights([features[place] for place in kept], wanted, strength, rows, start)
    found = dict(zip(kept, card.points, strict=True))
    nothing = (np.zeros(one.bins + 1, np.int64) for one in features)
    return Scorecard(tuple(found.get(place, none) for place, none in enumerate(nothing)), card.per_unit)


def _card(weights: Weights, features: Sequence[Feature], rows: Rows | None) -> Scorecard:
    filled = [_filled(own, feature, rows) for own, feature in zip(weights.levels, features, strict=True)]
    reach = sum(float(np.ptp(own)) for own in filled)
    per_unit = FULL / reach if reach > 0 else 0.0
    return Scorecard(tuple(np.rint((own - own.min()) * per_unit).astype(np.int64) for own in filled), per_unit)


def _filled(weights: Floats, feature: Feature, rows: Rows | None) -> Floats:
    counts = np.bincount(feature.codes if rows is None else feature.codes[rows], minlength=feature.bins + 1)
    return np.where(counts > 0, weights, float(counts @ weights) / counts.sum())


def point_sums(card: Scorecard, features: Sequence[Feature], rows: Rows | None = None) -> Points:
    """The points of some rows (None: all)."""
    total = np.zeros(len(features[0].codes) if rows is None else len(rows), np.int64)
    for points, feature in zip(card.points, features, strict=True):
        total += points[feature.codes if rows is None else feature.codes[rows]]
    return total
