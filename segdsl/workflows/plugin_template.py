"""`plugins new`: a package with a plugin that works and a test that is green, from templates that segdsl carries."""

import keyword
import os
import re
import shutil
from collections.abc import Iterator
from importlib.metadata import entry_points
from importlib.resources import files
from pathlib import Path
from string import Template

from segdsl.diagnostics import Diagnostic
from segdsl.language.keywords import RESERVED
from segdsl.plugin.registry import GROUP
from segdsl.types.aggregate import AGGREGATES
from segdsl.types.function import FUNCTIONS

KINDS = ("enricher", "function", "segmenter", "evaluator", "reader", "exporter", "section")
_NAME = re.compile(r"[a-z][a-z0-9_]{0,49}\Z")
_PACKAGE = "package"
_ENDING = ".txt"
_UNWRITABLE = "SEG701"

_EXAMPLES = {
    "enricher": "enrich accounts using {name} {{\n  first_words from name\n  words: 2\n}}",
    "function": "derive accounts {{\n  words = {name}(company_name)\n}}",
    "segmenter": "segmentation found for customers using {name} {{\n  by: seats\n}}",
    "evaluator": "evaluate fit against quality {{\n  require {name} of fit >= 0.9\n}}",
    "reader": 'source events from "events.txt" {{\n  read {{ format: {name} }}\n  id : text key\n}}',
    "exporter": 'audience call_first from customers {{\n  to "call_first.json" using {name} {{ indent: 4 }}\n}}',
    "section": "report using {name} {{\n}}",
}


def refuse_name(name: str) -> str:
    """Why a plugin can't have that name; empty if it can."""
    if not _NAME.match(name):
        return f"`{name}` is no name for a plugin: write small letters, digits and `_`, a letter first"
    if name in RESERVED or keyword.iskeyword(name):
        return f"`{name}` is a word of the language or of Python; choose another name"
    if name in FUNCTIONS or name in AGGREGATES:
        return f"`{name}` is a function of the language; choose another name"
    taken = [point.dist.name for point in entry_points(group=GROUP, name=name) if point.dist]
    return f"the package `{taken[0]}` already brings a plugin `{name}`; choose another name" if taken else ""


def write_plugin(name: str, kind: str, place: Path) -> Diagnostic | None:
    """Writes the package into a folder that doesn't exist yet (or is empty): beside, then renamed."""
    if place.exists() and (not place.is_dir() or any(place.iterdir())):
        mend = "name another folder with `--out DIR`"
        return Diagnostic(_UNWRITABLE, f"`{place}` exists already, and isn't an empty folder", help=mend)
    real = Path(os.path.abspath(place))
    beside = real.with_name(f".{real.name}.{os.getpid()}.tmp")
    try:
        for inside, text in _files(name, kind):
            (beside / inside).parent.mkdir(parents=True, exist_ok=True)
            (beside / inside).write_text(text, encoding="utf-8", newline="")
        if real.is_dir():
            real.rmdir()
        beside.rename(real)
    except OSError as failure:
        shutil.rmtree(beside, ignore_errors=True)
        return Diagnostic(_UNWRITABLE, f"`{place}` can't be written: {(failure.strerror or 'unknown reason').lower()}")
    return None


def _files(name: str, kind: str) -> Iterator[tuple[Path, str]]:
    """The files of the package, by their place in it."""
    words = {
        "name": name,
        "dashed": name.replace("_", "-"),
        "kind": kind,
        "article": "An" if kind[0] in "aeiou" else "A",
        "example": "".join(f"    {line}\n" for line in _EXAMPLES[kind].format(name=name).splitlines()).rstrip("\n"),
    }
    templates = Path(str(files("segdsl"))) / "plugin" / "templates"
    for folder in (templates / "shared", templates / kind):
        for file in sorted(folder.rglob(f"*{_ENDING}")):
            inside = file.relative_to(folder).with_suffix("")
            parts = (f"segdsl_{name}" if part == _PACKAGE else part for part in inside.parts)
            yield Path(*parts), Template(file.read_text(encoding="utf-8")).substitute(words)
