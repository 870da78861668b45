"""Where nodes stand in a file, and the names and constants in them."""

import re
from typing import Any

from segdsl.diagnostics import Diagnostic, Label, Span
from segdsl.language.foreign_literals import date_mend, is_date
from segdsl.language.keywords import normal_name
from segdsl.language.literals import READERS, NotALiteral
from segdsl.language.syntax import Comment
from segdsl.language.terms import Constant, Name
from segdsl.language.token import Token
from segdsl.record import replace
from segdsl.types import TEXT, UNKNOWN

# What the automaton hands over: tokens, nodes already made, and None for an optional part that is absent.
Child = Any
Children = list[Child]


# Characters. Every mistake about a name repeats it, and every one about a column repeats the name of its table.
LONGEST_NAME = 1000

_DATE_IN_DIGITS = re.compile(r"(?<![\w.])\d{1,4}([/-])\d{1,2}\1\d{1,4}(?![\w.])")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f]")


class Places:
    """The text being parsed. It holds one at a time; `start_text` sets which.

    A literal without a value is noted in `found` and stands as unknown.
    """

    __slots__ = ("comments", "file", "found", "offset", "text")

    def start_text(self, file: str, text: str, offset: int) -> None:
        """Begin a text that stands at a character offset of a file."""
        self.file = file
        self.text = text
        self.offset = offset
        self.found: list[Diagnostic] = []
        self.comments: list[Comment] = []

    def span(self, first: Child, last: Child) -> Span:
        start = self.offset + (first.start_pos or 0) if isinstance(first, Token) else first.span.start
        end = self.offset + (last.end_pos or 0) if isinstance(last, Token) else last.span.end
        return Span(self.file, start, end)

    def whole(self, c: Children) -> Span:
        last = next(x for x in reversed(c) if x is not None)
        return self.span(c[0], last)

    def name(self, token: Token) -> Name:
        return self._named(str(token), self.span(token, token))

    def head(self, token: Token) -> Name:
        """The name in a token such as `name:` or `name =`."""
        written = token[:-1].rstrip()
        start = token.start_pos + self.offset if token.start_pos is not None else self.offset
        return self._named(written, Span(self.file, start, start + len(written)))

    def _named(self, written: str, span: Span) -> Name:
        """The name; of one that is too long, which is noted, its beginning."""
        name = normal_name(written)
        if len(name) > LONGEST_NAME:
            found, expected = "This name is too long", f"at most {LONGEST_NAME:,} characters"
            self.found.append(Diagnostic("SEG107", found, (Label(span),), expected, "shorten it"))
        return Name(name[:LONGEST_NAME], span)

    def names(self, tokens: Children) -> tuple[Name, ...]:
        return tuple(self.name(token) for token in tokens)

    def comment(self, token: Token) -> Token:
        start = token.start_pos or 0
        before = self.text[self.text.rfind("\n", 0, start) + 1 : start]
        comment = Comment(token.rstrip(), not before.strip(), self.span(token, token))
        self.comments.append(comment)
        return token

    def literal(self, c: Children) -> Constant:
        token = c[0]
        span = self.span(token, token)
        text = str(token)
        if token.type in ("MONEY", "DURATION", "PERCENT"):
            text = " ".join(text.split())
        try:
            value, kind = READERS[token.type](text)
        except NotALiteral as refused:
            mistake = self._date_in_digits(token) or Diagnostic(
                refused.code, refused.found[:1].upper() + refused.found[1:], (Label(span),), help=refused.mend
            )
            # The parts of one date come one after the other.
            if [mistake] != self.found[-1:]:
                self.found.append(mistake)
            return Constant(None, UNKNOWN, text, span)
        return Constant(value, kind, text, span)

    def _date_in_digits(self, token: Token) -> Diagnostic | None:
        """The mistake of a date such as `01/12/2024`, of which a number that can't be read is a part; else None."""
        start, end = token.start_pos or 0, token.end_pos or 0
        if token.type != "NUMBER":
            return None
        for found in _DATE_IN_DIGITS.finditer(self.text, max(0, start - 8), end + 8):
            if found.start() <= start and end <= found.end() and is_date(found.group()):
                span = Span(self.file, self.offset + found.start(), self.offset + found.end())
                message = f"`{found.group()}` is no date of the language"
                return Diagnostic("SEG105", message, (Label(span),), help=date_mend(found.group()))
        return None

    def string(self, token: Token | None) -> Constant | None:
        return None if token is None else self.quoted(token)

    def quoted(self, token: Token) -> Constant:
        """A text that people read: a title, a reason, a label. Terminals get it as it is, so they must bear it."""
        constant = self.literal([token])
        if isinstance(constant.value, str) and _CONTROL.search(constant.value):
            found, mend = "The text holds a control character", "leave it out"
            self.found.append(Diagnostic("SEG105", found, (Label(constant.span),), help=mend))
        return replace(constant, value="", type=TEXT) if constant.value is None else constant

    def texts(self, tokens: Children) -> tuple[Constant, ...]:
        return tuple(self.quoted(token) for token in tokens)


def _sentence(found: str) -> str:
    return found[:1].upper() + found[1:]
