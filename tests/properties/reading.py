"""Which random specs count as read."""

from segdsl.diagnostics import SourceText
from segdsl.language.parser import parse
from segdsl.language.syntax import Tree

# A literal without a value, such as 30 February, still stands in the tree.
HOLLOW_LITERALS = {"SEG105", "SEG106"}


def read(text: str) -> Tree | None:
    """The tree of a spec whose syntax is right, else None."""
    tree, found = parse(SourceText("spec.seg", text))
    return None if tree.broken or any(d.code not in HOLLOW_LITERALS for d in found) else tree
