"""From the text of a spec to its tree. A mistake costs its own item or declaration; the rest is still read."""

import re
from functools import cache
from threading import Lock

from segdsl.diagnostics import Diagnostic, Diagnostics, Label, SourceText, Span
from segdsl.language.automaton import Automaton, UnexpectedText
from segdsl.language.building.builder import node_functions
from segdsl.language.building.places import Places
from segdsl.language.depth import find_too_deep
from segdsl.language.lexer import Lexer
from segdsl.language.recovery import Part, blank_item, declared_name, find_dangling, item_start, split_declarations
from segdsl.language.syntax import Comment, Declaration, Tree
from segdsl.language.syntax_errors import CLOSE_BLOCK, SMALL_LETTERS, explain
from segdsl.language.terms import Name
from segdsl.record import replace

# More mistakes than this in one declaration say the same thing again.
_MISTAKES_PER_DECLARATION = 10

_LOCK = Lock()


@cache
def _parser() -> tuple[Automaton, Lexer, Places]:
    places = Places()
    return Automaton(node_functions(places)), Lexer(places.comment), places


def parse(text: SourceText) -> tuple[Tree, Diagnostics]:
    """The tree of a spec and every mistake of its syntax.

    Declarations that don't parse are left out of the tree, and their names are listed in its `broken`.
    """
    with _LOCK:  # the places hold one text at a time
        try:
            declarations, comments, found = _parse_text(text, 0, text.text)
        except UnexpectedText:
            return _parse_parts(text)
    return _guard_depth(Tree(text.file, declarations, comments), found)


def _parse_text(
    text: SourceText, offset: int, part: str
) -> tuple[tuple[Declaration, ...], tuple[Comment, ...], list[Diagnostic]]:
    automaton, lexer, places = _parser()
    places.start_text(text.file, part, offset)
    declarations: tuple[Declaration, ...] = automaton.parse(part, lexer.next_token)
    return declarations, tuple(places.comments), places.found


def _parse_parts(text: SourceText) -> tuple[Tree, Diagnostics]:
    """Read the declarations one by one, after the whole was refused."""
    declarations: list[Declaration] = []
    comments: list[Comment] = []
    broken: list[Name] = []
    found: list[Diagnostic] = []
    for part in split_declarations(text.text):
        made, notes, mistakes, lost = _parse_part(text, part)
        declarations.extend(made)
        comments.extend(notes)
        found.extend(mistakes)
        broken.extend(lost)
    return _guard_depth(Tree(text.file, tuple(declarations), tuple(comments), tuple(broken)), found)


def _parse_part(
    text: SourceText, part: Part
) -> tuple[tuple[Declaration, ...], tuple[Comment, ...], list[Diagnostic], tuple[Name, ...]]:
    """One declaration: what could be read of it, and the names of what couldn't, or not whole.

    A name that can't be told stands as an empty one.
    """
    mistakes: list[Diagnostic] = []
    name = declared_name(text, part)
    nameless = Name("", Span(text.file, part.start, part.start + 1))
    lost: tuple[Name, ...] = (nameless,) if name is None else (name,)
    source = part.text
    while True:
        try:
            declarations, comments, found = _parse_text(text, part.start, source)
        except UnexpectedText as unexpected:
            at_end = not source[unexpected.place :].strip()
            if "$END" in unexpected.expected or unexpected.place <= source.find("{"):
                lost = (*lost, nameless)
            # A block that wasn't closed is found where the next item begins, and again at the end.
            if not at_end or all(mistake.help != CLOSE_BLOCK for mistake in mistakes):
                mistakes.append(explain(text, replace(part, text=source), unexpected))
            # What was read of `= 31/12/2024` is a whole declaration, but not the one that was meant.
            spoilt = "$END" in unexpected.expected and mistakes[-1].labels[0].span.start < part.start + unexpected.place
            mended = None if at_end or spoilt else _in_small_letters(part, source, mistakes[-1])
            if mended is None and not at_end and not spoilt:
                mended = _mend(source, unexpected)
            if mended is None or len(mistakes) >= _MISTAKES_PER_DECLARATION:
                return (), (), mistakes, lost
            source = mended
        else:
            # What was blanked may have declared names, so a mended declaration counts as broken.
            return declarations, comments, mistakes + found, lost if mistakes else ()


def _in_small_letters(part: Part, source: str, mistake: Diagnostic) -> str | None:
    """The text with a word in capitals as the language has it, so that all else is read; None for other mistakes."""
    if not mistake.help.startswith(SMALL_LETTERS):
        return None
    start, end = mistake.labels[0].span.start - part.start, mistake.labels[0].span.end - part.start
    return source[:start] + source[start:end].lower() + source[end:]


def _mend(source: str, unexpected: UnexpectedText) -> str | None:
    """The text without what the mistake spoils; None if that can't be told."""
    place = unexpected.place
    if "$END" in unexpected.expected:
        # All that was begun is finished: what follows belongs to nothing.
        return source[:place] + re.sub(r"[^\n]", " ", source[place:])
    if find_dangling(source, place) is not None:
        place = item_start(source, place)
    return blank_item(source, place)


def _guard_depth(tree: Tree, found: list[Diagnostic]) -> tuple[Tree, Diagnostics]:
    places = tuple(find_too_deep(declaration) for declaration in tree.declarations)
    deep = tuple(place for place in places if place is not None)
    if not deep:
        return tree, tuple(found)
    for place in deep:
        found.append(
            Diagnostic(
                "SEG107",
                "This term is nested too deep",
                (Label(Span(place.file, place.start, min(place.end, place.start + 60))),),
                expected="at most 100 levels of parentheses, signs, operators and dots in one term",
                help="give parts of it names of their own in `derive`",
            )
        )
    kept = tuple(d for d, place in zip(tree.declarations, places, strict=True) if place is None)
    return Tree(tree.file, kept, tree.comments, tree.broken), tuple(found)
