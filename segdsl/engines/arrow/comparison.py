"""Comparisons and membership among constants, exact where a whole number meets a constant of any kind."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache, reduce
from math import ceil, floor

import pyarrow as pa
import pyarrow.compute as pc

from segdsl.engines.arrow.batch import Values
from segdsl.engines.arrow.buffers import as_floats, has_missing_scalar, known_only, validity
from segdsl.engines.arrow.coded import plain, test_text
from segdsl.engines.arrow.constants import constant_amount
from segdsl.engines.arrow.physical import BOOL, FLOAT64, INT64, INT64_HIGH, INT64_LOW, arrow_type, places, to_physical
from segdsl.model.expression import Compare, Comparison, Expr
from segdsl.types import Kind, Type, Value
from segdsl.types.column_type import WHOLE

_KERNELS: dict[Comparison, Callable[[Values, Values], Values]] = {
    Comparison.EQUAL: pc.equal,
    Comparison.UNEQUAL: pc.not_equal,
    Comparison.LESS: pc.less,
    Comparison.AT_MOST: pc.less_equal,
    Comparison.MORE: pc.greater,
    Comparison.AT_LEAST: pc.greater_equal,
}
_MIRRORED = {
    Comparison.EQUAL: Comparison.EQUAL,
    Comparison.UNEQUAL: Comparison.UNEQUAL,
    Comparison.LESS: Comparison.MORE,
    Comparison.AT_MOST: Comparison.AT_LEAST,
    Comparison.MORE: Comparison.LESS,
    Comparison.AT_LEAST: Comparison.AT_MOST,
}

# So few comparisons are faster than a look-up.
_FEW = 3

# Kinds held as whole units of 64 bits.
_IN_UNITS = WHOLE | {Kind.MONEY}


@dataclass(frozen=True, slots=True)
class Bound:
    """Whole numbers or money compared with a constant: `bound` is exact, in the units of `operand`."""

    operator: Comparison
    operand: Expr
    bound: Fraction


def find_bound(expr: Compare) -> Bound | None:
    """The comparison as one with a constant; None if it is not, or if the other side is not held in units."""
    if expr.left.type.kind in _IN_UNITS and (constant := constant_amount(expr.right)) is not None:
        return Bound(expr.operator, expr.left, constant * _units_of(expr.left.type))
    if expr.right.type.kind in _IN_UNITS and (constant := constant_amount(expr.left)) is not None:
        return Bound(_MIRRORED[expr.operator], expr.right, constant * _units_of(expr.right.type))
    return None


def compare_with_bound(bound: Bound, values: Values) -> Values:
    """Whole units compared with a constant that need be neither whole nor within 64 bits, exactly."""
    low, high = floor(bound.bound), ceil(bound.bound)
    match bound.operator:
        case Comparison.EQUAL | Comparison.UNEQUAL if low != high or not _fits(low):
            return _always(bound.operator is Comparison.UNEQUAL, values)
        case Comparison.LESS | Comparison.AT_MOST if not _fits(low):
            return _always(low > 0, values)
        case Comparison.MORE | Comparison.AT_LEAST if not _fits(high):
            return _always(high < 0, values)
        case Comparison.LESS if low != high:
            return pc.less_equal(values, pa.scalar(low, INT64))
        case Comparison.MORE if low != high:
            return pc.greater_equal(values, pa.scalar(high, INT64))
        case Comparison.AT_LEAST:
            return pc.greater_equal(values, pa.scalar(high, INT64))
        case _:
            return _KERNELS[bound.operator](values, pa.scalar(low, INT64))


def compare(expr: Compare, left: Values, right: Values) -> Values:
    """The values of a comparison from those of its operands; unknown where one is missing.

    A whole number meets a float as the nearest float.
    """
    if has_missing_scalar(left, right):
        return pa.scalar(None, BOOL)
    if expr.left.type.is_textual:
        return _compare_texts(expr.operator, left, right)
    if left.type != right.type:
        left, right = as_floats(left), as_floats(right)
    return _KERNELS[expr.operator](left, right)


def is_in(operand: Values, values: tuple[Value, ...], type_: Type) -> Values:
    """Whether each value is one of some constants; unknown where it is missing."""
    if has_missing_scalar(operand):
        return pa.scalar(None, BOOL)
    wanted = value_set(values, type_)
    if type_.is_textual:
        return test_text(operand, lambda texts: member(texts, wanted))
    return member(operand, wanted)


def member(values: Values, wanted: pa.Array) -> Values:
    """Whether each value is in `wanted`; null where it is null, unlike the kernel itself."""
    if 0 < len(wanted) <= _FEW:
        return reduce(pc.or_, (pc.equal(values, constant) for constant in wanted))
    found = pc.is_in(values, value_set=wanted)
    return found if isinstance(found, pa.Scalar) else known_only(found, validity(values))


@lru_cache(maxsize=256)
def value_set(values: tuple[Value, ...], type_: Type) -> pa.Array:
    """Constants as an array to look values up in; those that a value of the type can't equal are left out."""
    if type_.is_textual:
        return pa.array(values, pa.string())
    arrow = arrow_type(type_)
    if arrow == INT64:
        units = (_units(value, type_) for value in values)
        whole = [int(u) for u in units if u is not None and u.denominator == 1]
        return pa.array([u for u in whole if _fits(u)], INT64)
    physical = [to_physical(value, type_) for value in values]
    # To Arrow's sets minus zero is another number than zero.
    zeros = [-0.0] if arrow == FLOAT64 and 0.0 in physical else []
    return pa.array(physical + zeros, arrow)


def _units(value: Value, type_: Type) -> Fraction | None:
    if not isinstance(value, int | Decimal):
        return None
    return Fraction(value) * _units_of(type_)


def _units_of(type_: Type) -> int:
    return int(10 ** places(type_)) if type_.kind is Kind.MONEY else 1


def _fits(units: int) -> bool:
    return INT64_LOW <= units <= INT64_HIGH


def _always(answer: bool, values: Values) -> Values:
    """The same answer wherever a value is known."""
    known = pc.is_valid(values)
    return pc.if_else(known, pa.scalar(answer), pa.scalar(None, BOOL))


def _compare_texts(operator: Comparison, left: Values, right: Values) -> Values:
    kernel = _KERNELS[operator]
    if isinstance(right, pa.Scalar):
        constant = plain(right)
        return test_text(left, lambda texts: kernel(texts, constant))
    if isinstance(left, pa.Scalar):
        constant = plain(left)
        return test_text(right, lambda texts: kernel(constant, texts))
    return kernel(plain(left), plain(right))
