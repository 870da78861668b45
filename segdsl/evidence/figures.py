"""Figures that people can say aloud: the roundest number in a stretch of numbers."""

from decimal import ROUND_FLOOR, Decimal

_HALF = Decimal("0.5")
# As many decimal places below the first digit as a double has, and some more.
_DEEPEST = 20


def roundest(low: Decimal, high: Decimal, near: Decimal | None = None) -> Decimal:
    """The roundest number above `low` and at most `high`: 0, else a multiple of the largest 1 or 5 times a power of 10.

    Of several multiples the one nearest to `near`, else the largest. Raises ValueError where `low` isn't less than
    `high`.
    """
    if not low < high:
        raise ValueError(f"there is no number above {low} and up to {high}")
    if low < 0 <= high:
        return Decimal(0)
    top = max(abs(low), abs(high)).adjusted() + 1
    for exponent in range(top, top - _DEEPEST, -1):
        step = Decimal(1).scaleb(exponent)
        for one in (step, step * _HALF):
            largest = (high / one).to_integral_value(ROUND_FLOOR) * one
            if low < largest <= high:
                nearest = largest if near is None else (near / one).to_integral_value() * one
                return (nearest if low < nearest <= high else largest).normalize()
    return high


def exact(value: float) -> Decimal:
    """The shortest decimal that reads back as this double."""
    return Decimal(repr(float(value)))
