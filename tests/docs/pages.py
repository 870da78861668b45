"""The pages of docs/ and the examples in them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
DOCS = REPOSITORY / "docs"
PROJECT = Path(__file__).resolve().parent / "project"

_FENCE = re.compile(r"^```(?P<info>[^\n`]*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Example:
    """A fenced block: the page and line where it starts, the words behind the fence, and its text."""

    page: str
    line: int
    info: tuple[str, ...]
    text: str

    @property
    def is_file(self) -> bool:
        """Whether the block is a file that a reader writes, named behind the fence."""
        return len(self.info) > 1 and "." in self.info[1]

    def __str__(self) -> str:
        return f"{self.page}:{self.line}"


def examples(path: Path) -> Iterator[Example]:
    """The fenced blocks of a page, in order."""
    text = path.read_text(encoding="utf-8")
    for found in _FENCE.finditer(text):
        line = text.count("\n", 0, found.start()) + 1
        yield Example(path.relative_to(REPOSITORY).as_posix(), line, tuple(found["info"].split()), found["text"])


def written_pages() -> tuple[Path, ...]:
    """Pages for users: README.md, those that lie in docs/ itself, and those on plugins."""
    return (REPOSITORY / "README.md", *sorted(DOCS.glob("*.md")), *sorted(DOCS.glob("plugins/*.md")))
