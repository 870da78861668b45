"""The plainest of CSS selectors: one element, by tag, id, classes and attributes."""

import re
from dataclasses import dataclass

from segdsl_technographic.markup import Element

_TAG = re.compile(r"\*|[a-zA-Z][\w-]*")
_PART = re.compile(
    r"""([#.])([\w-]+)|\[\s*([\w:-]+)\s*(?:([*^$~|]?)=\s*(?:"([^"]*)"|'([^']*)'|([^\]\s"']*))\s*(?:i\s*)?)?\]"""
)


@dataclass(frozen=True, slots=True)
class Selector:
    """An element's tag (empty: any), and what its attributes hold: name, how it is compared, value.

    It is compared with `=` (the same), `*` (within), `^` (the start), `$` (the end), `~` (a word of it), or `` (it is
    there).
    """

    tag: str
    parts: tuple[tuple[str, str, str], ...]


def read_selectors(written: str) -> tuple[Selector, ...] | None:
    """The selectors that a text gives, parted by commas; None for one that asks for more than a single element."""
    read = tuple(_read_one(one.strip()) for one in _alternatives(written))
    known = tuple(one for one in read if one is not None)
    return known if known and len(known) == len(read) else None


def _alternatives(written: str) -> list[str]:
    """The parts between commas that stand in no brackets."""
    return re.findall(r"(?:\[[^\]]*\]|[^,])+", written)


def _read_one(written: str) -> Selector | None:
    tag = _TAG.match(written)
    parts: list[tuple[str, str, str]] = []
    place = tag.end() if tag else 0
    while place < len(written):
        part = _PART.match(written, place)
        if part is None:
            return None
        sign, word, name, how, double, single, bare = part.groups()
        if sign:
            parts.append(("id", "=", word) if sign == "#" else ("class", "~", word))
        elif "=" not in part[0]:
            parts.append((name.lower(), "", ""))
        else:
            parts.append((name.lower(), how or "=", double or single or bare or ""))
        place = part.end()
    if not written or any(how == "|" for _, how, _ in parts):
        return None
    return Selector("" if tag is None or tag[0] == "*" else tag[0].lower(), tuple(parts))


def fits(selector: Selector, element: Element) -> bool:
    """Whether an element is one that a selector means."""
    if selector.tag and selector.tag != element.tag:
        return False
    return all(_holds(element.attributes.get(name), how, value) for name, how, value in selector.parts)


def _holds(found: str | None, how: str, value: str) -> bool:
    if found is None:
        return False
    match how:
        case "=":
            return found == value
        case "*":
            return value in found
        case "^":
            return found.startswith(value)
        case "$":
            return found.endswith(value)
        case "~":
            return value in found.split()
        case _:
            return True
