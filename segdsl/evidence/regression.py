"""Ordinary least squares of a score on numbers and categories, with standard errors that hold for uneven spread.

Rows are taken a part at a time, so the matrix of the design is never held whole.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy import special

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Codes = npt.NDArray[np.int32]

_PART_ROWS = 1 << 15
# Squares of larger numbers pass what a double holds.
LARGEST = 1e150
# Residuals whose squares are less than this share of the whole are rounding.
_EXACT = 1e-20
# A row whose leverage is nearer to 1 is fitted by a coefficient of its own.
_ALONE = 1e-9
# Values so many standard deviations off would lose digits by the centre and scale of other rows.
_FAR = 1e6
_LEVEL = 0.975


@dataclass(frozen=True, slots=True)
class Variable:
    """Numbers, NaN where missing; or with `levels` codes from 0 to below it, -1 where missing. A value a row."""

    values: Floats | Codes
    levels: int = 0

    @property
    def known(self) -> Bools:
        """The rows that can be used: infinite numbers, and those of more than 1e150, can't."""
        if self.levels:
            return self.values >= 0
        with np.errstate(invalid="ignore"):
            return np.abs(self.values) <= LARGEST


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the design: a number, or with a `level` whether a row has it. Standardised by centre and scale."""

    variable: int
    level: int | None
    centre: float
    scale: float


@dataclass(frozen=True, slots=True)
class Design:
    """A regression that is to be made on `n` rows.

    `rows` are those that are taken; `chosen` the variables, by their place. A category has a column for each level that
    occurs, but for its entry in `baselines`, the most frequent when the design was begun. `columns` and `score_column`
    have the centres and scales of these rows; `triangle` is R of the QR decomposition of the standardised columns and,
    last, the score.

    `root` is R with a column of ones first, by the centres and scales of `encoded`, whose last entry is the score's:
    those of the rows on which the design was begun. `narrow`: these rows say too little of others, because a column is
    constant on them, and left out, or far larger elsewhere.
    """

    variables: tuple[Variable, ...]
    score: Floats
    rows: Bools
    n: int
    chosen: tuple[int, ...]
    columns: tuple[Column, ...]
    baselines: dict[int, int]
    triangle: Floats
    score_column: Column
    root: Floats
    encoded: tuple[Column, ...]
    narrow: bool

    def places(self, variable: int) -> list[int]:
        """The columns of a variable."""
        return [place for place, column in enumerate(self.columns) if column.variable == variable]


@dataclass(frozen=True, slots=True)
class Coefficient:
    """What a column adds to the score, in units of both; `standardised` in standard deviations of both.

    `error` is the robust standard error, `t` and `p` test that nothing is added, `low` and `high` are the ends of the
    95 % interval. None where the fit is exact, or rounding leaves nothing of the variance: there is no error to go by.
    """

    variable: int | None
    level: int | None
    estimate: float
    standardised: float | None
    error: float | None
    t: float | None
    p: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Regression:
    """A fitted regression. The first coefficient is the intercept.

    `adjusted` is R-squared with the means of squares instead of sums (Theil 1961). `p_of` tests each variable, by its
    place: a category by all of its coefficients together. `exact`: no residual is left. `alone` is a variable that
    gives one row a coefficient of its own, so that no error can be told; None where there is none.
    """

    n: int
    freedom: int
    r2: float
    adjusted: float
    coefficients: tuple[Coefficient, ...]
    p_of: dict[int, float]
    exact: bool
    alone: int | None


def make_design(variables: Sequence[Variable], score: Floats, chosen: Sequence[int], rows: Bools) -> Design:
    """The design on these rows, on which all chosen variables are known. Columns that are constant there are left out.

    R is that of the rows before and a part of the next, one part after the other: the sequential TSQR of J. Demmel,
    L. Grigori, M. Hoemmen & J. Langou (SIAM Journal on Scientific Computing 34, 2012).
    """
    columns: list[Column] = []
    baselines: dict[int, int] = {}
    narrow = False
    for place in chosen:
        if variables[place].levels:
            before = len(columns)
            baselines[place] = _add_levels(columns, place, variables[place], rows)
            narrow |= len(columns) - before < variables[place].levels - 1
        else:
            column = _number_column(place, variables[place].values[rows])
            columns += [column] if column.scale else []
            narrow |= _is_narrow(column, variables[place])
    encoded = (*columns, _number_column(-1, score[rows]))
    narrow |= _is_narrow(encoded[-1], Variable(score))
    root = _stacked(np.zeros((0, len(encoded) + 1)), variables, score, rows, encoded)
    begun = Design(
        tuple(variables), score, rows, 0, tuple(chosen), (), baselines, root, encoded[-1], root, encoded, narrow
    )
    return _settled(begun)


def without(design: Design, variable: int, rows: Bools) -> Design:
    """The design without a variable, on the same rows and those that only lacked this variable: only they are read."""
    chosen = tuple(place for place in design.chosen if place != variable)
    if design.narrow:
        return make_design(design.variables, design.score, chosen, rows)
    kept = [place for place, column in enumerate(design.encoded) if column.variable != variable]
    encoded = tuple(design.encoded[place] for place in kept)
    root = _r(design.root[:, [0, *(place + 1 for place in kept)]])
    root = _stacked(root, design.variables, design.score, rows & ~design.rows, encoded)
    return _settled(replace(design, rows=rows, chosen=chosen, root=root, encoded=encoded))


def fit(design: Design) -> Regression:
    """Least squares. Needs a score that is not constant, fewer columns than rows less 1, and none that others give.

    The covariance of coefficients is HC3 of MacKinnon & White (1985): residuals divided by 1 - h, h the leverage, the
    squared length of a row of Q. Intervals and p go by Student's t with n - k - 1 degrees of freedom, a category's p by
    Wald's F with as many and its own number of columns.
    """
    count = len(design.columns)
    freedom = design.n - count - 1
    whole = float((design.triangle[:, count] ** 2).sum())
    left = float(design.triangle[count, count] ** 2)
    slopes = np.linalg.solve(design.triangle[:count, :count], design.triangle[:count, count]).astype(np.float64)
    exact = left <= _EXACT * whole
    share = 0.0 if exact else left / whole
    adjusted = 1 - share * (design.n - 1) / freedom
    covariance, alone = (None, None) if exact else _robust(design, slopes)
    coefficients = _coefficients(design, slopes, covariance, freedom)
    p_of = {} if covariance is None else _tests(design, slopes, covariance, freedom)
    return Regression(design.n, freedom, 1 - share, adjusted, coefficients, p_of, exact, alone)


def predict(design: Design, fitted: Regression, variables: Sequence[Variable], n: int) -> tuple[Floats, Bools]:
    """The score of `n` other rows as the regression has it, and for which of them it can be told.

    It can't where a variable is missing, or is a category that no row had on which the regression was made.
    """
    found, known = np.full(n, fitted.coefficients[0].estimate), np.ones(n, dtype=bool)
    for place in design.chosen:
        known &= variables[place].known
        if place in design.baselines:
            levels = [one.level for one in design.columns if one.variable == place and one.level is not None]
            known &= np.isin(variables[place].values, np.array([design.baselines[place], *levels]))
    for one in fitted.coefficients[1:]:
        assert one.variable is not None
        values = variables[one.variable].values
        with np.errstate(invalid="ignore", over="ignore"):
            found += one.estimate * (values if one.level is None else values == one.level)
    return found, known


# ---- the design


def _number_column(place: int, values: Floats | Codes) -> Column:
    """Centre and standard deviation; a scale of 0 for a constant."""
    if not len(values) or values.min() == values.max():
        return Column(place, None, float(values[0]) if len(values) else 0.0, 0.0)
    top = float(np.abs(values).max())
    small = values / top
    centre = float(small.mean())
    return Column(place, None, centre * top, float(np.sqrt(((small - centre) ** 2).sum() / (len(small) - 1))) * top)


def _is_narrow(column: Column, variable: Variable) -> bool:
    values = variable.values[variable.known]
    return not column.scale or bool(np.abs(values - column.centre).max(initial=0.0) > _FAR * column.scale)


def _add_levels(columns: list[Column], place: int, variable: Variable, rows: Bools) -> int:
    """Adds a category's columns, and says which level has none: the most frequent, of equals the first."""
    counts = np.bincount(variable.values[rows], minlength=variable.levels)
    n, baseline = int(counts.sum()), int(counts.argmax())
    for level, count in enumerate(counts.tolist()):
        if count and level != baseline:
            share = count / n
            columns.append(Column(place, level, share, float(np.sqrt(share * (1 - share) * n / (n - 1)))))
    return baseline


