"""Prose broken into lines."""

from segdsl.diagnostics.display import width

_LEAST = 30
# Longer lines are hard to read.
MOST = 100


def wrap(text: str, room: int) -> list[str]:
    """The words of a text in lines of at most `room` columns (30 to 100); a longer word has a line of its own."""
    room = min(max(room, _LEAST), MOST)
    lines: list[str] = []
    for word in text.split():
        if lines and width(lines[-1]) + 1 + width(word) <= room:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines
