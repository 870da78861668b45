"""k-means by Lloyd's iterations from k-means++ starts, in plain numpy.

S. Lloyd, Least squares quantization in PCM, IEEE Transactions on Information Theory 28 (1982); D. Arthur and
S. Vassilvitskii, k-means++ (2007), each centre being the best of a few that are drawn, as in scikit-learn. That library
takes more than a second to load, in which a hundred thousand rows are clustered.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from threadpoolctl import threadpool_limits

Floats = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]

_MOST_ROUNDS = 300
# Centres that move less than this, squared and in variances of the data, have arrived.
_ARRIVED = 1e-4
# So many rows stay in a processor's cache, with what is worked out of them.
_ROWS = 1 << 12


@dataclass(frozen=True, slots=True)
class Found:
    """`centres`, one row a cluster, the nearest one of each row, and the sum of the squares of the distances."""

    centres: Floats
    labels: Places
    inertia: float


def best_of(points: Floats, count: int, starts: int, seed: int) -> Found:
    """The best of several starts. At least `count` of the points differ."""
    random = np.random.default_rng(seed)
    # One thread: the order in which several add up shows in the last digit.
    with threadpool_limits(limits=1):
        # Squares are taken apart below; about their middle the points lose fewer digits by it.
        middle = points.mean(axis=0)
        centred = points - middle
        squares = np.einsum("ij,ij->i", centred, centred)
        starting = (_start(centred, squares, count, random) for _ in range(starts))
        return min((_improve(points, middle, one) for one in starting), key=lambda one: one.inertia)


def improve(points: Floats, centres: Floats) -> Found:
    """What becomes of these centres."""
    with threadpool_limits(limits=1):
        middle = centres.mean(axis=0)
        return _improve(points, middle, centres - middle)


def nearest(points: Floats, centres: Floats) -> Places:
    """The nearest centre of each point, of several the first."""
    with threadpool_limits(limits=1):
        middle = centres.mean(axis=0)
        return _assigned(points, middle, centres - middle).labels


def _start(points: Floats, squares: Floats, count: int, random: np.random.Generator) -> Floats:
    """Points as centres, drawn by their distance from those before."""
    tries = 2 + int(np.log(count))
    chosen = [int(random.integers(len(points)))]
    costs = _squared(points, squares, points[chosen])[:, 0]
    while len(chosen) < count:
        reach = np.cumsum(costs)
        drawn = np.searchsorted(reach, random.random(tries) * reach[-1], side="right")
        drawn = np.minimum(drawn, len(points) - 1)
        left = np.minimum(costs[:, None], _squared(points, squares, points[drawn]))
        best = int(np.argmin(left.sum(axis=0)))
        chosen.append(int(drawn[best]))
        costs = left[:, best]
    return points[chosen]


def _squared(points: Floats, squares: Floats, centres: Floats) -> Floats:
    found = squares[:, None] - 2 * points @ centres.T + np.einsum("ij,ij->i", centres, centres)
    # The square of a point's distance from itself may come out a little below 0.
    return np.asarray(np.maximum(found, 0.0))


@dataclass(frozen=True, slots=True)
class _Assigned:
    """The nearest centre of each point; by centre the sum of its points and how many they are; the sums of squares of
    all points, and of their distances."""

    labels: Places
    sums: Floats
    sizes: Floats
    squares: float
    inertia: float


def _improve(points: Floats, middle: Floats, centres: Floats) -> Found:
    """`centres` are seen from the middle."""
    before = _assigned(points, middle, centres)
    arrived = _ARRIVED * before.squares / points.size
    for _ in range(_MOST_ROUNDS):
        sums, sizes = before.sums, before.sizes
        if not sizes.all():
            sums, sizes = _filled(points - middle, centres, before)
        moved = sums / sizes[:, None]
        shift = float(np.square(moved - centres).sum())
        centres = moved
        after = _assigned(points, middle, centres)
        if shift <= arrived or np.array_equal(after.labels, before.labels):
            break
        before = after
    return Found(centres + middle, after.labels, after.inertia)


def _assigned(points: Floats, middle: Floats, centres: Floats) -> _Assigned:
    labels = np.empty(len(points), dtype=np.int64)
    sums, sizes = np.zeros(centres.shape), np.zeros(len(centres))
    squares = least = 0.0
    half = np.einsum("ij,ij->i", centres, centres) / 2
    every, turned = np.arange(len(centres)), np.ascontiguousarray(centres.T)
    for start in range(0, len(points), _ROWS):
        part = points[start : start + _ROWS] - middle
        # Half of the squared distance, without what is the same for every centre.
        apart = half - part @ turned
        own = np.argmin(apart, axis=1)
        labels[start : start + _ROWS] = own
        inside = (own[:, None] == every).astype(np.float64)
        sums += inside.T @ part
        sizes += inside.sum(axis=0)
        squares += float(np.einsum("ij,ij->", part, part))
        least += float(np.einsum("ij,ij->", apart, inside))
    return _Assigned(labels, sums, sizes, squares, squares + 2 * least)


def _filled(points: Floats, centres: Floats, before: _Assigned) -> tuple[Floats, Floats]:
    """A centre without points takes the one that is farthest from its own, of equals the first."""
    labels, sums, sizes = before.labels, before.sums.copy(), before.sizes.copy()
    costs = np.square(points - centres[labels]).sum(axis=1)
    for empty in np.flatnonzero(sizes == 0):
        row = int(np.argmax(np.where(sizes[labels] > 1, costs, -1.0)))
        own = labels[row]
        sums[own] -= points[row]
        sums[empty] = points[row]
        sizes[own] -= 1
        sizes[empty] = 1
        costs[row] = -1.0
    return sums, sizes
