"""Files that appear at once: written beside their places under other names, then renamed."""

import os
from collections.abc import Callable, Mapping
from pathlib import Path

from segdsl.diagnostics import Diagnostic
from segdsl.runs.staging import CODE, unwritable


def place_file(place: Path, write: Callable[[Path], None], replace: bool) -> Diagnostic | None:
    """Writes a file by `write`, which is given the path to write to; why it could not be written, else None.

    Without `replace` another file is never touched.
    """
    beside = place.with_name(f".{place.name}.{os.getpid()}.tmp")
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        write(beside)
        if replace:
            beside.replace(place)
        else:
            os.link(beside, place)
    except FileExistsError:
        return _taken(place)
    except OSError as failure:
        return unwritable(place, failure)
    finally:
        _remove(beside)
    return None


def place_texts(texts: Mapping[Path, str]) -> Diagnostic | None:
    """Puts texts in the places of files; why it could not be done, else None.

    All are on the disk before the first takes its place, so a failure leaves every file as it was. A program that is
    killed between two renamings has placed the first ones only. Permissions are kept; a link is replaced.
    """
    beside = {place: place.with_name(f".{place.name}.{os.getpid()}.tmp") for place in texts}
    place = next(iter(texts))
    try:
        for place, text in texts.items():
            _write_through(beside[place], text)
            if place.exists():
                beside[place].chmod(place.stat().st_mode & 0o7777)
        for place in texts:
            beside[place].replace(place)
    except OSError as failure:
        return unwritable(place, failure, movable=False)
    finally:
        for path in beside.values():
            _remove(path)
    return None


def _write_through(path: Path, text: str) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def refuse_existing(place: Path) -> Diagnostic | None:
    """Why a sheet may not be written: something is there, and people may have filled it in."""
    return _taken(place) if os.path.lexists(place) else None


def _taken(place: Path) -> Diagnostic:
    note = "it may hold work of people or a record, so it is never written over"
    return Diagnostic(CODE, f"`{place}` is there already", notes=(note,), help="name another file, or remove that one")


def _remove(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError:
        # What can't be removed could not be written either, which is told.
        return
