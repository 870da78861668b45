"""Means of groups, with the interval in which each lies."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import special

Floats = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]

_LEVEL = 0.975


@dataclass(frozen=True, slots=True)
class GroupMeans:
    """For each group its rows, their mean, and the ends of the mean's 95 % interval.

    The mean is NaN for a group without rows, the ends for one with fewer than two.
    """

    rows: Places
    mean: Floats
    low: Floats
    high: Floats


def group_means(values: Floats, groups: Places, count: int) -> GroupMeans:
    """Of rows with a finite value and a group from 0 to below `count`; -1 is none.

    The interval is Student's: mean +- t s / sqrt(n), s the group's own standard deviation, with n - 1 degrees of
    freedom (Student, Biometrika 6, 1908).
    """
    taken = np.isfinite(values) & (groups >= 0)
    own, places = values[taken], groups[taken]
    # Sums of doubles depend on their order; that of the values is the same for any order of rows.
    order = np.lexsort((places, own))
    own, places = own[order], places[order]
    rows = np.bincount(places, minlength=count)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.bincount(places, own, count) / rows
        squares = np.bincount(places, (own - mean[places]) ** 2, count)
        half = special.stdtrit(rows - 1.0, _LEVEL) * np.sqrt(squares / (rows - 1) / rows)
    half = np.where(rows > 1, half, np.nan)
    return GroupMeans(rows, mean, mean - half, mean + half)
