"""The text of a fitted file: for each segmentation where it comes from, in comments, and its segments."""

from collections.abc import Iterator, Mapping, Sequence
from textwrap import wrap
from typing import Any

from segdsl.diagnostics import SourceText
from segdsl.language import syntax as s
from segdsl.language.formatter import format_tree
from segdsl.language.layout import WIDTH
from segdsl.language.parser import parse
from segdsl.workflows.fitted.labels import REST_OF_LINE, Labelled
from segdsl.workflows.loading import FittedFile

_HEAD = (
    "Segments that plugins found, written by `segdsl fit` and read together with {spec}.",
    "Names, titles, texts and rules are yours to edit. A new fit writes the rules and these comments anew, and carries "
    "over names, titles and texts by the members that segments have in common.",
)
_NAMED_FILES = 5


def fitted_text(spec: str, sections: Sequence[str]) -> str:
    """The whole file, in the form that `fmt` gives it."""
    raw = f"{_head(spec)}\n" + "\n".join(f"{section}\n" for section in sections)
    tree, mistakes = parse(SourceText("", raw))
    # Every section is text that was read before, so whatever is lost here is lost by us.
    assert not mistakes and len(tree.declarations) == len(sections)
    return format_tree(tree, raw)


def _head(spec: str) -> str:
    return "".join(f"{line}\n" for paragraph in _HEAD for line in _comment(paragraph.format(spec=spec)))


def section(labelled: Labelled, origin: Mapping[str, Any], population: str) -> str:
    """A segmentation that was fitted just now, under comments that say what it was learned from."""
    found = labelled.found
    notes = [line for note in _notes(labelled, origin, population) for line in _comment(note)]
    declared = found.text.text[found.declared.span.start : found.declared.span.end]
    return "\n".join((*notes, declared))


def sections_of(fitted: FittedFile, spec: str) -> Mapping[str, str]:
    """The segmentations of a fitted file by name, with their comments. The head that `fit` writes is left out."""
    whole = fitted.text.text.replace("\r\n", "\n") if "\r" in fitted.text.text else fitted.text.text
    tree, _ = parse(SourceText(fitted.name, whole))
    found: dict[str, str] = {}
    start = len(_head(spec)) if whole.startswith(_head(spec)) else 0
    for place, declared in enumerate(tree.declarations):
        assert isinstance(declared, s.SegmentationDecl)
        is_last = place == len(tree.declarations) - 1
        # A comment behind the closing brace belongs to it, as do those at the end of the file.
        end = len(whole) if is_last else REST_OF_LINE.match(whole, declared.span.end).end()  # type: ignore[union-attr]
        found[declared.name.text] = whole[start:end].strip()
        start = end
    return found


def _notes(labelled: Labelled, origin: Mapping[str, Any], population: str) -> Iterator[str]:
    plugin = origin["plugin"]
    clock = origin["clock"]["date"]
    yield (
        f"Learned by {plugin['name']} ({plugin['package']} {plugin['version']}) from {labelled.found.rows:,} rows of "
        f"`{population}`; clock {clock}; {_inputs(origin['inputs'])}"
    )
    values = ", ".join(f"{name} {value}" for name, value in origin["parameters"].items())
    if values:
        yield f"Parameters: {values}"
    yield from (f"- {' '.join(note.split())}" for note in labelled.found.notes)


def _inputs(inputs: Sequence[Mapping[str, Any]]) -> str:
    names = list(dict.fromkeys(one["file"] or f"a table for {one['by']}" for one in inputs))
    more = f" and {len(names) - _NAMED_FILES:,} more files" if len(names) > _NAMED_FILES else ""
    return f"data {', '.join(names[:_NAMED_FILES])}{more}" if names else "no data"


def _comment(text: str) -> list[str]:
    """Lines of a comment. What comes from data can't end it: a line end in a name is a space here."""
    plain = "".join(letter if letter.isprintable() else " " for letter in text)
    behind = "  " if plain.startswith("- ") else ""
    lines = wrap(plain, WIDTH - 2, subsequent_indent=behind, break_long_words=False, break_on_hyphens=False)
    return [f"# {line}" for line in lines]
