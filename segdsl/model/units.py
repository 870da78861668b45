"""Which types and units go together, and what comes out."""

from datetime import date

from segdsl.language.foreign_literals import date_mend, is_date, iso_date
from segdsl.model.expression import Arithmetic, Expr, Literal, Operator
from segdsl.record import dataclass
from segdsl.types import COUNT, DURATION, INT, NUMBER, RATIO, UNKNOWN, Kind, Type
from segdsl.types.column_type import NUMERIC, WHOLE
from segdsl.types.function import common_type


@dataclass(frozen=True, slots=True)
class Mismatch:
    """Why two types don't go together: a code, what was found, and a mend."""

    code: str
    found: str
    mend: str


def is_literal(expr: Expr) -> bool:
    return isinstance(expr, Literal)


def _is_bare(expr: Expr, *values: int) -> bool:
    """A plain number without a unit; with `values`, one of them."""
    if not isinstance(expr, Literal) or expr.type.kind not in (Kind.INT, Kind.NUMBER, Kind.COUNT):
        return False
    return not values or expr.value in values


def with_unit(number: str, wanted: Type) -> str:
    """A bare number as it is written with a unit: `$40`, `40 EUR`, `40%`, `40 days`."""
    match wanted.kind:
        case Kind.MONEY if wanted.currency == "USD":
            return f"${number}" if not number.startswith("-") else f"-${number[1:]}"
        case Kind.MONEY:
            return f"{number} {wanted.currency}"
        case Kind.RATIO:
            return f"{_percent(number)}%"
        case Kind.DURATION:
            return f"{number} days"
        case _:
            return number


def _percent(number: str) -> str:
    sign, digits = ("-", number[1:]) if number.startswith("-") else ("", number)
    whole, _, part = digits.partition(".")
    if not part:
        # 20 was probably meant as 20 %, 0.2 as well.
        return sign + whole
    part = part.ljust(2, "0")
    shifted = (whole + part[:2]).lstrip("0") or "0"
    rest = part[2:].rstrip("0")
    return sign + shifted + (f".{rest}" if rest else "")


def arithmetic_type(sign: Operator, left: Expr, right: Expr) -> Type | Mismatch:
    """The type of an operation, missing values aside (its `optional` is False)."""
    a, b = left.type, right.type
    if a.is_unknown or b.is_unknown:
        return UNKNOWN
    result = _add(sign, left, right) if sign in (Operator.ADD, Operator.SUBTRACT) else _scale(sign, left, right)
    return result if result is not None else _mismatch(sign, left, right)


def _add(sign: Operator, left: Expr, right: Expr) -> Type | Mismatch | None:
    a, b = left.type, right.type
    if a.is_numeric and b.is_numeric:
        return _add_numbers(sign, left, right)
    pair = (a.kind, b.kind)
    if pair == (Kind.MONEY, Kind.MONEY) and a.currency == b.currency:
        return a.or_missing(False)
    if pair == (Kind.DURATION, Kind.DURATION):
        return DURATION
    if sign is Operator.SUBTRACT and a.kind is b.kind and a.kind in (Kind.DATE, Kind.TIMESTAMP):
        return DURATION
    if a.kind in (Kind.DATE, Kind.TIMESTAMP) and b.kind is Kind.DURATION:
        return a.or_missing(False)
    if sign is Operator.ADD and a.kind is Kind.DURATION and b.kind in (Kind.DATE, Kind.TIMESTAMP):
        return b.or_missing(False)
    return None


def _add_numbers(sign: Operator, left: Expr, right: Expr) -> Type | Mismatch:
    a, b = left.type.kind, right.type.kind
    if Kind.RATIO in (a, b):
        other = right if a is Kind.RATIO else left
        if other.type.kind is Kind.RATIO or _is_bare(other, 0, 1):
            return RATIO
        if _is_bare(other):
            return bare_against_ratio(other)
        return NUMBER
    if a in WHOLE and b in WHOLE:
        return COUNT if sign is Operator.ADD and a is b is Kind.COUNT else INT
    return NUMBER


def bare_against_ratio(literal: Expr) -> Mismatch:
    """A bare literal where a ratio stands: 20 instead of 20 %."""
    assert isinstance(literal, Literal)
    written = with_unit(str(literal.value), RATIO)
    return Mismatch("SEG303", f"`{literal.value}` stands against a ratio", f"write `{written}` if you mean a share")


def _scale(sign: Operator, left: Expr, right: Expr) -> Type | None:
    a, b = left.type, right.type
    divide = sign is Operator.DIVIDE
    if a.is_numeric and b.is_numeric:
        return _scale_numbers(divide, left, right)
    for unit in (Kind.MONEY, Kind.DURATION):
        if a.kind is unit and b.is_numeric:
            return a.or_missing(False)
        if not divide and b.kind is unit and a.is_numeric:
            return b.or_missing(False)
        if divide and a.kind is b.kind is unit and a.currency == b.currency:
            return RATIO
    return None


