"""The random specs leave no part of the grammar out."""

from random import Random

from tests.properties.spec_grammar import load_grammar
from tests.properties.spec_words import PATTERN_TERMINALS

SPECS = 10_000


def test_every_production_is_reached_by_the_random_specs() -> None:
    grammar = load_grammar()
    for seed in range(SPECS):
        grammar.draw_tokens(Random(seed))
        if not grammar.unused():
            break
    assert [str(production) for production in grammar.unused()] == []


def test_every_terminal_of_the_grammar_has_words() -> None:
    grammar = load_grammar()
    used = {symbol for production in grammar.everything for symbol in production.symbols}
    terminals = used - grammar.productions.keys()
    assert terminals - grammar.fixed.keys() == PATTERN_TERMINALS
