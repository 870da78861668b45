"""Lines of a spec with the places of a diagnostic underlined, as pieces of text with a tone each."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from enum import StrEnum

from segdsl.diagnostics.diagnostic import Label
from segdsl.diagnostics.display import escape, show_line
from segdsl.diagnostics.text import SourceText
from segdsl.record import dataclass


class Tone(StrEnum):
    """What a piece of text is; a renderer gives each its looks."""

    CODE = "code"
    GUTTER = "gutter"
    PRIMARY = "primary"
    SECONDARY = "secondary"


@dataclass(frozen=True, slots=True)
class Piece:
    text: str
    tone: Tone = Tone.CODE


Line = tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Glyphs:
    """Signs that an excerpt is drawn with; `opening`, `rail`, `closing` bracket a place of several lines."""

    bar: str
    gap: str
    under_primary: str
    under_secondary: str
    opening: str
    rail: str
    closing: str


ASCII_GLYPHS = Glyphs("|", ":", "^", "-", "/", "|", "\\_")
LINE_GLYPHS = Glyphs("│", "⋮", "━", "─", "╭", "│", "╰─")


@dataclass(frozen=True, slots=True)
class _Mark:
    """A label with the lines it stands on and its columns there, counted in characters from 0."""

    label: Label
    tone: Tone
    first: int
    last: int
    start: int
    end: int

    @property
    def is_tall(self) -> bool:
        return self.last > self.first


@dataclass(frozen=True, slots=True)
class _Underline:
    """Characters `start` to `end` of one line, and what is written beside them."""

    start: int
    end: int
    tone: Tone
    text: str


def excerpt(
    labels: Sequence[Label], main: Label, text: SourceText, glyphs: Glyphs, gutter: int, width: int
) -> tuple[Line, ...]:
    """The lines that `labels` (all of this text) stand on; `main` is the place to look at first.

    `gutter` is the width of the column of line numbers, `width` that of the whole; longer lines are cut
    around the place. A place of several lines is bracketed by a rail at its left.
    """
    marks = [_mark(label, text, Tone.PRIMARY if label == main else Tone.SECONDARY) for label in labels]
    tall = [mark for mark in marks if mark.is_tall]
    room = max(20, width - gutter - 3 - 2 * len(tall))
    lines: list[Line] = []
    before = None
    for number in _numbers(marks):
        if before is not None and number > before + 1:
            lines.append(_row(glyphs.gap, gutter, "", _rails(tall, before, glyphs, below=True)))
        lines.extend(_code_rows(number, marks, tall, text, glyphs, gutter, room))
        before = number
    return tuple(lines)


def gutter_width(labels: Sequence[Label], text: SourceText) -> int:
    """Columns that the largest line number of `labels` takes."""
    return max(len(str(_mark(label, text, Tone.PRIMARY).last)) for label in labels)


def _mark(label: Label, text: SourceText, tone: Tone) -> _Mark:
    start = text.position(label.span.start)
    last_character = text.position(max(label.span.start, label.span.end - 1))
    empty = label.span.end <= label.span.start
    end = last_character.column - 1 if empty else last_character.column
    return _Mark(label, tone, start.line, last_character.line, start.column - 1, end)


def _numbers(marks: Sequence[_Mark]) -> list[int]:
    """The lines to print: all of a short place, both ends of a long one, single lines between two printed."""
    numbers = {mark.first for mark in marks} | {mark.last for mark in marks}
    for mark in marks:
        if mark.last - mark.first <= 4:
            numbers.update(range(mark.first, mark.last))
    numbers |= {number + 1 for number in numbers if number + 2 in numbers}
    return sorted(numbers)


def _code_rows(
    number: int,
    marks: Sequence[_Mark],
    tall: Sequence[_Mark],
    text: SourceText,
    glyphs: Glyphs,
    gutter: int,
    room: int,
) -> Iterator[Line]:
    line = text.line(number)
    underlines = list(_underlines(number, marks, line))
    focus = underlines[0].start if underlines else 0
    shown, columns, skipped = _window(line, focus, room)
    yield _row(glyphs.bar, gutter, str(number), (*_rails(tall, number, glyphs, below=False), Piece(shown)))
    rails = _rails(tall, number, glyphs, below=True)
    for under in underlines:
        start = columns[_clamp(under.start - skipped, columns)]
        end = max(start + 1, columns[_clamp(under.end - skipped, columns)])
        sign = glyphs.under_primary if under.tone is Tone.PRIMARY else glyphs.under_secondary
        said = f" {escape(under.text)}" if under.text else ""
        pieces = (*rails, Piece(" " * start), Piece(sign * (end - start) + said, under.tone))
        yield _row(glyphs.bar, gutter, "", pieces)
    for index, mark in enumerate(tall):
        if mark.last == number:
            closing = Piece(f"{glyphs.closing} {escape(mark.label.text)}".rstrip(), mark.tone)
            yield _row(glyphs.bar, gutter, "", (*rails[:index], closing))


def _underlines(number: int, marks: Sequence[_Mark], line: str) -> Iterator[_Underline]:
    """What is underlined on a line, the main place first.

    A place of several lines needs it only where other text stands beside it on its first or last line.
    """
    ordered = sorted(marks, key=lambda mark: (mark.tone is not Tone.PRIMARY, mark.start))
    for mark in ordered:
        if not mark.is_tall:
            if mark.first == number:
                yield _Underline(mark.start, mark.end, mark.tone, mark.label.text)
        elif number == mark.first and line[: mark.start].strip():
            yield _Underline(mark.start, len(line), mark.tone, "")
        elif number == mark.last and line[mark.end :].strip():
            yield _Underline(len(line) - len(line.lstrip()), mark.end, mark.tone, "")


def _rails(tall: Sequence[_Mark], number: int, glyphs: Glyphs, below: bool) -> tuple[Piece, ...]:
    """The left brackets of tall places beside line `number`, or beside what is printed below that line."""
    pieces = []
    for mark in tall:
        if number == mark.first and not below:
            sign = glyphs.opening
        elif mark.first <= number < mark.last or (number == mark.last and not below):
            sign = glyphs.rail
        else:
            sign = " "
        pieces.append(Piece(f"{sign} ", mark.tone))
    return tuple(pieces)


def _row(sign: str, gutter: int, number: str, pieces: Sequence[Piece]) -> Line:
    return (Piece(f"{number:>{gutter}} {sign} ", Tone.GUTTER), *pieces)


def _window(line: str, focus: int, room: int) -> tuple[str, tuple[int, ...], int]:
    """As much of a line as `room` columns take, with the character `focus` in it.

    Gives the text as shown, the column at which each of its characters begins, and how many characters were
    left out at the left.
    """
    if len(line) <= room:
        whole = show_line(line)
        if whole.columns[-1] <= room:
            return whole.text, whole.columns, 0
    skipped = max(0, focus - room // 3)
    lead = show_line(line[skipped:focus]).columns
    skipped += bisect_left(lead, lead[-1] - room // 2)
    part = line[skipped : skipped + room]
    fitting = bisect_right(show_line(part).columns, room - 2) - 1
    shown = show_line(part[:fitting])
    left = "…" if skipped else ""
    right = "…" if skipped + fitting < len(line) else ""
    return f"{left}{shown.text}{right}", tuple(column + len(left) for column in shown.columns), skipped


def _clamp(index: int, columns: Sequence[int]) -> int:
    return max(0, min(index, len(columns) - 1))
