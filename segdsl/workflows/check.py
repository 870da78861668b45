"""`check`: everything that is wrong with a spec, found without its data."""

from collections.abc import Mapping
from pathlib import Path

from segdsl.diagnostics import Diagnostic, Diagnostics, SourceText, has_errors
from segdsl.language.formatter import format_tree
from segdsl.language.parser import parse
from segdsl.model.build import build_model
from segdsl.model.model import Model
from segdsl.workflows.loading import NOTHING_SET, Loaded, load


def check(argument: Path, root: Path | None = None, settings: Mapping[str, str] = NOTHING_SET) -> Loaded:
    """The spec that `argument` means, with all that is wrong with it."""
    return load(argument, root, settings)


def count_parts(model: Model) -> tuple[tuple[str, int], ...]:
    """How much a spec declares, by kind, for the line that says it is good; kinds that don't occur are left out."""
    counts = (
        ("source", len(model.sources)),
        ("field", len(model.fields)),
        ("population", len(model.populations)),
        ("score", len(model.scores)),
        ("hypothesis", len(model.hypotheses)),
        ("segmentation", len(model.schemes)),
        ("audience", len(model.audiences)),
        ("test", len(model.tests)),
    )
    return tuple((kind, count) for kind, count in counts if count)


def check_text(name: str, data: bytes) -> Diagnostics:
    """What is wrong with the bytes of one spec, without any other file.

    A text without errors of syntax is also formatted twice: it must keep its meaning and stay as it is. A file that
    sets are read from counts as unread.
    """
    text = decode(name, data)
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


def decode(name: str, data: bytes) -> SourceText | Diagnostic:
    """The text of bytes that don't come from a file of the project; without a byte order mark."""
    try:
        return SourceText(name, data.decode("utf-8-sig"))
    except UnicodeDecodeError as failure:
        line = data.count(b"\n", 0, failure.start) + 1
        found = f"line {line} of `{name}` holds the byte 0x{data[failure.start]:02x}, which isn't UTF-8 there"
        return Diagnostic("SEG101", found, expected="UTF-8 text", help="save it as UTF-8")
