"""The sample project, as a copy for the user."""

import os
import shutil
from importlib.resources import files
from pathlib import Path

from segdsl.diagnostics import Diagnostic

_UNWRITABLE = "SEG701"


def write_sample(place: Path) -> Diagnostic | None:
    """Copies the sample project into a folder that doesn't exist yet (or is empty): beside, then renamed."""
    origin = _sample_origin()
    if origin is None:
        return Diagnostic("SEG503", "this installation has no sample project", help="install segdsl again")
    if place.exists() and (not place.is_dir() or any(place.iterdir())):
        mend = "name a folder that doesn't exist yet"
        return Diagnostic(_UNWRITABLE, f"`{place}` exists already, and isn't an empty folder", help=mend)
    real = Path(os.path.abspath(place))
    beside = real.with_name(f".{real.name}.{os.getpid()}.tmp")
    try:
        real.parent.mkdir(parents=True, exist_ok=True)
        shutil.copytree(origin, beside, ignore=shutil.ignore_patterns("runs", "__pycache__", ".*"))
        if real.is_dir():
            real.rmdir()
        beside.rename(real)
    except OSError as failure:
        shutil.rmtree(beside, ignore_errors=True)
        reason = (failure.strerror or "unknown reason").lower()
        return Diagnostic(_UNWRITABLE, f"`{place}` can't be written: {reason}")
    return None


def _sample_origin() -> Path | None:
    """The sample inside an installed package, or the checkout's own."""
    package = Path(str(files("segdsl")))
    places = (package / "samples" / "quickstart", package.parent / "specs" / "quickstart")
    return next((place for place in places if place.is_dir()), None)
