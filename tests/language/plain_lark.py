"""Lark as it comes, reading the same grammar: what the project's own lexer and automaton are held against."""

from functools import cache
from typing import Any

from lark import Lark, Token, Tree
from lark.exceptions import UnexpectedInput

from segdsl.diagnostics import Diagnostic
from segdsl.language.building.builder import node_functions
from segdsl.language.building.places import Places
from segdsl.language.grammar import read_grammar
from segdsl.language.syntax import Declaration
from segdsl.language.token import make_token

Word = tuple[str, str]


@cache
def _lark() -> Lark:
    return Lark(read_grammar(), parser="lalr", lexer="contextual", maybe_placeholders=True)


def lark_words(text: str) -> list[Word] | None:
    """Terminals and texts of the words; None where the text doesn't parse."""
    reading = _lark().parse_interactive(text)
    words = []
    try:
        for token in reading.iter_parse():
            words.append((token.type, str(token)))
        reading.feed_eof()
    except UnexpectedInput:
        return None
    return words


def lark_declarations(file: str, text: str) -> tuple[tuple[Declaration, ...], list[Diagnostic]]:
    """The declarations that the project's functions make of Lark's own tree."""
    places = Places()
    places.start_text(file, text, 0)
    functions = node_functions(places)

    def make(node: Any) -> Any:
        if isinstance(node, Token):
            assert node.start_pos is not None and node.end_pos is not None
            return make_token(node.type, str(node), node.start_pos, node.end_pos)
        if not isinstance(node, Tree):
            return node
        children = [make(child) for child in node.children]
        function = functions.get(str(node.data))
        return children if function is None else function(children)

    declarations: tuple[Declaration, ...] = make(_lark().parse(text))
    return declarations, places.found
