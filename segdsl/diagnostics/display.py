"""How text from a spec or from data is shown: every sign visible, nothing obeyed, widths as on a terminal."""

import re
import unicodedata
from itertools import accumulate

from segdsl.record import dataclass

TAB = 4
_JOINERS = "\u200c\u200d"
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_MARKS = frozenset({"Mn", "Me"})
# Paths and lines of code that are proposed stay whole; a name of a thousand letters doesn't.
_LONG_QUOTED = re.compile(r"`([^`\n]{400,}+)`")
_KEPT = 70
_SHORT = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}


def escape(text: str) -> str:
    """The text with control, direction and other invisible characters written out, as in `\\u{1b}`.

    What comes out can be sent to any terminal: it holds no escape sequence, no line end and no lone
    surrogate.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(_SHORT.get(char) or _shown(char) for char in text)


def escape_told(text: str) -> str:
    """A sentence of a diagnostic, escaped; what it quotes at great length is cut in its middle."""
    return escape(_LONG_QUOTED.sub(lambda quoted: f"`{quoted[1][:_KEPT]}…{quoted[1][-_KEPT:]}`", text))


def width(text: str) -> int:
    """Columns that a terminal gives to `text`: 2 for wide East Asian characters, 0 for combining ones."""
    return len(text) if text.isascii() else sum(map(_char_width, text))


def shorten(text: str, limit: int) -> str:
    """The escaped text, cut to about `limit` columns with `…` where something was left out."""
    shown = escape(text[: limit + 1])
    if len(text) <= limit and width(shown) <= limit:
        return shown
    return _head(shown, limit - 1) + "…"


def shorten_middle(shown: str, limit: int) -> str:
    """An escaped text, cut to at most `limit` columns (at least 1) with `…` for what was left out of its middle."""
    if width(shown) <= limit:
        return shown
    tail = _head(shown[::-1], (limit - 1) // 2)[::-1]
    return f"{_head(shown, limit - 1 - (limit - 1) // 2)}…{tail}"


@dataclass(frozen=True, slots=True)
class ShownLine:
    """A line as it is printed, with the column at which each of its characters begins.

    `columns` has one entry per character of the original and one more for the end.
    """

    text: str
    columns: tuple[int, ...]


def show_line(line: str) -> ShownLine:
    """A line of a spec with tabs as spaces to the next multiple of 4 and invisible characters written out."""
    if line.isascii() and line.isprintable():
        return ShownLine(line, tuple(range(len(line) + 1)))
    shown: list[str] = []
    columns = [0]
    for char in line:
        piece = " " * (TAB - columns[-1] % TAB) if char == "\t" else _shown(char)
        shown.append(piece)
        columns.append(columns[-1] + width(piece))
    return ShownLine("".join(shown), tuple(columns))


def _shown(char: str) -> str:
    hidden = unicodedata.category(char) in _HIDDEN and char not in _JOINERS
    return f"\\u{{{ord(char):x}}}" if hidden else char


def _char_width(char: str) -> int:
    if unicodedata.category(char) in _MARKS or char in _JOINERS:
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def _head(shown: str, limit: int) -> str:
    ends = accumulate(map(_char_width, shown))
    return "".join(char for char, end in zip(shown, ends, strict=True) if end <= limit)
