"""Names, literals and expressions as the formatter prints them."""

from collections.abc import Callable, Sequence
from typing import Protocol, TypeVar, assert_never

from segdsl.diagnostics import Span
from segdsl.language.comments import Comments
from segdsl.language.keywords import is_plain, needs_quotes, quote_name
from segdsl.language.layout import CLOSE, CLOSE_LIST, END, HANG, LINE, SOFT, STEP, Doc, group
from segdsl.language.terms import (
    Between,
    CallTerm,
    CaseTerm,
    Chain,
    Constant,
    Has,
    ListConstant,
    Membership,
    Modifier,
    Name,
    Negated,
    Operation,
    Parenthesised,
    Presence,
    Reference,
    Signed,
    Term,
    TextCondition,
    When,
    Within,
)

# Functions whose names are words of the language too; in front of a parenthesis they need no backquotes.
_FUNCTION_WORDS = frozenset({"any", "all"})
# A long sum is broken only before these.
_SUM_SIGNS = frozenset({"+", "-"})
_COMPARISONS = frozenset({"==", "!=", "<", "<=", ">", ">="})


class Written(Protocol):
    """Anything that has its place in the text."""

    @property
    def span(self) -> Span: ...


Node = TypeVar("Node", bound=Written)


def plain_name(name: str) -> str:
    """A name where only a name can stand: in backquotes only if it isn't one word."""
    return name if is_plain(name) else f"`{name}`"


def behind(found: Sequence[Doc], doc: Doc) -> Doc:
    """A piece behind the comments that stand in front of it."""
    return group((*found, doc)) if found else doc


def format_name(name: Name, comments: Comments) -> Doc:
    """A name where only a name can stand."""
    return behind(comments.take(name.span.start), plain_name(name.text))


def format_constant(constant: Constant, comments: Comments) -> Doc:
    """A literal as it was written."""
    return behind(comments.take(constant.span.start), constant.text)


def format_list(constant: ListConstant, comments: Comments) -> Doc:
    """Constants in square brackets."""
    before = comments.take(constant.span.start)
    return behind(before, bracketed("[", constant.items, "]", constant.span.end, comments, format_constant))


def bracketed(
    opening: str,
    items: Sequence[Node],
    closing: str,
    end: int,
    comments: Comments,
    show: Callable[[Node, Comments], Doc],
    last_comma: bool = False,
) -> Doc:
    """Items in brackets, one a line if they don't fit.

    The brackets end at `end` in the text. With `last_comma` the last line ends with a comma too.
    """
    parts: list[Doc] = [opening]
    for index, item in enumerate(items):
        if index:
            parts.append(",")
        parts.extend(comments.take(item.span.start))
        parts.append(LINE if index else SOFT)
        parts.append(show(item, comments))
    found = comments.take(end)
    if not items:
        return group((*parts, *found, closing))
    if found:
        return group((*parts, "," if last_comma else "", *found, CLOSE, closing), STEP)
    return group((*parts, CLOSE_LIST if last_comma else CLOSE, closing), STEP)


def comma_separated(items: Sequence[Node], comments: Comments, show: Callable[[Node, Comments], Doc]) -> Doc:
    """Items with commas between them, one a line if they don't fit."""
    if len(items) == 1:
        return show(items[0], comments)
    parts: list[Doc] = []
    for index, item in enumerate(items):
        if index:
            parts.append(",")
        parts.extend(comments.take(item.span.start))
        if index:
            parts.append(LINE)
        parts.append(show(item, comments))
    return group(parts)


def format_condition(term: Term, comments: Comments) -> Doc:
    """A condition behind a word such as `when`, at whose indent its `and` or `or` continue."""
    return _format_chain(term, comments, 0) if isinstance(term, Chain) else format_term(term, comments)


def format_term(term: Term, comments: Comments) -> Doc:
    """An expression on one line, or broken where it is loosest."""
    match term:
        case Reference():
            return format_reference(term, comments)
        case Constant():
            return format_constant(term, comments)
        case Operation():
            return _format_operation(term, comments)
        case Chain():
            return _format_chain(term, comments, HANG)
        case CallTerm():
            return _format_call(term, comments)
        case Parenthesised():
            opening = comments.take(term.span.start)
            return behind(opening, bracketed("(", (term.inner,), ")", term.span.end, comments, format_term))
        case CaseTerm():
            return _format_case(term, comments)
        case ListConstant():
            return format_list(term, comments)
        case Signed():
            return group((*comments.take(term.span.start), "-", format_term(term.operand, comments)))
        case Negated():
            return group((*comments.take(term.span.start), "not ", format_term(term.operand, comments)))
        case Membership() | Has() | Between() | Presence() | TextCondition() | Within():
            return _format_condition_on(term, comments)
        case _:
            assert_never(term)


