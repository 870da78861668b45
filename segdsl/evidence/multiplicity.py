"""P-values of several tests, corrected for being several."""

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


def false_discovery(p: Floats) -> Floats:
    """P-values corrected for the false discovery rate (Benjamini & Hochberg 1995), in their order.

    Each is the least p n / rank of those that are no smaller, at most 1. As `scipy.stats.false_discovery_control`; that
    module takes a second to load, which every run would wait for.
    """
    order = np.argsort(p)[::-1]
    ranks = np.arange(len(p), 0, -1)
    corrected = np.empty(len(p))
    corrected[order] = np.minimum(np.minimum.accumulate(p[order] * len(p) / ranks), 1.0)
    # Multiplied and divided by one number, p may come out a last digit less.
    return np.maximum(corrected, p)
