"""Warnings of a run in few lines: grouped by what they are about, each with its place."""

from collections.abc import Iterator, Mapping
from pathlib import PurePath

from segdsl.diagnostics import CODES, Diagnostic, Diagnostics, SourceText
from segdsl.diagnostics.display import escape, width
from segdsl.diagnostics.summary import count_line, in_order
from segdsl.report.layout import Line, Piece, Tone
from segdsl.report.terminal import Canvas, render_lines
from segdsl.report.wrapping import MOST, wrap


def render_warnings(found: Diagnostics, texts: Mapping[str, SourceText], canvas: Canvas) -> str:
    """All warnings; empty where there are none. Mends and examples are told once a group, or stand in the manifest.

    Warnings that are accepted are only counted.
    """
    groups: dict[str, list[Diagnostic]] = {}
    for one in in_order((each for each in found if not each.accepted), texts):
        groups.setdefault(one.code, []).append(one)
    room = min(canvas.columns, MOST)
    lines = [line for code in sorted(groups) for line in _group(code, groups[code], texts, room)]
    if not found:
        return ""
    head = (Piece(count_line(found), Tone.WARNING if lines else Tone.QUIET),)
    return render_lines([head, *lines], canvas)


def _group(code: str, found: list[Diagnostic], texts: Mapping[str, SourceText], room: int) -> Iterator[Line]:
    yield (Piece(f"  {CODES[code].title}", Tone.HEADING), Piece(f"  {code}", Tone.QUIET))
    places = [_place(one, texts) for one in found]
    widest = max(map(width, places))
    by_mend: dict[str, list[tuple[Diagnostic, str]]] = {}
    for one, place in zip(found, places, strict=True):
        by_mend.setdefault(one.help, []).append((one, place))
    # What has the same mend stands together, with the mend below it.
    for mend, several in by_mend.items():
        for one, place in several:
            lead = 4 + widest + 2 if place else 4
            for number, line in enumerate(wrap(escape(_message(one)), room - lead)):
                yield (Piece(f"    {place}".ljust(lead) if number == 0 else " " * lead, Tone.QUIET), Piece(line))
        if mend:
            yield from ((Piece(f"    {line}", Tone.QUIET),) for line in wrap(f"help: {escape(mend)}", room - 4))


def _place(one: Diagnostic, texts: Mapping[str, SourceText]) -> str:
    """The file's own name and the line: what a reader of the spec needs to find it."""
    if one.span is None or one.span.file not in texts:
        return ""
    return f"{escape(PurePath(one.span.file).name)}:{texts[one.span.file].position(one.span.start).line}"


def _message(one: Diagnostic) -> str:
    files = ", ".join(dict.fromkeys(rows.file for rows in one.rows))
    notes = ", ".join(one.notes)
    return f"{one.message}{f' ({notes})' if notes else ''}{f', in {files}' if files else ''}"
