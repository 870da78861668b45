"""The random specs leave no part of the grammar out."""

from random import Random

from tests.properties.reading import read
from tests.properties.spec_grammar import join_tokens, load_grammar
from tests.properties.spec_words import PATTERN_TERMINALS

SPECS = 10_000


def test_every_terminal_of_the_grammar_has_words() -> None:
    grammar = load_grammar()
    used = {symbol for rule in grammar.productions.values() for p in rule for symbol in p.symbols}
    terminals = used - grammar.productions.keys()
    assert terminals - grammar.fixed.keys() == PATTERN_TERMINALS


def test_every_production_stands_in_a_spec_that_is_read() -> None:
    """A production whose specs are all refused would be reached in vain."""
    grammar = load_grammar()
    missing = set(grammar.everything)
    for seed in range(SPECS):
        before = grammar.used.copy()
        text = join_tokens(grammar.draw_tokens(random := Random(seed)), random)
        news = missing & (grammar.used - before).keys()
        if news and read(text) is not None:
            missing -= news
        if not missing:
            break
    assert sorted(map(str, missing)) == []
