"""Where answers lie in the space of the factors, by a projection that agrees with distances over all items.

Answers are in units of `item_scales`. The factors span a space; prototypes that lie in it are as far from an answer as
they are from its projection, but for an amount that is the same for all of them. So the nearest prototype in the
space of the factors is the nearest by all items, and the items' scales are all that is needed to tell it.
"""

import numpy as np
import numpy.typing as npt

from segdsl.evidence.factors import Factors

Floats = npt.NDArray[np.float64]

# However well the factors explain an item: no single item decides alone.
_LEAST_UNIQUENESS = 0.1
# From here on (the square of a cosine) one of the factors' directions is the level of all answers.
_IS_LEVEL = 0.5


def item_scales(factors: Factors) -> Floats:
    """A scale for each standardised item: sqrt(u (1 + J)), u its uniqueness, J of the factor it loads most on.

    With scales sqrt(u), projections are the factor scores of Bartlett (1937), weighted least squares, and J, the sum of
    l^2 / u over all items, is how exactly they tell the factor: their variance is 1 + 1/J. With 1 + J every factor
    varies about alike in the space, whether it was asked for in ten items or in three. Uniquenesses count as at
    least 0.1.
    """
    uniquenesses = np.maximum(factors.uniquenesses, _LEAST_UNIQUENESS)
    exactness = (factors.loadings**2 / uniquenesses[:, None]).sum(axis=0)
    scales: Floats = np.sqrt(uniquenesses * (1 + exactness[main_factors(factors.loadings)]))
    return scales


def main_factors(loadings: Floats) -> npt.NDArray[np.int64]:
    """The factor that each item loads most on."""
    places: npt.NDArray[np.int64] = np.argmax(np.abs(loadings), axis=1)
    return places


def factor_basis(directions: Floats, level: Floats | None = None) -> Floats:
    """An orthonormal basis (p x m) of the space that the columns of `directions` span; at most as many columns.

    `level` is a direction to be left out, such as a higher answer to every item: the basis is orthogonal to it, and
    has a column less where it is much like one of the space.
    """
    if level is None:
        return _basis(directions)
    along = level / np.linalg.norm(level)
    likeness = float(((_basis(directions).T @ along) ** 2).sum())
    rest = directions - np.outer(along, along @ directions)
    return _basis(rest, directions.shape[1] - int(likeness >= _IS_LEVEL))


def _basis(directions: Floats, most: int | None = None) -> Floats:
    vectors, sizes, _ = np.linalg.svd(directions, full_matrices=False)
    told = int(np.sum(sizes > 1e-6 * max(float(sizes[0]), np.finfo(np.float64).tiny)))
    basis = vectors[:, : told if most is None else min(told, most)]
    # The sign of a singular vector is by chance of the library.
    return basis * np.where(basis[np.argmax(np.abs(basis), axis=0), np.arange(basis.shape[1])] < 0, -1.0, 1.0)