def _scale_numbers(divide: bool, left: Expr, right: Expr) -> Type:
    a, b = left.type.kind, right.type.kind
    if divide:
        both_counts = a in WHOLE and b in WHOLE and not is_literal(left) and not is_literal(right)
        return RATIO if both_counts else NUMBER
    if a is b is Kind.RATIO:
        return RATIO
    if a in WHOLE and b in WHOLE:
        natural = all(x.type.kind is Kind.COUNT or (_is_bare(x) and _not_negative(x)) for x in (left, right))
        return COUNT if natural else INT
    return NUMBER


def _not_negative(expr: Expr) -> bool:
    return isinstance(expr, Literal) and isinstance(expr.value, int) and expr.value >= 0


_DAYS = {Kind.DATE, Kind.TIMESTAMP}
_MEASURES = NUMERIC | {Kind.MONEY, Kind.DURATION}

_COMPARE_ONE_TYPE = "compare values of one type"

_VERB = {
    Operator.ADD: ("added to", "add"),
    Operator.SUBTRACT: ("subtracted from", "subtract"),
    Operator.MULTIPLY: ("multiplied by", "multiply"),
    Operator.DIVIDE: ("divided by", "divide"),
}


def _mismatch(sign: Operator, left: Expr, right: Expr) -> Mismatch:
    a, b = left.type, right.type
    if sign in (Operator.ADD, Operator.SUBTRACT):
        found = f"{_plain(b)} can't be {_VERB[sign][0]} {_plain(a)}"
        if a.kind is b.kind is Kind.MONEY:
            mend = f"convert one of them where it is read: `... by currency rates RATES at DATE` into {a.currency}"
            return Mismatch("SEG301", found, mend)
        for number, unit in ((right, a), (left, b)):
            if number.type.is_numeric and unit.kind in (Kind.MONEY, Kind.DURATION):
                return Mismatch("SEG301", found, _give_unit(number, unit))
        if {a.kind, b.kind} & _DAYS and (a.is_numeric or b.is_numeric):
            return Mismatch("SEG301", found, _give_unit(right if b.is_numeric else left, DURATION))
        if {a.kind, b.kind} == {Kind.DATE, Kind.TIMESTAMP}:
            return Mismatch("SEG302", found, "turn the timestamp into a day with `date(...)`")
        if a.is_textual or b.is_textual:
            return Mismatch("SEG302", found, "join texts with `concat(a, b)`")
        return Mismatch(_code(a, b), found, f"{_VERB[sign][1]} values of one unit")
    found = f"{_plain(a)} can't be {_VERB[sign][0]} {_plain(b)}"
    if a.kind is b.kind is Kind.MONEY and sign is Operator.MULTIPLY:
        return Mismatch("SEG301", found, "one of the two must be a plain number or a ratio")
    return Mismatch(_code(a, b), found, f"{_VERB[sign][1]} numbers, or an amount by a number")


def _code(a: Type, b: Type) -> str:
    """Units that don't agree if both are measures, else types."""
    return "SEG301" if a.kind in _MEASURES and b.kind in _MEASURES else "SEG302"


def _give_unit(number: Expr, unit: Type) -> str:
    """How a number gets the unit it lacks: by its literal, or by that of a product it stands in."""
    literal = _a_literal(number)
    if literal is not None and literal.type.kind is Kind.RATIO:
        return f"say what it is a share of: `{with_unit(str(literal.value), RATIO)} of ...`"
    if literal is None:
        return f"multiply it by {'an amount' if unit.kind is Kind.MONEY else 'a duration'}, such as " + (
            f"`{with_unit('1', unit)}`"
        )
    return _instead(literal, unit)


def _instead(literal: Literal, unit: Type) -> str:
    return f"write `{with_unit(str(literal.value), unit)}` instead of `{literal.value}`"


def _a_literal(expr: Expr) -> Literal | None:
    if isinstance(expr, Literal):
        return expr
    for side in ("right", "left"):
        part = getattr(expr, side, None)
        if part is not None:
            found = _a_literal(part)
            if found is not None:
                return found
    return None


def _plain(type_: Type) -> str:
    """A type in a sentence, without its question mark."""
    return f"`{type_.or_missing(False)}`"


def comparable(left: Expr, right: Expr) -> Mismatch | None:
    """Why two values can't be compared; None if they can."""
    a, b = left.type, right.type
    if a.is_unknown or b.is_unknown:
        return None
    if a.is_numeric and b.is_numeric:
        for ratio, other in ((left, right), (right, left)):
            if ratio.type.kind is Kind.RATIO and _is_bare(other) and not _is_bare(other, 0, 1):
                return bare_against_ratio(other)
        return None
    if a.kind is b.kind:
        if a.kind is Kind.MONEY and a.currency != b.currency:
            found = f"{_plain(a)} can't be compared with {_plain(b)}"
            return Mismatch("SEG301", found, f"write the amount in {a.currency}")
        if a.kind is Kind.LIST:
            return Mismatch("SEG302", "lists can't be compared", "use `has any (...)` or `has all (...)`")
        return None
    if a.is_textual and b.is_textual:
        return None
    return _incomparable(left, right)


