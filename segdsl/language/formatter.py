"""The canonical form of a spec: from its tree and comments back to text."""

from collections.abc import Sequence

from segdsl.language.comments import Comments
from segdsl.language.format_block import Draft, flat_row, stack
from segdsl.language.format_declaration import format_declaration
from segdsl.language.rows import Entry, Row, arrange, fits, join_cells
from segdsl.language.syntax import Tree
from segdsl.record import replace


def format_tree(tree: Tree, text: str) -> str:
    """The spec in its canonical form.

    `text` is what the tree was read from: the author's blank lines and one-line blocks are kept. All comments
    are kept in their order. Reading the result gives an equal tree; formatting that changes nothing. A tree read
    with mistakes must not be formatted: what didn't parse isn't in it.
    """
    draft = Draft(text, Comments(tree.comments))
    _, entries = stack(tree.declarations, len(text) + 1, draft, 0, format_declaration)
    lines = arrange(_set_apart(entries), 0)
    return "\n".join(lines) + "\n" if lines else ""


def _set_apart(entries: Sequence[Entry]) -> list[Entry]:
    """A blank line between declarations, but for those on one line each that the author wrote without one."""
    apart: list[Entry] = []
    behind_last = 0
    last: Entry | None = None
    for entry in entries:
        apart.append(entry)
        if not isinstance(entry.content, Row):
            continue
        together = last is None or (_on_one_line(last) and _on_one_line(entry))
        if not together and not any(between.blank_before for between in apart[behind_last:]):
            apart[behind_last] = replace(apart[behind_last], blank_before=True)
        last = entry
        behind_last = len(apart)
    return apart


def _on_one_line(entry: Entry) -> bool:
    cells = flat_row(replace(entry, remark=""))
    return cells is not None and fits(join_cells(cells), 0)
