"""What a tree predicts, as numbers: a score, a share of yes, or grades as equally spaced scores."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from segdsl.plugin import Kind, Refused, Type, literal
from segdsl_tree.columns import measure_values

_SCORES = {Kind.COUNT, Kind.INT, Kind.NUMBER, Kind.RATIO, Kind.MONEY, Kind.DURATION}
_EXPECTED = "a score, a number, a yes-or-no, or a grade: a category with a list of values, the best first"


@dataclass(frozen=True, slots=True)
class Target:
    """The target by its name, in all rows: NaN where it is missing. `values` are in units of `unit`."""

    name: str
    type: Type
    values: NDArray[np.float64]
    unit: float = 1.0

    def shown(self, mean: float) -> str:
        """A mean of `values`, to three digits and with its unit."""
        return shown_mean(mean * self.unit, self.type)


def read_target(name: str, array: pa.Array, type_: Type) -> Target:
    """The target as numbers, the more the better: grades count from 1 for the last. Raises Refused for a wrong type."""
    if type_.kind in _SCORES:
        return Target(name, type_, measure_values(array, type_))
    if type_.kind is Kind.BOOL:
        return Target(name, type_, _numbers(array.cast(pa.uint8())))
    if type_.kind is Kind.CATEGORY and type_.values is not None:
        places = pc.index_in(array, value_set=pa.array(type_.values, pa.string()))
        return Target(name, type_, len(type_.values) - _numbers(places))
    raise Refused(f"`{name}` is {type_.or_missing(False)}", option="target", expected=_EXPECTED)


def known_target(whole: Target) -> tuple[Target, NDArray[np.bool_]]:
    """The target in the rows in which it is known, and which these are.

    Values get magnitudes of about 1, so that no square of them is beyond what a double holds, or lost.
    """
    known = ~np.isnan(whole.values)
    values = whole.values[known]
    largest = float(np.abs(values).max(initial=0.0))
    exponent = int(np.frexp(largest)[1]) - 1
    return Target(whole.name, whole.type, np.ldexp(values, -exponent), float(np.ldexp(1.0, exponent))), known


def _numbers(array: pa.Array) -> NDArray[np.float64]:
    return np.asarray(array.cast(pa.float64()).to_numpy(zero_copy_only=False), np.float64)


def shown_mean(mean: float, type_: Type) -> str:
    """A mean of the target to three digits, with its unit."""
    match type_.kind:
        case Kind.MONEY:
            return literal(_to_digits(mean), type_)
        case Kind.BOOL | Kind.RATIO:
            return f"{mean:.1%}"
        case Kind.DURATION:
            return f"{_to_digits(mean / 1440):g} days"
        case _:
            return f"{_to_digits(mean):,g}"


def _to_digits(value: float) -> float:
    return float(f"{value:.3g}")
