"""What to say when a path names nothing: the nearest name that is there, or what is there instead."""

import os
from pathlib import Path

from segdsl.diagnostics.suggestion import closest

_MANY = 5_000
_FEW = 5


def suggest_path(root: Path, folder: Path, path: str) -> str:
    """A mend for a path or pattern, seen from `folder`, that names nothing; empty when not inside `root`."""
    parts = path.split("/")
    known = 0
    while known + 1 < len(parts) and os.path.isdir(folder / "/".join(parts[: known + 1])):
        known += 1
    place = Path(os.path.realpath(folder / "/".join(parts[:known])))
    if not place.is_relative_to(root):
        return ""
    try:
        names = visible_names(place)[:_MANY]
    except OSError:
        return ""
    match = closest(parts[known], names)
    if match is not None:
        return f"did you mean `{'/'.join((*parts[:known], match, *parts[known + 1 :]))}`?"
    return _tell("/".join(parts[:known]), names)


def visible_names(folder: Path) -> list[str]:
    """The sorted names in a folder that don't start with a dot; none where there is no such folder.

    Raises OSError where a folder may not be listed.
    """
    try:
        with os.scandir(folder) as entries:
            return sorted(entry.name for entry in entries if not entry.name.startswith("."))
    except (FileNotFoundError, NotADirectoryError):
        return []


def _tell(folder: str, names: list[str]) -> str:
    where = f"`{folder}`" if folder else "the folder of the spec"
    if not names:
        return f"{where} is empty"
    more = f" and {len(names) - _FEW:,} more" if len(names) > _FEW else ""
    return f"{where} holds {', '.join(f'`{name}`' for name in names[:_FEW])}{more}"
