"""How far groups of rows are apart in a score."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import special

from segdsl.evidence.permutation import groups_p
from segdsl.evidence.ranks import rank

Floats = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]

LEAST_ROWS = 4
# A mean of equal doubles differs from them by no more than about this part.
_ROUNDING = 1e-15


@dataclass(frozen=True, slots=True)
class Groups:
    """Rows, mean and sum of squares around the mean of each group; all 0 where a group is empty."""

    counts: Places
    means: Floats
    squares: Floats


@dataclass(frozen=True, slots=True)
class Explained:
    """The share of a score's variance that is between groups: as seen, and without what chance gives.

    `adjusted` is None where every row has a group of its own.
    """

    share: float
    adjusted: float | None


@dataclass(frozen=True, slots=True)
class Pairs:
    """Pairs of groups, by their places: the mean of `first` less that of `second`, its 95 % interval, and p.

    Interval and p are NaN where a group has fewer than two rows.
    """

    first: Places
    second: Places
    difference: Floats
    low: Floats
    high: Floats
    p: Floats


def groups_of(places: Places, score: Floats, count: int) -> Groups:
    """Groups of rows by their places, from 0 to below `count`; `score` is finite."""
    counts = np.bincount(places, minlength=count)
    # Sums of differences from a value in their midst keep their digits where scores are far from 0.
    base = float(score.mean()) if len(score) else 0.0
    moved = score - base
    means = np.bincount(places, weights=moved, minlength=count) / np.maximum(counts, 1)
    squares = np.bincount(places, weights=(moved - means[places]) ** 2, minlength=count).astype(np.float64)
    if len(score):
        squares[squares <= counts * (_ROUNDING * np.abs(score).max()) ** 2] = 0.0
    return Groups(counts, np.where(counts > 0, base + means, 0.0), squares)


def explained(groups: Groups) -> Explained | None:
    """Eta squared, and epsilon squared (Kelley 1935): 1 - (1 - eta squared)(n - 1) / (n - k) for n rows in k groups.

    None with fewer than two groups or a constant score. Epsilon squared may be below 0: less than chance gives.
    """
    there = groups.counts > 0
    rows, levels = int(groups.counts.sum()), int(np.count_nonzero(there))
    if levels < 2:
        return None
    overall = float(groups.counts @ groups.means) / rows
    between = float(groups.counts @ (groups.means - overall) ** 2)
    whole = between + float(groups.squares.sum())
    if whole <= rows * (_ROUNDING * overall) ** 2:
        return None
    share = between / whole
    return Explained(share, None if rows == levels else 1 - (1 - share) * (rows - 1) / (rows - levels))


def predicted_share(score: Floats, predicted: Floats, known_before: Floats) -> float | None:
    """The share of the score's variance that predictions take away, on rows that they weren't learned on.

    1 - sum (y - prediction)^2 / sum (y - mean)^2, with the mean of the rows that were learned on (`known_before`, for
    each row): the predictive R squared of cross-validation (Stone 1974; Geisser 1975). Below 0 where the mean predicts
    better; None where every score is that mean.
    """
    whole = score - known_before
    scale = np.abs(whole).max(initial=0.0)
    if scale == 0:
        return None
    return 1 - float((((score - predicted) / scale) ** 2).sum() / ((whole / scale) ** 2).sum())


def kruskal_wallis(places: Places, score: Floats) -> float | None:
    """Whether scores differ between groups (places from 0 on): p of Kruskal and Wallis' test (1952).

    Exact or by permutation where rows are few, see `permutation`. None with fewer than four rows, one group, a group a
    row, or a constant score.
    """
    if len(places) < LEAST_ROWS:
        return None
    there = np.bincount(places) > 0
    codes = (np.cumsum(there) - 1)[places]
    pooled, sizes = rank(score), np.bincount(codes)
    if len(sizes) in (1, len(codes)) or pooled.is_constant:
        return None
    ranks = pooled.ranks
    centred = ranks - ranks.mean()
    between = float((np.bincount(codes, weights=centred) ** 2 / sizes).sum())
    statistic = (len(codes) - 1) * min(between / float((centred**2).sum()), 1.0)
    return groups_p(codes, ranks, statistic)[0]


def compare_pairs(groups: Groups, first: Places, second: Places) -> Pairs:
    """Welch's tests (1947) of these pairs of groups, each with rows; degrees of freedom after Satterthwaite (1946).

    Where neither group varies there is no t: p is then how likely shuffled rows are as far apart. p is not corrected.
    """
    counts, difference = groups.counts, groups.means[first] - groups.means[second]
    with np.errstate(divide="ignore", invalid="ignore"):
        variance = groups.squares / (counts - 1) / counts
        parts = variance[first], variance[second]
        whole = parts[0] + parts[1]
        freedom = whole**2 / (parts[0] ** 2 / (counts[first] - 1) + parts[1] ** 2 / (counts[second] - 1))
        half = special.stdtrit(freedom, 0.975) * np.sqrt(whole)
        p = 2 * special.stdtr(freedom, -np.abs(difference) / np.sqrt(whole))
    tested = (counts[first] > 1) & (counts[second] > 1)
    still = tested & ~(whole > 0)
    p[still] = _shuffled_apart(counts[first][still], counts[second][still], difference[still])
    half[still] = 0.0
    p[~tested] = half[~tested] = np.nan
    return Pairs(first, second, difference, difference - half, difference + half, p)


def _shuffled_apart(one: Places, other: Places, difference: Floats) -> Floats:
    """How likely two values, shuffled over two groups, end up parted again: all of one value in the one group."""
    ways = special.binom(one + other, one)
    parted = np.where(one == other, 2.0, 1.0) / ways
    return np.where(difference == 0, 1.0, np.minimum(parted, 1.0))
