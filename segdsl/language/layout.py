"""Pieces of a text that may be broken over lines, and their laying out within a width.

A `Group` is printed on one line where it fits; else every `Break` of its own becomes a line end, while the
groups inside it decide for themselves.
"""

import unicodedata
from collections.abc import Iterable
from typing import assert_never

from segdsl.language.syntax import Comment
from segdsl.record import dataclass

WIDTH = 110
STEP = 2
HANG = 4


@dataclass(frozen=True, slots=True)
class Break:
    """A place where a group may be broken.

    `flat` is printed when the group stays on its line, `before_end` in front of the line end when it doesn't.
    `back` returns to the indent of the line on which the group began, for a closing bracket.
    """

    flat: str
    before_end: str = ""
    back: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """Pieces in a row.

    Lines after the first are indented by `indent` more than the line on which the group began. `flat` is the
    group on one line, None where a comment inside it forces a line end.
    """

    parts: "tuple[Doc, ...]"
    indent: int
    flat: str | None


Doc = str | Break | Comment | Group

LINE = Break(" ")
SOFT = Break("")
CLOSE = Break("", back=True)
CLOSE_LIST = Break("", before_end=",", back=True)
END = Break(" ", back=True)


def display_width(text: str) -> int:
    """Columns in a fixed-width font: wide characters (W and F of Unicode TR11) take two, combining ones none."""
    if text.isascii():
        return len(text)
    wide = sum(unicodedata.east_asian_width(char) in "WF" for char in text)
    return len(text) + wide - sum(unicodedata.combining(char) != 0 for char in text)


def flat_text(doc: Doc) -> str | None:
    """The piece on one line, or None where a comment forbids it."""
    match doc:
        case str():
            return doc
        case Group() | Break():
            return doc.flat
        case Comment():
            return None
        case _:
            assert_never(doc)


def group(parts: Iterable[Doc], indent: int = 0) -> Doc:
    """The pieces as one: a plain text where nothing in them can break."""
    parts = tuple(parts)
    pieces: list[str] = []
    plain = True
    for part in parts:
        if isinstance(part, str):
            pieces.append(part)
            continue
        plain = False
        piece = flat_text(part)
        if piece is None:
            return Group(parts, indent, None)
        pieces.append(piece)
    flat = "".join(pieces)
    return flat if plain else Group(parts, indent, flat)


class _Page:
    """Lines written so far and the one being written; `next_indent` is set when a line end is due."""

    __slots__ = ("commented", "line", "lines", "next_indent")

    def __init__(self, indent: int) -> None:
        self.lines: list[str] = []
        self.line = " " * indent
        self.next_indent: int | None = None
        self.commented = False

    def write(self, text: str) -> None:
        if self.next_indent is not None:
            text = text.lstrip(" ")
            if not text:
                return
            self.end_line()
        self.line += text

    def end_line(self) -> None:
        self.lines.append(self.line.rstrip())
        self.line = " " * (self.next_indent or 0)
        self.next_indent = None
        self.commented = False

    def write_comment(self, comment: Comment, indent: int) -> None:
        if comment.own_line or self.commented:
            self.next_indent = indent
            self.end_line()
            self.line += comment.text
        else:
            self.line = f"{self.line.rstrip()}  {comment.text}"
        self.commented = True
        self.next_indent = indent

    def room(self) -> int:
        """Columns left on the line that the next text will stand on."""
        return WIDTH - (display_width(self.line) if self.next_indent is None else self.next_indent)


def _width_behind(parts: tuple[Doc, ...], index: int, trail: int) -> int:
    """Columns of the text that must stay on the line behind a part: up to the next break, else `trail`."""
    width = 0
    for part in parts[index + 1 :]:
        match part:
            case str():
                width += display_width(part)
            case Break():
                return width + len(part.before_end)
            case Comment() | Group():
                return width
            case _:
                assert_never(part)
    return width + trail


def _place(doc: Doc, start: int, trail: int, page: _Page) -> None:
    """Print a piece; `start` is the indent of the line it begins on, `trail` the columns kept behind it."""
    match doc:
        case str():
            page.write(doc)
        case Comment():
            page.write_comment(doc, start)
        case Break():
            page.write(doc.flat)
        case Group():
            if doc.flat is not None and display_width(doc.flat) + trail <= page.room():
                page.write(doc.flat)
            else:
                _place_broken(doc, start, trail, page)
        case _:
            assert_never(doc)


def _place_broken(doc: Group, start: int, trail: int, page: _Page) -> None:
    inside = start + doc.indent
    level = start
    for index, part in enumerate(doc.parts):
        match part:
            case Break():
                level = start if part.back else inside
                if part.before_end and not page.commented:
                    page.write(part.before_end)
                page.next_indent = level
            case Comment():
                level = inside
                page.write_comment(part, level)
            case str():
                page.write(part)
            case Group():
                _place(part, level, _width_behind(doc.parts, index, trail), page)
            case _:
                assert_never(part)


def lay_out(doc: Doc, indent: int, trail: int = 0) -> list[str]:
    """The lines of a piece, the first indented by `indent`; `trail` columns are kept free at its end."""
    page = _Page(indent)
    _place(doc, indent, trail, page)
    return [*page.lines, page.line.rstrip()]
