"""Text of the language from values: literals with their units, and names. What a segmenter writes its rules with."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from math import isfinite
from numbers import Integral, Real
from typing import TypeAlias, TypeVar

from segdsl.language.keywords import quote_name
from segdsl.types import SYMBOLS, Duration, Kind, Type
from segdsl.types.column_type import repr_text
from segdsl.types.value import SECONDS_PER_DAY

Writable: TypeAlias = str | bool | int | float | Decimal | Fraction | date | datetime | timedelta | Duration

T = TypeVar("T")

_SIGNS = {code: symbol for symbol, code in SYMBOLS.items()}
_SUFFIXES = ((9, "B"), (6, "M"), (3, "k"))
# From here on a number that ends in zeros is shorter with a suffix.
_LONG = 10_000
_SHORT = 3
# As many digits, with the point, as the language reads.
_MAX_DIGITS = 20
_UNITS = (("day", SECONDS_PER_DAY), ("hour", 3_600), ("minute", 60))


def literal(value: Writable, type_: Type) -> str:
    """The value as a spec writes it: `500`, `10k`, `$1.5M`, `250 GBP`, `20%`, `90 days`, `2026-01-31`, `"Tech"`.

    Ratios are given as shares (0.2). A float is written by its shortest decimal form, cut to the 20 digits that the
    language reads; whatever else can't be written exactly (a longer number, infinity, a second) raises ValueError.
    """
    match type_.kind:
        case Kind.TEXT | Kind.CATEGORY:
            return repr_text(_of(value, str))
        case Kind.BOOL:
            return "true" if value else "false"
        case Kind.COUNT | Kind.NUMBER:
            return _signed(_decimal(value), "", "")
        case Kind.INT:
            # Years and codes are ints: no separators, no suffix.
            return f"{int(_decimal(value))}"
        case Kind.RATIO:
            return _percent(_decimal(value).scaleb(2))
        case Kind.MONEY:
            code = type_.currency or ""
            sign = _SIGNS.get(code, "")
            return _signed(_decimal(value), sign, "" if sign else f" {code}")
        case Kind.DURATION:
            return _duration(value)
        case Kind.DATE:
            return _of(value, date).isoformat()
        case Kind.TIMESTAMP:
            return _timestamp(_of(value, datetime))
        case Kind.LIST | Kind.UNKNOWN:
            raise ValueError(f"a value of the type {type_} can't be written")


def name(text: str) -> str:
    """The name of a column, field or segment as an expression writes it: in backquotes where it needs them.

    A path such as `quality.grade` is quoted part by part. Raises ValueError for a name that can't be written at all.
    """
    if not text or "`" in text or "\n" in text:
        raise ValueError(f"{text!r} can't be written as a name")
    parts = text.split(".")
    is_path = all(part and part == part.strip() for part in parts)
    return ".".join(map(quote_name, parts)) if is_path else quote_name(text)


def title_text(text: str) -> str:
    """A title as the language has it, in double quotes. What can't be shown, such as a line end, is a space in it."""
    shown = "".join(letter if letter.isprintable() else " " for letter in text)
    return repr_text(" ".join(shown.split()))


def _of(value: object, wanted: type[T]) -> T:
    if not isinstance(value, wanted):
        raise ValueError(f"{value!r} is no {wanted.__name__}")
    return value


def _decimal(value: object) -> Decimal:
    match value:
        case Decimal() if value.is_finite():
            return value
        case Integral():
            return Decimal(int(value))
        case Fraction():
            exact = Decimal(value.numerator) / Decimal(value.denominator)
            if Fraction(exact) == value:
                return exact
        case Real() if isfinite(value):
            return _shortened(Decimal(repr(float(value))))
    raise ValueError(f"{value!r} can't be written as a number")


def _shortened(number: Decimal) -> Decimal:
    """The number with no more places than can be read behind its whole part."""
    whole = max(number.adjusted(), 0) + 1
    places = max(_MAX_DIGITS - whole - 1, 0)
    return round(number, places) if -int(number.as_tuple().exponent) > places else number


def _signed(number: Decimal, before: str, after: str) -> str:
    minus = "-" if number < 0 else ""
    return f"{minus}{before}{_digits(abs(number))}{after}"


def _percent(number: Decimal) -> str:
    return f"{'-' if number < 0 else ''}{_plain(abs(number))}%"


def _digits(number: Decimal) -> str:
    """A number without its sign: `9_500`, `12k`, `2.5M`, `0.25`."""
    if number >= _LONG and len(number.normalize().as_tuple().digits) <= _SHORT:
        power, suffix = next(one for one in _SUFFIXES if number >= 10 ** one[0])
        short = _plain(number.scaleb(-power))
        if len(short) <= _SHORT + 1:
            return short + suffix
    return _plain(number)


def _plain(number: Decimal) -> str:
    text = f"{number:,f}".replace(",", "_")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    if len(text.replace("_", "")) > _MAX_DIGITS:
        raise ValueError(f"{number:.3g} has more than {_MAX_DIGITS} digits")
    return text


def _duration(value: object) -> str:
    match value:
        case Duration(months=0, seconds=seconds):
            return _seconds(seconds)
        case Duration(months=months, seconds=0):
            return _counted(months // 12, "year") if months % 12 == 0 else _counted(months, "month")
        case timedelta(microseconds=0):
            return _seconds(value.days * SECONDS_PER_DAY + value.seconds)
    raise ValueError(f"{value!r} can't be written as a duration")


def _seconds(seconds: int) -> str:
    """In the largest unit of which they are a whole number, else in minutes."""
    unit, length = next((one for one in _UNITS if seconds % one[1] == 0), _UNITS[-1])
    return _counted(Fraction(seconds, length), unit)


def _counted(amount: Fraction | int, unit: str) -> str:
    number = _decimal(amount)
    written = f"{'-' if number < 0 else ''}{_plain(abs(number))}"
    return f"{written} {unit}" if abs(number) == 1 else f"{written} {unit}s"


def _timestamp(moment: datetime) -> str:
    known = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    return known.replace(tzinfo=None).isoformat() + "Z"
