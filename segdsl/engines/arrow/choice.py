"""Values chosen row by row among several: cases, defaults and bands."""

from collections.abc import Sequence
from fractions import Fraction
from math import ceil

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from segdsl.engines.arrow.batch import Values
from segdsl.engines.arrow.buffers import (
    array_from_view,
    as_floats,
    blockwise,
    booleans,
    from_view,
    known_bytes,
    packed,
    truth_bytes,
    validity,
    view,
)
from segdsl.engines.arrow.coded import coded, plain, share_dictionary
from segdsl.engines.arrow.physical import (
    BOOL,
    FLOAT64,
    INT64,
    INT64_HIGH,
    INT64_LOW,
    arrow_type,
    places,
    scalar_type,
    to_physical,
)
from segdsl.model.expression import Band
from segdsl.types import Kind, Type, Value

# Beyond so many cut-points a binary search is faster than a comparison with each.
_FEW_CUTS = 16

Choice = tuple[np.ndarray, Values]


def choose(parts: Sequence[Choice], otherwise: Values, type_: Type) -> Values:
    """For each row the value of the part whose mask is true there, else `otherwise`.

    Masks are bytes of true and false, at most one of them true in a row.
    """
    if not parts:
        return conform(otherwise, type_)
    if type_.is_textual:
        return _choose_texts(parts, otherwise)
    values = [conform(value, type_) for _, value in parts]
    masks = [mask for mask, _ in parts]
    otherwise = conform(otherwise, type_)
    if pa.types.is_nested(otherwise.type) or pa.types.is_null(otherwise.type):
        return _choose_any(masks, values, otherwise)
    return _choose_fixed(masks, values, otherwise)


def conform(values: Values, type_: Type) -> Values:
    """Values as the type wants them: whole numbers as floats for a number, an untyped null as a typed one."""
    if pa.types.is_null(values.type):
        wanted = scalar_type(type_)
        return pa.scalar(None, wanted) if isinstance(values, pa.Scalar) else pa.nulls(len(values), wanted)
    if type_.kind in (Kind.NUMBER, Kind.RATIO) and values.type == INT64:
        return as_floats(values)
    return values


def find_band(expr: Band, operand: Values) -> Values:
    """The label of the band in which each value lies; missing where the value is."""
    if isinstance(operand, pa.Scalar) and not operand.is_valid:
        return pa.scalar(None, pa.string())
    data = view(operand)
    cuts = [_cut(cut, expr.operand.type) for cut in expr.cuts]
    codes = np.zeros(len(data), np.int32)
    if len(cuts) <= _FEW_CUTS:
        for cut in cuts:
            codes += data >= cut
    else:
        reachable = [max(cut, INT64_LOW) for cut in cuts if cut <= INT64_HIGH]
        codes[:] = np.searchsorted(np.array(reachable, data.dtype), data, side="right")
    found = from_view(codes, pa.int32(), validity(operand), (operand,))
    return coded(found, pa.array(expr.labels, pa.string()))


def _cut(cut: Value, type_: Type) -> int | float:
    """A cut-point in the physical units of a type, rounded up to a whole unit where those are whole."""
    if arrow_type(type_) == FLOAT64:
        return float(Fraction(cut))  # type: ignore[arg-type]
    if arrow_type(type_) == INT64:
        units = 10 ** places(type_) if type_.kind is Kind.MONEY else 1
        return ceil(Fraction(cut) * units)  # type: ignore[arg-type]
    return int(view(pa.scalar(to_physical(cut, type_), arrow_type(type_)))[0])


def _choose_texts(parts: Sequence[Choice], otherwise: Values) -> Values:
    length = len(parts[0][0])
    values = [conform(value, Type(Kind.TEXT)) for value in (*(v for _, v in parts), otherwise)]
    masks = [mask for mask, _ in parts]
    shared = share_dictionary(values, length)
    if shared is None:
        plain_values = [plain(value) for value in values]
        return _choose_any(masks, plain_values[:-1], plain_values[-1])
    codes, dictionary = shared
    return coded(_choose_fixed(masks, codes[:-1], codes[-1]), dictionary)


def _choose_any(masks: Sequence[np.ndarray], values: Sequence[Values], otherwise: Values) -> Values:
    return pc.case_when(pc.make_struct(*(booleans(mask) for mask in masks)), *values, otherwise)


def _choose_fixed(masks: Sequence[np.ndarray], values: Sequence[Values], otherwise: Values) -> Values:
    data, known = _content(otherwise), _known(otherwise)
    for mask, value in zip(masks, values, strict=True):
        data = _blend(data, _content(value), mask)
        known = _blend(known, _known(value), mask)
    bitmap = None if known.all() else packed(known)
    if otherwise.type == BOOL:
        return booleans(data, bitmap)
    return array_from_view(data, otherwise.type, bitmap)


def _blend(below: np.ndarray, above: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """`above` where the mask is true, else `below`; either may be one element for all rows.

    Done on bits: a masked copy mispredicts a branch in every other row.
    """
    if len(below) == len(above) == 1 and below.tobytes() == above.tobytes():
        return np.repeat(below, len(mask))
    bits = f"i{below.dtype.itemsize}"
    blended = blockwise(_blend_bits, below.view(bits), above.view(bits), mask)
    return blended.view(below.dtype)


def _blend_bits(below: np.ndarray, above: np.ndarray, mask: np.ndarray) -> np.ndarray:
    chosen = -mask.astype(below.dtype)
    result: np.ndarray = below ^ ((below ^ above) & chosen)
    return result


def _content(values: Values) -> np.ndarray:
    if values.type != BOOL:
        return view(values)
    return np.array([values.as_py() is True]) if isinstance(values, pa.Scalar) else truth_bytes(values)


def _known(values: Values) -> np.ndarray:
    if isinstance(values, pa.Scalar):
        return np.array([values.is_valid])
    return known_bytes(values) if values.null_count else np.array([True])
