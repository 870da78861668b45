"""Declarations as the formatter prints them: each gives a row, its block formatted inside."""

from typing import assert_never

from segdsl.language.format_block import Draft, braced
from segdsl.language.format_item import (
    format_audience_item,
    format_derive_item,
    format_enrich_item,
    format_evaluate_item,
    format_hypothesis_item,
    format_population_item,
    format_property,
    format_score_item,
    format_segmentation_item,
    format_test_item,
    title_cell,
)
from segdsl.language.format_source import format_source, format_type
from segdsl.language.format_term import (
    bracketed,
    comma_separated,
    format_constant,
    format_list,
    format_name,
    plain_name,
)
from segdsl.language.layout import Doc, group
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
    ScoreDecl,
    SegmentationDecl,
    SetDecl,
    SourceDecl,
    TestDecl,
)
from segdsl.language.terms import ListConstant


def format_declaration(declaration: Declaration, draft: Draft, indent: int) -> Row:
    """The row of a declaration; its block is indented one step more."""
    match declaration:
        case AboutDecl():
            head = (Cell("about"),)
            return braced("about", head, declaration.properties, declaration.span, draft, indent, format_property)
        case ImportDecl():
            return Row("import", (Cell(group(("import ", format_constant(declaration.path, draft.comments)))),))
        case ParamDecl():
            return _format_param(declaration, draft)
        case SetDecl():
            return _format_set(declaration, draft)
        case SourceDecl():
            return format_source(declaration, draft, indent)
        case ProviderDecl():
            head = _titled("provider", declaration, draft)
            return braced("provider", head, declaration.properties, declaration.span, draft, indent, format_property)
        case EnrichDecl():
            head = _head(draft, "enrich ", declaration.source, " using ", declaration.plugin)
            return braced("enrich", head, declaration.items, declaration.span, draft, indent, format_enrich_item)
        case DeriveDecl():
            head = _head(draft, "derive ", declaration.source)
            return braced("derive", head, declaration.items, declaration.span, draft, indent, format_derive_item)
        case PopulationDecl():
            head = (*_titled("population", declaration, draft), *_head(draft, "from ", declaration.parent))
            return braced("population", head, declaration.items, declaration.span, draft, indent, format_population_item)
        case ScoreDecl():
            head = (*_titled("score", declaration, draft), *_head(draft, "for ", declaration.population))
            return braced("score", head, declaration.items, declaration.span, draft, indent, format_score_item)
        case HypothesisDecl():
            head = _titled("hypothesis", declaration, draft)
            return braced("hypothesis", head, declaration.items, declaration.span, draft, indent, format_hypothesis_item)
        case SegmentationDecl():
            return _format_segmentation(declaration, draft, indent)
        case EvaluateDecl():
            return _format_evaluate(declaration, draft, indent)
        case AudienceDecl():
            head = (*_titled("audience", declaration, draft), *_head(draft, "from ", declaration.table))
            return braced("audience", head, declaration.items, declaration.span, draft, indent, format_audience_item)
        case TestDecl():
            head = (Cell(group(("test ", format_constant(declaration.title, draft.comments)))),)
            return braced("test", head, declaration.items, declaration.span, draft, indent, format_test_item)
        case _:
            assert_never(declaration)
