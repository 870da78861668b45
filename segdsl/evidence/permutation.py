"""Whether chance alone goes as far: p-values of statistics of ranks, two-sided.

Exact up to `EXACT_ROWS` rows: every order is tried. With fewer than `ASYMPTOTIC_ROWS` rows, or where fewer than
`LEAST_DIFFERING` rows differ from the most frequent value, `DRAWS` random orders are tried, always the same ones, and p
is (1 + as extreme) / (1 + tried) (Phipson & Smyth 2010). Else the usual approximation holds.
"""

from enum import StrEnum
from itertools import permutations

import numpy as np
import numpy.typing as npt
from scipy import special

from segdsl.evidence.ranks import correlation

Floats = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]

EXACT_ROWS = 8
ASYMPTOTIC_ROWS = 30
LEAST_DIFFERING = 10
LEAST_IN_LEVEL = 5
DRAWS = 9_999
# More rows than these are not shuffled: with so many, few levels are rare enough to matter.
MOST_SHUFFLED = 2_000
_SEED = 20260630
_CHUNK = 2_000_000
# Two sums that differ by less than this part are one sum, added up in another order.
_ALIKE = 1e-9


class Method(StrEnum):
    EXACT = "exact"
    PERMUTATION = "permutation"
    ASYMPTOTIC = "asymptotic"


def correlation_p(first: Floats, second: Floats) -> tuple[float, Method]:
    """Of the correlation of two columns of ranks, both with more than one value; p is two-sided.

    The approximation is Student's t with n - 2 degrees of freedom.
    """
    n = len(first)
    if n <= EXACT_ROWS:
        orders = np.array(list(permutations(range(n))))
        return _as_extreme(_products(second[orders], first), first, second, 0), Method.EXACT
    few, many = sorted((first, second), key=_differing)
    if not is_asymptotic(n, _differing(few)):
        mode = _mode(few)
        rare = few[few != mode] - mode
        return _as_extreme(_sums(rare, many), few - mode, many, 1), Method.PERMUTATION
    return asymptotic_p(n, correlation(first, second)), Method.ASYMPTOTIC


def is_asymptotic(n: int, differing: int) -> bool:
    """Whether the approximation is good enough for n rows; `differing` have another value than the most frequent."""
    return n >= ASYMPTOTIC_ROWS and differing >= LEAST_DIFFERING


def asymptotic_p(n: int, r: float) -> float:
    """Of a correlation over n rows, by Student's t with n - 2 degrees of freedom."""
    if abs(r) >= 1:
        return 0.0
    t = r * np.sqrt((n - 2) / (1 - r * r))
    return float(2 * special.stdtr(n - 2, -abs(t)))


def groups_p(codes: Places, ranks: Floats, statistic: float) -> tuple[float, Method]:
    """Of Kruskal and Wallis' statistic for rows in groups 0, 1, ... none of them empty.

    The approximation is chi-squared; with rare groups among more than `MOST_SHUFFLED` rows, F on ranks (Iman &
    Davenport 1976).
    """
    n, sizes = len(ranks), np.bincount(codes)
    if n <= EXACT_ROWS:
        orders = np.array(list(permutations(range(n))))
        return _as_far(codes, ranks[orders], ranks, 0), Method.EXACT
    rare = n < ASYMPTOTIC_ROWS or sizes.min() < LEAST_IN_LEVEL
    if rare and n <= MOST_SHUFFLED:
        return _shuffled(codes, ranks), Method.PERMUTATION
    levels = len(sizes)
    if rare:
        f = statistic / (levels - 1) / max((n - 1 - statistic) / (n - levels), 1e-300)
        return float(special.fdtrc(levels - 1, n - levels, f)), Method.ASYMPTOTIC
    return float(special.chdtrc(levels - 1, statistic)), Method.ASYMPTOTIC


def _mode(ranks: Floats) -> float:
    return float(_halves(ranks).argmax() / 2)


def _differing(ranks: Floats) -> int:
    """Rows that have another value than the most frequent one."""
    return len(ranks) - int(_halves(ranks).max())


def _halves(ranks: Floats) -> Places:
    """How many rows have each half of a whole number: midranks, and 0 and 1, are such."""
    return np.bincount((2 * ranks).astype(np.int64))


def _as_extreme(sums: Floats, first: Floats, second: Floats, own: int) -> float:
    mean = first.sum() * second.mean()
    seen = abs((first * second).sum() - mean)
    slack = _ALIKE * max(abs(mean), 1.0)
    return float((own + np.count_nonzero(np.abs(sums - mean) >= seen - slack)) / (own + len(sums)))


def _sums(rare: Floats, many: Floats) -> Floats:
    """For each draw the sum of products of some values with as many drawn from others without replacement."""
    rng = np.random.default_rng(_SEED)
    n, k = len(many), len(rare)
    if n < 4 * k * k or n < ASYMPTOTIC_ROWS:
        at_once = max(1, _CHUNK // n)
        parts = [min(at_once, DRAWS - start) for start in range(0, DRAWS, at_once)]
        drawn = (rng.permuted(np.broadcast_to(many, (part, n)), axis=1)[:, :k] for part in parts)
        return np.concatenate([_products(values, rare) for values in drawn])
    places = rng.integers(n, size=(DRAWS, k))
    while (twice := (np.diff(np.sort(places, axis=1), axis=1) == 0).any(axis=1)).any():
        places[twice] = rng.integers(n, size=(int(twice.sum()), k))
    return _products(many[places], rare)


def _products(rows: Floats, values: Floats) -> Floats:
    """The sum of products of each row; not by BLAS, whose last digit depends on the number of threads."""
    sums: Floats = (rows * values).sum(axis=1)
    return sums


def _shuffled(codes: Places, ranks: Floats) -> float:
    rng = np.random.default_rng(_SEED)
    at_once = max(1, _CHUNK // len(ranks))
    parts = [min(at_once, DRAWS - start) for start in range(0, DRAWS, at_once)]
    shares = (
        _as_far(codes, rng.permuted(np.broadcast_to(ranks, (part, len(ranks))), axis=1), ranks, 0) * part
        for part in parts
    )
    return float((1 + round(sum(shares))) / (1 + DRAWS))


def _as_far(codes: Places, orders: Floats, ranks: Floats, own: int) -> float:
    """The share of orders in which the groups' mean ranks differ as much as they do."""
    order = np.argsort(codes, kind="stable")
    sizes = np.bincount(codes)
    starts = np.concatenate(([0], np.cumsum(sizes)[:-1]))
    centre = ranks.mean()
    spread = (np.add.reduceat(orders[:, order] - centre, starts, axis=1) ** 2 / sizes).sum(axis=1)
    seen = (np.add.reduceat(ranks[order] - centre, starts) ** 2 / sizes).sum()
    return float((own + np.count_nonzero(spread >= seen * (1 - _ALIKE))) / (own + len(orders)))
