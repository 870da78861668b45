"""What decides over accounts, as the formatter prints it: fields, rules, score terms and segments."""

from typing import assert_never

from segdsl.language.comments import Comments
from segdsl.language.format_block import Draft, braced
from segdsl.language.format_property import format_property, head_name, unknown_row
from segdsl.language.format_term import (
    behind,
    comma_separated,
    format_condition,
    format_constant,
    format_name,
    format_reference,
    format_term,
)
from segdsl.language.layout import Doc, group
from segdsl.language.rows import Cell, Row
from segdsl.language.syntax import (
    FieldDecl,
    GradeClause,
    GradeStep,
    MeasureClause,
    MessageClause,
    MissingTermsAsZero,
    PlaceTerm,
    Property,
    RuleDecl,
    SegmentDecl,
    TermDecl,
    UnknownAsFalse,
)
from segdsl.language.terms import Constant, Term


def format_derive_item(item: FieldDecl | UnknownAsFalse, draft: Draft, _indent: int) -> Row:
    """`name = expression`."""
    if isinstance(item, UnknownAsFalse):
        return unknown_row(item)
    name = behind(draft.comments.take(item.name.span.start), head_name(item.name))
    return Row("field", (Cell(name), Cell(group(("= ", format_term(item.term, draft.comments))))))


def format_population_item(item: RuleDecl | UnknownAsFalse, draft: Draft, _indent: int) -> Row:
    """`keep "reason" when condition`."""
    if isinstance(item, UnknownAsFalse):
        return unknown_row(item)
    reason = group(("keep " if item.keep else "drop ", format_constant(item.reason, draft.comments)))
    return Row("rule", (Cell(reason), *_when_cells(item.condition, draft.comments, 1)))


def _when_cells(condition: Term, comments: Comments, gap: int) -> tuple[Cell, ...]:
    found = comments.take(condition.span.start)
    return (Cell(group((*found, "when ", format_condition(condition, comments))), gap, breaks=True),)


def format_score_item(
    item: TermDecl | MissingTermsAsZero | GradeClause | UnknownAsFalse, draft: Draft, _indent: int
) -> Row:
    """`plus "label" amount when condition`, and how grades are given."""
    match item:
        case TermDecl():
            return _format_score_term(item, draft.comments)
        case MissingTermsAsZero():
            return Row("missing terms", (Cell("missing terms as 0"),))
        case GradeClause():
            return Row("grade", (Cell(group(("grade ", _format_grades(item, draft.comments)))),))
        case UnknownAsFalse():
            return unknown_row(item)
        case _:
            assert_never(item)


def _format_score_term(item: TermDecl, comments: Comments) -> Row:
    label: Doc = "" if item.label is None else format_constant(item.label, comments)
    amount = format_term(item.amount, comments)
    when = () if item.condition is None else _when_cells(item.condition, comments, 2)
    return Row("score term", (Cell(item.sign), Cell(label), Cell(amount, gap=2), *when))


def _format_grades(item: GradeClause, comments: Comments) -> Doc:
    if item.custom is not None:
        return format_name(item.custom, comments)
    return comma_separated(item.steps, comments, _format_grade)


def _format_grade(step: GradeStep, comments: Comments) -> Doc:
    name = format_name(step.name, comments)
    if step.share is None:
        return group((name, f" {step.word}"))
    return group((name, f" {step.word} ", format_constant(step.share, comments)))


def title_cell(title: Constant | None, comments: Comments) -> Cell:
    """The title's own column, which stays empty for what has none."""
    return Cell("" if title is None else format_constant(title, comments))


def format_segmentation_item(
    item: SegmentDecl | MeasureClause | MessageClause | Property | UnknownAsFalse, draft: Draft, indent: int
) -> Row:
    """What stands in a segmentation or in a segment."""
    match item:
        case SegmentDecl():
            return _format_segment(item, draft, indent)
        case Property():
            return format_property(item, draft, indent)
        case MeasureClause():
            return _format_measure(item, draft.comments)
        case MessageClause():
            return _format_message(item, draft.comments)
        case UnknownAsFalse():
            return unknown_row(item)
        case _:
            assert_never(item)


def _format_segment(item: SegmentDecl, draft: Draft, indent: int) -> Row:
    comments = draft.comments
    name = Cell(group(("segment ", format_name(item.name, comments))))
    cells = (name, title_cell(item.title, comments), *_membership_cells(item, comments))
    if not item.items:
        return Row("segment", cells)
    return braced("segment", cells, item.items, item.span, draft, indent, format_segmentation_item)


def _membership_cells(item: SegmentDecl, comments: Comments) -> tuple[Cell, ...]:
    if item.condition is not None:
        return _when_cells(item.condition, comments, 1)
    if not item.places:
        return (Cell("otherwise"),)
    found = comments.take(item.places[0].span.start)
    return (Cell(group((*found, "at ", comma_separated(item.places, comments, _format_place))), breaks=True),)


def _format_place(place: PlaceTerm, comments: Comments) -> Doc:
    measure = format_name(place.measure, comments)
    return group((measure, " ", format_constant(place.value, comments)))


def _format_measure(item: MeasureClause, comments: Comments) -> Row:
    measure = group(("measure ", format_reference(item.measure, comments), " log" if item.log else ""))
    return Row("measure", (Cell(measure), Cell(group(("scale ", format_constant(item.scale, comments))), gap=2)))


def _format_message(item: MessageClause, comments: Comments) -> Row:
    stage = behind(comments.take(item.stage.span.start), f"{head_name(item.stage)}:")
    cells = [Cell(group(("message ", stage))), Cell(format_constant(item.text, comments))]
    if item.channels:
        found = comments.take(item.channels[0].span.start)
        channels = comma_separated(item.channels, comments, format_constant)
        cells.append(Cell(group((*found, "via ", channels)), breaks=True))
    return Row("message", tuple(cells))
