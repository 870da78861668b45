"""Why a hypothesis can't be tested with what was chosen, and what it would take."""

from collections.abc import Iterator
from enum import StrEnum
from fractions import Fraction

from segdsl.collecting.choice import Choice, Problem, least_cost
from segdsl.collecting.field_name import FieldName
from segdsl.collecting.wishes import Way, Wish
from segdsl.record import dataclass


class Obstacle(StrEnum):
    """What stands in the way of a proxy."""

    NO_PROVIDER = "no provider"
    ACCURACY = "accuracy too low"
    BUDGET = "over the budget"


@dataclass(frozen=True, slots=True)
class Hindrance:
    """Why one proxy is no way: the fields concerned, and the best accuracy that is stated for each of them."""

    proxy: str
    obstacle: Obstacle
    fields: tuple[tuple[FieldName, Fraction | None], ...]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A hypothesis that is not covered. `alone` is the least it would cost by itself, `together` what everything would
    cost with it; None where no way is open at any cost."""

    wish: Wish
    hindrances: tuple[Hindrance, ...]
    alone: Fraction | None
    together: Fraction | None


def left_out(problem: Problem, choice: Choice) -> Iterator[LeftOut]:
    """Every hypothesis that is not covered, in the order of the spec."""
    for wish in problem.wishes:
        if wish.hypothesis not in choice.proxies:
            alone = least_cost(problem, (wish.hypothesis,))
            together = None if alone is None else least_cost(problem, (*choice.proxies, wish.hypothesis))
            yield LeftOut(wish, tuple(_hindrance(problem, way) for way in wish.ways), alone, together)


def _hindrance(problem: Problem, way: Way) -> Hindrance:
    unknown = problem.unknown(way)
    if unknown:
        return Hindrance(way.proxy, Obstacle.NO_PROVIDER, tuple((field, None) for field in unknown))
    unfit = [field for field in problem.lacking(way) if not problem.eligible(field)]
    if not unfit:
        return Hindrance(way.proxy, Obstacle.BUDGET, ())
    return Hindrance(way.proxy, Obstacle.ACCURACY, tuple((field, _best(problem, field)) for field in unfit))


def _best(problem: Problem, field: FieldName) -> Fraction | None:
    stated = [o.accuracy for o in problem.offers if field in o.covers and o.accuracy is not None]
    return max(stated, default=None)
