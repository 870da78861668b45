"""Diagnostics for people at a terminal: coloured by severity, places underlined, texts wrapped."""

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from io import StringIO

from rich.console import Console
from rich.text import Text

from segdsl.diagnostics.diagnostic import Diagnostic, Label, Severity, has_errors, has_warnings
from segdsl.diagnostics.display import escape, escape_told, width
from segdsl.diagnostics.excerpt import LINE_GLYPHS, Tone, excerpt, gutter_width
from segdsl.diagnostics.summary import count_line, describe_rows, in_order, locate
from segdsl.diagnostics.text import SourceText

_WIDEST = 110
_QUIET = "dim"
_SEVERITY_STYLES = {Severity.ERROR: "red", Severity.WARNING: "yellow"}


def render_terminal(
    diagnostics: Iterable[Diagnostic],
    texts: Mapping[str, SourceText],
    *,
    columns: int = 100,
    colour: bool | None = None,
) -> str:
    """Every diagnostic, by file and place, and a line that counts them. Empty text when there is none.

    Warnings that are accepted are only counted.

    `columns` is the width of the terminal. `colour` None means yes unless the environment variable NO_COLOR
    is set; without colour the text holds no escape sequence at all. The terminal must show UTF-8;
    `render_plain` needs ASCII only.
    """
    ordered = in_order(diagnostics, texts)
    if not ordered:
        return ""
    if colour is None:
        colour = not os.environ.get("NO_COLOR")
    console = _console(colour, columns)
    for found in ordered:
        if found.accepted:
            continue
        for line in _block(found, texts, min(columns, _WIDEST), console):
            line.rstrip()
            console.print(line, soft_wrap=True)
        console.print()
    console.print(_count(ordered), soft_wrap=True)
    file = console.file
    assert isinstance(file, StringIO)
    return file.getvalue()


def _console(colour: bool, columns: int) -> Console:
    return Console(
        file=StringIO(),
        force_terminal=colour,
        color_system="standard" if colour else None,
        no_color=not colour,
        width=columns,
        highlight=False,
        markup=False,
        emoji=False,
        legacy_windows=False,
    )


def _count(ordered: Sequence[Diagnostic]) -> Text:
    if has_errors(ordered):
        style = f"bold {_SEVERITY_STYLES[Severity.ERROR]}"
    else:
        style = f"bold {_SEVERITY_STYLES[Severity.WARNING]}" if has_warnings(ordered) else _QUIET
    return Text(count_line(ordered), style=style)


def _block(found: Diagnostic, texts: Mapping[str, SourceText], room: int, console: Console) -> Iterator[Text]:
    gutter = _gutter(found, texts)
    head = Text(f"{found.severity} {found.code}", style=f"bold {_SEVERITY_STYLES[found.severity]}")
    message = Text(f": {escape_told(found.message)}", style="bold")
    yield from _wrap(Text.assemble(head, message), "", "", room, console)
    files = tuple(dict.fromkeys(label.span.file for label in found.labels))
    details = tuple(_details(found))
    for index, file in enumerate(files):
        labels = [label for label in found.labels if label.span.file == file]
        corner = "├" if index else "╭"
        yield Text(f"{' ' * gutter} {corner}─ {locate(labels[0].span, texts)}", style=_QUIET)
        yield Text(f"{' ' * gutter} │", style=_QUIET)
        yield from _excerpt(found, labels, texts.get(file), gutter, room)
        if details or index + 1 < len(files):
            yield Text(f"{' ' * gutter} │", style=_QUIET)
    for index, detail in enumerate(details):
        last = index + 1 == len(details)
        start = f"{' ' * gutter} {'╰' if last else '├'} "
        yield from _wrap(detail, start, f"{' ' * gutter} {' ' if last else '│'}   ", room, console)


def _gutter(found: Diagnostic, texts: Mapping[str, SourceText]) -> int:
    numbers = [gutter_width((label,), texts[label.span.file]) for label in found.labels if label.span.file in texts]
    return max(numbers, default=1) + 1


def _excerpt(
    found: Diagnostic, labels: Sequence[Label], text: SourceText | None, gutter: int, room: int
) -> Iterator[Text]:
    if text is None:
        yield from (Text(f"{' ' * gutter} │ {escape(label.text)}") for label in labels if label.text)
        return
    looks = {
        Tone.CODE: "",
        Tone.GUTTER: _QUIET,
        Tone.PRIMARY: f"bold {_SEVERITY_STYLES[found.severity]}",
        Tone.SECONDARY: "cyan",
    }
    for line in excerpt(labels, found.labels[0], text, LINE_GLYPHS, gutter, room):
        yield Text.assemble(*((piece.text, looks[piece.tone]) for piece in line))


def _details(found: Diagnostic) -> Iterator[Text]:
    if found.expected:
        yield _told("expected: ", "", found.expected)
    for rows in found.rows:
        yield Text.assemble((f"{escape(rows.file)}: ", _QUIET), describe_rows(rows))
    for note in found.notes:
        yield _told("note: ", _QUIET, note)
    if found.help:
        yield _told("help: ", "bold green", found.help)


def _told(what: str, style: str, text: str) -> Text:
    lines = "\n".join(escape_told(line) for line in text.split("\n"))
    return Text.assemble((what, style), lines)


def _wrap(text: Text, first: str, rest: str, room: int, console: Console) -> Iterator[Text]:
    """The lines of a text within `room` columns, the first behind `first` and the others behind `rest`."""
    lines = text.wrap(console, max(20, room - width(rest or first)))
    for index, line in enumerate(lines):
        yield Text.assemble((rest if index else first, _QUIET), line)
