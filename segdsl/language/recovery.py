"""Finding one's feet again after a mistake: where declarations begin, and which item a mistake spoils."""

import re

from segdsl.diagnostics import SourceText, Span
from segdsl.language.keywords import DECLARATIONS, normal_name
from segdsl.language.terms import Name
from segdsl.record import dataclass

_WORDS = "|".join(sorted(DECLARATIONS))
_DECLARATION = re.compile(rf"(?:{_WORDS})(?=\s+[\w`\"]|\s*\{{)")

# Everything in which a brace or a keyword means nothing, the braces, and words.
_PIECES = re.compile(
    r"""(?P<skip>\#[^\n]*|r"[^"\n]*"|"(?:[^"\\\n]|\\[^\n])*"|`[^`\n]+`)|(?P<open>\{)|(?P<close>\})|(?P<word>[^\W\d][\w\u0300-\u036f]*)"""
)

_ITEM = re.compile(
    r"""[ \t]*(?:(?:[^\W\d][\w\u0300-\u036f]*|`[^`\n]+`)\s*(?::|=(?!=))
    |(?:keep|drop|base|plus|minus|grade|segment|measure|expect|given|where|except|order|take|hold|columns|to|read|links
    |known\s+from|on|without|because|among|priority|proxy|require|message|unknown|missing)(?!\w)|\})""",
    re.VERBOSE,
)


_FIRST_WORD = re.compile(r"\s*(?:[^\W\d][\w\u0300-\u036f]*|`[^`\n]+`)\s*\Z")
_LAST_SIGN = re.compile(
    r"(\?\?|[<>=!]=|[-+*/<>,:=]|(?<!\w)(?:and|or|not|of|in|between|contains|before|when|then|else))\s*\Z"
)


@dataclass(frozen=True, slots=True)
class Part:
    """The text of one declaration (or of what stands before the first) and where it begins in the file."""

    start: int
    text: str


def split_declarations(text: str) -> tuple[Part, ...]:
    """The text cut where declarations begin.

    A declaration begins at its keyword outside all braces, or at the start of a line even inside them: then a closing
    brace was forgotten.
    """
    starts = [0]
    depth = 0
    for piece in _PIECES.finditer(text):
        if piece.lastgroup == "open":
            depth += 1
        elif piece.lastgroup == "close":
            depth = max(0, depth - 1)
        elif piece.lastgroup == "word":
            start = piece.start()
            at_margin = start == 0 or text[start - 1] == "\n"
            if (depth == 0 or at_margin) and _DECLARATION.match(text, start) and _leads(text, start, depth):
                starts.append(start)
                depth = 0
    ends = [*starts[1:], len(text)]
    return tuple(Part(a, text[a:b]) for a, b in zip(starts, ends, strict=True) if text[a:b].strip())


def _leads(text: str, start: int, depth: int) -> bool:
    """Whether a declaration's keyword here leads a declaration and isn't a part of one, as in `set source = ...`."""
    if depth:
        return True
    before = text[:start].rstrip(" \t") if start < 200 else text[start - 200 : start].rstrip(" \t")
    return not before or before[-1] in "\n}" or not before[-1].isalnum()


def declared_name(text: SourceText, part: Part) -> Name | None:
    """The name in the header of a declaration that didn't parse."""
    header = re.compile(rf"\s*(?:#[^\n]*\n\s*)*(?:{_WORDS})\s+([^\W\d][\w\u0300-\u036f]*|`[^`\n]+`)")
    match = header.match(part.text)
    if match is None:
        return None
    span = Span(text.file, part.start + match.start(1), part.start + match.end(1))
    return Name(normal_name(match.group(1)), span)


def find_dangling(source: str, place: int) -> tuple[int, int] | None:
    """Where a sign stands at the end of a line with nothing behind it, as the next line shows.

    That line begins an item, and its first word was read as the value that is missing; the second, at `place`, didn't
    fit.
    """
    line = source.rfind("\n", 0, place) + 1
    if not _FIRST_WORD.match(source[line:place]) or not _ITEM.match(source, line):
        return None
    last = _LAST_SIGN.search(_without_comment(source[:line]))
    return None if last is None else (last.start(1), last.end(1))


def _without_comment(text: str) -> str:
    """The text with the comment of its last line blanked."""
    line = text.rstrip().rfind("\n") + 1
    for piece in _PIECES.finditer(text, line):
        if piece.group().startswith("#"):
            return text[: piece.start()]
    return text


def item_start(source: str, place: int) -> int:
    """Where the item on the line of a place begins."""
    line = source.rfind("\n", 0, place) + 1
    return line + len(source[line:place]) - len(source[line:place].lstrip())


def blank_item(source: str, place: int) -> str | None:
    """The text with the item around `place` blanked, if that leaves its braces as they were; else None.

    A mistake found where an item begins is of the item before it, which isn't finished.
    """
    first = source.find("{")
    if first < 0 or place <= first:
        return None
    if not source[source.rfind("\n", 0, place) + 1 : place].strip() and _ITEM.match(source, place):
        mended = _blank_between(source, _item_start(source, source.rfind("\n", 0, place), first + 1), place)
        if mended is not None:
            return mended
    start = _item_start(source, place, first + 1)
    return _blank_between(source, start, _item_end(source, max(place, start + 1)))


def _blank_between(source: str, start: int, end: int) -> str | None:
    item = source[start:end]
    opened = sum(1 if p.lastgroup == "open" else -1 if p.lastgroup == "close" else 0 for p in _PIECES.finditer(item))
    if opened != 0 or not item.strip():
        return None
    return source[:start] + re.sub(r"[^\n]", " ", item) + source[end:]


def _item_start(source: str, place: int, lowest: int) -> int:
    line = source.rfind("\n", 0, place) + 1
    while line > lowest:
        match = _ITEM.match(source, line)
        if match is not None and not match.group().endswith("}"):
            return line
        line = source.rfind("\n", 0, line - 1) + 1
    return lowest


def _item_end(source: str, place: int) -> int:
    line = source.find("\n", place)
    depth = 0
    for piece in _PIECES.finditer(source, place):
        if (
            line >= 0
            and piece.start() > line
            and depth == 0
            and _ITEM.match(source, source.rfind("\n", 0, piece.start()) + 1)
        ):
            return source.rfind("\n", 0, piece.start()) + 1
        if piece.lastgroup == "open":
            depth += 1
        elif piece.lastgroup == "close":
            if depth == 0:
                return piece.start()
            depth -= 1
    return len(source)
