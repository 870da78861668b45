"""Equal rows worked on once."""

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Numbers: TypeAlias = npt.NDArray[np.float64]


def distinct_pairs(one: Numbers, other: Numbers) -> tuple[Numbers, Numbers, npt.NDArray[np.intp]]:
    """The distinct pairs of two columns without missing values, in order, and the place of each row's pair in them."""
    ones, one_at = np.unique(one, return_inverse=True)
    others, other_at = np.unique(other, return_inverse=True)
    pairs, place = np.unique(one_at * len(others) + other_at, return_inverse=True)
    return ones[pairs // max(len(others), 1)], others[pairs % max(len(others), 1)], place
