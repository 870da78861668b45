"""Names of files and folders, made from names in specs and data so that any file system bears them."""

import re
from collections.abc import Iterable
from datetime import datetime

_LONGEST = 100
_UNFIT = re.compile(r"[^\w.-]+")
# Windows keeps these names for devices, with any ending.
_DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)


def file_stem(name: str) -> str:
    """A file name without ending: letters, digits, `_`, `-` and inner dots of `name`, anything else as `_`."""
    stem = _UNFIT.sub("_", name).strip(".") or "_"
    stem = _shorten(stem)
    return f"_{stem}" if _DEVICES.match(stem) else stem


def _shorten(stem: str) -> str:
    """At most 100 bytes in UTF-8, cut between two characters."""
    return stem.encode()[:_LONGEST].decode(errors="ignore")


def distinct_stems(wanted: Iterable[str]) -> tuple[str, ...]:
    """A stem for each wanted name, no two alike, also where upper and lower case are the same."""
    stems: list[str] = []
    taken: set[str] = set()
    for name in wanted:
        stem, number = file_stem(name), 1
        candidate = stem
        # A list's control group is written beside it.
        while {candidate.casefold(), f"{candidate}.control".casefold()} & taken:
            number += 1
            candidate = f"{stem}-{number}"
        taken.update((candidate.casefold(), f"{candidate}.control".casefold()))
        stems.append(candidate)
    return tuple(stems)


def run_name(started: datetime, digest: str) -> str:
    """`2026-07-15T091500Z-1a2b3c4d`: the time of the start in UTC, and what was run on what."""
    return f"{started:%Y-%m-%dT%H%M%SZ}-{digest[:8]}"
