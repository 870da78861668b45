"""Prose broken into lines."""

from segdsl.diagnostics.display import width

_LEAST = 30


def wrap(text: str, room: int) -> list[str]:
    """The words of a text in lines of at most `room` columns (at least 30); a longer word has a line of its own."""
    room = max(room, _LEAST)
    lines: list[str] = []
    for word in text.split():
        if lines and width(lines[-1]) + 1 + width(word) <= room:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines
