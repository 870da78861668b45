"""Formatting never changes what a spec says, loses no comment, and has nothing left to do the second time."""

from pathlib import Path
from random import Random

import pytest

from segdsl.language.formatter import format_tree
from segdsl.language.syntax import Tree
from tests.properties.reading import read
from tests.properties.spec_grammar import SpecGrammar, join_tokens, join_with_comments, load_grammar

PARTS = range(4)


@pytest.fixture(scope="module")
def grammar() -> SpecGrammar:
    return load_grammar()


def check_round_trip(text: str, tree: Tree) -> Tree:
    """Assert that formatting keeps the tree and is done at once; the tree of the formatted text."""
    formatted = format_tree(tree, text)
    again = read(formatted)
    assert again is not None, formatted
    assert again.declarations == tree.declarations, formatted
    assert [c.text for c in again.comments] == [c.text for c in tree.comments], formatted
    assert format_tree(again, formatted) == formatted
    return again


@pytest.mark.parametrize("part", PARTS)
def test_generated_specs_mean_the_same_after_formatting(grammar: SpecGrammar, tries: int, part: int) -> None:
    whole = 0
    for seed in range(part * tries, (part + 1) * tries):
        random = Random(seed)
        text = join_tokens(grammar.draw_tokens(random), random)
        tree = read(text)
        if tree is not None:
            check_round_trip(text, tree)
            whole += 1
    assert whole > 0.9 * tries


@pytest.mark.parametrize("part", PARTS)
def test_comments_anywhere_survive_in_their_order(grammar: SpecGrammar, tries: int, part: int) -> None:
    kept = 0
    for seed in range(part * tries, (part + 1) * tries):
        random = Random(f"comments {seed}")
        text, comments = join_with_comments(grammar.draw_tokens(random), random)
        tree = read(text)
        if tree is not None:
            again = check_round_trip(text, tree)
            assert tuple(c.text for c in again.comments) == comments
            kept += len(comments)
    assert kept > tries


def test_specs_of_people_mean_the_same_after_formatting(people_specs: tuple[Path, ...]) -> None:
    for spec in people_specs:
        text = spec.read_text(encoding="utf-8")
        tree = read(text)
        assert tree is not None, spec
        check_round_trip(text, tree)


def test_examples_keep_their_comments_where_they_were(shared: Path) -> None:
    for spec in sorted((shared / "examples").glob("*.seg")):
        text = spec.read_text(encoding="utf-8")
        tree = read(text)
        assert tree is not None, spec
        # Nothing but white space, and backquotes that aren't needed, may change in these.
        before = "".join(text.replace("`", "").split())
        after = "".join(format_tree(tree, text).replace("`", "").split())
        assert after == before, spec


def test_line_ends_of_another_system_do_not_matter() -> None:
    text = "param a : int = 1\nparam b : int = 2\n\n# end\n"
    tree, windows = read(text), read(text.replace("\n", "\r\n"))
    assert tree is not None
    assert windows is not None
    assert format_tree(windows, text.replace("\n", "\r\n")) == format_tree(tree, text) == text