def _stacked(
    root: Floats, variables: Sequence[Variable], score: Floats, rows: Bools, encoded: Sequence[Column]
) -> Floats:
    """R of what R is of and, below it, of these rows of the design, a column of ones first and the score last."""
    for part, values in _parts(variables, score, rows, encoded[:-1], encoded[-1]):
        root = _r(np.vstack((root, np.column_stack((np.ones(len(part)), part, values)))))
    missing = root.shape[1] - root.shape[0]
    # There are fewer rows than columns where there are fewer in the data.
    return np.vstack((root, np.zeros((missing, root.shape[1])))) if missing > 0 else root


def _settled(design: Design) -> Design:
    """The design with the centres and scales of its own rows, and R by them. Of a constant score the scale is 0."""
    ones, rest, n = design.root[0], design.root[1:, 1:], int(design.rows.sum())
    shifts = ones[1:] / ones[0] if n else np.zeros(len(design.encoded))
    spreads = np.sqrt((rest**2).sum(axis=0) / max(n - 1, 1))
    columns = tuple(
        replace(one, centre=one.centre + float(shift) * (one.scale or 1.0), scale=float(spread) * (one.scale or 1.0))
        for one, shift, spread in zip(design.encoded, shifts, spreads, strict=True)
    )
    triangle = rest / np.where(spreads > 0, spreads, 1.0)
    return replace(design, n=n, columns=columns[:-1], score_column=columns[-1], triangle=triangle)


