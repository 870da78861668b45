"""Factors of the answers, and the space in which accounts are compared."""

from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from segdsl.evidence.factor_space import factor_basis, item_scales
from segdsl.evidence.factors import (
    Factors,
    Suitability,
    correlations,
    count_factors,
    find_factors,
    most_factors,
    suitability,
)
from segdsl.evidence.figures import exact
from segdsl.evidence.measures import Floats
from segdsl.evidence.one_population import OnePopulation, one_population
from segdsl.plugin import FitCall, Refused
from segdsl_needs.answers import Answers

_SCALE_DIGITS = 3
# Of points, whose unit is a scale.
_PLACES = 9


@dataclass(frozen=True, slots=True)
class Analysis:
    """What the correlations of the items say. `factors` is None where they have nothing in common; `given`: the spec
    says how many there are."""

    matrix: Floats
    suitability: Suitability
    factors: Factors | None
    given: bool


@dataclass(frozen=True, slots=True)
class Space:
    """The space of the factors: `scales` of the items as the text has them, `mean` answers, `basis` (p x m).

    A point of it is the projection of an account's answers, less their mean, in units of the scales.
    """

    scales: tuple[Decimal, ...]
    mean: Floats
    basis: Floats

    @property
    def units(self) -> Floats:
        """The scales as doubles."""
        return np.array([float(one) for one in self.scales])

    def project(self, answers: Floats) -> Floats:
        """Points of answers (n x p), the same for the same answers: a product may round otherwise in another row."""
        points: Floats = np.round(((answers - self.mean) / self.units) @ self.basis, _PLACES)
        return points

    def answers(self, points: Floats) -> Floats:
        """The answers that points stand for (n x p)."""
        told: Floats = self.mean + (points @ self.basis.T) * self.units
        return told


def analyse(answers: Answers, call: FitCall) -> Analysis:
    """Factors of the items, as many as the option says or parallel analysis finds."""
    matrix = correlations(answers.values)
    given = call.options.get("factors")
    items = len(answers.items)
    if isinstance(given, int) and given > most_factors(items):
        raise Refused(
            f"{given} factors can't be told from {items} items",
            option="factors",
            expected=f"at most {most_factors(items)}",
            help="ask for fewer factors, or leave the option out",
        )
    count = given if isinstance(given, int) else count_factors(answers.values, call.seed)
    factors = find_factors(matrix, count) if count else None
    return Analysis(matrix, suitability(matrix, len(answers.values)), factors, isinstance(given, int))


def make_space(answers: Answers, factors: Factors, center: bool) -> Space:
    """The space in which accounts are compared; with `center` without the level of an account's answers."""
    if center:
        _check_one_type(answers)
    spreads = answers.values.std(axis=0)
    scales = tuple(_cut(one) for one in spreads * item_scales(factors))
    units = np.array([float(one) for one in scales])
    directions = factors.loadings * (spreads / units)[:, None]
    return Space(scales, answers.values.mean(axis=0), factor_basis(directions, 1 / units if center else None))


def reference(answers: Answers, analysis: Analysis) -> OnePopulation:
    """One population that answers as much alike."""
    return one_population(answers.values, analysis.matrix)


def _check_one_type(answers: Answers) -> None:
    first = answers.items[0]
    other = next((one for one in answers.items if one.type.kind is not first.type.kind), None)
    if other is not None:
        types = (one.type.or_missing(False) for one in (first, other))
        raise Refused(
            f"`{first.name}` is {next(types)} and `{other.name}` is {next(types)}: they have no level in common",
            option="center",
            expected="items that are answered on one scale",
            help="leave `center` out, or the items of another scale",
        )


def _cut(scale: float) -> Decimal:
    """The scale as it can be written and read."""
    return exact(float(f"{scale:.{_SCALE_DIGITS}g}"))