def format_reference(reference: Reference, comments: Comments) -> Doc:
    """A name, or names joined by dots, in an expression."""
    name = ".".join([quote_name(part.text) for part in reference.parts])
    return behind(comments.take(reference.span.start), name)


def _format_condition_on(
    term: Membership | Has | Between | Presence | TextCondition | Within, comments: Comments
) -> Doc:
    operand = format_term(term.operand, comments)
    match term:
        case Membership():
            word = " not in " if term.negated else " in "
            return group((operand, word, _format_members(term.values, term.span.end, comments)))
        case Has():
            word = " has all " if term.every else " has any "
            return group((operand, word, _format_members(term.values, term.span.end, comments)))
        case Between():
            low = format_term(term.low, comments)
            return group((operand, " between ", low, " and ", format_term(term.high, comments)))
        case Presence():
            return group((operand, " is known" if term.known else " is missing"))
        case TextCondition():
            return group((operand, f" {term.word} ", format_term(term.pattern, comments)))
        case Within():
            duration = format_term(term.duration, comments)
            return group((operand, " within ", duration, " before ", format_term(term.anchor, comments)))
        case _:
            assert_never(term)


def _format_members(values: tuple[Term, ...] | Name, end: int, comments: Comments) -> Doc:
    if isinstance(values, Name):
        return format_name(values, comments)
    return bracketed("(", values, ")", end, comments, format_term, last_comma=True)


def _format_operation(term: Operation, comments: Comments) -> Doc:
    if term.sign in _COMPARISONS:
        left = format_term(term.left, comments)
        return group((left, f" {term.sign} ", format_term(term.right, comments)))
    # Operators group to the left, so a long sum is a deep tree; it is walked without recursion.
    spine: list[Operation] = []
    first: Term = term
    while isinstance(first, Operation) and first.sign not in _COMPARISONS:
        spine.append(first)
        first = first.left
    parts: list[Doc] = [format_term(first, comments)]
    for step in reversed(spine):
        parts.extend(comments.take(step.right.span.start))
        parts.extend((LINE, f"{step.sign} ") if step.sign in _SUM_SIGNS else (f" {step.sign} ",))
        parts.append(format_term(step.right, comments))
    return group(parts, HANG)


def _format_chain(term: Chain, comments: Comments, indent: int) -> Doc:
    parts: list[Doc] = []
    for operand in term.operands:
        if parts:
            # A comment behind `and` mostly speaks of the operand before it: it stays on that line.
            parts.extend(comments.take(operand.span.start))
            parts.extend((LINE, f"{term.word} "))
        parts.append(format_term(operand, comments))
    return group(parts, indent)


def _format_call(term: CallTerm, comments: Comments) -> Doc:
    name = term.function.text
    shown = quote_name(name) if needs_quotes(name) and name not in _FUNCTION_WORDS else name
    before = comments.take(term.span.start)
    parts: list[Doc] = [f"{shown}("]
    for index, argument in enumerate(term.arguments):
        if index:
            parts.append(",")
        parts.extend(comments.take(argument.span.start))
        parts.append(LINE if index else SOFT)
        parts.append(format_term(argument, comments))
    for modifier in term.modifiers:
        parts.extend(comments.take(modifier.span.start))
        parts.append(SOFT if len(parts) == 1 else LINE)
        parts.append(_format_modifier(modifier, comments))
    parts.extend(comments.take(term.span.end))
    return behind(before, group((*parts, CLOSE, ")"), STEP) if len(parts) > 1 else f"{shown}()")


def _format_modifier(modifier: Modifier, comments: Comments) -> Doc:
    return group((f"{modifier.word} ", format_condition(modifier.term, comments)))


def _format_case(term: CaseTerm, comments: Comments) -> Doc:
    parts: list[Doc] = [*comments.take(term.span.start), "case"]
    for branch in term.branches:
        parts.extend(comments.take(branch.span.start))
        parts.extend((LINE, _format_branch(branch, comments)))
    if term.otherwise is not None:
        parts.extend(comments.take(term.otherwise.span.start))
        parts.extend((LINE, group(("else ", format_term(term.otherwise, comments)))))
    parts.extend(comments.take(term.span.end))
    return group((*parts, END, "end"), STEP)


def _format_branch(branch: When, comments: Comments) -> Doc:
    condition = format_term(branch.condition, comments)
    found = comments.take(branch.value.span.start)
    return group(("when ", condition, *found, LINE, "then ", format_term(branch.value, comments)), STEP)
