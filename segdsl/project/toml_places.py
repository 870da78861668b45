"""Where keys stand in a TOML text; the standard reader gives values only."""

import re
from collections.abc import Mapping

from segdsl.diagnostics import SourceText, Span

_TABLE = re.compile(r"\s*\[{1,2}([^\[\]]+)\]{1,2}\s*(?:#.*)?\Z")
_KEY = re.compile(r"\s*([\w.\"' -]+?)\s*=")
_PLACE_OF_ERROR = re.compile(r"\(at line (\d+), column (\d+)\)\Z")

Key = tuple[str, ...]


def key_places(text: SourceText) -> Mapping[Key, Span]:
    """The span of each table's header and of each key, by the full key. Inline tables count as their key."""
    places: dict[Key, Span] = {}
    table: Key = ()
    start = 0
    for line in text.text.split("\n"):
        if match := _TABLE.match(line):
            table = _parts(match[1])
            places.setdefault(table, Span(text.file, start + match.start(1), start + match.end(1)))
        elif match := _KEY.match(line):
            places.setdefault(
                (*table, *_parts(match[1])), Span(text.file, start + match.start(1), start + match.end(1))
            )
        start += len(line) + 1
    return places


def place_of_error(text: SourceText, message: str) -> tuple[Span, str]:
    """The place that the standard reader's message ends with, and the message without it."""
    match = _PLACE_OF_ERROR.search(message)
    if match is None:
        return Span(text.file, len(text.text), len(text.text)), message.removesuffix(" (at end of document)")
    line, column = int(match[1]), int(match[2])
    starts = [0]
    for before in text.text.split("\n"):
        starts.append(starts[-1] + len(before) + 1)
    start = min(starts[line - 1] + column - 1, len(text.text))
    return Span(text.file, start, start + 1), message[: match.start()].rstrip()


def _parts(key: str) -> Key:
    return tuple(part.strip().strip("\"'") for part in key.split("."))
