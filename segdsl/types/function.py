"""Signatures of the built-in functions, as data from which calls are typed and the reference is made.

Row-wise functions (`lower`, `round`, `year`, ...) take values of one row. A missing argument makes the result
missing; `may_be_missing` says that it can be missing for known arguments too. Aggregates are in
`segdsl.types.aggregate`.
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from types import MappingProxyType

from segdsl.record import dataclass
from segdsl.types.column_type import (
    COUNT,
    DATE,
    INT,
    NUMBER,
    NUMERIC,
    ORDERED,
    TEXT,
    TEXTUAL,
    UNKNOWN,
    WHOLE,
    Kind,
    Type,
)

_DAYS = frozenset({Kind.DATE, Kind.TIMESTAMP})


class Result(StrEnum):
    """How the type of a result follows from the types of the arguments."""

    TEXT = "text"
    COUNT = "count"
    INT = "int"
    NUMBER = "number"
    DATE = "date"
    FIRST = "type of the first argument"
    COMMON = "common type of the arguments"


@dataclass(frozen=True, slots=True)
class Operand:
    """One argument: its name in the reference and the kinds it may have.

    `constant`: only a whole number written in the spec, possibly negative, is accepted.
    """

    name: str
    kinds: frozenset[Kind]
    constant: bool = False


@dataclass(frozen=True, slots=True)
class Signature:
    """A row-wise function. The first `required` operands must be given; with `repeats` the last may recur."""

    name: str
    operands: tuple[Operand, ...]
    required: int
    result: Result
    doc: str
    example: str
    repeats: bool = False
    may_be_missing: bool = False
    missing: str = "Missing if an argument is."

    @property
    def usage(self) -> str:
        """How a call looks, e.g. `round(x, digits)`."""
        names = [operand.name for operand in self.operands] + (["..."] if self.repeats else [])
        return f"{self.name}({', '.join(names)})"

    def operand(self, position: int) -> Operand | None:
        """The operand that an argument (from 0) stands for; None past the end."""
        if position < len(self.operands):
            return self.operands[position]
        return self.operands[-1] if self.repeats else None


def signature(name: str) -> Signature | None:
    """The built-in row-wise function of that name, if there is one."""
    return FUNCTIONS.get(name)


def result_type(called: Signature, argument_types: Sequence[Type]) -> Type | str:
    """The type of a call, or the reason why these arguments don't fit, as a sentence without its full stop.

    An unknown type fits everywhere. That a `constant` operand is given a constant is for the caller to see.
    """
    reason = _wrong_count(called, len(argument_types)) or _wrong_kind(called, argument_types)
    if reason:
        return reason
    base = _base_type(called, argument_types)
    if isinstance(base, str) or base.is_unknown:
        return base
    return base.or_missing(called.may_be_missing or any(t.optional for t in argument_types))


def common_type(left: Type, right: Type) -> Type | None:
    """The one type that holds values of both, or None: what a case, a default or `max_of` may mix.

    Optional if one of them is. An unknown type gives way to the other.
    """
    optional = left.optional or right.optional
    if left.is_unknown or right.is_unknown:
        return (right if left.is_unknown else left).or_missing(optional)
    if left.or_missing() == right.or_missing():
        return left.or_missing(optional)
    if left.is_numeric and right.is_numeric:
        return (INT if {left.kind, right.kind} <= WHOLE else NUMBER).or_missing(optional)
    if left.kind is right.kind is Kind.CATEGORY and left.values is not None and right.values is not None:
        return Type(Kind.CATEGORY, optional, values=tuple(dict.fromkeys(left.values + right.values)))
    if left.is_textual and right.is_textual:
        return Type(Kind.CATEGORY if left.kind is right.kind else Kind.TEXT, optional)
    if left.element is not None and right.element is not None:
        element = common_type(left.element, right.element)
        return None if element is None else Type(Kind.LIST, optional, element=element)
    return None


def kinds_text(kinds: frozenset[Kind]) -> str:
    """The kinds in words, in the order of the reference: "text or category", "count, int or number"."""
    words = [kind.value for kind in Kind if kind in kinds]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"


def _wrong_count(called: Signature, given: int) -> str | None:
    most = None if called.repeats else len(called.operands)
    if given >= called.required and (most is None or given <= most):
        return None
    if most is None:
        wanted = f"at least {called.required}"
    elif most == called.required:
        wanted = str(most)
    else:
        wanted = f"{called.required} or {most}"
    noun = "argument" if wanted == "1" else "arguments"
    return f"`{called.usage}` takes {wanted} {noun}, not {given}"


def _wrong_kind(called: Signature, argument_types: Sequence[Type]) -> str | None:
    for position, type_ in enumerate(argument_types):
        operand = called.operand(position)
        assert operand is not None
        if not type_.is_unknown and type_.kind not in operand.kinds:
            return f"`{operand.name}` of `{called.usage}` must be {kinds_text(operand.kinds)}, not {type_}"
    return None


def _base_type(called: Signature, argument_types: Sequence[Type]) -> Type | str:
    match called.result:
        case Result.TEXT:
            return TEXT
        case Result.COUNT:
            return COUNT
        case Result.INT:
            return INT
        case Result.NUMBER:
            return NUMBER
        case Result.DATE:
            return DATE
        case Result.FIRST:
            return argument_types[0]
        case Result.COMMON:
            return _common_of(called, argument_types)


def _common_of(called: Signature, argument_types: Sequence[Type]) -> Type | str:
    found: Type = UNKNOWN
    for type_ in argument_types:
        both = common_type(found, type_)
        if both is None:
            return f"the arguments of `{called.usage}` must be of one type, not {found} and {type_}"
        found = both
    return found


def _texts(name: str = "text") -> Operand:
    return Operand(name, TEXTUAL)


def _numbers(name: str = "x") -> Operand:
    return Operand(name, NUMERIC)


_UNITS = NUMERIC | {Kind.MONEY}
_DIGITS = Operand("digits", WHOLE, constant=True)
_ONE_TYPE = Operand("x", ORDERED)

_FUNCTIONS = (
    Signature("lower", (_texts(),), 1, Result.TEXT, "The text in lower case.", 'lower(country) == "france"'),
    Signature("upper", (_texts(),), 1, Result.TEXT, "The text in upper case.", 'upper(code) == "FR"'),
    Signature("trim", (_texts(),), 1, Result.TEXT, "The text without white space at its ends.", "trim(company)"),
    Signature(
        "length",
        (Operand("x", TEXTUAL | {Kind.LIST}),),
        1,
        Result.COUNT,
        "How many characters a text has, or how many items a list has (missing items count).",
        "length(tools) >= 6",
    ),
    Signature(
        "concat",
        (_texts(), _texts()),
        2,
        Result.TEXT,
        "The texts joined without anything between them, at most 1 MB.",
        'concat(city, ", ", country)',
        repeats=True,
    ),
    Signature(
        "domain_of",
        (_texts(),),
        1,
        Result.TEXT,
        "The host of a web or e-mail address in lower case, without scheme, user, port, path and `www.`.",
        'domain_of(website) == "example.com"',
        may_be_missing=True,
        missing="Missing if the argument is, or if the text has no host with a dot in it.",
    ),
    Signature(
        "round",
        (Operand("x", _UNITS), _DIGITS),
        1,
        Result.FIRST,
        "Rounded to so many decimal digits (0 if not given; -3 for thousands). A half is rounded away from "
        "zero, as in spreadsheets, so that 2.675 to two digits is 2.68.",
        "round(growth, 2)",
    ),
    Signature(
        "floor",
        (Operand("x", _UNITS),),
        1,
        Result.FIRST,
        "The next whole number, or whole unit of the currency, not above x.",
        "floor(seats / 10)",
    ),
    Signature(
        "ceil",
        (Operand("x", _UNITS),),
        1,
        Result.FIRST,
        "The next whole number, or whole unit of the currency, not below x.",
        "ceil(seats / 10)",
    ),
    Signature(
        "abs",
        (Operand("x", _UNITS | {Kind.DURATION}),),
        1,
        Result.FIRST,
        "x without its sign.",
        "abs(growth) < 5%",
    ),
    Signature(
        "log",
        (_numbers(),),
        1,
        Result.NUMBER,
        "The natural logarithm.",
        "log(1 + employees)",
        may_be_missing=True,
        missing="Missing if the argument is, or is 0 or less; such rows are counted.",
    ),
    Signature(
        "log10",
        (_numbers(),),
        1,
        Result.NUMBER,
        "The logarithm to base 10.",
        "log10(employees) >= 3",
        may_be_missing=True,
        missing="Missing if the argument is, or is 0 or less; such rows are counted.",
    ),
    Signature(
        "exp",
        (_numbers(),),
        1,
        Result.NUMBER,
        "e (2.71828...) to the power of x.",
        "exp(0 - months(as_of - seen_on) / 12)",
        may_be_missing=True,
        missing="Missing if the argument is, or if the result is too large; such rows are counted.",
    ),
    Signature(
        "sqrt",
        (_numbers(),),
        1,
        Result.NUMBER,
        "The square root.",
        "sqrt(visits)",
        may_be_missing=True,
        missing="Missing if the argument is, or is below 0; such rows are counted.",
    ),
    Signature(
        "min_of",
        (_ONE_TYPE, Operand("y", ORDERED)),
        2,
        Result.COMMON,
        "The least of two or more values of one type.",
        "min_of(seats, employees)",
        repeats=True,
    ),
    Signature(
        "max_of",
        (_ONE_TYPE, Operand("y", ORDERED)),
        2,
        Result.COMMON,
        "The greatest of two or more values of one type.",
        "max_of(last_order, last_visit)",
        repeats=True,
    ),
    Signature(
        "year",
        (Operand("date", _DAYS),),
        1,
        Result.INT,
        "The year of a date or timestamp (UTC).",
        "year(signed_on) >= 2020",
    ),
    Signature(
        "quarter",
        (Operand("date", _DAYS),),
        1,
        Result.INT,
        "The quarter of a date or timestamp (UTC), 1 to 4.",
        "quarter(signed_on) == 4",
    ),
    Signature(
        "month",
        (Operand("date", _DAYS),),
        1,
        Result.INT,
        "The month of a date or timestamp (UTC), 1 to 12.",
        "month(signed_on) == 12",
    ),
    Signature(
        "day",
        (Operand("date", _DAYS),),
        1,
        Result.INT,
        "The day of the month of a date or timestamp (UTC), 1 to 31.",
        "day(renews_on) <= 7",
    ),
    Signature(
        "days",
        (Operand("duration", frozenset({Kind.DURATION})),),
        1,
        Result.NUMBER,
        "The length of a duration in days.",
        "days(as_of - last_order) / 7",
    ),
    Signature(
        "months",
        (Operand("duration", frozenset({Kind.DURATION})),),
        1,
        Result.NUMBER,
        "The length of a duration in months of 1/12 of 365.2425 days.",
        "months(as_of - signed_on) >= 18",
    ),
    Signature(
        "date",
        (Operand("timestamp", frozenset({Kind.TIMESTAMP})),),
        1,
        Result.DATE,
        "The day (UTC) in which a timestamp lies.",
        "date(seen_at) == as_of",
    ),
)

FUNCTIONS: Mapping[str, Signature] = MappingProxyType({f.name: f for f in _FUNCTIONS})
