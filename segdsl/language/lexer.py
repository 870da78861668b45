"""The lexer: one pattern for all words and literals; the parser's state decides which of its terminals a word is.

It finds the same tokens as Lark's own contextual lexer (held together by a test), but compiles one pattern instead of
one for each state of the parser, which is most of the time that a short spec takes.
"""

import re
from collections.abc import Iterator, Mapping
from copy import copy
from typing import Any

from lark import Token
from lark.exceptions import UnexpectedCharacters, UnexpectedToken

_NUMBER = r"\d[\d_]*(?:\.\d+)?[kMB]?(?!\w)"

_PIECE = re.compile(
    rf"""\s+
    |(?P<COMMENT>\#[^\n]*)
    |(?P<RAW_STRING>r"[^"\n]*")
    |(?P<WORD>(?:[^\W\d]\w*|`[^`\n]+`)(?P<mark>\s*(?::|=(?!=)))?)
    |(?P<STRING>"(?:[^"\\\n]|\\[^\n])*")
    |(?P<TIMESTAMP>\d{{4}}-\d{{2}}-\d{{2}}T\d{{2}}:\d{{2}}(?::\d{{2}}(?:\.\d{{1,6}})?)?(?:Z|[+-]\d{{2}}:\d{{2}})?(?!\w))
    |(?P<DATE>\d{{4}}-\d{{2}}-\d{{2}}(?!\w))
    |(?P<MONEY>[$€£¥₹₽₺₩₴]\s?\d[\d_]*(?:\.\d+)?[kMB]?(?!\w)|\d[\d_]*(?:\.\d+)?[kMB]?\s+[A-Z]{{3}}(?!\w))
    |(?P<DURATION>\d[\d_]*(?:\.\d+)?\s+(?:years?|months?|weeks?|days?|hours?|minutes?)(?!\w))
    |(?P<PERCENT>\d[\d_]*(?:\.\d+)?\s?%)
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


class WordLexer:
    """Takes the place of Lark's contextual lexer."""

    def __init__(self, lexer_conf: Any, states: Mapping[int, list[str]], always_accept: Any = ()) -> None:
        fixed = {t.pattern.value: t.name for t in lexer_conf.terminals if t.pattern.type == "str"}
        self._fixed: dict[str, str] = fixed
        self._accepts = {state: frozenset(names) for state, names in states.items()}
        self._on_comment = lexer_conf.callbacks.get("COMMENT")

    def lex(self, lexer_state: Any, parser_state: Any) -> Iterator[Token]:
        """Tokens one by one; the parser moves on between two of them."""
        text: str = lexer_state.text.text
        position, end = 0, len(text)
        while position < end:
            accepts = self._accepts[parser_state.position]
            match = _PIECE.match(text, position)
            kind = None if match is None else match.lastgroup
            if match is None:
                raise _unexpected(text, position, accepts, parser_state)
            stop = match.end()
            if kind is None:
                position = stop
                continue
            if kind == "COMMENT":
                if self._on_comment is not None:
                    self._on_comment(Token("COMMENT", match.group(), position, 0, 0, 0, 0, stop))
                position = stop
                continue
            if kind in ("mark", "WORD"):
                kind, stop = self._word(match, accepts)
            elif kind == "SIGN":
                kind = self._fixed[match.group()]
            elif kind not in accepts:
                kind, stop = _plain_number(text, position, kind, stop, accepts)
            if kind not in accepts:
                raise _unexpected(text, position, accepts, parser_state)
            token = Token(kind, text[position:stop], position, 0, 0, 0, 0, stop)
            lexer_state.last_token = token
            position = stop
            yield token

    def _word(self, match: re.Match[str], accepts: frozenset[str]) -> tuple[str, int]:
        """Which terminal a word is here, and where it ends."""
        mark = match["mark"]
        start = match.start()
        if mark is not None:
            head = "NAME_COLON" if mark[-1] == ":" else "NAME_EQ"
            if head in accepts:
                return head, match.end()
            stop = match.start("mark")
        else:
            stop = match.end()
        word = match.string[start:stop]
        if word == "known":
            for kind, pattern in _KNOWN.items():
                pair = pattern.match(match.string, start) if kind in accepts else None
                if pair is not None:
                    return kind, pair.end()
        keyword = self._fixed.get(word)
        if keyword is not None and keyword in accepts:
            return keyword, stop
        return "NAME", stop


def _unexpected(text: str, position: int, accepts: frozenset[str], parser_state: Any) -> UnexpectedCharacters:
    """The exception for what stands at `position`, with the terminals that could really stand there.

    An LALR state also lists terminals that only fit elsewhere, so each is tried on a copy of the parser's stack.
    """
    trial_conf = copy(parser_state.parse_conf)
    trial_conf.callbacks = {}
    fitting = set()
    for name in accepts:
        trial = parser_state.copy(deepcopy_values=False)
        trial.parse_conf = trial_conf
        try:
            trial.feed_token(Token(name, ""), name == "$END")
        except UnexpectedToken:
            continue
        fitting.add(name)
    return UnexpectedCharacters(text, position, 0, 0, allowed=fitting)  # type: ignore[no-untyped-call]


def _plain_number(text: str, position: int, kind: str, stop: int, accepts: frozenset[str]) -> tuple[str, int]:
    """A number where only a number may stand, although with what follows it would be more."""
    number = _BARE_NUMBER.match(text, position) if "NUMBER" in accepts else None
    return (kind, stop) if number is None else ("NUMBER", number.end())
