"""Why a condition is true or not: its comparisons as the spec words them, with the values they met."""

from collections.abc import Iterator, Mapping
from typing import Protocol

from segdsl.diagnostics import SourceText, Span
from segdsl.model.expression import (
    And,
    Column,
    Compare,
    Expr,
    Follow,
    HasValues,
    InValues,
    KnownTrue,
    LinkAggregate,
    Literal,
    Not,
    Or,
    ScoreOf,
    SegmentOf,
)
from segdsl.plan.traversal import External, externals, operands
from segdsl.record import dataclass
from segdsl.types import Value
from segdsl.types.display import EXACT, SHORT, show

MASK = "***"


class Row(Protocol):
    """A row whose values can be asked for. A value that isn't given is None too."""

    def value(self, expr: Expr) -> Value: ...

    def is_given(self, expr: Expr) -> bool: ...

    def is_personal(self, node: External) -> bool:
        """Whether the value must not be shown."""
        ...


@dataclass(frozen=True, slots=True)
class Operand:
    """Something that a comparison reads: its text in the spec and its value as shown."""

    text: str
    value: str


@dataclass(frozen=True, slots=True)
class Fact:
    """A comparison as written, what it came to (None: unknown), and the values of its operands.

    `compared` is the comparison with values in place of names (`$1,200.00 >= $1,000.00`); empty for other conditions.
    """

    text: str
    outcome: bool | None
    compared: str
    operands: tuple[Operand, ...]


def facts(condition: Expr, row: Row, texts: Mapping[str, SourceText]) -> tuple[Fact, ...]:
    """The comparisons that decide a condition on a row, each once.

    Of a true `and` all its parts, of one that isn't true the parts that aren't; of a true `or` its true parts, of one
    that isn't true all of them.
    """
    found: dict[str, Fact] = {}
    for atom in _deciding(condition, row):
        fact = _fact(atom, row, texts)
        found.setdefault(fact.text, fact)
    return tuple(found.values())


def outcome(condition: Expr, row: Row) -> bool | None:
    """Whether a condition is true of a row; None where that is unknown."""
    value = row.value(condition)
    return None if value is None else bool(value)


def sentence(fact: Fact) -> str:
    """A fact in words: `` `revenue_12m >= $1k` ($1,200.00 >= $1,000.00) is true ``."""
    came = {True: "true", False: "false", None: "unknown"}[fact.outcome]
    if fact.compared:
        others = [o for o in fact.operands if o.text not in fact.text or o.value in ("not given",)]
        listed = "".join(f"; `{o.text}` is {o.value}" for o in others)
        return f"`{fact.text}` ({fact.compared}{listed}) is {came}"
    if len(fact.operands) == 1 and fact.operands[0].text == fact.text:
        only = fact.operands[0].value
        return f"`{fact.text}` is {only}"
    listed = ", ".join(f"`{o.text}` is {o.value}" for o in fact.operands)
    return f"`{fact.text}` is {came}" + (f": {listed}" if listed else "")


def text_of(expr: Expr, texts: Mapping[str, SourceText]) -> str:
    """An expression as the spec words it, on one line."""
    if expr.span is not None and expr.span.file in texts:
        return " ".join(texts[expr.span.file].slice(expr.span).split())
    return name_of(expr)


def name_of(expr: Expr) -> str:
    """A short name for an expression that stands nowhere in a text."""
    match expr:
        case Column(name=name):
            return name
        case Follow(path=path, value=value):
            return f"{path.columns[0]}.{name_of(value)}"
        case ScoreOf(score=score, part=part):
            return score if part.value == "value" else f"{score}.{part.value}"
        case SegmentOf(scheme=scheme, micro=micro):
            return f"{scheme}.micro" if micro else scheme
        case LinkAggregate(function=function, path=path):
            return f"{function}({path.child})"
        case _:
            return "a value"


def value_text(expr: Expr, row: Row, digits: int = SHORT) -> str:
    """The value of an expression as shown: `missing`, `not given`, or masked where it rests on personal data."""
    if isinstance(expr, Literal):
        # As the spec says it: `24 months` rather than so many days.
        return show(expr.value, expr.type, digits)
    if any(row.is_personal(node) for node in externals((expr,))):
        return MASK
    value = row.value(expr)
    if value is None and not row.is_given(expr):
        return "not given"
    return show(value, expr.type, digits)


def _deciding(condition: Expr, row: Row) -> Iterator[Expr]:
    parts = _parts(condition)
    if not parts:
        yield condition
        return
    if len(parts) == 1:
        yield from _deciding(parts[0], row)
        return
    came = row.value(condition)
    everything = came is True if isinstance(condition, And) else came is not True
    for part in parts:
        if everything or (row.value(part) is True) == (came is True):
            yield from _deciding(part, row)


def _parts(condition: Expr) -> tuple[Expr, ...]:
    """The conditions that a condition is written as; none where the spec words it as one."""
    match condition:
        case And() | Or() | Not() | KnownTrue():
            inner = operands(condition)
        case _:
            return ()
    if all(_same(part.span, condition.span) for part in inner):
        return () if isinstance(condition, And | Or | Not) else inner
    return inner


def _same(one: Span | None, other: Span | None) -> bool:
    return one is not None and one == other


def _fact(atom: Expr, row: Row, texts: Mapping[str, SourceText]) -> Fact:
    came = outcome(atom, row)
    nodes = tuple(Operand(text_of(node, texts), value_text(node, row)) for node in externals((atom,)))
    read = tuple({o.text: o for o in nodes}.values())
    compared = ""
    if isinstance(atom, Compare):
        sides = [value_text(side, row) for side in (atom.left, atom.right)]
        if sides[0] == sides[1]:
            # Values that differ must not look alike.
            sides = [value_text(side, row, EXACT) for side in (atom.left, atom.right)]
        compared = f"{sides[0]} {atom.operator.value} {sides[1]}"
    return Fact(text_of(atom, texts), came, compared, read)


def segments_named(condition: Expr) -> Iterator[tuple[SegmentOf, Value]]:
    """The segments that a condition names, each with the scheme it is compared with."""
    stack = [condition]
    while stack:
        node = stack.pop()
        match node:
            case Compare(left=SegmentOf() as scheme, right=Literal(value=value)):
                yield scheme, value
            case Compare(right=SegmentOf() as scheme, left=Literal(value=value)):
                yield scheme, value
            case (
                InValues(operand=SegmentOf() as scheme, values=values)
                | HasValues(operand=SegmentOf() as scheme, values=values)
            ):
                yield from ((scheme, value) for value in values)
            case _ if not isinstance(node, External):
                stack.extend(operands(node)[::-1])
            case _:
                pass
