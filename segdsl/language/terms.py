"""Nodes of expressions as written: what the parser makes and the formatter prints.

Spans and the exact spelling of literals don't take part in comparisons where they don't change the meaning: two
trees are equal when they say the same.
"""

from segdsl.diagnostics import Span
from segdsl.record import dataclass, field
from segdsl.types import Type, Value


@dataclass(frozen=True, slots=True)
class Name:
    """A name as declared or used, in NFC, without its backquotes."""

    text: str
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Constant:
    """A literal. `text` is how it was written, with white space made single."""

    value: Value
    type: Type
    text: str = field(compare=False)
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class ListConstant:
    """Constants in square brackets."""

    items: tuple[Constant, ...]
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Reference:
    """A name, or names joined by dots."""

    parts: tuple[Name, ...]
    span: Span = field(compare=False)

    @property
    def dotted(self) -> str:
        return ".".join(part.text for part in self.parts)


@dataclass(frozen=True, slots=True)
class Parenthesised:
    inner: "Term"
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Signed:
    """A minus in front of an operand."""

    operand: "Term"
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Negated:
    """`not` in front of a condition."""

    operand: "Term"
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Operation:
    """Two operands joined by `+ - * / of ??` or a comparison sign."""

    sign: str
    left: "Term"
    right: "Term"
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Chain:
    """Two or more conditions joined by `and`, or by `or`."""

    word: str
    operands: tuple["Term", ...]
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Between:
    operand: "Term"
    low: "Term"
    high: "Term"
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Membership:
    """`x in (...)`, `x not in tech`; `values` is the list of constants or the name of a set."""

    operand: "Term"
    values: "tuple[Term, ...] | Name"
    negated: bool
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Presence:
    """`x is known` or `x is missing`."""

    operand: "Term"
    known: bool
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class TextCondition:
    """`contains`, `starts with`, `ends with` or `matches`, as `word` says."""

    word: str
    operand: "Term"
    pattern: "Term"
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Has:
    """`x has any (...)`, `x has all tech`."""

    operand: "Term"
    every: bool
    values: "tuple[Term, ...] | Name"
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Within:
    """`date within duration before anchor`."""

    operand: "Term"
    duration: "Term"
    anchor: "Term"
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class When:
    """One `when A then x` of a case."""

    condition: "Term"
    value: "Term"
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class CaseTerm:
    """`case when ... else ... end`; without `else` the rest is missing."""

    branches: tuple[When, ...]
    otherwise: "Term | None"
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Modifier:
    """A clause behind the arguments of a call: `where`, `over`, `per`, `by` or `via`, as `word` says."""

    word: str
    term: "Term"
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class CallTerm:
    """`function(arguments clauses)`."""

    function: Name
    arguments: tuple["Term", ...]
    modifiers: tuple[Modifier, ...]
    span: Span = field(compare=False)

    def modifier(self, word: str) -> Modifier | None:
        return next((m for m in self.modifiers if m.word == word), None)


Term = (
    Constant
    | ListConstant
    | Reference
    | Parenthesised
    | Signed
    | Negated
    | Operation
    | Chain
    | Between
    | Membership
    | Presence
    | TextCondition
    | Has
    | Within
    | CaseTerm
    | CallTerm
)
