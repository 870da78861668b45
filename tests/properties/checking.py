"""A spec's bytes through every stage that needs no data."""

from io import BytesIO

from segdsl.diagnostics import Diagnostic, Diagnostics, SourceText, has_errors
from segdsl.language.formatter import format_tree
from segdsl.language.parser import parse
from segdsl.model.build import build_model
from segdsl.project.texts import read_stream


def check_text(name: str, data: bytes) -> Diagnostics:
    """What is wrong with the bytes of one spec, without any other file.

    A text without errors of syntax is also formatted twice: it must keep its meaning and stay as it is. A file that
    sets are read from counts as unread.
    """
    text = read_stream(BytesIO(data), name)
    if isinstance(text, Diagnostic):
        return (text,)
    tree, mistakes = parse(text)
    if not has_errors(mistakes):
        once = format_tree(tree, text.text)
        again, refused = parse(SourceText(name, once))
        assert not has_errors(refused) and again == tree, "formatting changed the meaning"
        assert format_tree(again, once) == once, "formatting twice isn't formatting once"
    _, wrong = build_model((tree,))
    return (*mistakes, *wrong)
