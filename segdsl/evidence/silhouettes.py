"""How well rows sit in their clusters: silhouettes (P. Rousseeuw 1987), of several clusterings of the same rows."""

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]

# Distances held at a time.
_CELLS = 1 << 20


def mean_silhouettes(distances: Callable[[slice], Floats], labelled: Sequence[Places]) -> tuple[float, ...]:
    """For each clustering the mean over the rows of (b - a) / max(a, b).

    a is a row's mean distance to the others of its own cluster, b the least mean distance to those of another; 0 for a
    row that is alone. `distances` gives those of some rows to all rows. Each clustering has two clusters or more.
    """
    rows = len(labelled[0]) if labelled else 0
    inside = [np.eye(int(labels.max()) + 1)[labels] for labels in labelled]
    totals = np.zeros(len(labelled))
    size = max(1, _CELLS // max(rows, 1))
    for start in range(0, rows, size):
        part = slice(start, min(start + size, rows))
        apart = distances(part)
        for place, (labels, members) in enumerate(zip(labelled, inside, strict=True)):
            totals[place] += _widths(apart @ members, members.sum(axis=0), labels[part]).sum()
    return tuple(float(total / rows) for total in totals)


def _widths(sums: Floats, sizes: Floats, own: Places) -> Floats:
    """The silhouettes of rows from the sums of their distances to each cluster, which has so many rows."""
    every = np.arange(len(own))
    a = sums[every, own] / np.maximum(sizes[own] - 1, 1)
    means = sums / np.maximum(sizes, 1)
    means[every, own] = np.inf
    means[:, sizes == 0] = np.inf
    b = means.min(axis=1)
    larger = np.maximum(a, b)
    return np.where((sizes[own] > 1) & (larger > 0), (b - a) / np.where(larger > 0, larger, 1.0), 0.0)
