"""How far the shares of segments have shifted between two groups of rows."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import special

Floats = npt.NDArray[np.float64]
Counts = npt.NDArray[np.int64]

# Customary bounds (Siddiqi 2006): below the first nothing has shifted, from the second on much has.
SOME_SHIFT = 0.1
LARGE_SHIFT = 0.25
_LEVEL = 0.95


@dataclass(frozen=True, slots=True)
class Shift:
    """The population stability index, what each segment adds to it, and what chance alone reaches in 1 of 20 cases."""

    index: float
    parts: Floats
    by_chance: float


def population_stability(before: Counts, after: Counts) -> Shift | None:
    """From the rows of each segment in two groups; None where a group has no rows.

    PSI = sum of (a - b) ln(a / b) over segments, a and b their shares in the groups (N. Siddiqi, Credit Risk
    Scorecards, 2006; the symmetrised divergence of S. Kullback & R. Leibler, Annals of Mathematical Statistics 22,
    1951). A segment with rows in one group only counts half a row in the other, so that the index is finite; one
    without rows adds nothing. Where nothing has shifted the index over 1 / n + 1 / m is about chi-squared with a
    degree of freedom less than segments (B. Yurdakul & J. Naranjo, Journal of Risk Model Validation 14, 2020).
    """
    if not before.sum() or not after.sum():
        return None
    used = (before > 0) | (after > 0)
    b, a = (np.where(used & (counts == 0), 0.5, counts) / counts.sum() for counts in (before, after))
    parts = np.zeros(len(before))
    parts[used] = (a[used] - b[used]) * np.log(a[used] / b[used])
    freedom = int(used.sum()) - 1
    reach = float(special.chdtri(freedom, 1 - _LEVEL)) if freedom else 0.0
    return Shift(float(parts.sum()), parts, reach * float(1 / before.sum() + 1 / after.sum()))
