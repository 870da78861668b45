"""A proxy from the best grade of a score to the worst: means or shares, and how far the two ends are apart."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]

# Fewer rows of a category than these, in both ends together, tell nothing of it.
LEAST_IN_LEVEL = 5
# The 97.5 % point of the normal distribution.
_LEVEL = 1.959963984540054


@dataclass(frozen=True, slots=True)
class ByGrade:
    """`rows` of each grade on which the proxy is known, and their `means`, for a condition or category their shares.

    `difference` is that of the first grade with rows less the last, divided by the root of the mean of both variances,
    with its 95 % interval: Cohen's d for means, and for shares what Austin (2009) calls the standardised difference,
    so that measures and categories compare. It is 0 where both ends are alike and constant, and infinite, without an
    interval, where both are constant and differ. All three are None where one grade alone has rows, or one row of it.
    """

    rows: tuple[int, ...]
    means: tuple[float | None, ...]
    difference: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class _End:
    """The rows of one grade: how many, the mean, the variance of the sample, and what the interval rests on.

    `moments` are the second, third and fourth central moments, with how many rows they are of.
    """

    mean: float
    variance: float
    moments: tuple[float, float, float]
    weight: float


def means_by_grade(values: Floats, grades: Places, count: int) -> ByGrade:
    """Of a measure, whose sums are finite.

    Values are NaN where missing, grades from 0 (the best) to `count` - 1, less than 0 where none.
    """
    known = np.isfinite(values) & (grades >= 0)
    kept, places = values[known], grades[known]
    rows = np.bincount(places, minlength=count)
    # Sums of differences from one value of the column keep their digits where values are far from 0.
    base = float(kept[0]) if len(kept) else 0.0
    sums = np.bincount(places, weights=kept - base, minlength=count)
    means = [base + float(total) / int(n) if n else None for total, n in zip(sums, rows, strict=True)]
    # The difference has no unit; fourth powers of large numbers would have no place.
    unit = float(np.abs(kept - base).max(initial=0)) or 1.0
    ends = [_measured((kept[places == place] - base) / unit) for place in _ends(rows)]
    return _told(rows, means, ends if min((rows[place] for place in _ends(rows)), default=0) > 1 else [])


def shares_by_grade(inside: Floats, grades: Places, count: int) -> ByGrade:
    """Of a condition, 1 or 0 and NaN where unknown; else as `means_by_grade`."""
    known = np.isfinite(inside) & (grades >= 0)
    rows = np.bincount(grades[known], minlength=count)
    return _shares(np.bincount(grades[known & (inside > 0)], minlength=count), rows)


def telling_levels(
    codes: npt.NDArray[np.integer], grades: Places, count: int, most: int
) -> tuple[tuple[int, ByGrade], ...]:
    """The categories whose shares differ most from the best grade to the worst, at most `most`, the most telling first.

    Codes are less than 0 where missing. A category with fewer than `LEAST_IN_LEVEL` rows in both ends together is left
    out; of two categories that are all there is, the rarer one, since the other says the same.
    """
    known = (codes >= 0) & (grades >= 0)
    places, of = codes[known], grades[known]
    rows = np.bincount(of, minlength=count)
    ends = _ends(rows)
    if not ends:
        return ()
    at_ends = (of == ends[0]) | (of == ends[1])
    sizes = np.bincount(places[at_ends], minlength=int(places.max()) + 1)
    present = np.flatnonzero(sizes >= LEAST_IN_LEVEL)
    if np.count_nonzero(sizes) == len(present) == 2:
        present = present[[int(np.bincount(places)[present].argmin())]]
    row_of = np.full(len(sizes), -1)
    row_of[present] = np.arange(len(present))
    cells = row_of[places] * count + of
    inside = np.bincount(cells[row_of[places] >= 0], minlength=len(present) * count).reshape(len(present), count)
    chosen = np.argsort(-_apart(inside[:, ends], rows[list(ends)]), kind="stable")[:most]
    return tuple((int(present[place]), _shares(inside[place], rows)) for place in chosen)


def _apart(inside: npt.NDArray[np.integer], rows: npt.NDArray[np.integer]) -> Floats:
    """How large the standardised difference of each category's shares is; rows of both ends in columns."""
    shares = inside / rows
    variances = (shares * (1 - shares)).mean(axis=1)
    apart = np.abs(shares[:, 0] - shares[:, 1])
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(apart > 0, apart / np.sqrt(variances), 0.0)


def size(one: ByGrade) -> float:
    """How large a difference is, whatever its sign; less than any where there is none."""
    return -1.0 if one.difference is None else abs(one.difference)


def _ends(rows: npt.NDArray[np.integer]) -> tuple[int, ...]:
    """The first and the last grade that have rows; nothing where there is one alone."""
    found = np.flatnonzero(rows)
    return (int(found[0]), int(found[-1])) if len(found) > 1 else ()


def _shares(inside: npt.NDArray[np.integer], rows: npt.NDArray[np.integer]) -> ByGrade:
    shares = [int(part) / int(n) if n else None for part, n in zip(inside, rows, strict=True)]
    return _told(rows, shares, [_counted(int(inside[place]), int(rows[place])) for place in _ends(rows)])


def _told(rows: npt.NDArray[np.integer], means: Sequence[float | None], ends: Sequence[_End]) -> ByGrade:
    difference, low, high = _difference(*ends) if ends else (None, None, None)
    return ByGrade(tuple(map(int, rows)), tuple(means), difference, low, high)


def _measured(values: Floats) -> _End:
    n, mean = len(values), float(values.mean())
    away = values - mean
    squares = away * away
    second = float(squares.mean())
    moments = (second, float((squares * away).mean()), float((squares * squares).mean()))
    return _End(mean, second * n / max(n - 1, 1), moments, n - 1)


def _counted(inside: int, rows: int) -> _End:
    """The variance of the interval counts one row more on either side (Agresti & Caffo 2000): shares may be 0 or 1."""
    share, near = inside / rows, (inside + 1) / (rows + 2)
    spread = near * (1 - near)
    return _End(share, share * (1 - share), (spread, spread * (1 - 2 * near), spread * (1 - 3 * spread)), rows + 2)


def _difference(first: _End, last: _End) -> tuple[float, float | None, float | None]:
    """The standardised difference and its interval by the delta method, which asks for no shape of the values.

    A row x of the first grade moves d by (x - m) / s - d ((x - m)^2 - v) / (4 s^2), of the last by the opposite of its
    first term; the variances of these over the rows follow from the second to fourth moments.
    """
    apart, scale = first.mean - last.mean, float(np.sqrt((first.variance + last.variance) / 2))
    if scale == 0:
        return (0.0, None, None) if apart == 0 else (float(np.copysign(np.inf, apart)), None, None)
    d = apart / scale
    half = _LEVEL * float(np.sqrt(_variance(first, d, scale, 1) + _variance(last, d, scale, -1)))
    return d, d - half, d + half


def _variance(end: _End, d: float, scale: float, sign: int) -> float:
    second, third, fourth = end.moments
    bend = d / (4 * scale * scale)
    spread = second / scale**2 - 2 * sign * bend * third / scale + bend**2 * (fourth - second**2)
    return max(spread, 0.0) / end.weight
