"""How unevenly a value is spread over accounts."""

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

# Sums of doubles are exact to about this, relative to the total.
_ROUNDING = 1e-12


def gini(values: Floats) -> float:
    """The Gini coefficient: 0 where all values are alike, (n - 1) / n where one account has everything.

    `values` are not negative, n of them, not all 0. G = sum_i (2 i - n - 1) x_i / (n sum x), x ascending, i from 1
    (Dixon, Weiner, Mitchell-Olds & Woodley, Ecology 68, 1987, without the correction for small samples). Raises
    ValueError where there is no such figure.
    """
    ordered = np.sort(values)
    total = float(ordered.sum())
    if total <= 0 or ordered[0] < 0:
        raise ValueError("the Gini coefficient needs values from 0 on, not all 0")
    places = 2.0 * np.arange(1, len(ordered) + 1) - len(ordered) - 1
    return float(places @ ordered) / (len(ordered) * total)


def fewest_with(values: Floats, share: float) -> int:
    """How many of the largest values it takes to bring that share (0 to 1) of the sum of all. No value is negative."""
    running = np.cumsum(np.sort(values)[::-1])
    if len(running) == 0 or running[-1] <= 0:
        raise ValueError("nothing is brought by anyone")
    needed = share * running[-1] * (1 - _ROUNDING)
    return min(int(np.searchsorted(running, needed)) + 1, len(running))


def share_of_largest(values: Floats, part: Floats) -> Floats:
    """The share of the sum that the largest values bring, by the share of values taken (0 to 1).

    The Lorenz curve (1905), from the top. A value that is taken in part brings that part. No value is negative, and not
    all are 0.
    """
    running = np.concatenate(([0.0], np.cumsum(np.sort(values)[::-1])))
    if running[-1] <= 0:
        raise ValueError("nothing is brought by anyone")
    places = np.linspace(0.0, 1.0, len(running))
    found: Floats = np.interp(part, places, running / running[-1])
    return found


def herfindahl(values: Floats) -> float:
    """The sum of squared shares (Herfindahl 1950): 1 / n where all n values are alike, 1 where one has everything."""
    total = float(values.sum())
    if total <= 0:
        raise ValueError("nothing is brought by anyone")
    return float(((values / total) ** 2).sum())
