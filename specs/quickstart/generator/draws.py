"""Random draws that are the same on every machine: all come from `Random.random()` by our own transforms."""

from collections.abc import Sequence
from datetime import date, timedelta
from math import exp
from random import Random
from statistics import NormalDist
from typing import TypeVar

NORMAL = NormalDist()
T = TypeVar("T")


class Draws:
    """One stream of random numbers; each table has its own, so that changing one leaves the others alone."""

    __slots__ = ("_random",)

    def __init__(self, seed: int, stream: int) -> None:
        self._random = Random(seed * 1_000 + stream).random

    def uniform(self) -> float:
        return self._random()

    def normal(self) -> float:
        return NORMAL.inv_cdf(min(max(self._random(), 1e-12), 1 - 1e-12))

    def chance(self, share: float) -> bool:
        return self._random() < share

    def integer(self, low: int, high: int) -> int:
        """A whole number from low to high, both included."""
        return low + int(self._random() * (high - low + 1))

    def pick(self, items: Sequence[T]) -> T:
        return items[int(self._random() * len(items))]

    def day(self, low: date, high: date) -> date:
        """A day from low to high, both included."""
        return low + timedelta(days=self.integer(0, (high - low).days))

    def poisson(self, mean: float) -> int:
        """By multiplying uniforms (Knuth); the mean is small here."""
        floor, product, count = exp(-mean), self._random(), 0
        while product > floor:
            product *= self._random()
            count += 1
        return count

    def shuffled(self, items: Sequence[T]) -> list[T]:
        """A new list in random order (Fisher and Yates)."""
        result = list(items)
        for last in range(len(result) - 1, 0, -1):
            other = int(self._random() * (last + 1))
            result[last], result[other] = result[other], result[last]
        return result

    def weighted(self, choices: Sequence[tuple[T, float]]) -> T:
        """One of the choices, each with its share; shares add up to 1."""
        at = self._random()
        for item, share in choices:
            at -= share
            if at < 0:
                return item
        return choices[-1][0]
