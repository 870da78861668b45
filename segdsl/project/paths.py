"""Paths in a spec: relative to it, followed through symbolic links, and never out of the project."""

import os
import re
import stat
from itertools import islice
from pathlib import Path

from segdsl.diagnostics import Diagnostic, Label, Span
from segdsl.project.missing import suggest_path
from segdsl.project.patterns import has_signs, is_too_wide, matching_files, part_before_signs
from segdsl.project.project import Project
from segdsl.project.texts import unreadable

MAX_MATCHES = 10_000

_WINDOWS_ROOT = re.compile(r"[A-Za-z]:|\\\\")
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://")
_WANTED = "a path inside the project, relative to the spec, with `/`"


def resolve(
    project: Project, folder: Path, path: str, at: Span | None = None, folders: bool = False
) -> Path | Diagnostic:
    """The real file, with `folders` also folder, that `path` names, seen from `folder` (that of the spec that says it).

    Refused are a path out of the project, also through a symbolic link (SEG502), one that names nothing
    (SEG501), a folder, and what is no ordinary file (SEG503). An absolute path is good only inside the
    project.
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
        return _refuse("SEG501", f"`{path}` holds a character that no path can have", at)
    except (FileNotFoundError, NotADirectoryError):
        return _missing(project, folder, path, f"`{path}` doesn't exist", at)
    except OSError as failure:
        return unreadable(path, failure, at)
    if stat.S_ISDIR(mode) and folders:
        return real
    if stat.S_ISDIR(mode):
        mend = f"name a file in it, or all of a kind: `{path.rstrip('/')}/*.csv`"
        return _refuse("SEG503", f"`{path}` is a folder, not a file", at, mend=mend)
    if not stat.S_ISREG(mode):
        return _refuse("SEG503", f"`{path}` is a device or a pipe", at, "an ordinary file")
    return real


def resolve_files(
    project: Project, folder: Path, pattern: str, at: Span | None = None
) -> tuple[Path, ...] | Diagnostic:
    """The real files that a path or a pattern names, sorted by name; at least one, and each once.

    In a pattern `*` and `?` stand for characters of a name, `[...]` for one of some, and a part `**` for
    any folders. They pass over hidden files, and `**` doesn't follow links to folders. Every file is
    resolved on its own.
    """
    if not has_signs(pattern) or "\0" in pattern or os.path.lexists(folder / pattern):
        single = resolve(project, folder, pattern, at)
        return single if isinstance(single, Diagnostic) else (single,)
    refused = _refuse_form(pattern, at) or _refuse_pattern(project, folder, pattern, at)
    if refused is not None:
        return refused
    try:
        matches = list(islice(matching_files(folder, pattern), MAX_MATCHES + 1))
    except OSError as failure:
        return unreadable(pattern, failure, at)
    if len(matches) > MAX_MATCHES:
        return _refuse("SEG107", f"`{pattern}` matches more than {MAX_MATCHES:,} files", at)
    if not matches:
        return _missing(project, folder, pattern, f"no file matches `{pattern}`", at)
    files: list[Path] = []
    for match in sorted(matches):
        file = resolve(project, folder, match, at)
        if isinstance(file, Diagnostic):
            return file
        files.append(file)
    return tuple(dict.fromkeys(files))


def _refuse_form(path: str, at: Span | None) -> Diagnostic | None:
    """What can be said of a path without looking at the disk."""
    if not path.strip():
        return _refuse("SEG501", "the path is empty", at, _WANTED)
    if _ADDRESS.match(path):
        mend = "save the file in the project, or use a configured connection"
        return _refuse("SEG502", f"`{path}` is an address, not a file of the project", at, _WANTED, mend)
    if _WINDOWS_ROOT.match(path):
        name = re.split(r"[\\/:]", path)[-1]
        mend = f"put the file into the project and write `data/{name}`" if name else ""
        return _refuse("SEG502", f"`{path}` is a place on one Windows machine", at, _WANTED, mend)
    if "\\" in path:
        slashed = path.replace("\\", "/")
        return _refuse("SEG501", f"`{path}` is written with backslashes", at, _WANTED, f"write `{slashed}`")
    return None


def _refuse_pattern(project: Project, folder: Path, pattern: str, at: Span | None) -> Diagnostic | None:
    if is_too_wide(pattern):
        wanted = "no `..` after the first sign of a pattern, and `**` at most once"
        return _refuse("SEG501", f"`{pattern}` is too wide a pattern", at, wanted)
    before = Path(os.path.realpath(folder / part_before_signs(pattern)))
    return None if before.is_relative_to(project.root) else _outside(project, pattern, at)


def _outside(project: Project, path: str, at: Span | None) -> Diagnostic:
    wanted = f"a path inside `{project.root}`"
    mend = "move the file into the project, or put a segdsl.toml into a folder that holds both"
    return _refuse("SEG502", f"`{path}` leads out of the project", at, wanted, mend)


def _missing(project: Project, folder: Path, path: str, message: str, at: Span | None) -> Diagnostic:
    return _refuse("SEG501", message, at, mend=suggest_path(project.root, folder, path))


def _refuse(code: str, message: str, at: Span | None, expected: str = "", mend: str = "") -> Diagnostic:
    return Diagnostic(code, message, () if at is None else (Label(at),), expected, mend)
