"""Paths in a spec: relative to it, followed through symbolic links, and never out of the project."""

import os
import re
import stat
from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase
from itertools import islice
from pathlib import Path

from segdsl.diagnostics import Diagnostic, Label, Span
from segdsl.diagnostics.suggestion import closest
from segdsl.project.project import Project

MAX_MATCHES = 10_000

_MANY_NAMES = 5_000
_FEW_NAMES = 5
_WINDOWS_ROOT = re.compile(r"[A-Za-z]:|\\\\")
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://")
_MAGIC = re.compile(r"[*?[]")
_PATH_WANTED = "a path inside the project, relative to the spec, with `/`"


def resolve(project: Project, folder: Path, path: str, at: Span | None = None) -> Path | Diagnostic:
    """The real file that `path` names, seen from `folder` (that of the spec that says it).

    Refused are a path out of the project, also through a symbolic link (SEG502), one that names nothing (SEG501), a
    folder, and what is no ordinary file (SEG503). An absolute path is good only inside the project.
    """
    refused = _refuse_form(path, at)
    if refused is not None:
        return refused
    try:
        real = Path(os.path.realpath(folder / path))
        if not real.is_relative_to(project.root):
            return _outside(project, path, at)
        mode = real.stat().st_mode
    except ValueError:
        return _diagnostic("SEG501", f"`{path}` holds a character that no path can have", at)
    except OSError as failure:
        return _not_opened(project, folder, path, failure, at)
    if stat.S_ISDIR(mode):
        mend = f"name a file in it, or all of a kind: `{path.rstrip('/')}/*.csv`"
        return _diagnostic("SEG503", f"`{path}` is a folder, not a file", at, mend=mend)
    if not stat.S_ISREG(mode):
        return _diagnostic("SEG503", f"`{path}` is a device or a pipe", at, "an ordinary file")
    return real


def resolve_files(
    project: Project, folder: Path, pattern: str, at: Span | None = None
) -> tuple[Path, ...] | Diagnostic:
    """The real files that a path or a pattern names, sorted by their names; at least one, and each once.

    In a pattern `*` and `?` stand for characters of a name, `[...]` for one of some, and a part `**` for any folders.
    They pass over hidden files, and `**` doesn't follow links to folders. Every file is resolved on its own.
    """
    if not _MAGIC.search(pattern) or "\0" in pattern or os.path.lexists(folder / pattern):
        single = resolve(project, folder, pattern, at)
        return single if isinstance(single, Diagnostic) else (single,)
    refused = _refuse_form(pattern, at) or _refuse_pattern(project, folder, pattern, at)
    if refused is not None:
        return refused
    try:
        matches = sorted(set(islice(_matches("", folder, pattern.split("/")), MAX_MATCHES + 1)))
    except OSError as failure:
        return _not_opened(project, folder, pattern, failure, at)
    if len(matches) > MAX_MATCHES:
        return _diagnostic("SEG107", f"`{pattern}` matches more than {MAX_MATCHES:,} files", at)
    if not matches:
        return _missing(project, folder, pattern, f"no file matches `{pattern}`", at)
    files = [resolve(project, folder, match, at) for match in matches]
    broken = next((file for file in files if isinstance(file, Diagnostic)), None)
    return broken or tuple(dict.fromkeys(file for file in files if isinstance(file, Path)))


def _refuse_form(path: str, at: Span | None) -> Diagnostic | None:
    """What can be said of a path without looking at the disk."""
    if not path.strip():
        return _diagnostic("SEG501", "the path is empty", at, _PATH_WANTED)
    if _ADDRESS.match(path):
        mend = "save the file in the project, or use a configured connection"
        return _diagnostic("SEG502", f"`{path}` is an address, not a file of the project", at, _PATH_WANTED, mend)
    if _WINDOWS_ROOT.match(path):
        name = re.split(r"[\\/]", path)[-1] or "file.csv"
        mend = f"put the file into the project and write `data/{name}`"
        return _diagnostic("SEG502", f"`{path}` is a place on one Windows machine", at, _PATH_WANTED, mend)
    if "\\" in path:
        mend = f"write `{path.replace(chr(92), '/')}`"
        return _diagnostic("SEG501", f"`{path}` is written with backslashes", at, _PATH_WANTED, mend)
    return None


