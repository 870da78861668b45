"""Where words go: results to standard output, diagnostics to standard error, colours to terminals only."""

import os
import sys
from collections.abc import Iterable, Mapping
from typing import NoReturn, TextIO

import click

from segdsl.cli.exits import Exit
from segdsl.cli.on_demand import (
    coloured_diagnostics,
    diagnostics_values,
    json_diagnostics,
    json_text,
    sarif_diagnostics,
)
from segdsl.cli.options import SARIF
from segdsl.diagnostics import Diagnostic, SourceText
from segdsl.diagnostics.render_plain import render_plain
from segdsl.record import dataclass
from segdsl.report.layout import UNBOUNDED

_UNKNOWN_COLUMNS = 100
_WIDEST = 120
_MOST_DIGITS = 4


@dataclass(frozen=True, slots=True)
class Look:
    """How text may look on a stream: in colours, with signs beyond ASCII, and how many columns wide."""

    colour: bool
    unicode: bool
    columns: int


def look_of(stream: TextIO) -> Look:
    """What a stream can show. Colours are for terminals; NO_COLOR, `--no-color` and COLUMNS are honoured.

    In a file or a pipe nothing is cut unless COLUMNS says how much room there is.
    """
    terminal = stream.isatty()
    context = click.get_current_context(silent=True)
    refused = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    allowed = context is None or context.color is not False
    encoding = (stream.encoding or "").lower().replace("-", "")
    columns = _asked_columns() or (_columns(stream) if terminal else UNBOUNDED)
    return Look(terminal and allowed and not refused, encoding == "utf8", columns)


def _asked_columns() -> int:
    """The room that COLUMNS states; 0 where it states none."""
    asked = os.environ.get("COLUMNS", "")
    return min(int(asked), UNBOUNDED) if asked.isdecimal() and len(asked) <= _MOST_DIGITS else 0


def _columns(stream: TextIO) -> int:
    try:
        return min(os.get_terminal_size(stream.fileno()).columns, _WIDEST) or _UNKNOWN_COLUMNS
    except OSError:
        return _UNKNOWN_COLUMNS


def bear_any_terminal() -> None:
    """A sign that the terminal can't show is written as its number rather than ending the program."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")


def write_result(text: str) -> None:
    """Writes to standard output, now."""
    _write(sys.stdout, text)


def write_note(text: str) -> None:
    """Writes to standard error, now."""
    _write(sys.stderr, text)


def _write(stream: TextIO, text: str) -> None:
    try:
        stream.write(text)
        stream.flush()
    except BrokenPipeError:
        # The reader has seen enough, as in `segdsl plan ... | head`; the rest goes nowhere, and the status stays.
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def show_diagnostics(found: Iterable[Diagnostic], texts: Mapping[str, SourceText]) -> None:
    """Every diagnostic, for people, on standard error."""
    look = look_of(sys.stderr)
    if look.colour and look.unicode:
        write_note(coloured_diagnostics(found, texts, look.columns))
    else:
        write_note(render_plain(found, texts))


def show_troubles(found: Iterable[Diagnostic], checked: Iterable[Diagnostic], texts: Mapping[str, SourceText]) -> None:
    """What a verb that doesn't judge the spec has found: warnings of `check`, in `checked`, are counted only.

    Not even that, if they are accepted.
    """
    warnings = frozenset(one for one in checked if not one.is_error)
    everything = tuple(found)
    others = tuple(one for one in everything if one not in warnings)
    show_diagnostics(others, texts)
    count = sum(1 for one in everything if one in warnings and not one.accepted)
    if count:
        counted, told = ("1 warning", "tells it") if count == 1 else (f"{count:,} warnings", "tells them")
        write_note(f"{counted}: `segdsl check` {told}\n")


def write_diagnostics(form: str, found: Iterable[Diagnostic], texts: Mapping[str, SourceText]) -> None:
    """Every diagnostic, for programs, on standard output, in one of the forms `json` and `sarif`."""
    write_result(sarif_diagnostics(found, texts) if form == SARIF else json_diagnostics(found, texts))


def write_json(facts: Mapping[str, object]) -> None:
    """An answer for programs, ASCII only, on standard output."""
    write_result(json_text(facts))


def diagnostics_facts(found: Iterable[Diagnostic], texts: Mapping[str, SourceText]) -> Mapping[str, object]:
    """Diagnostics in the published shape, to stand inside the answer of a verb."""
    return diagnostics_values(found, texts)


def styled(text: str, style: str, look: Look) -> str:
    """The text in a colour (a name of click's), where the stream shows colours."""
    return click.style(text, fg=style) if look.colour else text


def leave(status: Exit) -> NoReturn:
    """Ends the verb with an exit status."""
    click.get_current_context().exit(int(status))
