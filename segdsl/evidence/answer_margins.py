"""How often each answer to an item is given by one population: shares with a single peak."""

import numpy as np
import numpy.typing as npt
from scipy import special

Floats = npt.NDArray[np.float64]

# An item with more different answers is taken in so many equal steps, between the quantiles that leave out as much.
MOST_ANSWERS = 20
_STEPS = 60
_OUTSIDE = 0.005


def answer_margin(column: Floats) -> tuple[Floats, Floats]:
    """The answers to an item, ascending, and the single-peaked shares by which they are most likely; all above 0."""
    values, counts = _counted(column)
    shares = single_peaked(counts)
    kept = shares > 0
    return values[kept], shares[kept]


def _counted(column: Floats) -> tuple[Floats, Floats]:
    values, counts = np.unique(column, return_counts=True)
    low, high = float(values[0]), float(values[-1])
    if len(values) > MOST_ANSWERS:
        return _in_steps(column)
    if np.all(values == np.round(values)) and high - low < MOST_ANSWERS:
        # An answer that nobody gave is a dip, too.
        given = (column - low).astype(np.int64)
        return np.arange(low, high + 1), np.bincount(given).astype(np.float64)
    return values, counts.astype(np.float64)


def _in_steps(column: Floats) -> tuple[Floats, Floats]:
    """The mean answer of each step, and how many fall into it; what lies outside counts to the first or last."""
    low, high = np.quantile(column, (_OUTSIDE, 1 - _OUTSIDE))
    if low == high:
        low, high = column.min(), column.max()
    edges = np.linspace(low, high, _STEPS + 1)
    step = np.clip(np.searchsorted(edges, column, side="right") - 1, 0, _STEPS - 1)
    counts = np.bincount(step, minlength=_STEPS).astype(np.float64)
    sums = np.bincount(step, column, minlength=_STEPS)
    means: Floats = np.where(counts > 0, sums / np.maximum(counts, 1), (edges[:-1] + edges[1:]) / 2)
    return means, counts


def single_peaked(counts: Floats) -> Floats:
    """The most likely shares that rise up to some answer and fall from there, given how often each was given."""
    best: Floats = counts / counts.sum()
    most = -np.inf
    for peak in range(len(counts)):
        rising, falling = _rising(counts[: peak + 1]), _rising(counts[peak + 1 :][::-1])[::-1]
        if len(falling) and falling[0] > rising[-1]:
            continue
        shares = np.concatenate([rising, falling]) / counts.sum()
        likelihood = float(special.xlogy(counts, shares).sum())
        if likelihood > most:
            best, most = shares, likelihood
    return best


def _rising(counts: Floats) -> Floats:
    """The nearest figures that don't fall: pool adjacent violators (Ayer, Brunk, Ewing, Reid & Silverman 1955)."""
    pools: list[tuple[float, int]] = []
    for count in counts.tolist():
        pools.append((count, 1))
        while len(pools) > 1 and pools[-2][0] * pools[-1][1] > pools[-1][0] * pools[-2][1]:
            total, size = pools.pop()
            pools[-1] = (pools[-1][0] + total, pools[-1][1] + size)
    return np.array([total / size for total, size in pools for _ in range(size)])