def _refuse_pattern(project: Project, folder: Path, pattern: str, at: Span | None) -> Diagnostic | None:
    parts = pattern.split("/")
    first = next(index for index, part in enumerate(parts) if _MAGIC.search(part))
    if ".." in parts[first:] or parts.count("**") > 1:
        wanted = "no `..` after the first sign, and `**` once at most"
        return _diagnostic("SEG501", f"`{pattern}` is too wide a pattern", at, wanted)
    before = Path(os.path.realpath(folder / ("/".join(parts[:first]) or ("/" if first else "."))))
    return None if before.is_relative_to(project.root) else _outside(project, pattern, at)


def _matches(prefix: str, folder: Path, parts: list[str]) -> Iterator[str]:
    """Names, as written from `folder`, of the files below `prefix` that the parts of a pattern match."""
    head, rest = parts[0], parts[1:]
    if head == "**":
        for inner in _folders(prefix, folder):
            yield from _matches(inner, folder, rest or ["*"])
    elif not _MAGIC.search(head):
        path = f"{prefix}{head}"
        if rest:
            yield from _matches(f"{path}/", folder, rest)
        elif (folder / path).is_file():
            yield path
    else:
        for name in _names(folder / prefix):
            if not fnmatchcase(name, head) or (name.startswith(".") and not head.startswith(".")):
                continue
            if rest and (folder / prefix / name).is_dir():
                yield from _matches(f"{prefix}{name}/", folder, rest)
            elif not rest and not (folder / prefix / name).is_dir():
                yield f"{prefix}{name}"


def _folders(prefix: str, folder: Path) -> Iterator[str]:
    """`prefix` and the folders below it, none hidden, none behind a link."""
    for place, inner, _ in os.walk(folder / prefix):
        inner[:] = sorted(name for name in inner if not name.startswith("."))
        below = os.path.relpath(place, folder / prefix)
        yield prefix if below == "." else f"{prefix}{below}/"


def _names(folder: Path) -> list[str]:
    try:
        with os.scandir(folder) as entries:
            return sorted(entry.name for entry in entries)
    except (FileNotFoundError, NotADirectoryError):
        return []


def _outside(project: Project, path: str, at: Span | None) -> Diagnostic:
    return Diagnostic(
        "SEG502",
        f"`{path}` leads out of the project",
        () if at is None else (Label(at),),
        expected=f"a path inside `{project.root}`",
        help="move the file into the project, or put a segdsl.toml into a folder that holds both",
    )


def _not_opened(project: Project, folder: Path, path: str, failure: OSError, at: Span | None) -> Diagnostic:
    match failure:
        case FileNotFoundError() | NotADirectoryError():
            return _missing(project, folder, path, f"`{path}` doesn't exist", at)
        case PermissionError():
            mend = "ask its owner for the right to read it"
            return _diagnostic("SEG503", f"`{path}` may not be read by this user", at, mend=mend)
        case _:
            reason = (failure.strerror or "unknown reason").lower()
            return _diagnostic("SEG503", f"`{path}` can't be read: {reason}", at)


def _missing(project: Project, folder: Path, path: str, message: str, at: Span | None) -> Diagnostic:
    """A file that isn't there, with the nearest name that is, or what else is in the folder."""
    parts = path.split("/")
    for index, part in enumerate(parts):
        place = Path(os.path.realpath(folder / ("/".join(parts[:index]) + "/" if index else "")))
        inside = place.is_relative_to(project.root)
        is_last_that_exists = index + 1 == len(parts) or not (folder / "/".join(parts[: index + 1])).exists()
        if not is_last_that_exists or not inside:
            continue
        names = list(islice((name for name in _names(place) if not name.startswith(".")), _MANY_NAMES))
        match = closest(part, names)
        if match is not None and match != part:
            meant = "/".join((*parts[:index], match, *parts[index + 1 :]))
            return _diagnostic("SEG501", message, at, mend=f"did you mean `{meant}`?")
        return _diagnostic("SEG501", message, at, mend=_contents("/".join(parts[:index]), names))
    return _diagnostic("SEG501", message, at)


def _contents(folder: str, names: list[str]) -> str:
    where = f"`{folder}`" if folder else "the folder of the spec"
    if not names:
        return f"{where} is empty"
    more = f" and {len(names) - _FEW_NAMES:,} more" if len(names) > _FEW_NAMES else ""
    return f"{where} holds {', '.join(f'`{name}`' for name in names[:_FEW_NAMES])}{more}"


def _diagnostic(code: str, message: str, at: Span | None, expected: str = "", mend: str = "") -> Diagnostic:
    return Diagnostic(code, message, () if at is None else (Label(at),), expected, mend)
