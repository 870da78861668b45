"""The lock of a fitted file: what its segments were learned from (schema: fitted_lock.schema.json beside)."""

import json
import os
from pathlib import Path
from typing import Any

from segdsl.diagnostics import Diagnostic
from segdsl.project.paths import resolve
from segdsl.project.project import Project
from segdsl.project.texts import read_text
from segdsl.record import dataclass
from segdsl.runs.inputs import InputFile
from segdsl.runs.program import NAME, own_version

SCHEMA = Path(__file__).with_name("fitted_lock.schema.json")
SHAPE = 1

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Lock:
    """What is known of where fitted segments come from: `entries` by segmentation, or in `reason` why nothing is."""

    name: str
    entries: Json
    reason: str = ""


def read_lock(project: Project, place: Path, name: str) -> Lock:
    """The lock at a place, which messages call `name`. One that is absent or can't be read knows of nothing."""
    if not os.path.lexists(place):
        return Lock(name, {}, f"there is no `{name}`")
    path = resolve(project, place.parent, place.name)
    text = path if isinstance(path, Diagnostic) else read_text(path, name)
    if isinstance(text, Diagnostic):
        return Lock(name, {}, text.message)
    try:
        found = json.loads(text.text)
    except (ValueError, RecursionError):
        return Lock(name, {}, f"`{name}` isn't JSON")
    if isinstance(found, dict) and isinstance(found.get("shape"), int) and found["shape"] > SHAPE:
        return Lock(name, {}, f"`{name}` was written by a later version")
    fault = _fault(found)
    return Lock(name, {}, f"`{name}` is garbled: {fault}") if fault else Lock(name, found["segmentations"])


def _fault(found: object) -> str:
    """What breaks the schema first, in a few words; empty where nothing does."""
    from jsonschema import Draft202012Validator  # noqa: PLC0415  (only a spec with fitted segments needs it)

    validator = Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))
    error = next(iter(validator.iter_errors(found)), None)
    if error is None:
        return ""
    place = ".".join(str(part) for part in error.absolute_path)
    return f"`{place}` isn't as it should be" if place else "it isn't the lock of a fitted file"


def lock_value(spec: str, fitted: str, sha256: str, entries: Json) -> Json:
    """A lock as it is written."""
    return {
        "shape": SHAPE,
        NAME: own_version(),
        "spec": spec,
        "fitted": {"file": fitted, "sha256": sha256},
        "segmentations": entries,
    }


def file_read(one: InputFile) -> Json:
    """A file that was read, as a lock holds it."""
    return {"by": one.reader, "file": one.file or None, "bytes": one.bytes, "sha256": one.sha256}
