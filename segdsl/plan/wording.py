"""Typed expressions in the words of the language, for people who read a plan.

The text says what is computed; names are given in full (`invoices.amount`), and it is not meant to be parsed again.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import assert_never

from segdsl.model.expression import (
    And,
    Arithmetic,
    Band,
    Call,
    Case,
    Coalesce,
    Column,
    Compare,
    Expected,
    Expr,
    Follow,
    HasValues,
    InValues,
    IsMissing,
    KnownTrue,
    LinkAggregate,
    LinkPath,
    Literal,
    Negate,
    Not,
    Or,
    ScoreOf,
    ScorePart,
    SegmentOf,
    TableAggregate,
    TextTest,
    Unresolved,
)
from segdsl.types import Duration, Kind, Type, Value
from segdsl.types.column_type import repr_text

# How tightly a text holds together: a part in a place that asks for more is put in parentheses.
_OR, _AND, _TEST, _SUM, _PRODUCT, _WHOLE = range(6)
_LEVELS = {"+": _SUM, "-": _SUM, "*": _PRODUCT, "/": _PRODUCT}
_DAY = 86_400


def word_expr(expr: Expr) -> str:
    """The expression as text."""
    return _words(expr, _OR)


def word_value(value: Value, type_: Type | None = None) -> str:
    """A constant as a spec writes it."""
    match value:
        case None:
            return "missing"
        case bool():
            return "true" if value else "false"
        case str():
            return repr_text(value)
        case Duration():
            return _duration(value)
        case datetime():
            return value.strftime("%Y-%m-%dT%H:%M:%SZ")
        case date():
            return value.isoformat()
        case tuple():
            return f"({', '.join(word_value(item) for item in value)})"
        case int() | Decimal():
            return _number(value, type_)
        case _:
            assert_never(value)


def word_path(path: LinkPath) -> str:
    """A link: `invoices.account_id`."""
    return f"{path.child}.{', '.join(path.columns)}"


def _number(value: int | Decimal, type_: Type | None) -> str:
    if type_ is not None and type_.kind is Kind.RATIO:
        return f"{_plain(Decimal(value) * 100)}%"
    unit = f" {type_.currency}" if type_ is not None and type_.kind is Kind.MONEY else ""
    return f"{_plain(value)}{unit}"


def _plain(value: int | Decimal) -> str:
    number = Decimal(value).normalize()
    return f"{number:f}"


def _duration(value: Duration) -> str:
    parts = []
    if value.months:
        parts.append(f"{value.months} months")
    if value.seconds or not parts:
        days, rest = divmod(value.seconds, _DAY)
        parts.append(f"{value.seconds} seconds" if rest else f"{days} days")
    return " + ".join(parts)


def _words(expr: Expr, asked: int) -> str:
    text, level = _worded(expr)
    return f"({text})" if level < asked else text


def _worded(expr: Expr) -> tuple[str, int]:
    match expr:
        case Literal(value=value, type=type_):
            return word_value(value, type_), _WHOLE
        case Column(name=name):
            return name, _WHOLE
        case Follow(path=path, value=value):
            return f"{word_path(path)}.{_words(value, _WHOLE)}", _WHOLE
        case Negate(operand=operand):
            return f"-{_words(operand, _WHOLE)}", _PRODUCT
        case Arithmetic(operator=operator, left=left, right=right):
            level = _LEVELS[operator.value]
            return f"{_words(left, level)} {operator.value} {_words(right, level + 1)}", level
        case Compare(operator=operator, left=left, right=right):
            return f"{_words(left, _SUM)} {operator.value} {_words(right, _SUM)}", _TEST
        case And(operands=parts):
            return " and ".join(_words(part, _TEST) for part in parts), _AND
        case Or(operands=parts):
            return " or ".join(_words(part, _TEST) for part in parts), _OR
        case Not(operand=IsMissing(operand=operand)):
            return f"{_words(operand, _SUM)} is known", _TEST
        case Not(operand=operand):
            return f"not {_words(operand, _WHOLE)}", _TEST
        case IsMissing(operand=operand):
            return f"{_words(operand, _SUM)} is missing", _TEST
        case KnownTrue(operand=operand):
            return f"{_words(operand, _WHOLE)} ?? false", _TEST
        case Coalesce(operand=operand, fallback=fallback):
            return f"{_words(operand, _WHOLE)} ?? {_words(fallback, _WHOLE)}", _SUM
        case InValues(operand=operand, values=values):
            return f"{_words(operand, _SUM)} in ({_values(values, operand.type)})", _TEST
        case TextTest(match=match, operand=operand, pattern=pattern):
            return f"{_words(operand, _SUM)} {match.value} {repr_text(pattern)}", _TEST
        case HasValues(operand=operand, values=values, every=every):
            word = "has all" if every else "has any"
            return f"{_words(operand, _SUM)} {word} ({_values(values, operand.type.element)})", _TEST
        case _:
            return _call(expr), _WHOLE


def _values(values: tuple[Value, ...], type_: Type | None) -> str:
    return ", ".join(word_value(value, type_) for value in values)


def _call(expr: Expr) -> str:
    match expr:
        case Case(branches=branches, otherwise=otherwise):
            whens = " ".join(f"when {word_expr(b.condition)} then {word_expr(b.value)}" for b in branches)
            return f"case {whens} else {word_expr(otherwise)} end"
        case Band(operand=operand, cuts=cuts):
            return f"band({word_expr(operand)}, {_values(cuts, operand.type)})"
        case Call(function=function, arguments=arguments):
            return f"{function}({', '.join(map(word_expr, arguments))})"
        case LinkAggregate():
            return _link_aggregate(expr)
        case TableAggregate():
            return _table_aggregate(expr)
        case ScoreOf(score=score, part=part):
            return score if part is ScorePart.VALUE else f"{score}.{part.value}"
        case SegmentOf(scheme=scheme, micro=micro):
            return f"{scheme}.micro" if micro else scheme
        case Expected(score=score, scheme=scheme):
            return f"expected({score} by {scheme})"
        case Unresolved():
            return "unknown"
        case _:
            raise AssertionError(f"{expr} is worded elsewhere")


def _link_aggregate(node: LinkAggregate) -> str:
    what = node.path.child if node.value is None else _of_child(node.value, node.path.child)
    by = "" if node.by is None else f" by {word_expr(node.by)}"
    where = "" if node.where is None else f" where {word_expr(node.where)}"
    return f"{node.function}({what}{by}{where} via {', '.join(node.path.columns)})"


def _of_child(value: Expr, child: str) -> str:
    return f"{child}.{value.name}" if isinstance(value, Column) else word_expr(value)


def _table_aggregate(node: TableAggregate) -> str:
    value = "" if node.value is None else word_expr(node.value) + " "
    argument = "" if node.argument is None else f", {word_value(node.argument)} "
    where = "" if node.where is None else f" where {word_expr(node.where)}"
    per = "" if node.per is None else f" per {word_expr(node.per)}"
    return f"{node.function}({(value.rstrip() + argument) if argument else value}over {node.table}{where}{per})"
