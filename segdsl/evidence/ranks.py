"""Midranks: equal values share the mean of their places."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Places = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Ranked:
    """Values in the order of their rows.

    `codes`: the place of each value among the distinct ones, from 0; `counts`: rows of each distinct value; `ranks`:
    the midrank of each row, from 1.
    """

    codes: Places
    counts: Places
    ranks: Floats


def rank(values: npt.ArrayLike) -> Ranked:
    """Midranks of finite numbers."""
    found = np.asarray(values, dtype=np.float64)
    order = np.argsort(found)
    ascending = found[order]
    codes = np.empty(len(found), dtype=np.int64)
    codes[order] = np.cumsum(np.concatenate(([0], ascending[1:] != ascending[:-1]))) if len(found) else []
    counts = np.bincount(codes)
    ends = np.cumsum(counts)
    return Ranked(codes, counts, (ends - (counts - 1) / 2)[codes])


def known_pairs(first: npt.ArrayLike, second: npt.ArrayLike) -> tuple[Floats, Floats]:
    """The rows on which both are known and finite; a missing value is NaN."""
    one, other = np.asarray(first, dtype=np.float64), np.asarray(second, dtype=np.float64)
    known = np.isfinite(one) & np.isfinite(other)
    return one[known], other[known]


def correlation(first: Floats, second: Floats) -> float:
    """Pearson's; neither may be constant. Sums are not BLAS's, whose last digit depends on the number of threads."""
    one, other = first - first.mean(), second - second.mean()
    scale = np.sqrt((one**2).sum() * (other**2).sum())
    return float(np.clip((one * other).sum() / scale, -1, 1))
