"""The elements of a page of HTML, as far as fingerprints ask for them.

Every step takes time linear in the page, whatever it holds; a parser that mends broken pages does not promise that.
"""

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass

_NAME = re.compile(r"[a-zA-Z][^\s/>]*")
_ATTRIBUTE = re.compile(r"""([^\s=>"'/]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>"']+)))?""")
# Where a tag ends: at the first `>` that stands in no quotes. A quote that is never closed is a sign like others.
_INSIDE = re.compile(r"""(?:[^>"']++|"[^"]*+"|'[^']*+'|["'])*+""")


@dataclass(frozen=True, slots=True)
class Element:
    """A tag with its attributes, names in small letters; `text` is what stands between it and the next tag."""

    tag: str
    attributes: Mapping[str, str]
    text: str


def read_elements(page: str) -> tuple[Element, ...]:
    """The elements of a page in order. A script's text reaches to its end; comments are passed over."""
    elements: list[Element] = []
    script: list[str] | None = None
    for piece in _without_comments(page).split("<")[1:]:
        if script is not None and piece[:7].lower() != "/script":
            script.append(piece)
            continue
        if script is not None:
            elements[-1] = Element("script", elements[-1].attributes, "<".join(script))
            script = None
            continue
        name = _NAME.match(piece)
        if name is None:
            continue
        inside = _INSIDE.match(piece, name.end())
        end = inside.end() if inside else len(piece)
        element = Element(name[0].lower(), _attributes(piece[name.end() : end]), piece[end + 1 :])
        elements.append(element)
        script = [element.text] if element.tag == "script" else None
    return tuple(elements)


def _without_comments(page: str) -> str:
    first, *rest = page.split("<!--")
    return first + "".join(piece.partition("-->")[2] for piece in rest)


def _attributes(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, double, single, bare in _ATTRIBUTE.findall(text):
        value = double or single or bare
        found.setdefault(name.lower(), html.unescape(value) if "&" in value else value)
    return found
