"""The files and folders that options of plugins name."""

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path

from segdsl.diagnostics import Diagnostic, Diagnostics
from segdsl.model.model import Model
from segdsl.model.plugin_use import PluginOption
from segdsl.project.paths import resolve
from segdsl.project.project import Project
from segdsl.project.texts import unreadable
from segdsl.record import dataclass
from segdsl.runs.inputs import InputFile

PathsByOption = Mapping[tuple[int, str], tuple[Path, ...]]


@dataclass(frozen=True, slots=True)
class PluginFiles:
    """What the options of a spec's enrichers name: real paths by block and option, and what exactly they are."""

    paths: PathsByOption
    identities: tuple[InputFile, ...]


def plugin_files(project: Project, specs: Mapping[str, Path], model: Model) -> tuple[PluginFiles, Diagnostics]:
    """The files that options name, seen from the spec that says so, and never out of the project.

    `specs` are the real paths of the spec and its imports, by name.
    """
    paths: dict[tuple[int, str], tuple[Path, ...]] = {}
    known: dict[tuple[str, str], InputFile] = {}
    found: list[Diagnostic] = []
    for enrichment in model.enrichments:
        for option in enrichment.options:
            resolved = [
                resolve(project, specs[option.span.file].parent, text, option.span, folders=True)
                for text in _texts(option)
            ]
            found += [one for one in resolved if isinstance(one, Diagnostic)]
            real = tuple(one for one in resolved if isinstance(one, Path))
            if option.is_path:
                paths[enrichment.number, option.name] = real
            for path in real:
                shown = path.relative_to(project.root).as_posix()
                identity = _identity(enrichment.plugin, shown, path)
                if isinstance(identity, Diagnostic):
                    found.append(identity)
                else:
                    known[enrichment.plugin, shown] = identity
    return PluginFiles(paths, tuple(known.values())), tuple(dict.fromkeys(found))


def _texts(option: PluginOption) -> Iterator[str]:
    if option.is_path:
        values = option.value if isinstance(option.value, tuple) else (option.value,)
        yield from (value for value in values if isinstance(value, str))


def _identity(plugin: str, shown: str, path: Path) -> InputFile | Diagnostic:
    """Size and SHA-256 of a file; of a folder, of the names, sizes and contents of all files in it."""
    try:
        if path.is_file():
            size, digest = _content(path)
            return InputFile(plugin, shown, size, digest)
        whole = hashlib.sha256()
        total = 0
        for inner in sorted(one for one in path.rglob("*") if one.is_file()):
            size, digest = _content(inner)
            whole.update(f"{inner.relative_to(path).as_posix()}\0{size}\0{digest}\n".encode())
            total += size
        return InputFile(plugin, shown, total, whole.hexdigest())
    except OSError as failure:
        return unreadable(shown, failure)


def _content(path: Path) -> tuple[int, str]:
    with path.open("rb") as opened:
        digest = hashlib.file_digest(opened, "sha256").hexdigest()
        return opened.tell(), digest
