"""The lines of a block in columns: neighbouring rows of one kind are aligned with each other."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import assert_never

from segdsl.language.layout import HANG, LINE, WIDTH, Doc, Group, display_width, flat_text, lay_out
from segdsl.language.syntax import Comment

# A cell wider than this doesn't push the columns behind it: one long item must not move all its neighbours.
WIDEST_COLUMN = 40
# Alignment may push a line a little past the width; further out it stays as it is.
FURTHEST_ALIGNED = 120
# Comments at line ends are aligned with each other up to here.
FURTHEST_COMMENT = 72


@dataclass(frozen=True, slots=True)
class Cell:
    """One column of a row.

    At least `gap` spaces stand in front of it; a row that is too long is broken before it where `breaks`. Where
    it is wider than `widest`, its neighbours aren't aligned with it.
    """

    doc: Doc
    gap: int = 1
    breaks: bool = False
    widest: int = WIDEST_COLUMN


@dataclass(frozen=True, slots=True)
class Row:
    """An item of a block, in cells of which the first isn't empty.

    `body` holds the lines inside its braces, already indented; None without braces. `opening` is a comment
    behind the opening brace.
    """

    kind: str
    cells: tuple[Cell, ...]
    body: tuple[str, ...] | None = None
    opening: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """A row or a comment on a line of its own; `remark` is the comment behind a row."""

    content: Row | Comment
    blank_before: bool = False
    remark: str = ""


@dataclass(frozen=True, slots=True)
class FlatCell:
    """A cell on one line: `push` is how far it pushes the column behind it."""

    gap: int
    text: str
    width: int
    push: int


FlatCells = tuple[FlatCell, ...]


def flat_cells(row: Row) -> FlatCells | None:
    """The cells on one line, or None where a comment inside them forbids it."""
    cells: list[FlatCell] = []
    for cell in row.cells:
        text = flat_text(cell.doc)
        if text is None:
            return None
        width = display_width(text)
        cells.append(FlatCell(cell.gap, text, width, width if width <= cell.widest else 0))
    while not cells[-1].text:
        cells.pop()
    return tuple(cells)


def join_cells(cells: FlatCells) -> str:
    """The cells on one line with no more than their gaps between them."""
    return align((cells,))[0]


def align(rows: Sequence[FlatCells]) -> list[str]:
    """The rows with their columns under one another; a column that is empty in all rows takes no room."""
    widths = _column_widths(rows)
    return [_padded(cells, widths) for cells in rows]


def _column_widths(rows: Sequence[FlatCells]) -> list[int | None]:
    """Width of each column, None where no row has a text in it."""
    widths: list[int | None] = [None] * max(len(cells) for cells in rows)
    for cells in rows:
        last = len(cells) - 1
        for column, cell in enumerate(cells):
            if cell.text:
                widths[column] = max(widths[column] or 0, 0 if column == last else cell.push)
    return widths


def _padded(cells: FlatCells, widths: Sequence[int | None]) -> str:
    line = ""
    end = start = 0
    gap_of_empty: int | None = None
    for cell, width in zip(cells, widths, strict=False):
        gap = cell.gap if gap_of_empty is None else gap_of_empty
        if width is None:
            gap_of_empty = gap
            continue
        gap_of_empty = None
        if line:
            start += gap
        if cell.text:
            spaces = max(gap, start - end) if line else 0
            line += " " * spaces + cell.text
            end += spaces + cell.width
        start += width
    return line


def arrange(entries: Sequence[Entry], indent: int) -> list[str]:
    """The lines of a block's entries, each indented."""
    lines: list[str] = []
    neighbours: list[tuple[Entry, Row, FlatCells]] = []
    for entry in entries:
        match entry.content:
            case Comment() as comment:
                _flush(neighbours, indent, lines, entry.blank_before)
                lines.append(" " * indent + comment.text)
            case Row() as row:
                if entry.blank_before or (neighbours and neighbours[-1][1].kind != row.kind):
                    _flush(neighbours, indent, lines, entry.blank_before)
                cells = flat_cells(row)
                if cells is None or not fits(join_cells(cells), indent, row.body is not None):
                    _flush(neighbours, indent, lines)
                    lines.extend(_enclosed(_wrapped(row, indent), row, indent, entry.remark))
                    continue
                neighbours.append((entry, row, cells))
                if row.body is not None:
                    _flush(neighbours, indent, lines)
            case _:
                assert_never(entry.content)
    _flush(neighbours, indent, lines)
    return lines


def fits(line: str, indent: int, braced: bool = False, width: int = WIDTH) -> bool:
    """Whether a line, perhaps with an opening brace behind it, is within the width."""
    return indent + display_width(line) + (2 if braced else 0) <= width


def _wrapped(row: Row, indent: int) -> list[str]:
    parts: list[Doc] = []
    for cell in row.cells:
        if cell.doc == "":
            continue
        if parts:
            parts.append(LINE if cell.breaks else " " * cell.gap)
        parts.append(cell.doc)
    return lay_out(Group(tuple(parts), HANG, None), indent, trail=0 if row.body is None else 2)


def _flush(
    neighbours: list[tuple[Entry, Row, FlatCells]], indent: int, lines: list[str], blank_behind: bool = False
) -> None:
    """Print the rows gathered so far and empty the list; then a blank line if one is asked for."""
    if neighbours:
        margin = " " * indent
        aligned = align([cells for _, _, cells in neighbours])
        shown = [
            margin + (line if fits(line, indent, row.body is not None, FURTHEST_ALIGNED) else join_cells(cells))
            for line, (_, row, cells) in zip(aligned, neighbours, strict=True)
        ]
        remarks = [entry.remark if row.body is None else "" for entry, row, _ in neighbours]
        for line, (entry, row, _) in zip(_with_remarks(shown, remarks), neighbours, strict=True):
            lines.extend(_enclosed([line], row, indent, "" if row.body is None else entry.remark))
        neighbours.clear()
    if blank_behind:
        lines.append("")


def _with_remarks(lines: Sequence[str], remarks: Sequence[str]) -> list[str]:
    """The lines with the comments behind them under one another."""
    commented = [display_width(line) for line, remark in zip(lines, remarks, strict=True) if remark]
    edge = max((width for width in commented if width <= FURTHEST_COMMENT), default=0)
    return [
        f"{line}{' ' * max(0, edge - display_width(line))}  {remark}" if remark else line
        for line, remark in zip(lines, remarks, strict=True)
    ]


def _enclosed(head: list[str], row: Row, indent: int, remark: str) -> list[str]:
    """The lines of a row with its body in braces, and the comment behind it."""
    behind = f"  {remark}" if remark else ""
    if row.body is None:
        return [*head[:-1], head[-1] + behind]
    if not row.body and not row.opening:
        return [*head[:-1], f"{head[-1]} {{}}{behind}"]
    opening = f"  {row.opening}" if row.opening else ""
    return [*head[:-1], f"{head[-1]} {{{opening}", *row.body, " " * indent + "}" + behind]
