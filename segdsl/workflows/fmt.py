"""`fmt`: specs in their canonical form."""

import difflib
import os
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path

from segdsl.diagnostics import Diagnostic, Diagnostics, SourceText, has_errors
from segdsl.language.formatter import format_tree
from segdsl.language.parser import parse
from segdsl.project.project import find_project
from segdsl.project.texts import read_text
from segdsl.record import dataclass
from segdsl.runs.staging import holds_run

ENDING = ".seg"


class Form(StrEnum):
    """What formatting found, or did."""

    KEPT = "unchanged"
    CHANGED = "changed"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Formatted:
    """One spec: its text, its canonical form, and what is wrong with it. What has errors keeps its text."""

    before: SourceText
    after: str
    form: Form
    diagnostics: Diagnostics


def format_text(text: SourceText) -> Formatted:
    """The canonical form of a text; line ends become `\\n`."""
    tree, mistakes = parse(text)
    if has_errors(mistakes):
        return Formatted(text, text.text, Form.REFUSED, mistakes)
    after = format_tree(tree, text.text)
    return Formatted(text, after, Form.KEPT if after == text.text else Form.CHANGED, mistakes)


def format_file(path: Path, write: bool) -> Formatted:
    """The canonical form of a file, written in its place if `write` and if that changes anything."""
    name = str(path)
    text = read_text(path, name)
    if isinstance(text, Diagnostic):
        return refuse(name, text)
    formatted = format_text(text)
    if write and formatted.form is Form.CHANGED:
        failure = replace_text(path, formatted.after)
        if failure is not None:
            return Formatted(text, text.text, Form.REFUSED, (failure,))
    return formatted


def refuse(name: str, failure: Diagnostic) -> Formatted:
    """What there is to say of a spec whose text could not be had."""
    return Formatted(SourceText(name, ""), "", Form.REFUSED, (failure,))


def specs_under(argument: Path) -> tuple[Path, ...] | Diagnostic:
    """The file itself, or every spec in a folder and below it, sorted.

    Hidden folders, links to folders and the folders of runs are passed over.
    """
    if not argument.is_dir():
        return (argument,)
    project, _ = find_project(argument)
    found = tuple(sorted(_specs(argument, project.runs)))
    if found:
        return found
    mend = "name a spec, or write a first one with `segdsl init FILE...`"
    return Diagnostic("SEG501", f"`{argument}` holds no spec", expected=f"files that end in `{ENDING}`", help=mend)


def _specs(folder: Path, runs: Path) -> Iterator[Path]:
    for place, folders, files in os.walk(folder):
        here = Path(place)
        folders[:] = [name for name in folders if not name.startswith(".") and not _is_of_runs(here / name, runs)]
        yield from (here / name for name in files if name.endswith(ENDING) and not name.startswith("."))


def _is_of_runs(folder: Path, runs: Path) -> bool:
    """Whether runs write a folder: the one for all of them, or that of one, wherever `--out` placed it."""
    return folder.resolve() == runs or holds_run(folder)


def replace_text(path: Path, text: str) -> Diagnostic | None:
    """Puts a text in the place of a file: written beside it, then renamed. Permissions are kept.

    A link stays a link: what it leads to is replaced.
    """
    real = Path(os.path.realpath(path))
    beside = real.with_name(f".{real.name}.{os.getpid()}.tmp")
    try:
        mode = real.stat().st_mode
        with beside.open("x", encoding="utf-8", newline="") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        beside.chmod(mode & 0o7777)
        beside.replace(real)
    except OSError as failure:
        beside.unlink(missing_ok=True)
        reason = (failure.strerror or "unknown reason").lower()
        return Diagnostic("SEG701", f"`{path}` can't be written: {reason}", help="the file is as it was before")
    return None


def difference(formatted: Formatted) -> str:
    """What formatting changes, as a unified diff; empty where it changes nothing."""
    before = formatted.before.text.splitlines(keepends=True)
    after = formatted.after.splitlines(keepends=True)
    lines = difflib.unified_diff(before, after, formatted.before.file, f"{formatted.before.file} (formatted)")
    return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)
