"""Sources as the formatter prints them: columns with their clauses, links and policies."""

from typing import assert_never

from segdsl.language.comments import Comments
from segdsl.language.format_block import Draft, braced
from segdsl.language.format_property import format_property, format_range, head_name
from segdsl.language.format_term import (
    behind,
    bracketed,
    comma_separated,
    format_constant,
    format_list,
    format_name,
    plain_name,
)
from segdsl.language.keywords import quote_name
from segdsl.language.layout import LINE, Doc, group
from segdsl.language.rows import Cell, Row
from segdsl.language.syntax import (
    ColumnDecl,
    ColumnModifier,
    KnownFromClause,
    LinksClause,
    PolicyClause,
    RangeValue,
    ReadBlock,
    SourceDecl,
    SourceItem,
    TypeTerm,
    WithoutClause,
)
from segdsl.language.terms import Constant, ListConstant, Name

_CLAUSE_WORDS = {"other_as_missing": "other as missing", "known_after": "known after", "default": "="}
_POLICIES = {
    "broken": "on broken as missing",
    "orphan": "on orphan drop",
    "missing_key": "on missing key drop",
}
# A longer type, such as a closed category, doesn't push the clauses of the other columns out.
_WIDEST_TYPE = 24


def format_source(source: SourceDecl, draft: Draft, indent: int) -> Row:
    """`source name like other from "path" { ... }`."""
    comments = draft.comments
    head: list[Doc] = ["source ", format_name(source.name, comments)]
    if source.like is not None:
        head.extend((" like ", format_name(source.like, comments)))
    if source.path is not None:
        head.extend((" from ", format_constant(source.path, comments)))
    if source.parents:
        head.extend((" from ", comma_separated(source.parents, comments, format_name)))
    return braced("source", (Cell(group(head)),), source.items, source.span, draft, indent, format_source_item)


def format_type(term: TypeTerm, comments: Comments) -> Doc:
    """`money(USD)`, `category("a", "b")?`, `list(category)`."""
    return _format_type(term, plain_name(term.name.text), comments)


def _format_type(term: TypeTerm, name: str, comments: Comments) -> Doc:
    before = comments.take(term.span.start)
    mark = "?" if term.optional else ""
    if not term.arguments:
        return behind(before, name + mark)
    arguments = bracketed(f"{name}(", term.arguments, ")", term.span.end, comments, _format_type_argument)
    return behind(before, group((arguments, mark)))


def _format_type_argument(argument: Constant | TypeTerm, comments: Comments) -> Doc:
    if isinstance(argument, Constant):
        return format_constant(argument, comments)
    return _format_type(argument, quote_name(argument.name.text), comments)


def format_source_item(item: SourceItem, draft: Draft, indent: int) -> Row:
    """A column, a block or a clause of a source."""
    comments = draft.comments
    match item:
        case ColumnDecl():
            return _format_column(item, comments)
        case ReadBlock():
            return braced("read", (Cell("read"),), item.properties, item.span, draft, indent, format_property)
        case LinksClause():
            columns = comma_separated(item.columns, comments, format_name)
            return _clause("links ", columns, " to ", format_name(item.target, comments))
        case KnownFromClause():
            return _clause("known from ", format_name(item.column, comments))
        case WithoutClause():
            return _clause("without ", comma_separated(item.columns, comments, format_name))
        case PolicyClause():
            if item.by is None:
                return _clause(_POLICIES[item.word])
            return _clause(f"on {item.word} keep {item.keep} by ", format_name(item.by, comments))
        case _:
            assert_never(item)


def _clause(*parts: Doc) -> Row:
    return Row("source clause", (Cell(group(parts)),))


def _format_column(column: ColumnDecl, comments: Comments) -> Row:
    name = behind(comments.take(column.name.span.start), head_name(column.name))
    kind: list[Doc] = [": ", format_type(column.type, comments)]
    modifiers = list(column.modifiers)
    if modifiers and modifiers[0].word == "key":
        kind.extend((*comments.take(modifiers.pop(0).span.start), " key"))
    clauses = [Cell(_format_modifier(modifier, comments), gap=2, breaks=True) for modifier in modifiers]
    return Row("column", (Cell(name), Cell(group(kind), widest=_WIDEST_TYPE), *clauses))


def _format_modifier(modifier: ColumnModifier, comments: Comments) -> Doc:
    before = comments.take(modifier.span.start)
    word = _CLAUSE_WORDS.get(modifier.word, modifier.word)
    match modifier.word:
        case "replace":
            values = [_format_modifier_value(value, comments) for value in modifier.values]
            pairs: list[Doc] = []
            for old, new in zip(values[::2], values[1::2], strict=True):
                pairs.extend((",", LINE) if pairs else ())
                pairs.append(group((old, " with ", new)))
            shown: Doc = group(pairs)
        case "convert":
            currency, rates, day = (_format_modifier_value(value, comments) for value in modifier.values)
            return behind(before, group(("by ", currency, " rates ", rates, " at ", day)))
        case _ if not modifier.values:
            return behind(before, word)
        case _:
            shown = comma_separated(modifier.values, comments, _format_modifier_value)
    return behind(before, group((f"{word} ", shown)))


def _format_modifier_value(value: Constant | ListConstant | Name | RangeValue, comments: Comments) -> Doc:
    match value:
        case Constant():
            return format_constant(value, comments)
        case ListConstant():
            return format_list(value, comments)
        case Name():
            return format_name(value, comments)
        case RangeValue():
            return format_range(value, comments)
        case _:
            assert_never(value)
