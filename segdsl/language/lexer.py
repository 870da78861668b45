"""The lexer: one pattern for all words and literals; the parser's state decides which of its terminals a word is.

It finds the same tokens as Lark's contextual lexer (a test holds the two together), but compiles one pattern instead of
one for each state of the parser, which is most of the time that a short spec takes.
"""

import re
from collections.abc import Callable, Mapping

from segdsl.language.grammar_tables import FIXED
from segdsl.language.token import Token, make_token

# No unit of the number before it is a word that goes on, or that is the name of what follows: `folds: 5  days: 3`.
_ALONE = r"(?!\w|\s*:|\s*=(?!=))"
_NUMBER = r"[0-9][0-9_]*(?:\.[0-9]+)?[kMB]?(?!\w)"

_PIECE = re.compile(
    rf"""\s+
    |(?P<COMMENT>\#[^\n]*)
    |(?P<RAW_STRING>r"[^"\n]*")
    |(?P<WORD>(?:[^\W\d][\w\u0300-\u036f]*|`[^`\n]+`)(?P<mark>\s*(?::|=(?!=)))?)
    |(?P<STRING>"(?:[^"\\\n]|\\[^\n])*")
    |(?P<TIMESTAMP>[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}T[0-9]{{2}}:[0-9]{{2}}(?::[0-9]{{2}}(?:\.[0-9]{{1,6}})?)?(?:Z|[+-][0-9]{{2}}:[0-9]{{2}})?(?!\w))
    |(?P<DATE>[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}(?!\w))
    |(?P<MONEY>[$€£¥₹₽₺₩₴]\s?[0-9][0-9_]*(?:\.[0-9]+)?[kMB]?(?!\w)|[0-9][0-9_]*(?:\.[0-9]+)?[kMB]?\s+[A-Z]{{3}}{_ALONE})
    |(?P<DURATION>[0-9][0-9_]*(?:\.[0-9]+)?\s+(?:years?|months?|weeks?|days?|hours?|minutes?){_ALONE})
    |(?P<PERCENT>[0-9][0-9_]*(?:\.[0-9]+)?\s?%)
    |(?P<NUMBER>{_NUMBER})
    |(?P<SIGN>\?\?|\.\.|[=!<>]=|[{{}}()\[\],.?+\-*/<>=])
    """,
    re.VERBOSE,
)
_BARE_NUMBER = re.compile(_NUMBER)
_KNOWN = {
    "KNOWN_FROM": re.compile(r"known\s+from(?!\w)"),
    "KNOWN_AFTER": re.compile(r"known\s+after(?!\w)"),
}
# What stands where nothing of the language does: a terminal that no state accepts.
_NOTHING = "NOTHING"


class Lexer:
    """Finds the words of a text; `on_comment` is told of each comment that is passed over."""

    __slots__ = ("_on_comment",)

    def __init__(self, on_comment: Callable[[Token], object]) -> None:
        self._on_comment = on_comment

    def next_token(self, text: str, position: int, accepts: Mapping[str, int]) -> Token | None:
        """The word at or after `position`, as a terminal of `accepts` if it can be one; None at the end."""
        end = len(text)
        while position < end:
            match = _PIECE.match(text, position)
            if match is None:
                return make_token(_NOTHING, text[position], position, position + 1)
            kind, stop = match.lastgroup, match.end()
            if kind is None:
                position = stop
                continue
            if kind == "COMMENT":
                self._on_comment(make_token(kind, match.group(), position, stop))
                position = stop
                continue
            if kind in ("mark", "WORD"):
                kind, stop = _word(match, accepts)
            elif kind == "SIGN":
                kind = FIXED[match.group()]
            elif kind not in accepts:
                kind, stop = _plain_number(text, position, kind, stop, accepts)
            return make_token(kind, text[position:stop], position, stop)
        return None


def _word(match: re.Match[str], accepts: Mapping[str, int]) -> tuple[str, int]:
    """Which terminal a word is here, and where it ends."""
    mark, start = match["mark"], match.start()
    stop = match.end()
    if mark is not None:
        head = "NAME_COLON" if mark[-1] == ":" else "NAME_EQ"
        if head in accepts:
            return head, stop
        stop = match.start("mark")
    word = match.string[start:stop]
    if word == "known":
        for kind, pattern in _KNOWN.items():
            pair = pattern.match(match.string, start) if kind in accepts else None
            if pair is not None:
                return kind, pair.end()
    keyword = FIXED.get(word)
    if keyword is not None and keyword in accepts:
        return keyword, stop
    return "NAME", stop


def _plain_number(text: str, position: int, kind: str, stop: int, accepts: Mapping[str, int]) -> tuple[str, int]:
    """A number where only a number may stand, although with what follows it would be more."""
    number = _BARE_NUMBER.match(text, position) if "NUMBER" in accepts else None
    return (kind, stop) if number is None else ("NUMBER", number.end())
