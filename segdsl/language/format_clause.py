"""Clauses that begin with a word of their own: of hypotheses, evaluations, audiences and tests."""

import re
from typing import assert_never

from segdsl.language.comments import Comments
from segdsl.language.format_block import Draft, braced
from segdsl.language.format_property import format_property, head_name, unknown_row
from segdsl.language.format_term import (
    behind,
    comma_separated,
    format_constant,
    format_list,
    format_name,
    format_reference,
    format_term,
)
from segdsl.language.keywords import quote_word
from segdsl.language.layout import END, LINE, STEP, Doc, Group, group
from segdsl.language.rows import Cell, Row
from segdsl.language.syntax import (
    AmongClause,
    AudienceItem,
    BecauseClause,
    ColumnsClause,
    ExceptClause,
    ExpectClause,
    ExpectCondition,
    ExpectDropped,
    GivenBlock,
    GivenClause,
    GivenField,
    HoldOutClause,
    HypothesisItem,
    OrderClause,
    OrderTerm,
    OutputTerm,
    PriorityClause,
    Property,
    ProxyClause,
    RequireClause,
    TakeClause,
    ToClause,
    UnknownAsFalse,
    WhereClause,
)
from segdsl.language.terms import Constant

# Words with a meaning right behind `expect`: a name spelt so must be quoted there.
_BEHIND_EXPECT = re.compile(r"(?:higher|lower|proxy|dropped)(?!\w)")


def _clause(word: str, rest: Doc, breaks: bool = False) -> Row:
    return Row("clause", (Cell(word), Cell(rest, breaks=breaks)))


def format_hypothesis_item(item: HypothesisItem, draft: Draft, _indent: int) -> Row:
    """What a hypothesis expects, among whom, and why."""
    comments = draft.comments
    match item:
        case ExpectClause():
            return _clause("expect", _format_expected(item, comments))
        case ProxyClause():
            return _clause("proxy", group(("any of ", comma_separated(item.proxies, comments, format_reference))))
        case BecauseClause():
            return _clause("because", format_constant(item.text, comments))
        case AmongClause():
            return _clause("among", format_term(item.condition, comments))
        case PriorityClause():
            return _clause("priority", format_constant(item.value, comments))
        case UnknownAsFalse():
            return unknown_row(item)
        case _:
            assert_never(item)


def _format_expected(item: ExpectClause, comments: Comments) -> Doc:
    direction = f"{item.direction} " if item.direction else ""
    if item.term is None:
        what = group(("proxy any of ", comma_separated(item.proxies, comments, format_reference)))
    else:
        what = _quote_first(format_term(item.term, comments))
    effect = " separates " if item.effect == "separates" else f" means {item.effect} "
    score = behind(comments.take(item.score.span.start), quote_word(item.score.text))
    return group((direction, what, effect, score))


def _quote_first(doc: Doc) -> Doc:
    """The piece with its first name in backquotes if `expect` would take it for a word of its own."""
    if isinstance(doc, str):
        return _BEHIND_EXPECT.sub(lambda word: f"`{word.group()}`", doc, count=1) if _BEHIND_EXPECT.match(doc) else doc
    if not isinstance(doc, Group):
        return doc
    first = next((index for index, part in enumerate(doc.parts) if isinstance(part, str | Group)), None)
    if first is None:
        return doc
    return group((*doc.parts[:first], _quote_first(doc.parts[first]), *doc.parts[first + 1 :]), doc.indent)


def format_evaluate_item(item: Property | RequireClause, draft: Draft, indent: int) -> Row:
    """A setting of an evaluation, or a gate."""
    if isinstance(item, Property):
        return format_property(item, draft, indent)
    comments = draft.comments
    measure = format_name(item.measure, comments)
    figure = () if item.figure is None else (".", format_name(item.figure, comments))
    scheme = behind(comments.take(item.scheme.span.start), quote_word(item.scheme.text))
    bound = format_constant(item.bound, comments)
    high = () if item.high is None else (" and ", format_constant(item.high, comments))
    each = "each segment in " if item.each_segment else ""
    return _clause("require", group((measure, *figure, f" of {each}", scheme, f" {item.sign} ", bound, *high)))


