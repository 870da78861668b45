"""What a comment accepts doesn't change with the form of the text."""

from random import Random
from typing import Any

from segdsl.language.acceptances import read_acceptances
from segdsl.language.formatter import format_tree
from segdsl.language.syntax import Tree
from tests.properties.reading import read
from tests.properties.spec_grammar import SpecGrammar, join_tokens, load_grammar

Path = tuple[int, ...]


def parts(tree: Tree) -> dict[tuple[int, int], Path]:
    """The path (index of the declaration, of the item in it, ...) of each part of a spec, by its place."""
    found: dict[tuple[int, int], Path] = {}

    def walk(part: Any, path: Path) -> None:
        found[part.span.start, part.span.end] = path
        for index, inner in enumerate((*getattr(part, "items", ()), *getattr(part, "properties", ()))):
            walk(inner, (*path, index))

    for index, declaration in enumerate(tree.declarations):
        walk(declaration, (index,))
    return found


def accepted(tree: Tree) -> list[tuple[str, Path]]:
    """The reasons of all comments, each with the path of the part that it is about."""
    paths = parts(tree)
    return [(one.reason, paths[one.about.start, one.about.end]) for one in read_acceptances([tree])[0]]


def with_comments(text: str, random: Random) -> str:
    """The text with comments above and behind some of its lines, askew."""
    lines: list[str] = []
    for number, line in enumerate(text.split("\n")):
        if random.random() < 0.2:
            lines.append(f"{' ' * random.randrange(5)}# accept SEG804: above {number}")
        beside = f"{' ' * random.randrange(1, 4)}# accept SEG804: behind {number}"
        lines.append(line + beside if line and random.random() < 0.2 else line)
    return "\n".join(lines)


def test_a_comment_on_or_behind_a_line_is_about_the_same_after_formatting(tries: int) -> None:
    grammar: SpecGrammar = load_grammar()
    compared = 0
    for seed in range(tries):
        random = Random(f"acceptances {seed}")
        text = join_tokens(grammar.draw_tokens(random), random)
        tree = read(text)
        if tree is None:
            continue
        commented = with_comments(format_tree(tree, text), random)
        before = read(commented)
        assert before is not None, commented
        formatted = format_tree(before, commented)
        after = read(formatted)
        assert after is not None, formatted
        assert accepted(after) == accepted(before), commented
        compared += len(accepted(before))
    assert compared > tries
