"""Customers made up by the story that BG/NBD tells, one event after the other."""

import numpy as np

from segdsl.evidence.buying import Histories


def make_histories(number: int, r: float, alpha: float, a: float, b: float, ages: np.ndarray, seed: int) -> Histories:
    """Each customer buys at its own rate and, after each purchase, is gone with its own chance, up to its age."""
    random = np.random.default_rng(seed)
    rate, gone = random.gamma(r, 1 / alpha, number), random.beta(a, b, number)
    repeats, last, time = np.zeros((3, number))
    alive = np.ones(number, np.bool_)
    while alive.any():
        time += random.exponential(1 / rate)
        buys = alive & (time <= ages)
        repeats[buys] += 1
        last[buys] = time[buys]
        alive = buys & (random.random(number) >= gone)
    return Histories(repeats, last, ages.astype(np.float64))
