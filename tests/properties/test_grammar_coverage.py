"""The random specs leave no part of the grammar out."""

from random import Random

from segdsl.diagnostics import SourceText
from segdsl.language.parser import parse
from tests.properties.spec_grammar import load_grammar
from tests.properties.spec_words import PATTERN_TERMINALS

SPECS = 10_000


def test_every_production_is_reached_by_the_random_specs() -> None:
    grammar = load_grammar()
    for seed in range(SPECS):
        grammar.draw_tokens(Random(seed))
    assert [str(production) for production in grammar.unused()] == []


def test_every_terminal_of_the_grammar_has_words() -> None:
    grammar = load_grammar()
    used = {symbol for rule in grammar.productions.values() for p in rule for symbol in p.symbols}
    terminals = used - grammar.productions.keys()
    assert terminals - grammar.fixed.keys() == PATTERN_TERMINALS


def test_every_production_stands_in_a_spec_without_mistakes() -> None:
    """Reached in vain would be a production whose specs are all refused."""
    grammar = load_grammar()
    accepted: set[str] = set()
    for seed in range(SPECS):
        before = grammar.used.copy()
        text = " ".join(grammar.draw_tokens(Random(seed)))
        news = {str(production) for production in grammar.used - before} - accepted
        if news and not parse(SourceText("spec.seg", text))[1]:
            accepted |= news
    everything = {str(p) for rule in grammar.productions.values() for p in rule}
    assert everything - accepted == set()
