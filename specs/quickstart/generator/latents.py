"""The hidden variables behind the planted truths.

`quality` decides how good a customer is; every other variable becomes a column that an analyst can see.
Over the customers what quality is made of is exactly uncorrelated (Gram and Schmidt), so that chance does not
spoil what was planted: what is left of it comes from missing values and from rounding.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import fsum, sqrt

from generator.draws import NORMAL, Draws

# Loadings of quality; their squares and that of the remainder add up to 1.
SIZE, HIRING, STACK = 0.25, 0.20, 0.22
TECH, REMOTE, AGE = 0.25, 0.27, 0.30
DRAG = 0.30
REST = sqrt(1 - SIZE**2 - HIRING**2 - STACK**2 - TECH**2 - REMOTE**2 - AGE**2 - 3 * DRAG**2)
# How far each decoy follows its true proxy. What the proxy brings it is taken back by a drag on quality.
FOLLOW = 0.40

Column = list[float]


@dataclass(frozen=True, slots=True)
class Latents:
    """One list a variable, one number an account; mean 0 and variance 1 over the accounts."""

    size: Column
    hiring: Column
    stack: Column
    remote: Column
    age: Column
    sprawl: Column  # decoy of size
    fame: Column  # decoy of hiring
    spending: Column  # decoy of stack
    awards: Column
    promoter: Column
    quality: Column


def draw_latents(draws: Draws, is_tech: Sequence[bool], is_b2b: Sequence[bool]) -> Latents:
    """Latents of accounts whose industry and business model are known already."""
    count = len(is_tech)
    tech = _standardised([1.0 if flag else 0.0 for flag in is_tech])
    age = _normal_scores(draws, count)
    middle = _standardised([-(value**2) for value in age])
    remote = _residual(_normal_scores(draws, count), (tech, age, middle))
    # Remote work helps those who sell to companies and hurts the others.
    split = [value if b2b else -value for value, b2b in zip(remote, is_b2b, strict=True)]
    split = _residual(split, (tech, age, middle, remote))
    basis = [tech, age, middle, remote, split]
    for _ in range(12):
        basis.append(_residual(_normal_scores(draws, count), basis))
    size, hiring, stack, drag_1, drag_2, drag_3, noise_1, noise_2, noise_3, awards, promoter, rest = basis[5:]
    quality = _mix(
        (SIZE, size), (HIRING, hiring), (STACK, stack), (TECH, tech), (REMOTE, split), (AGE, middle),
        (-DRAG, drag_1), (-DRAG, drag_2), (-DRAG, drag_3), (REST, rest),
    )  # fmt: skip
    return Latents(
        size=size,
        hiring=hiring,
        stack=stack,
        remote=remote,
        age=age,
        sprawl=_decoy(size, SIZE, drag_1, noise_1),
        fame=_decoy(hiring, HIRING, drag_2, noise_2),
        spending=_decoy(stack, STACK, drag_3, noise_3),
        awards=awards,
        promoter=promoter,
        quality=quality,
    )


def _decoy(proxy: Column, loading: float, drag: Column, noise: Column) -> Column:
    """A variable that follows a true proxy and yet has no correlation with quality.

    quality = loading * proxy - DRAG * drag + ..., so FOLLOW * proxy + (FOLLOW * loading / DRAG) * drag has
    covariance FOLLOW * loading - FOLLOW * loading = 0 with it.
    """
    taken_back = FOLLOW * loading / DRAG
    return _mix((FOLLOW, proxy), (taken_back, drag), (sqrt(1 - FOLLOW**2 - taken_back**2), noise))


def _normal_scores(draws: Draws, count: int) -> Column:
    """Evenly spaced quantiles of the normal distribution in random order."""
    return draws.shuffled([NORMAL.inv_cdf((place + 0.5) / count) for place in range(count)])


def _standardised(column: Column) -> Column:
    count = len(column)
    mean = fsum(column) / count
    centred = [value - mean for value in column]
    spread = sqrt(fsum(value * value for value in centred) / count) or 1.0
    return [value / spread for value in centred]


def _residual(column: Column, basis: Sequence[Column]) -> Column:
    """What is left of a column after the basis (uncorrelated, variance 1) explained what it can."""
    rest = _standardised(column)
    for other in basis:
        slope = fsum(a * b for a, b in zip(rest, other, strict=True)) / len(rest)
        rest = [a - slope * b for a, b in zip(rest, other, strict=True)]
    return _standardised(rest)


def _mix(*parts: tuple[float, Column]) -> Column:
    weights = [weight for weight, _ in parts]
    return [
        fsum(weight * value for weight, value in zip(weights, row, strict=True))
        for row in zip(*(column for _, column in parts), strict=True)
    ]
