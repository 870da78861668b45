"""The text of a spec, and places in it."""

from bisect import bisect_right

from segdsl.record import dataclass, field


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open range of characters in one file: `start` is the first, `end` is one past the last."""

    file: str
    start: int
    end: int

    def to(self, other: "Span") -> "Span":
        """The range from the start of this span to the end of `other`."""
        return Span(self.file, self.start, other.end)


@dataclass(frozen=True, slots=True)
class Position:
    """A place as people count it: line and column both start at 1."""

    line: int
    column: int


def _line_starts(text: str) -> tuple[int, ...]:
    starts = [0]
    starts.extend(i + 1 for i, char in enumerate(text) if char == "\n")
    return tuple(starts)


@dataclass(frozen=True, slots=True)
class SourceText:
    """A file's decoded text with an index of its lines. `file` is the name shown to the user."""

    file: str
    text: str
    _starts: list[int] = field(default_factory=list, compare=False, repr=False)

    def position(self, offset: int) -> Position:
        """Line and column of a character offset; an offset past the end is the end."""
        if not self._starts:
            # Built at the first question: a spec without diagnostics never pays for it.
            self._starts.extend(_line_starts(self.text))
        offset = max(0, min(offset, len(self.text)))
        line = bisect_right(self._starts, offset)
        return Position(line, offset - self._starts[line - 1] + 1)

    def line(self, number: int) -> str:
        """The text of a line (from 1) without its line end; empty past the end."""
        self.position(0)
        if not 1 <= number <= len(self._starts):
            return ""
        start = self._starts[number - 1]
        end = self._starts[number] - 1 if number < len(self._starts) else len(self.text)
        return self.text[start:end].rstrip("\r")

    def slice(self, span: Span) -> str:
        """The characters of a span of this file."""
        return self.text[span.start : span.end]
