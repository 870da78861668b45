"""The data that a run reads: where each source's rows come from, and what exactly they are."""

import hashlib
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.ipc as arrow_ipc

from segdsl.diagnostics import Diagnostic, Diagnostics, Label
from segdsl.diagnostics.suggestion import closest
from segdsl.engines.arrow.reading import DataFile
from segdsl.model.source import DerivedOrigin, FileOrigin, Source, StackedOrigin
from segdsl.plan.steps import Plan, Scan
from segdsl.project.paths import resolve_files
from segdsl.project.project import Project
from segdsl.project.settings import Settings
from segdsl.project.texts import unreadable
from segdsl.record import dataclass

Files = Mapping[str, tuple[DataFile, ...]]


@dataclass(frozen=True, slots=True)
class InputFile:
    """A file that is read: for which source (or set), what it is called, its size in bytes and its SHA-256."""

    reader: str
    file: str
    bytes: int
    sha256: str


def refuse_stand_ins(sources: Mapping[str, Source], named: Iterable[str], option: str) -> Diagnostics:
    """What is wrong with the names of sources that are to be read from elsewhere."""
    found = []
    for name in named:
        source = sources.get(name)
        match source.origin if source else None:
            case None:
                near = closest(name, sources)
                mend = f"did you mean `{near}`?" if near else f"the spec's sources are {_listed(sources)}"
                found.append(Diagnostic("SEG201", f"`{option} {name}`: the spec has no such source", help=mend))
            case DerivedOrigin(parent=parent):
                message = f"`{option} {name}`: `{name}` is made from `{parent}`"
                found.append(Diagnostic("SEG506", message, help=f"give another `{parent}`"))
            case StackedOrigin(parents=parents):
                message = f"`{option} {name}`: `{name}` is made from {_listed(parents)}"
                found.append(Diagnostic("SEG506", message, help="give others for those"))
            case FileOrigin():
                continue
    return tuple(found)


def resolve_inputs(
    project: Project, specs: Mapping[str, Path], plan: Plan, elsewhere: Mapping[str, str], tables: Iterable[str] = ()
) -> tuple[Files, Diagnostics]:
    """The files of each source that a plan reads.

    `specs` are the real paths of the spec and its imports, by name. `elsewhere` gives paths, seen from the present
    folder, for some sources; they may lie outside the project, for the user names them. Sources in `tables` are in
    memory and need no file.
    """
    files: dict[str, tuple[DataFile, ...]] = {}
    found: list[Diagnostic] = []
    given = frozenset(tables)
    for source in (step.source for step in plan.steps if isinstance(step, Scan)):
        if source.name in given or not isinstance(source.origin, FileOrigin):
            continue
        if source.name in elsewhere:
            resolved = _elsewhere(elsewhere[source.name])
        else:
            resolved = _resolve(project, specs, source, source.origin)
        if isinstance(resolved, Diagnostic):
            found.append(resolved)
        else:
            files[source.name] = resolved
    return files, tuple(found)


def _elsewhere(written: str) -> tuple[DataFile, ...] | Diagnostic:
    here = Path.cwd()
    # A project as wide as the disk: what the user names on the command line may be anywhere.
    paths = resolve_files(Project(Path(here.anchor), Settings()), here, written)
    if isinstance(paths, Diagnostic):
        return paths
    return tuple(DataFile(path, written if len(paths) == 1 else os.path.relpath(path)) for path in paths)


def _resolve(
    project: Project, specs: Mapping[str, Path], source: Source, origin: FileOrigin
) -> tuple[DataFile, ...] | Diagnostic:
    if not origin.path:
        mend = f"run with `--source {source.name}=PATH`, or write `from \"...\"` into the spec"
        return Diagnostic("SEG501", f"source `{source.name}` names no file", (Label(origin.span),), help=mend)
    paths = resolve_files(project, specs[origin.base].parent, origin.path, origin.span)
    if isinstance(paths, Diagnostic):
        return paths
    return tuple(DataFile(path, path.relative_to(project.root).as_posix()) for path in paths)


def identify(readers: Mapping[str, Iterable[DataFile]]) -> tuple[tuple[InputFile, ...], Diagnostics]:
    """Size and SHA-256 of every file, read once in pieces."""
    known: list[InputFile] = []
    found: list[Diagnostic] = []
    for reader, files in readers.items():
        for file in files:
            try:
                with file.path.open("rb") as opened:
                    digest = hashlib.file_digest(opened, "sha256").hexdigest()
                    known.append(InputFile(reader, file.shown, opened.tell(), digest))
            except OSError as failure:
                found.append(unreadable(file.shown, failure))
    return tuple(known), tuple(found)


class _Digest:
    """Takes the bytes of a stream and keeps nothing but their digest."""

    closed = False

    def __init__(self) -> None:
        self.digest = hashlib.sha256()
        self.size = 0

    def write(self, data: Any) -> int:
        self.digest.update(data)
        self.size += len(data)
        return len(data)

    def flush(self) -> None:
        return


def identify_table(reader: str, table: pa.Table) -> InputFile:
    """Size and SHA-256 of a table's Arrow stream in one batch."""
    sink = _Digest()
    whole = table.combine_chunks()
    with arrow_ipc.new_stream(pa.PythonFile(sink, "w"), whole.schema) as stream:
        stream.write_table(whole)
    return InputFile(reader, "", sink.size, sink.digest.hexdigest())


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)
