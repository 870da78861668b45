"""Patterns of file names: `*`, `?` and `[...]` within a name, `**` for any folders.

The standard library's glob follows links to folders, and so can walk in circles or far out of the project.
"""

import os
import re
from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from pathlib import Path

from segdsl.project.missing import visible_names

_SIGNS = re.compile(r"[*?[]")


def has_signs(path: str) -> bool:
    """Whether a path is a pattern."""
    return _SIGNS.search(path) is not None


def part_before_signs(pattern: str) -> str:
    """The folder that a pattern starts from, as written; `.` where it starts with a sign."""
    before = pattern[: _first_sign(pattern)]
    return before[: before.rfind("/") + 1] or "."


def is_too_wide(pattern: str) -> bool:
    """Whether a pattern could leave the folder it starts from or walk through it more than once."""
    return ".." in pattern[_first_sign(pattern) :].split("/") or pattern.split("/").count("**") > 1


def matching_files(folder: Path, pattern: str) -> Iterator[str]:
    """Paths, as written from `folder`, of the files that a pattern matches. Hidden names don't match."""
    return _below("", folder, pattern.split("/"))


def _first_sign(pattern: str) -> int:
    match = _SIGNS.search(pattern)
    return len(pattern) if match is None else match.start()


def _below(prefix: str, folder: Path, parts: Sequence[str]) -> Iterator[str]:
    head, rest = parts[0], parts[1:]
    if head == "**":
        for inner in _folders(prefix, folder):
            yield from _below(inner, folder, rest or ("*",))
    elif not has_signs(head):
        if rest:
            yield from _below(f"{prefix}{head}/", folder, rest)
        elif os.path.isfile(folder / f"{prefix}{head}"):
            yield f"{prefix}{head}"
    else:
        for name in visible_names(folder / prefix):
            if not fnmatchcase(name, head):
                continue
            is_folder = os.path.isdir(folder / prefix / name)
            if rest and is_folder:
                yield from _below(f"{prefix}{name}/", folder, rest)
            elif not rest and not is_folder:
                yield f"{prefix}{name}"


def _folders(prefix: str, folder: Path) -> Iterator[str]:
    """`prefix` and the folders below it: none hidden, none behind a link."""
    start = folder / prefix
    for place, inner, _ in os.walk(start):
        inner[:] = sorted(name for name in inner if not name.startswith("."))
        below = os.path.relpath(place, start)
        yield prefix if below == "." else f"{prefix}{below}/"
