"""The values next to a cut-point that a person would write: one more, a cent less, 0.1% above."""

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from segdsl.engines.arrow.physical import INT64_HIGH, INT64_LOW, MICROSECONDS
from segdsl.types import Kind, Type, money_places
from segdsl.types.value import SECONDS_PER_DAY

# A number computed from data has up to 17 digits; beyond so many it is rounded outwards to four.
_WRITTEN_DIGITS = 6
_SHOWN_DIGITS = 4

Number = int | float

WHOLE_KINDS = frozenset({Kind.COUNT, Kind.INT, Kind.MONEY, Kind.DATE, Kind.TIMESTAMP, Kind.DURATION})
FLOAT_KINDS = frozenset({Kind.NUMBER, Kind.RATIO})
ORDERED_KINDS = WHOLE_KINDS | FLOAT_KINDS


def smallest_step(type_: Type) -> int:
    """The smallest change of an ordered type, in its physical unit.

    1 of a count, a cent (one unit of a currency whose unit is worth a cent or less), a day of a date or duration, a
    second of a timestamp.
    """
    match type_.kind:
        case Kind.MONEY:
            assert type_.currency is not None
            places = money_places(type_.currency)
            return int(10 ** (places - 2) if places > 3 else 10**places)
        case Kind.TIMESTAMP:
            return MICROSECONDS
        case Kind.DURATION:
            return SECONDS_PER_DAY * MICROSECONDS
        case _:
            return 1


def around(cut: Number, type_: Type, exactly: bool = False) -> Iterator[Number]:
    """The values of a type at a cut-point and just beyond it on both sides, in physical units.

    A cut-point between two values that a person would write is rounded outwards to both; with `exactly` it is given,
    too, because only that very value will do.
    """
    if type_.kind in FLOAT_KINDS:
        yield from _around_float(float(cut), type_, exactly)
        return
    step = smallest_step(type_)
    exact = Fraction(cut)
    below, above = exact // step * step, -(-exact // step) * step
    found: set[int | Fraction] = {below - step, below, above, above + step}
    if exactly and exact.denominator == 1:
        found.add(exact)
    yield from (int(value) for value in sorted(found) if INT64_LOW <= value <= INT64_HIGH)


def _around_float(cut: float, type_: Type, exactly: bool) -> Iterator[float]:
    exact = Decimal(repr(cut)).normalize()
    digits, exponent = exact.as_tuple().digits, exact.as_tuple().exponent
    assert isinstance(exponent, int)
    if len(digits) > _WRITTEN_DIGITS:
        step = Decimal(1).scaleb(exact.adjusted() - _SHOWN_DIGITS + 1)
    elif type_.kind is Kind.RATIO:
        step = Decimal(1).scaleb(min(-3, exponent))
    else:
        step = Decimal(1).scaleb(min(0, exponent) - 1)
    below = exact // step * step
    below = below - step if below > exact else below
    above = below if below == exact else below + step
    found = {below - step, below, above, above + step, *((exact,) if exactly else ())}
    yield from (float(value) for value in sorted(found))