def _parts(
    variables: Sequence[Variable], score: Floats, rows: Bools, columns: Sequence[Column], own: Column
) -> Iterator[tuple[Floats, Floats]]:
    """Rows of the standardised design, and their standardised scores."""
    for start in range(0, len(rows), _PART_ROWS):
        part = slice(start, start + _PART_ROWS)
        places = np.flatnonzero(rows[part])
        count = len(places)
        if not count:
            continue
        taken: npt.NDArray[np.intp] | slice = slice(None) if count == len(rows[part]) else places
        values = (score[part][taken] - own.centre) / (own.scale or 1.0)
        # A column after the other in memory: each is written at once.
        matrix = np.empty((len(columns), count)).T
        for place, column in enumerate(columns):
            cells = variables[column.variable].values[part][taken]
            cell = matrix[:, place]
            np.subtract(cells if column.level is None else cells == column.level, column.centre, out=cell)
            cell /= column.scale
        yield matrix, values


def _r(matrix: Floats) -> Floats:
    return np.asarray(np.linalg.qr(matrix, mode="r"), dtype=np.float64)


# ---- errors


def _robust(design: Design, slopes: Floats) -> tuple[Floats | None, int | None]:
    """HC3 of the mean and the slopes, standardised; or the variable that gives a row a coefficient of its own."""
    count = len(design.columns)
    inverse = np.linalg.inv(design.triangle[:count, :count])
    middle = np.zeros((count + 1, count + 1))
    parts = _parts(design.variables, design.score, design.rows, design.columns, design.score_column)
    for matrix, values in parts:
        q = matrix @ inverse
        rest = 1 - 1 / design.n - np.einsum("ij,ij->i", q, q)
        lonely = np.flatnonzero(rest < _ALONE)
        if len(lonely):
            return None, design.columns[int(np.abs(matrix[lonely[0]]).argmax())].variable
        weights = (values - matrix @ slopes) / rest
        q *= weights[:, None]
        middle[1:, 1:] += q.T @ q
        middle[0, 1:] += weights @ q / design.n
        middle[0, 0] += weights @ weights / design.n**2
    middle[1:, 0] = middle[0, 1:]
    turn = np.eye(count + 1)
    turn[1:, 1:] = inverse
    return turn @ middle @ turn.T, None


def _coefficients(design: Design, slopes: Floats, covariance: Floats | None, freedom: int) -> tuple[Coefficient, ...]:
    own = design.score_column
    scales = np.array([column.scale for column in design.columns])
    centres = np.array([column.centre for column in design.columns])
    estimates = slopes / scales * own.scale
    # The intercept is the mean of the score less what the means of the columns add.
    intercept = own.centre - float((estimates * centres).sum())
    turn = np.diag(np.concatenate(([1.0], 1 / scales)))
    turn[0, 1:] = -centres / scales
    errors = None if covariance is None else _roots(np.diag(turn @ covariance @ turn.T)) * own.scale
    reach = float(special.stdtrit(freedom, _LEVEL))
    found = []
    for place, estimate in enumerate((intercept, *estimates.tolist())):
        column = design.columns[place - 1] if place else None
        error = None if errors is None or np.isnan(errors[place]) else float(errors[place])
        t = None if not error else estimate / error
        found.append(
            Coefficient(
                None if column is None else column.variable,
                None if column is None else column.level,
                estimate,
                None if column is None else float(slopes[place - 1]),
                error,
                t,
                None if t is None else float(2 * special.stdtr(freedom, -abs(t))),
                None if error is None else estimate - reach * error,
                None if error is None else estimate + reach * error,
            )
        )
    return tuple(found)


def _roots(variances: Floats) -> Floats:
    """NaN where a variance is so small beside its parts that rounding leaves less than nothing of it."""
    return np.sqrt(np.where(variances < 0, np.nan, variances))


def _tests(design: Design, slopes: Floats, covariance: Floats, freedom: int) -> dict[int, float]:
    found = {}
    for variable in design.chosen:
        places = np.array(design.places(variable), dtype=np.intp)
        if len(places):
            part = covariance[np.ix_(places + 1, places + 1)]
            own = slopes[places]
            wald = float(own @ np.linalg.pinv(part, hermitian=True) @ own) / len(places)
            found[variable] = float(special.fdtrc(len(places), freedom, wald))
    return found
