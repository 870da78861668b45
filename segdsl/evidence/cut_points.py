"""Where to cut a row of ascending values, at a figure that people can say."""

from decimal import Decimal

import numpy as np
import numpy.typing as npt

from segdsl.evidence.figures import exact, roundest

Floats = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]


def stretch(ascending: Floats, place: int, below: int, above: int) -> tuple[float, float]:
    """Within which a cut at `place` may move: above the first number, up to the second.

    A cut there has at most `below` values more, or `above` values fewer, on its upper side than `ascending[place:]`.
    `ascending[place - 1]` must be less than `ascending[place]`.
    """
    return float(ascending[max(place - 1 - below, 0)]), float(ascending[min(place + above, len(ascending) - 1)])


def cut_point(ascending: Floats, place: int, below: int = 0, above: int = 0) -> Decimal:
    """The roundest figure `c` for which `value >= c` takes the values from `place` on, give or take; see `stretch`."""
    low, high = stretch(ascending, place, below, above)
    found = roundest(exact(low), exact(high))
    # Between two neighbouring doubles a decimal may read as the lower one.
    return found if float(found) > low else exact(high)


def quantile_places(ascending: Floats, parts: int) -> Places:
    """Where `parts` parts of about the same size begin, from the second on: the first value above each quantile.

    Quantiles interpolate linearly (type 7 of Hyndman & Fan 1996). Equal values are never parted, so that where one
    value is frequent parts may be empty (two begin at one place) or the last ones may begin at the end.
    """
    # A quantile lies at (n - 1) k / parts between two values, so what is above it is above the lower one.
    lower = (len(ascending) - 1) * np.arange(1, parts) // parts
    return np.searchsorted(ascending, ascending[lower], side="right").astype(np.int64)
