"""Blocks in braces: their items and comments in order, on one line where the author wrote them so."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from segdsl.diagnostics import Span
from segdsl.language.comments import Comments
from segdsl.language.format_term import Written
from segdsl.language.layout import STEP
from segdsl.language.rows import Cell, Entry, FlatCells, Row, arrange, fits, flat_cells, join_cells
from segdsl.language.syntax import Comment
from segdsl.record import dataclass, replace


@dataclass(frozen=True, slots=True)
class Draft:
    """A spec being formatted: its text as written, and the comments not yet printed."""

    text: str
    comments: Comments


Item = TypeVar("Item", bound=Written)
# From an item and its indent to its row.
ShowItem = Callable[[Item, Draft, int], Row]


def stack(
    items: Sequence[Item], end: int, draft: Draft, indent: int, show: ShowItem[Item]
) -> tuple[str, tuple[Entry, ...]]:
    """The entries of a block that ends at `end`; first the comment behind its opening brace."""
    opening = ""
    entries: list[Entry] = []

    def add_comments(found: tuple[Comment, ...]) -> None:
        nonlocal opening
        for comment in found:
            if not comment.own_line and not entries and not opening:
                opening = comment.text
            elif not comment.own_line and entries and _takes_remark(entries[-1]):
                entries[-1] = replace(entries[-1], remark=comment.text)
            else:
                entries.append(Entry(comment, bool(entries) and _blank_before(draft.text, comment.span.start)))

    for item in items:
        add_comments(draft.comments.take(item.span.start))
        blank = bool(entries) and _blank_before(draft.text, item.span.start)
        entries.append(Entry(show(item, draft, indent), blank))
    add_comments(draft.comments.take(end))
    return opening, tuple(entries)


def _takes_remark(entry: Entry) -> bool:
    return isinstance(entry.content, Row) and not entry.remark


def _blank_before(text: str, start: int) -> bool:
    """Whether the author left a blank line in front of an offset."""
    index = start - 1
    ends = 0
    while 0 <= index < len(text) and text[index].isspace():
        ends += text[index] == "\n"
        if ends == 2:
            return True
        index -= 1
    return False


def braced(
    kind: str,
    head: tuple[Cell, ...],
    items: Sequence[Item],
    span: Span,
    draft: Draft,
    indent: int,
    show: ShowItem[Item],
) -> Row:
    """The row of an item with a block; `head` is what stands before the opening brace."""
    opening, entries = stack(items, span.end, draft, indent + STEP, show)
    if draft.text.find("\n", span.start, span.end) < 0:
        row = _on_one_line(kind, head, entries)
        cells = None if row is None else flat_cells(row)
        if row is not None and cells is not None and fits(join_cells(cells), indent):
            return row
    return Row(kind, head, tuple(arrange(entries, indent + STEP)), opening)


def _on_one_line(kind: str, head: tuple[Cell, ...], entries: tuple[Entry, ...]) -> Row | None:
    texts: list[str] = []
    for entry in entries:
        cells = flat_row(entry)
        if cells is None:
            return None
        texts.append(join_cells(cells))
    if not texts:
        return Row(kind, (*head, Cell("{}")))
    texts[0] = f"{{ {texts[0]}"
    texts[-1] = f"{texts[-1]} }}"
    return Row(kind, (*head, *(Cell(text, gap=2 if index else 1) for index, text in enumerate(texts))))


def flat_row(entry: Entry) -> FlatCells | None:
    """The cells of an entry that stands on one line; None for a comment or what needs more lines."""
    row = entry.content
    return flat_cells(row) if isinstance(row, Row) and row.body is None and not entry.remark else None
