"""Diagnostics for pipes and logs: one line as compilers write it, then the place and the mend. No colours."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from segdsl.diagnostics.diagnostic import Diagnostic, Label
from segdsl.diagnostics.display import escape, escape_told
from segdsl.diagnostics.excerpt import ASCII_GLYPHS, excerpt, gutter_width
from segdsl.diagnostics.summary import count_line, describe_rows, in_order, locate
from segdsl.diagnostics.text import SourceText

_WIDTH = 160
_MARGIN = " " * 6


def render_plain(diagnostics: Iterable[Diagnostic], texts: Mapping[str, SourceText]) -> str:
    """Every diagnostic, by file and place, and a line that counts them. Empty text when there is none.

    Warnings that are accepted are only counted.

    `texts` holds the specs by the file names that the labels bear; a place in a text that isn't there is
    named by its file alone.
    """
    ordered = in_order(diagnostics, texts)
    if not ordered:
        return ""
    blocks = ["\n".join(_block(found, texts)) for found in ordered if not found.accepted]
    return "\n\n".join((*blocks, count_line(ordered))) + "\n"


def _block(found: Diagnostic, texts: Mapping[str, SourceText]) -> Iterator[str]:
    yield f"{_place(found, texts)}{found.severity} {found.code}: {escape_told(found.message)}"
    for file in dict.fromkeys(label.span.file for label in found.labels):
        labels = [label for label in found.labels if label.span.file == file]
        if found.span is None or file != found.span.file:
            yield f"{_MARGIN[:4]}{locate(labels[0].span, texts)}:"
        yield from _excerpt(labels, found.labels[0], texts.get(file))
    if found.expected:
        yield _MARGIN + _told("expected", found.expected)
    for rows in found.rows:
        yield f"{_MARGIN}{escape(rows.file)}: {describe_rows(rows)}"
    for note in found.notes:
        yield _MARGIN + _told("note", note)
    if found.help:
        yield _MARGIN + _told("help", found.help)


def _place(found: Diagnostic, texts: Mapping[str, SourceText]) -> str:
    if found.span is not None:
        return f"{locate(found.span, texts)}: "
    return f"{escape(found.rows[0].file)}: " if found.rows else ""


def _excerpt(labels: Sequence[Label], main: Label, text: SourceText | None) -> Iterator[str]:
    if text is None:
        yield from (f"{_MARGIN}{escape(label.text)}" for label in labels if label.text)
        return
    gutter = max(4, gutter_width(labels, text))
    for line in excerpt(labels, main, text, ASCII_GLYPHS, gutter, _WIDTH):
        yield "".join(piece.text for piece in line).rstrip()


def _told(what: str, text: str) -> str:
    lines = [escape_told(line) for line in text.split("\n")]
    return f"{what}: " + f"\n{_MARGIN}{' ' * (len(what) + 2)}".join(lines)
