"""The data that a run reads: where each source's rows come from, and what exactly they are."""

import hashlib
import os
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

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
    scanned = [step.source for step in plan.steps if isinstance(step, Scan)]
    return resolve_sources(project, specs, scanned, elsewhere, tables)


def resolve_sources(
    project: Project,
    specs: Mapping[str, Path],
    sources: Iterable[Source],
    elsewhere: Mapping[str, str],
    tables: Iterable[str] = (),
) -> tuple[Files, Diagnostics]:
    """The files of some sources, as `resolve_inputs` finds them."""
    files: dict[str, tuple[DataFile, ...]] = {}
    found: list[Diagnostic] = []
    given = frozenset(tables)
    for source in sources:
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
        return replace(paths, help="a path on the command line is seen from the present folder")
    return tuple(DataFile(path, written if len(paths) == 1 else os.path.relpath(path)) for path in paths)


def _resolve(
    project: Project, specs: Mapping[str, Path], source: Source, origin: FileOrigin
) -> tuple[DataFile, ...] | Diagnostic:
    if not origin.path:
        mend = f'run with `--source {source.name}=PATH`, or write `from "..."` into the spec'
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


def store_tables(
    tables: Mapping[str, pa.Table], sources: Mapping[str, Source], folder: Path
) -> tuple[Files, tuple[InputFile, ...]]:
    """Tables as files in `folder`, so that they are read under the same contract as any file.

    A column may bear the name of the file's header or the one of the spec.
    """
    files: dict[str, tuple[DataFile, ...]] = {}
    known: list[InputFile] = []
    for number, (name, table) in enumerate(tables.items()):
        path = folder / f"{number}.arrow"
        whole = _with_headers(table, sources[name]).combine_chunks()
        with pa.OSFile(str(path), "wb") as sink, arrow_ipc.new_file(sink, whole.schema) as writer:
            writer.write_table(whole)
        file = DataFile(path, f"table {name}")
        files[name] = (file,)
        (stored,), _ = identify({name: (file,)})
        known.append(replace(stored, file=""))
    return files, tuple(known)


def _with_headers(table: pa.Table, source: Source) -> pa.Table:
    headers = {column.name: column.header for column in source.columns}
    there = frozenset(table.column_names)
    return table.rename_columns(
        [headers[name] if name in headers and headers[name] not in there else name for name in table.column_names]
    )


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)
