"""Pages saved on disk, each with the headers it came with. Nothing is fetched."""

import json
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from segdsl.plugin import Refused

# So much of a page is looked at; a saved JSON file may be larger, as it can't be read in part.
MAX_PAGE = 2_000_000
_MAX_JSON = 16_000_000
_OPTION = "pages"

_NOT_IN_NAMES = re.compile(r'[\x00-\x1f/\\:*?"<>|%]')
_HEADER = re.compile(r"([^\s:]+):[ \t]*(.*)")


@dataclass(frozen=True, slots=True)
class Page:
    """A saved page: its address if it is known, headers by name in small letters, and HTML.

    `is_cut` says that it is longer than what is looked at.
    """

    url: str
    headers: Mapping[str, tuple[str, ...]]
    html: str
    is_cut: bool


@dataclass(frozen=True, slots=True)
class Folder:
    """The plain files of a folder by name. Links are no plain files, so that nothing outside is ever read."""

    files: Mapping[str, str]

    def page(self, value: str) -> Page | str | None:
        """The page that a value names; a text says why it can't be read; None if there is none.

        The value is only compared with names of files, so it can't lead out of the folder, whatever it holds.
        """
        name = file_name(value)
        if f"{name}.json" in self.files:
            return _read_json(self.files[f"{name}.json"])
        if f"{name}.html" in self.files:
            return _read_html(self.files[f"{name}.html"], self.files.get(f"{name}.headers"))
        return None


def open_folder(path: Path) -> Folder:
    """The saved pages in a folder; `Refused` if there is no such folder."""
    try:
        with os.scandir(path) as entries:
            return Folder({e.name: e.path for e in entries if e.is_file(follow_symlinks=False)})
    except OSError as wrong:
        reason = (wrong.strerror or "unknown reason").lower()
        raise Refused(
            f"the folder `{path.name}` can't be read: {reason}",
            _OPTION,
            "a folder with NAME.html or NAME.json for each account",
        ) from wrong


def file_name(value: str) -> str:
    """The name, without its ending, of the file that holds the page of a value: signs that names can't hold as %2F."""
    return _NOT_IN_NAMES.sub(lambda sign: f"%{ord(sign[0]):02X}", value)


def _read_html(path: str, headers: str | None) -> Page | str:
    raw = _read(path, MAX_PAGE)
    if raw is None:
        return "a file that can't be opened"
    lines = (_read(headers, MAX_PAGE) or b"") if headers else b""
    named: dict[str, list[str]] = {}
    for line in _decode(lines).splitlines():
        found = _HEADER.fullmatch(line)
        if found:
            named.setdefault(found[1].lower(), []).append(found[2].strip())
    is_cut = len(raw) > MAX_PAGE
    return Page("", {name: tuple(values) for name, values in named.items()}, _decode(raw[:MAX_PAGE]), is_cut)


def _read_json(path: str) -> Page | str:
    raw = _read(path, _MAX_JSON)
    if raw is None:
        return "a file that can't be opened"
    if len(raw) > _MAX_JSON:
        return f"JSON of more than {_MAX_JSON // 1_000_000} MB"
    try:
        content = json.loads(raw)
    except (ValueError, RecursionError):
        return "not JSON"
    if not isinstance(content, dict) or not isinstance(content.get("html"), str):
        return "no JSON object with the text `html`"
    html, url = content["html"], content.get("url")
    headers: dict[str, list[str]] = {}
    for name, value in _json_headers(content.get("headers")):
        headers.setdefault(name.strip().lower(), []).append(_clean(value).strip())
    return Page(
        _clean(url) if isinstance(url, str) else "",
        {name: tuple(values) for name, values in headers.items()},
        _clean(html[:MAX_PAGE]),
        len(html) > MAX_PAGE,
    )


def _json_headers(headers: Any) -> Iterator[tuple[str, str]]:
    """Headers from an object of texts or lists of texts, or from a list of pairs."""
    pairs = headers.items() if isinstance(headers, dict) else headers if isinstance(headers, list) else ()
    for pair in pairs:
        match pair:
            case (str() as name, str() as value) | [str() as name, str() as value]:
                yield name, value
            case (str() as name, list() as values):
                yield from ((name, value) for value in values if isinstance(value, str))
            case _:
                continue


def _read(path: str, most: int) -> bytes | None:
    """The first bytes of a file, one more than `most` if there are more; None if it can't be opened."""
    try:
        with open(path, "rb") as file:
            return file.read(most + 1)
    except OSError:
        return None


def _decode(raw: bytes) -> str:
    return raw.decode("utf-8", "replace")


def _clean(text: str) -> str:
    """Text that can be written as UTF-8: JSON may hold halves of pairs of UTF-16 signs."""
    return text.encode("utf-8", "replace").decode("utf-8")
