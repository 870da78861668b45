"""Factor analysis: whether items have something in common, how many factors, and how each item rests on them.

The model (Thurstone 1947; Lawley & Maxwell 1971): standardised answers are z = L f + e, with factors f of mean 0 and
variance 1 that don't go together, and errors e of variance `uniquenesses`. Correlation matrices are p x p for p
items, with a unit diagonal; data are n x p, without missing values.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import optimize, stats

Floats = npt.NDArray[np.float64]

# As in R's factanal: an item of which a factor leaves nothing is a Heywood case, and is held just short of it.
LEAST_UNIQUENESS = 0.005
# Parallel analysis: how many shuffled tables, how many of the rows, and the quantile of Glorfeld (1995).
SHUFFLES = 100
SHUFFLED_ROWS = 2_000
QUANTILE = 0.95
_ROTATIONS = 1_000
_SINGULAR = 1e-8
_TRIFLE = 1e-6


@dataclass(frozen=True, slots=True)
class Suitability:
    """`adequacy`: the Kaiser-Meyer-Olkin measure. `chi_square`, `degrees`, `p`: Bartlett's test of sphericity."""

    adequacy: float
    chi_square: float
    degrees: int
    p: float


@dataclass(frozen=True, slots=True)
class Factors:
    """`loadings`: p x m correlations of items with factors, strongest factor first, each with a positive sum.

    `uniquenesses`: the share of each item's variance that no factor explains; `discrepancy`: the minimum of the
    maximum-likelihood function, 0 for a perfect fit.
    """

    loadings: Floats
    uniquenesses: Floats
    discrepancy: float

    @property
    def communalities(self) -> Floats:
        """The share of each item's variance that the factors explain."""
        return 1 - self.uniquenesses


def correlations(data: Floats) -> Floats:
    """Pearson correlations of the columns. No column may be constant."""
    away = data - data.mean(axis=0)
    away /= np.sqrt((away**2).mean(axis=0))
    matrix = away.T @ away / len(away)
    np.fill_diagonal(matrix, 1.0)
    bounded: Floats = np.clip(matrix, -1.0, 1.0)
    return bounded


def suitability(matrix: Floats, rows: int) -> Suitability:
    """Whether a correlation matrix that was taken over `rows` rows suits factor analysis.

    Adequacy is the sum of squared correlations over that sum and the sum of squared partial correlations (Kaiser 1974;
    Kaiser & Rice 1974); below .5 it is "unacceptable". Sphericity (Bartlett 1951): -(n - 1 - (2p + 5)/6) ln det R
    follows chi-square with p(p - 1)/2 degrees where nothing correlates. A singular matrix has an adequacy of nan.
    """
    items = len(matrix)
    sign, log_det = np.linalg.slogdet(matrix)
    degrees = items * (items - 1) // 2
    if sign <= 0 or np.linalg.eigvalsh(matrix)[0] <= _SINGULAR:
        return Suitability(float("nan"), float("inf"), degrees, 0.0)
    inverse = np.linalg.inv(matrix)
    roots = np.sqrt(np.diag(inverse))
    partial = inverse / np.outer(roots, roots)
    apart = ~np.eye(items, dtype=np.bool_)
    shared, alone = float((matrix[apart] ** 2).sum()), float((partial[apart] ** 2).sum())
    adequacy = shared / (shared + alone) if shared + alone else float("nan")
    chi_square = max(0.0, -(rows - 1 - (2 * items + 5) / 6) * float(log_det))
    return Suitability(adequacy, chi_square, degrees, float(stats.chi2.sf(chi_square, degrees)))


def most_factors(items: int) -> int:
    """The most factors that so many items can tell: those with (p - m)^2 >= p + m (Ledermann 1937)."""
    return max(m for m in range(items) if (items - m) ** 2 >= items + m)


def count_factors(data: Floats, seed: int) -> int:
    """The number of factors by parallel analysis (Horn 1965), at most `most_factors`.

    Eigenvalues count, from the largest on, as long as they are above the 95th percentile (Glorfeld 1995) of those of
    tables whose columns are shuffled each by itself (Buja & Eyuboglu 1992), so that skewed and discrete answers are
    compared with their like. They are those of the reduced correlation matrix, which has what each item shares with
    the others on its diagonal (Humphreys & Ilgen 1969): those of the whole matrix miss factors that have few items
    or go together. Of many rows a sample is taken.
    """
    random = np.random.default_rng(seed)
    if len(data) > SHUFFLED_ROWS:
        data = data[np.sort(random.choice(len(data), SHUFFLED_ROWS, replace=False))]
    if np.any(data.min(axis=0) == data.max(axis=0)):
        return 0
    found = _eigenvalues(data)
    chance = np.array([_eigenvalues(random.permuted(data, axis=0)) for _ in range(SHUFFLES)])
    above = found > np.quantile(chance, QUANTILE, axis=0)
    first_below = len(above) if above.all() else int(np.argmin(above))
    return min(first_below, most_factors(data.shape[1]))