def format_audience_item(item: AudienceItem, draft: Draft, indent: int) -> Row:
    """Who is on a list, in which order, how many, and with which columns."""
    comments = draft.comments
    match item:
        case WhereClause():
            return _clause("where", format_term(item.condition, comments))
        case ExceptClause():
            return _clause("except", comma_separated(item.names, comments, format_name), breaks=True)
        case OrderClause():
            return _clause("order by", comma_separated(item.terms, comments, _format_order), breaks=True)
        case TakeClause():
            count = format_constant(item.count, comments)
            per = () if item.per is None else (" per ", format_term(item.per, comments))
            return _clause("take", group((count, *per)))
        case HoldOutClause():
            return _clause("hold out", format_constant(item.share, comments))
        case ColumnsClause():
            return _clause("columns", comma_separated(item.columns, comments, _format_output), breaks=True)
        case ToClause():
            return _format_to(item, draft, indent)
        case UnknownAsFalse():
            return unknown_row(item)
        case _:
            assert_never(item)


def _format_to(item: ToClause, draft: Draft, indent: int) -> Row:
    path = format_constant(item.path, draft.comments)
    if item.exporter is None:
        return _clause("to", path)
    place = group((path, " using ", format_name(item.exporter, draft.comments)))
    if not item.options:
        return _clause("to", place)
    return braced("clause", (Cell("to"), Cell(place)), item.options, item.span, draft, indent, format_property)


def _format_order(order: OrderTerm, comments: Comments) -> Doc:
    return group((format_term(order.term, comments), " desc" if order.descending else ""))


def _format_output(output: OutputTerm, comments: Comments) -> Doc:
    if output.name is None:
        return format_term(output.term, comments)
    return group((f"{head_name(output.name)} = ", format_term(output.term, comments)))


def format_test_item(item: GivenClause | ExpectCondition | ExpectDropped, draft: Draft, _indent: int) -> Row:
    """A row that a test is given, or what it expects."""
    comments = draft.comments
    match item:
        case GivenClause():
            return Row("given", (Cell(_format_given(item, comments)),))
        case ExpectCondition():
            return Row("expect", (Cell(group(("expect ", _quote_first(format_term(item.condition, comments))))),))
        case ExpectDropped():
            return Row("expect", (Cell(group(("expect dropped ", format_constant(item.reason, comments)))),))
        case _:
            assert_never(item)


def _format_given(item: GivenClause, comments: Comments) -> Doc:
    source = format_name(item.source, comments)
    if not item.rows:
        return group(("given ", source, " none"))
    parts: list[Doc] = ["given ", source, " "]
    for index, block in enumerate(item.rows):
        if index:
            parts.append(",")
        parts.extend(comments.take(block.span.start))
        if index:
            parts.append(LINE)
        parts.append(_format_given_block(block, comments))
    return group(parts, STEP)


def _format_given_block(block: GivenBlock, comments: Comments) -> Doc:
    parts: list[Doc] = ["{"]
    for index, field in enumerate(block.fields):
        if index:
            parts.append(",")
        parts.extend(comments.take(field.span.start))
        parts.extend((LINE, _format_given_field(field, comments)))
    parts.extend(comments.take(block.span.end))
    return group((*parts, END, "}"), STEP) if len(parts) > 1 else "{}"


def _format_given_field(field: GivenField, comments: Comments) -> Doc:
    name = f"{head_name(field.name)}: "
    match field.value:
        case None:
            return group((name, "missing"))
        case Constant():
            return group((name, format_constant(field.value, comments)))
        case _:
            return group((name, format_list(field.value, comments)))
