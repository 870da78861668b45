"""A regression from which variables are dropped until those that are left are significant and independent."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
import numpy.typing as npt
from threadpoolctl import threadpool_limits

from segdsl.evidence.collinearity import inflation
from segdsl.evidence.regression import (
    Design,
    Regression,
    Variable,
    fit,
    make_design,
    predict,
    without,
)

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Places = npt.NDArray[np.int64]

# A regression needs as many rows more than it has coefficients.
LEAST_FREEDOM = 10
# Two that repeat each other have nearly the same factor: which is larger is chance, so the score decides between them.
_NEAR = 0.9
# Shares that differ by rounding only are equal.
_DIGITS = 6
_DEPENDENT = 1e-9


class Why(StrEnum):
    """Why a variable was dropped."""

    CONSTANT = "constant"
    INCOMPLETE = "too few complete accounts"
    COLLINEAR = "collinear"
    ONE_ROW = "rests on one account"
    INSIGNIFICANT = "not significant"


@dataclass(frozen=True, slots=True)
class Limits:
    """Variables with a larger variance inflation factor, or a larger p, are dropped."""

    inflation: float = 5.0
    p: float = 0.05


@dataclass(frozen=True, slots=True)
class Step:
    """A variable that was dropped, by its place, and by which figure: rows that are known, the factor, or p.

    `n` and `r2` are those of the regression without it; `r2` is None where none can be made yet.
    """

    dropped: int
    why: Why
    figure: float | None
    n: int
    r2: float | None


@dataclass(frozen=True, slots=True)
class Elimination:
    """What was dropped, in order, and the regression that is left; None where there is none to be made.

    `n` and `r2` are those of all variables together, before the first step. `factors` are the variance inflation
    factors of the variables that are left, by their place.
    """

    n: int
    r2: float | None
    steps: tuple[Step, ...]
    design: Design | None
    regression: Regression | None
    factors: dict[int, float] = field(default_factory=dict)


def eliminate(variables: Sequence[Variable], score: Floats, limits: Limits, among: Bools | None = None) -> Elimination:
    """Backward elimination on the rows `among`, all if not given.

    In each step one variable is dropped, and the regression is made again, on all rows on which what is left is known:
    a constant; where too few rows are complete, the variable that is known least; then the one with the largest
    inflation factor above the limit (of those within a tenth of it the one that says least about the score by itself,
    and of equals the later one);
    then the one with the largest p above the limit.

    No regression: fewer than ten rows more than coefficients with nothing left to drop for it, or a constant score.
    """
    with threadpool_limits(limits=1):
        return _eliminate(variables, score, limits)


def out_of_sample(
    variables: Sequence[Variable], score: Floats, limits: Limits, folds: Places
) -> tuple[float | None, int]:
    """R-squared on rows that the regression hasn't seen, and how many they are.

    `folds` is the fold of each row, less than 0 for none. For each fold the elimination is done on the others, and
    judged on its rows that can be predicted: 1 - sum of (y - predicted)^2 / sum of (y - mean of the others)^2. None
    where a fold's regression can't be made.
    """
    off = spread = 0.0
    judged = 0
    for fold in range(int(folds.max(initial=-1)) + 1):
        learned = eliminate(*_taken(variables, score, (folds >= 0) & (folds != fold)), limits)
        if learned.design is None or learned.regression is None:
            return None, 0
        others, truth = _taken(variables, score, (folds == fold) & Variable(score).known)
        guess, known = predict(learned.design, learned.regression, others, len(truth))
        mean = learned.design.score_column.centre
        off += float(((truth - guess)[known] ** 2).sum())
        spread += float(((truth[known] - mean) ** 2).sum())
        judged += int(known.sum())
    return (1 - off / spread, judged) if spread > 0 else (None, 0)


def _taken(variables: Sequence[Variable], score: Floats, rows: Bools) -> tuple[tuple[Variable, ...], Floats]:
    return tuple(Variable(one.values[rows], one.levels) for one in variables), score[rows]


def _eliminate(variables: Sequence[Variable], score: Floats, limits: Limits) -> Elimination:
    scored, lacking = Variable(score).known, [~one.known for one in variables]
    # How many of the chosen variables each row lacks.
    gaps = np.zeros(len(score), dtype=np.int32)
    for one in lacking:
        gaps += one
    design = make_design(variables, score, range(len(variables)), scored & (gaps == 0))
    start_n, start_r2 = design.n, _r2(design)
    steps: list[Step] = []
    while True:
        regression, factors = None, {}
        found = _early(design)
        if found is None and design.score_column.scale and _is_enough(design):
            factors = inflation(design)
            found = _collinear(design, factors, limits.inflation)
            if found is None:
                regression = fit(design)
                found = _weak(regression, limits.p)
        if found is None:
            made = regression is not None
            return Elimination(
                start_n, start_r2, tuple(steps), design if made else None, regression, factors if made else {}
            )
        dropped, why, figure = found
        gaps -= lacking[dropped]
        design = without(design, dropped, scored & (gaps == 0))
        steps.append(Step(dropped, why, figure, design.n, _r2(design)))


def _is_enough(design: Design) -> bool:
    return design.n >= len(design.columns) + 1 + LEAST_FREEDOM


def _early(design: Design) -> tuple[int, Why, float | None] | None:
    """What must be dropped before a regression can be made. Rows are counted first: on none, all are constant."""
    if not _is_enough(design):
        scored = Variable(design.score).known
        known = {place: int((design.variables[place].known & scored).sum()) for place in design.chosen}
        gaps = [place for place in design.chosen if known[place] < int(scored.sum())]
        if gaps:
            least = min(gaps, key=lambda place: (known[place], -place))
            return least, Why.INCOMPLETE, float(known[least])
    if design.n:
        constant = [place for place in design.chosen if not design.places(place)]
        if constant:
            return constant[0], Why.CONSTANT, None
    return None


def _collinear(design: Design, factors: dict[int, float], limit: float) -> tuple[int, Why, float | None] | None:
    worst = max(factors.values(), default=0.0)
    if worst <= limit:
        return None
    near = [place for place, one in factors.items() if one >= _NEAR * worst]
    chosen = min(near, key=lambda place: (round(_alone(design, place), _DIGITS), -place))
    return chosen, Why.COLLINEAR, factors[chosen]


def _weak(regression: Regression, limit: float) -> tuple[int, Why, float | None] | None:
    if regression.alone is not None:
        return regression.alone, Why.ONE_ROW, None
    if not regression.p_of:
        return None
    place, p = max(regression.p_of.items(), key=lambda one: (one[1], one[0]))
    return (place, Why.INSIGNIFICANT, p) if p > limit else None


def _alone(design: Design, variable: int) -> float:
    """R-squared of the variable by itself."""
    return _share(design, design.places(variable))


def _share(design: Design, places: list[int]) -> float:
    """R-squared of some columns, of which some may be given by others."""
    own, score = design.triangle[:, places], design.triangle[:, -1]
    fitted = own @ np.linalg.lstsq(own, score, rcond=_DEPENDENT)[0]
    return float((fitted**2).sum() / (score**2).sum())


def _r2(design: Design) -> float | None:
    """R-squared of a design, which may have columns that others give; None where it has too few rows."""
    if not design.score_column.scale or design.n <= len(design.columns) + 1:
        return None
    return _share(design, list(range(len(design.columns))))
