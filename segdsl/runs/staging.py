"""A folder that appears at once: written beside its place under another name, then renamed.

A run that fails, is stopped or finds the disk full leaves what was there before as it was. What a killed run leaves
beside is recognised by its name and removed by a later one.
"""

import errno
import json
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from segdsl.diagnostics import Diagnostic

MANIFEST = "manifest.json"
CODE = "SEG701"
_OWN_KEYS = frozenset({"shape", "digest", "spec", "counts", "run"})
_WRITTEN = frozenset(
    f"""
    attrition.csv audiences enriched evaluation evaluation.csv hypotheses.csv {MANIFEST} members plan.json plugins
    proxies_by_grade.csv report.txt requirements.csv scores sections segments.csv spec
    """.split()
)
_PART = ".segdsl-part-"
_ASIDE = ".segdsl-aside-"
# Writing takes seconds or minutes, so what is this old belongs to no run any more.
_LEFT_OVER_SECONDS = 3600


def refuse_place(out: Path) -> Diagnostic | None:
    """Why a run may not write to `out`: something else is there already. Asked before any work is done."""
    if not os.path.lexists(out) or is_run_folder(out) or _is_empty_folder(out):
        return None
    what = "a folder with other things in it" if out.is_dir() else "a file"
    mend = "name a new folder, or one that an earlier run has written"
    return Diagnostic(CODE, f"`{out}` is {what}", expected="a place for a run folder", help=mend)


def refuse_linked(folder: Path, root: Path) -> Diagnostic | None:
    """Why a folder of the project's own may not be written to: a symbolic link leads out of the project."""
    real = Path(os.path.realpath(folder))
    if real.is_relative_to(root):
        return None
    found = f"`{folder.name}` is a link that leads out of the project, to `{real}`"
    mend = "make it a folder, or name the place with `--out DIR`"
    return Diagnostic(CODE, found, expected=f"a folder inside `{root}`", help=mend)


def is_run_folder(folder: Path) -> bool:
    """Whether an earlier run has written a folder: its manifest is a run's, and nothing else stands in it."""
    if folder.is_symlink() or not holds_run(folder):
        return False
    try:
        return {entry.name for entry in folder.iterdir()} <= _WRITTEN
    except OSError:
        return False


def holds_run(folder: Path) -> bool:
    """Whether the manifest of a run stands in a folder, whatever else does."""
    try:
        manifest = json.loads((folder / MANIFEST).read_bytes())
    except (OSError, ValueError):
        return False
    return isinstance(manifest, dict) and manifest.keys() >= _OWN_KEYS


def _is_empty_folder(folder: Path) -> bool:
    return folder.is_dir() and not folder.is_symlink() and not any(folder.iterdir())


@contextmanager
def staged(parent: Path) -> Iterator[Path]:
    """A new folder in `parent`, removed at the end unless it was moved into its place. Raises OSError.

    What earlier runs that were killed left in `parent` is removed, too.
    """
    parent.mkdir(parents=True, exist_ok=True)
    _recover(parent)
    folder = _new_folder(parent, _PART)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def place_anew(folder: Path, name: str) -> Path:
    """Moves a staged folder to `name` beside it, or to `name-2` and so on if that is taken."""
    for number in count(1):
        place = folder.with_name(name if number == 1 else f"{name}-{number}")
        if not os.path.lexists(place):
            try:
                return folder.rename(place)
            except OSError:
                # Another run was faster: its folder isn't empty.
                if not os.path.lexists(place):
                    raise
    raise AssertionError("counting has no end")


def place_over(folder: Path, place: Path) -> Path:
    """Moves a staged folder to `place`, beside it, in the stead of an earlier run folder there."""
    if not is_run_folder(place):
        return folder.rename(place)
    aside = folder.with_name(f"{_ASIDE}{os.getpid()}-{place.name}")
    place.rename(aside)
    moved = False
    try:
        folder.rename(place)
        moved = True
    finally:
        if not moved:
            aside.rename(place)
    shutil.rmtree(aside, ignore_errors=True)
    return place


def _new_folder(parent: Path, prefix: str) -> Path:
    for number in count():
        folder = parent / f"{prefix}{os.getpid()}-{number}"
        try:
            folder.mkdir()
            return folder
        except FileExistsError:
            continue
    raise AssertionError("counting has no end")


def _recover(parent: Path) -> None:
    """Puts back a run folder that was moved aside by a run that died, and removes what else was left over."""
    for entry in sorted(parent.iterdir()):
        if entry.name.startswith((_PART, _ASIDE)) and _is_old(entry):
            place = entry.with_name(entry.name.removeprefix(_ASIDE).partition("-")[2])
            if entry.name.startswith(_ASIDE) and not os.path.lexists(place):
                entry.rename(place)
            else:
                shutil.rmtree(entry, ignore_errors=True)


def _is_old(folder: Path) -> bool:
    try:
        return time.time() - folder.stat().st_mtime > _LEFT_OVER_SECONDS
    except FileNotFoundError:
        return False


def unwritable(place: Path, failure: OSError, movable: bool = True) -> Diagnostic:
    """Why results can't be written, in plain words; `movable` where `--out` can name another place for them."""
    reason = (failure.strerror or str(failure) or "unknown reason").lower()
    match failure.errno:
        case errno.ENOSPC | errno.EDQUOT:
            found = f"there is no room left for the results in `{place}`"
            mend = "free some space, or name another place with `--out DIR`" if movable else "free some space"
        case errno.EACCES | errno.EPERM | errno.EROFS:
            found = f"`{place}` may not be written: {reason}"
            mend = "name another place with `--out DIR`" if movable else "make the folder writable"
        case _:
            found = f"the results can't be written to `{place}`: {reason}"
            mend = ""
    note = "what was there before is as it was"
    return Diagnostic(CODE, found, notes=(note,), help=mend)