def _incomparable(left: Expr, right: Expr) -> Mismatch:
    a, b = left.type, right.type
    found = f"{_plain(a)} can't be compared with {_plain(b)}"
    for value, unit in ((right, a), (left, b)):
        if unit.kind in (Kind.DATE, Kind.TIMESTAMP) and (mend := _digits_as_date(value)) is not None:
            return Mismatch("SEG302", found, mend)
        if value.type.is_numeric and unit.kind in (Kind.MONEY, Kind.DURATION):
            literal = _a_literal(value)
            code = "SEG301"
            if is_literal(value) and literal is not None:
                code, found = "SEG303", f"`{literal.value}` has no unit and stands against {_plain(unit)}"
            if literal is not None:
                return Mismatch(code, found, _instead(literal, unit))
            if is_literal(left if value is right else right):
                return Mismatch(code, found, "compare with a number without a unit")
            return Mismatch(code, found, "compare values of one unit")
        if isinstance(value, Literal) and value.type.kind is Kind.TEXT and unit.kind in (Kind.DATE, Kind.TIMESTAMP):
            return Mismatch("SEG302", found, text_as_date(str(value.value)))
        if isinstance(value, Literal) and value.type.kind is Kind.TEXT and (unit.is_numeric or unit.kind is Kind.MONEY):
            return Mismatch("SEG302", found, "write the number without quotes")
        if isinstance(value, Literal) and unit.is_textual:
            return Mismatch("SEG302", found, _as_text(value, unit))
        if unit.kind is Kind.LIST:
            return Mismatch("SEG302", found, "use `has any (...)` to look into a list")
    if {a.kind, b.kind} == {Kind.DATE, Kind.TIMESTAMP}:
        return Mismatch("SEG302", found, "turn the timestamp into a day with `date(...)`")
    return Mismatch(_code(a, b), found, _COMPARE_ONE_TYPE)


def _as_text(value: Literal, wanted: Type) -> str:
    """The mend for another constant where a text is needed."""
    if wanted.values is not None and str(value.value) not in wanted.values:
        listed = ", ".join(f'"{v}"' for v in wanted.values[:8]) + (", ..." if len(wanted.values) > 8 else "")
        return f"compare with one of its values: {listed}"
    if value.type.kind is Kind.BOOL:
        return 'compare with the text that stands for it in the data, such as `"yes"`'
    return f'write it as a text: `"{value.value}"`'


def text_as_date(written: str) -> str:
    """The mend for a text where a date is needed."""
    try:
        return f"write it without quotes: `{date.fromisoformat(written)}`"
    except ValueError:
        return date_mend(written)


def _digits_as_date(value: Expr) -> str | None:
    """The mend for numbers that were meant as a date: `20241231`, or what reads as `31 / 12 / 2024` or `2024 - 1 - 1`.

    None for anything else.
    """
    if isinstance(value, Literal):
        day = iso_date(str(value.value)) if value.type.kind is Kind.INT else None
        if day is not None:
            return f"write `{day}`"
        year = value.value if isinstance(value.value, int) and 1900 <= value.value <= 2100 else None
        return None if year is None else f"compare `year(...)` with it, or write a date: `{year}-01-01`"
    signs = {Operator.DIVIDE: "/", Operator.SUBTRACT: "-"}
    if not isinstance(value, Arithmetic) or value.operator not in signs or not isinstance(value.left, Arithmetic):
        return None
    numbers = (value.left.left, value.left.right, value.right)
    if value.left.operator is not value.operator or not all(_is_bare(number) for number in numbers):
        return None
    written = signs[value.operator].join(str(number.value) for number in numbers if isinstance(number, Literal))
    return date_mend(written) if is_date(written) else None


def merge(left: Expr, right: Expr) -> Type | Mismatch:
    """The common type of two values that may stand for one another (`??`, the branches of a case)."""
    a, b = left.type, right.type
    for ratio, other in ((left, right), (right, left)):
        if ratio.type.kind is Kind.RATIO and _is_bare(other):
            return ratio.type if _is_bare(other, 0, 1) else bare_against_ratio(other)
    both = common_type(a, b)
    if both is not None:
        return both
    wrong = comparable(left, right)
    if wrong is not None:
        mend = "give both one type" if wrong.mend == _COMPARE_ONE_TYPE else wrong.mend
        return Mismatch(wrong.code, wrong.found.replace("be compared with", "stand for"), mend)
    return Mismatch("SEG302", f"{_plain(a)} and {_plain(b)} are not of one type", "give both one type")
