"""The grammar is unambiguous, and what is written beside it agrees with it."""

from lark import Lark

from segdsl.language.grammar import read_grammar
from segdsl.language.keywords import WORDS


def test_strict_mode_finds_no_conflict() -> None:
    lark = Lark(read_grammar(), parser="lalr", lexer="contextual", strict=True, maybe_placeholders=True)
    assert lark.parse("").data == "start"


def test_the_list_of_words_is_that_of_the_grammar() -> None:
    lark = Lark(read_grammar(), parser="lalr", lexer="contextual", maybe_placeholders=True)
    fixed = {t.pattern.value for t in lark.terminals if t.pattern.type == "str"}
    assert {text for text in fixed if text.isalpha()} == WORDS
