"""What sets a group of rows apart from the rest: means and shares, and how far they are from those of the rest."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import special

Floats = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]

# A mean of equal doubles differs from them by no more than about this part.
_ROUNDING = 1e-15


@dataclass(frozen=True, slots=True)
class Contrasts:
    """Groups against the rest, one entry for each group, or for each group and value.

    `inside` and `outside` are means or shares. `apart` is their difference by the root of the mean of both variances:
    Cohen's d, and for shares the standardised difference of Austin (2009), so that both compare. It is infinite where
    both are constant and differ. `p` is two-sided and not corrected. All are NaN where there is nothing to compare.
    """

    inside: Floats
    outside: Floats
    apart: Floats
    p: Floats


def contrast_means(values: Floats, places: Places, count: int) -> Contrasts:
    """A measure in each of `count` groups; `values` are NaN where missing, places less than 0 are the rest of all.

    p is Welch's (1947), so that there is none for fewer than two rows inside or outside.
    """
    known = np.isfinite(values)
    kept, at = values[known], places[known] + 1
    base = float(kept.mean()) if len(kept) else 0.0
    # Sums of differences from a value in their midst keep their digits where values are far from 0.
    moved = kept - base
    rows = np.bincount(at, minlength=count + 1)
    sums, squares = (np.bincount(at, power, count + 1).astype(np.float64) for power in (moved, moved**2))
    still = _ROUNDING * float(np.abs(kept).max(initial=0.0))
    own = _moments(rows[1:], sums[1:], squares[1:], still)
    rest = _moments(rows.sum() - rows[1:], sums.sum() - sums[1:], squares.sum() - squares[1:], still)
    return _contrasts(base, own, rest)


def contrast_shares(having: Places, rows: Places) -> Contrasts:
    """Of how many rows have a value: `having` (groups, values), of `rows` (groups,) that are known.

    The last group is that of the rows in none, and gets no contrast: the result has the shape (groups - 1, values). p
    is twice the smaller tail of the binomial distribution with the share of all rows, for whichever side of the
    contrast has fewer rows: exact for draws with replacement, and in the tails too large for those without.
    """
    having_all, rows_all = having.sum(axis=0), int(rows.sum())
    inside, known = having[:-1], rows[:-1, np.newaxis]
    outside, others = having_all - inside, rows_all - known
    with np.errstate(divide="ignore", invalid="ignore"):
        own, rest = inside / known, outside / others
        gap = own - rest
        spread = np.sqrt((own * (1 - own) + rest * (1 - rest)) / 2)
        apart = np.where(gap == 0, 0.0, gap / spread)
        smaller = known <= others
        hits, tries = np.where(smaller, inside, outside), np.where(smaller, known, others)
        p = _binomial(hits, np.broadcast_to(tries, hits.shape), having_all / rows_all)
    nothing = np.broadcast_to((known == 0) | (others == 0), hits.shape)
    return Contrasts(*(np.where(nothing, np.nan, one) for one in (own, rest, apart, p)))


_Moments = tuple[Places, Floats, Floats]


def _moments(rows: Places, sums: Floats, squares: Floats, still: float) -> _Moments:
    """How many rows, their mean, and the variance of the sample: NaN where there are too few."""
    with np.errstate(divide="ignore", invalid="ignore"):
        means = sums / rows
        variance = (squares - sums * means) / (rows - 1)
        variance[variance <= np.maximum(still**2, 1e-13 * squares / rows)] = 0.0
    return rows, np.where(rows > 0, means, np.nan), np.where(rows > 1, variance, np.nan)


def _contrasts(base: float, own: _Moments, rest: _Moments) -> Contrasts:
    (rows, mean, variance), (others, other_mean, other_variance) = own, rest
    gap = mean - other_mean
    with np.errstate(divide="ignore", invalid="ignore"):
        parts = variance / rows, other_variance / others
        whole = parts[0] + parts[1]
        freedom = whole**2 / (parts[0] ** 2 / (rows - 1) + parts[1] ** 2 / (others - 1))
        p = 2 * special.stdtr(freedom, -np.abs(gap) / np.sqrt(whole))
        apart = np.where(gap == 0, 0.0, gap / np.sqrt((variance + other_variance) / 2))
        still = whole == 0
        parted = np.where(rows == others, 2.0, 1.0) / special.binom(rows + others, rows)
    p = np.where(still, np.where(gap == 0, 1.0, np.minimum(parted, 1.0)), p)
    apart = np.where(np.isnan(whole), np.nan, apart)
    return Contrasts(base + mean, base + other_mean, apart, np.where(np.isnan(whole), np.nan, p))


def _binomial(hits: Places, tries: Places, share: Floats) -> Floats:
    """Twice the smaller tail: as many hits or more, or as many or fewer."""
    likely = np.broadcast_to(share, hits.shape)
    more = np.where(hits == 0, 1.0, special.bdtrc(hits - 1, tries, likely))
    fewer = np.where(hits == tries, 1.0, special.bdtr(hits, tries, likely))
    tails: Floats = np.minimum(2 * np.minimum(more, fewer), 1.0)
    return tails
