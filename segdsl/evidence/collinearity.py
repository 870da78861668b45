"""How far the variables of a regression repeat one another."""

import numpy as np
import numpy.typing as npt

from segdsl.evidence.regression import Design

Floats = npt.NDArray[np.float64]

# A direction in which the standardised columns vary less than this, by the largest, is a dependence but for rounding.
_DEPENDENT = 1e-9
# The part of a variable in a dependence from which on it takes part in it.
_TAKES_PART = 1e-5


def inflation(design: Design) -> dict[int, float]:
    """The variance inflation factor of each variable, by its place; infinite where others give it exactly.

    VIF = 1 / (1 - R2 on the others). For a category it is the generalised factor of Fox & Monette (1992), a ratio of
    determinants of correlations, to the power 1 / its number of columns: then it compares with the factor of a number.
    From R of the design, whose squares never lose digits to a matrix of correlations.
    """
    count = len(design.columns)
    triangle = design.triangle[:count, :count]
    groups = {variable: design.places(variable) for variable in design.chosen}
    bound = _bound(triangle)
    found = {}
    for variable, own in groups.items():
        if not own:
            continue
        others = [place for place in range(count) if place not in own]
        if bound[own].any():
            found[variable] = float("inf")
        elif not others:
            found[variable] = 1.0
        else:
            # det(all) / det(others) is the squared volume of what the others leave of this variable.
            left = _volume(triangle[:, [*others, *own]], len(others))
            found[variable] = float(np.exp(2 * (_volume(triangle[:, own], 0) - left) / len(own)))
    return {variable: max(factor, 1.0) for variable, factor in found.items()}


def _volume(columns: Floats, after: int) -> float:
    """The logarithm of the volume of the columns from that place on, as the ones before it leave them."""
    diagonal = np.abs(np.diag(np.linalg.qr(columns, mode="r")))[after:]
    return float(np.log(np.maximum(diagonal, np.finfo(np.float64).tiny)).sum())


def _bound(triangle: Floats) -> npt.NDArray[np.bool_]:
    """The columns that take part in an exact dependence."""
    if not triangle.size:
        return np.zeros(0, dtype=bool)
    _, sizes, directions = np.linalg.svd(triangle)
    null = directions[sizes <= _DEPENDENT * sizes[0]]
    return (np.abs(null) > _TAKES_PART).any(axis=0)  # type: ignore[no-any-return]