def _eigenvalues(data: Floats) -> Floats:
    """Of the correlation matrix with squared multiple correlations on its diagonal, the largest first."""
    matrix = _invertible(correlations(data))
    np.fill_diagonal(matrix, 1 - 1 / np.diag(np.linalg.inv(matrix)))
    values: Floats = np.asarray(np.linalg.eigvalsh(matrix)[::-1], dtype=np.float64)
    return values


def _invertible(matrix: Floats) -> Floats:
    """The matrix, with a trifle added to its diagonal where an item follows from others."""
    if np.linalg.eigvalsh(matrix)[0] > _SINGULAR:
        return matrix
    return (matrix + _TRIFLE * np.eye(len(matrix))) / (1 + _TRIFLE)


def find_factors(matrix: Floats, count: int) -> Factors:
    """Factors by maximum likelihood (Joreskog 1967), rotated by varimax with Kaiser's normalisation (Kaiser 1958).

    The discrepancy is minimised over the uniquenesses alone, from Joreskog's start (1 - m/2p) / diag(R^-1), each
    held between 0.005 and 1. A singular matrix is taken with a trifle added to its diagonal.
    """
    items = len(matrix)
    matrix = _invertible(matrix)
    start = np.clip((1 - count / (2 * items)) / np.diag(np.linalg.inv(matrix)), LEAST_UNIQUENESS, 1)
    found = optimize.minimize(
        _discrepancy,
        start,
        args=(matrix, count),
        jac=True,
        method="L-BFGS-B",
        bounds=[(LEAST_UNIQUENESS, 1.0)] * items,
        options={"maxiter": 2_000, "ftol": 1e-13, "gtol": 1e-8},
    )
    uniquenesses: Floats = np.asarray(found.x, dtype=np.float64)
    loadings = _in_order(varimax(_loadings(matrix, uniquenesses, count)))
    return Factors(loadings, uniquenesses, float(found.fun))


def _discrepancy(uniquenesses: Floats, matrix: Floats, count: int) -> tuple[float, Floats]:
    """Joreskog's function of the uniquenesses, and its gradient.

    Over the smallest p - m eigenvalues t of Psi^-1/2 R Psi^-1/2: sum(t - ln t - 1).
    """
    roots = np.sqrt(uniquenesses)
    values = np.linalg.eigvalsh(matrix / np.outer(roots, roots))
    rest = values[: len(matrix) - count]
    loadings = _loadings(matrix, uniquenesses, count)
    left = np.sum(loadings**2, axis=1) + uniquenesses - np.diag(matrix)
    return float(np.sum(rest - np.log(rest) - 1)), left / uniquenesses**2


def _loadings(matrix: Floats, uniquenesses: Floats, count: int) -> Floats:
    """The best loadings for given uniquenesses (Lawley & Maxwell 1971, equation 4.8)."""
    roots = np.sqrt(uniquenesses)
    values, vectors = np.linalg.eigh(matrix / np.outer(roots, roots))
    values, vectors = values[::-1][:count], vectors[:, ::-1][:, :count]
    loadings: Floats = roots[:, None] * vectors * np.sqrt(np.maximum(values - 1, 0))
    return loadings


def varimax(loadings: Floats) -> Floats:
    """The rotation in which the squared loadings of each factor differ most, items being weighed alike (Kaiser 1958).

    Found by singular value decompositions, each of which can but raise the criterion.
    """
    count = loadings.shape[1]
    lengths = np.sqrt((loadings**2).sum(axis=1))
    lengths = np.where(lengths > 0, lengths, 1.0)
    plain = loadings / lengths[:, None]
    turn, before = np.eye(count), 0.0
    for _ in range(_ROTATIONS if count > 1 else 0):
        turned = plain @ turn
        left, sizes, right = np.linalg.svd(plain.T @ (turned**3 - turned * (turned**2).mean(axis=0)))
        turn, reached = left @ right, float(sizes.sum())
        if reached <= before * (1 + 1e-12):
            break
        before = reached
    return (plain @ turn) * lengths[:, None]


def _in_order(loadings: Floats) -> Floats:
    """The factor that explains most first, each with a positive sum."""
    order = np.argsort(-(loadings**2).sum(axis=0), kind="stable")
    loadings = loadings[:, order]
    return loadings * np.where(loadings.sum(axis=0) < 0, -1.0, 1.0)
