"""Declarations as the formatter prints them: each gives a row, with its block formatted inside."""

from collections.abc import Sequence
from typing import TypeVar, assert_never

from segdsl.language.format_block import Draft, ShowItem, braced
from segdsl.language.format_clause import (
    format_audience_item,
    format_evaluate_item,
    format_hypothesis_item,
    format_test_item,
)
from segdsl.language.format_property import format_enrich_item, format_property, head_name
from segdsl.language.format_rule import (
    format_derive_item,
    format_population_item,
    format_score_item,
    format_segmentation_item,
    title_cell,
)
from segdsl.language.format_source import format_source, format_type
from segdsl.language.format_term import (
    Written,
    behind,
    bracketed,
    comma_separated,
    format_constant,
    format_list,
    format_name,
)
from segdsl.language.layout import group
from segdsl.language.rows import Cell, Row
from segdsl.language.syntax import (
    AboutDecl,
    AudienceDecl,
    Declaration,
    DeriveDecl,
    EnrichDecl,
    EvaluateDecl,
    HypothesisDecl,
    ImportDecl,
    ParamDecl,
    PopulationDecl,
    ProviderDecl,
    ReportDecl,
    ScoreDecl,
    SegmentationDecl,
    SetDecl,
    SourceDecl,
    TestDecl,
)
from segdsl.language.terms import Constant, ListConstant, Name

Item = TypeVar("Item", bound=Written)


def format_declaration(declaration: Declaration, draft: Draft, indent: int) -> Row:
    """The row of a declaration; its block is indented one step more."""

    def block(word: str, head: tuple[Cell, ...], items: Sequence[Item], show: ShowItem[Item]) -> Row:
        return braced(word, head, items, declaration.span, draft, indent, show)

    head: tuple[Cell, ...]
    match declaration:
        case AboutDecl(properties):
            return block("about", (Cell("about"),), properties, format_property)
        case ImportDecl(path):
            return Row("import", (_cell(draft, "import", path),))
        case ParamDecl():
            return _format_param(declaration, draft)
        case SetDecl():
            return _format_set(declaration, draft)
        case SourceDecl():
            return format_source(declaration, draft, indent)
        case ProviderDecl(name, title, properties):
            return block("provider", _titled(draft, "provider", name, title), properties, format_property)
        case EnrichDecl(source, plugin, items):
            head = (_cell(draft, "enrich", source), _cell(draft, "using", plugin))
            return block("enrich", head, items, format_enrich_item)
        case DeriveDecl(source, items):
            return block("derive", (_cell(draft, "derive", source),), items, format_derive_item)
        case PopulationDecl(name, title, parent, items):
            head = (*_titled(draft, "population", name, title), _cell(draft, "from", parent))
            return block("population", head, items, format_population_item)
        case ScoreDecl(name, title, population, items):
            head = (*_titled(draft, "score", name, title), _cell(draft, "for", population))
            return block("score", head, items, format_score_item)
        case HypothesisDecl(name, title, items):
            return block("hypothesis", _titled(draft, "hypothesis", name, title), items, format_hypothesis_item)
        case SegmentationDecl(items=items):
            return block("segmentation", _segmentation_head(declaration, draft), items, format_segmentation_item)
        case EvaluateDecl(items=items):
            return block("evaluate", _evaluate_head(declaration, draft), items, format_evaluate_item)
        case AudienceDecl(name, title, table, items):
            head = (*_titled(draft, "audience", name, title), _cell(draft, "from", table))
            return block("audience", head, items, format_audience_item)
        case ReportDecl(plugin, properties):
            return block("report", (Cell("report"), _cell(draft, "using", plugin)), properties, format_property)
        case TestDecl(title, items):
            return block("test", (_cell(draft, "test", title),), items, format_test_item)
        case _:
            assert_never(declaration)


def _cell(draft: Draft, word: str, what: Name | Constant) -> Cell:
    """A word of the language and the name or text behind it."""
    shown = format_name(what, draft.comments) if isinstance(what, Name) else format_constant(what, draft.comments)
    return Cell(group((f"{word} ", shown)))


def _titled(draft: Draft, word: str, name: Name, title: Constant | None) -> tuple[Cell, Cell]:
    return _cell(draft, word, name), title_cell(title, draft.comments)


def _format_param(param: ParamDecl, draft: Draft) -> Row:
    name = behind(draft.comments.take(param.name.span.start), head_name(param.name))
    kind = group((": ", format_type(param.type, draft.comments)))
    default = (
        format_list(param.default, draft.comments)
        if isinstance(param.default, ListConstant)
        else format_constant(param.default, draft.comments)
    )
    return Row("param", (Cell(group(("param ", name))), Cell(kind), Cell(group(("= ", default)))))


def _format_set(declared: SetDecl, draft: Draft) -> Row:
    comments = draft.comments
    name = _cell(draft, "set", declared.name)
    if declared.path is not None:
        return Row("set", (name, Cell(group(("from ", format_constant(declared.path, comments))))))
    end = declared.span.end
    values = bracketed("(", declared.values, ")", end, comments, format_constant, last_comma=True)
    return Row("set", (name, Cell(group(("= ", values)))))


def _segmentation_head(declared: SegmentationDecl, draft: Draft) -> tuple[Cell, ...]:
    name, title = _titled(draft, "segmentation", declared.name, declared.title)
    population = _cell(draft, "for", declared.population)
    if declared.plugin is not None:
        return name, title, population, _cell(draft, "using", declared.plugin)
    return (name, title, population) if declared.mode == "first" else (name, title, population, Cell(declared.mode))


def _evaluate_head(declared: EvaluateDecl, draft: Draft) -> tuple[Cell, ...]:
    schemes = comma_separated(declared.schemes, draft.comments, format_name)
    return (
        Cell("evaluate"),
        Cell(schemes, breaks=len(declared.schemes) > 1),
        _cell(draft, "against", declared.score),
    )
