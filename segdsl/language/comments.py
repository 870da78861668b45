"""The comments of a spec in their order, handed out to whatever is printed next."""

import sys
from dataclasses import dataclass, field

from segdsl.language.syntax import Comment


@dataclass(slots=True)
class Comments:
    """A reader of comments: each is handed out once, to the first piece that begins behind it."""

    all: tuple[Comment, ...]
    index: int = 0
    next_start: int = field(init=False)

    def __post_init__(self) -> None:
        self.next_start = self.all[0].span.start if self.all else sys.maxsize

    def take(self, before: int) -> tuple[Comment, ...]:
        """The comments not yet handed out that start before an offset of the text."""
        if self.next_start >= before:
            return ()
        first = self.index
        while self.index < len(self.all) and self.all[self.index].span.start < before:
            self.index += 1
        self.next_start = self.all[self.index].span.start if self.index < len(self.all) else sys.maxsize
        return self.all[first : self.index]
