"""From the text of a spec to its tree. A mistake costs its own item or declaration; the rest is still read."""

from functools import cache
from threading import Lock

from segdsl.diagnostics import Diagnostic, Diagnostics, Label, SourceText, Span
from segdsl.language.automaton import Automaton, UnexpectedText
from segdsl.language.building.builder import node_functions
from segdsl.language.building.places import Places
from segdsl.language.depth import find_too_deep
from segdsl.language.lexer import Lexer
from segdsl.language.recovery import Part, blank_item, declared_name, split_declarations
from segdsl.language.syntax import Comment, Declaration, Tree
from segdsl.language.syntax_errors import explain
from segdsl.language.terms import Name

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
        made, notes, mistakes, whole = _parse_part(text, part)
        declarations.extend(made)
        comments.extend(notes)
        found.extend(mistakes)
        name = None if whole else declared_name(text, part)
        if name is not None:
            broken.append(name)
    return _guard_depth(Tree(text.file, tuple(declarations), tuple(comments), tuple(broken)), found)


def _parse_part(
    text: SourceText, part: Part
) -> tuple[tuple[Declaration, ...], tuple[Comment, ...], list[Diagnostic], bool]:
    """One declaration: what could be read of it, and whether that is all of it."""
    mistakes: list[Diagnostic] = []
    source = part.text
    while True:
        try:
            declarations, comments, found = _parse_text(text, part.start, source)
        except UnexpectedText as unexpected:
            place = unexpected.place
            mistakes.append(explain(text, part, unexpected))
            mended = blank_item(source, place) if place < len(source.rstrip()) else None
            at_end = not source[place:].strip()
            if mended is None or at_end or len(mistakes) >= _MISTAKES_PER_DECLARATION:
                return (), (), mistakes, False
            source = mended
        else:
            # What was blanked may have declared names, so a mended declaration counts as broken.
            return declarations, comments, mistakes + found, not mistakes


def _guard_depth(tree: Tree, found: list[Diagnostic]) -> tuple[Tree, Diagnostics]:
    deep = tuple(d for d in tree.declarations if find_too_deep(d) is not None)
    if not deep:
        return tree, tuple(found)
    for declaration in deep:
        place = find_too_deep(declaration) or declaration.span
        found.append(
            Diagnostic(
                "SEG107",
                "This term is nested too deep",
                (Label(Span(place.file, place.start, min(place.end, place.start + 60))),),
                expected="at most 100 levels of parentheses, signs and operators in one term",
                help="give parts of it names of their own in `derive`",
            )
        )
    kept = tuple(d for d in tree.declarations if d not in deep)
    return Tree(tree.file, kept, tree.comments, tree.broken), tuple(found)
