"""Features that are told as equal or not: categories and yes-or-no."""

from dataclasses import dataclass
from decimal import Decimal
from math import sqrt

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from segdsl.evidence.figures import exact
from segdsl.evidence.measures import Mask
from segdsl.plugin import Kind, Type

Places = npt.NDArray[np.int64]

COMPARED = frozenset({Kind.CATEGORY, Kind.BOOL})
_SCALE_DIGITS = 3


@dataclass(frozen=True, slots=True)
class Choice:
    """A category or a yes-or-no: accounts that differ in it are 1 / `scale` apart. Codes are places in `values`."""

    name: str
    type: Type
    scale: Decimal
    values: tuple[str | bool, ...]

    @property
    def unlike(self) -> float:
        """How far apart, squared, two accounts are that differ in it."""
        return float((1 / float(self.scale)) ** 2)


@dataclass(frozen=True, slots=True)
class Coded:
    """A column as places in its distinct values, -1 for missing."""

    places: Places
    values: tuple[str | bool, ...]


def read_codes(array: pa.Array) -> Coded:
    encoded = array.dictionary_encode()
    places = encoded.indices.cast(pa.int64()).fill_null(-1).to_numpy(zero_copy_only=False)
    return Coded(np.asarray(places, dtype=np.int64), tuple(encoded.dictionary.to_pylist()))


def make_choice(name: str, type_: Type, coded: Coded, known: Mask, scaled: bool) -> tuple[Choice, Places]:
    """The values that the known rows have, in their order, and the code of each row."""
    own = coded.places[known]
    present = sorted(np.unique(own).tolist(), key=lambda place: coded.values[place])
    code_of = np.full(len(coded.values), -1, dtype=np.int64)
    code_of[present] = np.arange(len(present))
    codes = code_of[own]
    scale = rounded_scale(_mismatch(codes)) if scaled and len(present) > 1 else Decimal(1)
    return Choice(name, type_, scale, tuple(coded.values[place] for place in present)), codes


def _mismatch(codes: Places) -> float:
    """The root of half the chance that two rows differ, each drawn from all of them.

    It is to values that are equal or 1 apart what the standard deviation is to numbers: the root of half the mean
    squared difference of two rows.
    """
    shares = np.bincount(codes) / len(codes)
    return sqrt((1 - float(shares @ shares)) / 2)


def rounded_scale(spread: float) -> Decimal:
    """A scale of three digits, so that it can be written and read."""
    return exact(float(f"{spread:.{_SCALE_DIGITS}g}"))


def mend_for(name: str, kind: Kind) -> str:
    """What to give instead of a field that has no distance."""
    match kind:
        case Kind.TEXT:
            return f"declare `{name}` as `category`"
        case Kind.LIST:
            return f'derive a yes-or-no from it, such as `has_x = {name} has any ("x")`, and name that'
        case _:
            return f"derive a duration from it, such as `age = as_of - {name}`, and name that"
