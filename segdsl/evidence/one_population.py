"""Answers of one population without groups that answers as much alike as those observed.

A normal distribution stands behind the answers, cut into answers as often given as those observed and with their
correlations (a Gaussian copula; Cario & Nelson 1997). So skewed, coarse, lopsided and correlated answers alone make no
groups: what is left to tell them are answers that go together as no single population's do.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import special

Floats = npt.NDArray[np.float64]

# Terms of the expansion of a correlation of cut normal variables: enough up to the largest that is taken.
_TERMS = 60
_LARGEST = 0.98
_HALVINGS = 30
# An item with more different answers is taken in so many equal steps, between the quantiles that leave out as much.
_MOST_ANSWERS = 20
_STEPS = 60
_OUTSIDE = 0.005


@dataclass(frozen=True, slots=True)
class OnePopulation:
    """Of each item the answers and where its normal variable is cut; `root` (p x p) mixes these variables from
    independent ones."""

    answers: tuple[Floats, ...]
    cuts: tuple[Floats, ...]
    root: Floats

    def draw(self, rows: int, random: np.random.Generator) -> Floats:
        """So many rows of answers (rows x p)."""
        latent = random.standard_normal((rows, len(self.root))) @ self.root.T
        columns = [
            answers[np.searchsorted(cuts, latent[:, place])]
            for place, (answers, cuts) in enumerate(zip(self.answers, self.cuts, strict=True))
        ]
        return np.stack(columns, axis=1)


def one_population(data: Floats, matrix: Floats) -> OnePopulation:
    """One population with such answers (n x p, no column constant) and these correlations (p x p)."""
    margins = [answer_margin(column) for column in data.T]
    answers = tuple(values for values, _ in margins)
    cuts = tuple(special.ndtri(np.cumsum(shares)[:-1].clip(0, 1)) for _, shares in margins)
    coefficients = np.array([_coefficients(*margin) for margin in margins])
    return OnePopulation(answers, cuts, _root(latent_correlations(coefficients, matrix)))


def answer_margin(column: Floats) -> tuple[Floats, Floats]:
    """The answers to an item, ascending, and the share that each has; all above 0."""
    values, given = np.unique(column, return_counts=True)
    if len(values) <= _MOST_ANSWERS:
        return values, given / len(column)
    values, counts = _in_steps(column)
    kept = counts > 0
    return values[kept], counts[kept] / len(column)


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


def _coefficients(answers: Floats, shares: Floats) -> Floats:
    """Of the standardised answer as a function of the normal variable, in normalised Hermite polynomials 1, 2, ...

    For a function in steps the k-th is the sum over its cuts of step * density * h(k - 1) / sqrt(k).
    """
    mean = float((answers * shares).sum())
    spread = float(np.sqrt(((answers - mean) ** 2 * shares).sum()))
    cuts = special.ndtri(np.cumsum(shares)[:-1].clip(0, 1))
    steps = np.diff(answers) * np.exp(-(cuts**2) / 2) / np.sqrt(2 * np.pi)
    before, this = np.zeros(len(cuts)), np.ones(len(cuts))
    found = []
    for k in range(1, _TERMS + 1):
        found.append(float((steps * this).sum()) / np.sqrt(k))
        before, this = this, (cuts * this - np.sqrt(k - 1) * before) / np.sqrt(k)
    return np.array(found) / max(spread, np.finfo(np.float64).tiny)


def latent_correlations(coefficients: Floats, matrix: Floats) -> Floats:
    """The correlations of normal variables by which the answers correlate as in the matrix, found by halving.

    `coefficients` are a row for each item. With normal correlation r, two answers correlate by the sum of a_k b_k r^k
    (Mehler 1866), which rises with r where both rise with their variables. Beyond -.98 and .98 those are taken.
    """
    low, high = np.full(matrix.shape, -_LARGEST), np.full(matrix.shape, _LARGEST)
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        total, power = np.zeros(matrix.shape), np.ones(matrix.shape)
        for column in coefficients.T:
            power = power * middle
            total += np.outer(column, column) * power
        below = total < matrix
        low, high = np.where(below, middle, low), np.where(below, high, middle)
    latent: Floats = (low + high) / 2
    np.fill_diagonal(latent, 1.0)
    return latent


def _root(latent: Floats) -> Floats:
    """A matrix that makes variables of variance 1 with these correlations, or the nearest by eigenvalues above 0."""
    values, vectors = np.linalg.eigh(latent)
    root: Floats = vectors * np.sqrt(np.maximum(values, 1e-6))
    unit: Floats = root / np.sqrt((root**2).sum(axis=1))[:, None]
    return unit
