"""The comments of a spec in their order, handed out to whatever is printed next."""

import sys

from segdsl.language.syntax import Comment


class Comments:
    """A reader of comments: each is handed out once, to the first piece that begins behind it."""

    __slots__ = ("all", "index", "next_start")

    def __init__(self, comments: tuple[Comment, ...]) -> None:
        self.all = comments
        self.index = 0
        self.next_start = comments[0].span.start if comments else sys.maxsize

    def take(self, before: int) -> tuple[Comment, ...]:
        """The comments not yet handed out that start before an offset of the text."""
        if self.next_start >= before:
            return ()
        first = self.index
        while self.index < len(self.all) and self.all[self.index].span.start < before:
            self.index += 1
        self.next_start = self.all[self.index].span.start if self.index < len(self.all) else sys.maxsize
        return self.all[first : self.index]
