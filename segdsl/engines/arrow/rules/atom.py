"""Atoms: the tests of single values that conditions are built from, in a form that equal tests share.

Every comparison of an ordered number with a constant becomes "below a cut-point": `x <= 5` of whole numbers is
`x < 6`, `x > 5` is the opposite of that, so that one bitmap serves them all. On floats the next float takes the place
of the next whole number.
"""

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from math import ceil, floor, inf, nextafter

import pyarrow as pa

from segdsl.engines.arrow.batch import Batch, EvaluationStopped
from segdsl.engines.arrow.buffers import view
from segdsl.engines.arrow.constants import constant_amount, constant_number
from segdsl.engines.arrow.physical import INT64_HIGH, INT64_LOW, places
from segdsl.engines.arrow.values import evaluate
from segdsl.model.expression import Arithmetic, Comparison, Expr, Literal, Negate
from segdsl.types import BOOL, Kind, Type
from segdsl.types.column_type import WHOLE

_MISSING = Literal(None, BOOL.or_missing())


class Storage(StrEnum):
    """How numbers of an operand are held: the name of the NumPy type."""

    FLOAT64 = "float64"
    INT64 = "int64"
    INT32 = "int32"


@dataclass(frozen=True, slots=True)
class Below:
    """Whether the operand is known and less than `cut`, a value of its physical type."""

    operand: Expr
    storage: Storage
    cut: int | float


@dataclass(frozen=True, slots=True)
class OneOf:
    """Whether the operand is known and equals one of `values`, ascending, of its physical type."""

    operand: Expr
    storage: Storage
    values: tuple[int | float, ...]


@dataclass(frozen=True, slots=True)
class OneText:
    """Whether the operand, a text or category, is known and equals one of `texts`."""

    operand: Expr
    texts: frozenset[str]


@dataclass(frozen=True, slots=True)
class TextPredicate:
    """Whether the operand, a text or category, is known and `condition`, which reads nothing else, true of it."""

    operand: Expr
    condition: Expr


@dataclass(frozen=True, slots=True)
class Truth:
    """Whether a boolean expression of any other shape is known and true."""

    condition: Expr


@dataclass(frozen=True, slots=True)
class Missing:
    """Whether the operand is missing."""

    operand: Expr


Atom = Below | OneOf | OneText | TextPredicate | Truth | Missing

_STORAGE = {
    Kind.NUMBER: Storage.FLOAT64,
    Kind.RATIO: Storage.FLOAT64,
    Kind.COUNT: Storage.INT64,
    Kind.INT: Storage.INT64,
    Kind.MONEY: Storage.INT64,
    Kind.TIMESTAMP: Storage.INT64,
    Kind.DURATION: Storage.INT64,
    Kind.DATE: Storage.INT32,
}


def storage_of(operand: Type) -> Storage | None:
    """How values of a type are held if they are numbers to NumPy, else None."""
    return _STORAGE.get(operand.kind)


def constant_of(constant: Expr, operand: Type) -> Fraction | Literal | None:
    """A constant in the unit in which the operand is held.

    None if the expression is no constant that compares with the operand as a number; a missing literal if it is
    missing.
    """
    if _is_missing(constant):
        return _MISSING
    if operand.kind in WHOLE or operand.kind is Kind.MONEY:
        amount = constant_amount(constant)
        units = 10 ** places(operand) if operand.kind is Kind.MONEY else 1
        return None if amount is None else amount * units
    if operand.is_numeric:
        return constant_number(constant)
    if operand.kind is not constant.type.kind:
        return None
    if operand.kind not in _STORAGE or not _is_constant(constant):
        return None
    try:
        value = evaluate(constant, Batch(1, {}))
    except EvaluationStopped:
        return None
    if not isinstance(value, pa.Scalar):
        return None
    return Fraction(int(view(value)[0])) if value.is_valid else _MISSING


def _is_missing(expr: Expr) -> bool:
    return isinstance(expr, Literal) and expr.value is None


def _is_constant(expr: Expr) -> bool:
    match expr:
        case Literal():
            return True
        case Negate(operand=operand):
            return _is_constant(operand)
        case Arithmetic(left=left, right=right):
            return _is_constant(left) and _is_constant(right)
        case _:
            return False


def below(operand: Expr, comparison: Comparison, constant: Fraction) -> tuple[Below | bool, bool]:
    """An ordering of the operand against a constant, as an atom and whether to take its opposite.

    Instead of the atom True or False where every value, or none, is below.
    """
    storage = _STORAGE[operand.type.kind]
    opposite = comparison in (Comparison.MORE, Comparison.AT_LEAST)
    includes = comparison in (Comparison.AT_MOST, Comparison.MORE)
    if storage is Storage.FLOAT64:
        cut = float(constant)
        return Below(operand, storage, (nextafter(cut, inf) if includes else cut) + 0.0), opposite
    whole = floor(constant) + 1 if includes else ceil(constant)
    if whole > INT64_HIGH:
        return True, opposite
    if whole <= INT64_LOW:
        return False, opposite
    return Below(operand, storage, whole), opposite


def one_of(operand: Expr, constants: frozenset[Fraction]) -> OneOf:
    """Equality with any of some constants; those that the operand can't hold are left out."""
    storage = _STORAGE[operand.type.kind]
    if storage is Storage.FLOAT64:
        return OneOf(operand, storage, tuple(sorted({float(c) + 0.0 for c in constants})))
    whole = (int(c) for c in constants if c.denominator == 1)
    return OneOf(operand, storage, tuple(sorted(w for w in whole if INT64_LOW <= w <= INT64_HIGH)))
