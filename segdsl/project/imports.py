"""A spec with everything it imports, each file read once."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

from segdsl.diagnostics import Diagnostic, Diagnostics, Label, SourceText, Span
from segdsl.project.paths import resolve
from segdsl.project.project import Project
from segdsl.project.texts import MAX_TEXT, name_beside, read_text
from segdsl.record import dataclass, field

MAX_FILES = 1_000
MAX_CHARACTERS = 4 * MAX_TEXT


@dataclass(frozen=True, slots=True)
class Import:
    """A path that a spec imports, and where it says so."""

    path: str
    span: Span


@dataclass(frozen=True, slots=True)
class LoadedTexts:
    """Texts and real paths of a spec and its imports, by the names shown to the user; the spec is first.

    Paths in a text are relative to the folder of its own file: `files[name].parent`.
    """

    texts: Mapping[str, SourceText]
    files: Mapping[str, Path]


def load_texts(
    project: Project, spec: Path, name: str, imports_of: Callable[[SourceText], Iterable[Import]]
) -> tuple[LoadedTexts, Diagnostics]:
    """Reads `spec` (shown as `name`), what it imports, what those import, and so on.

    `imports_of` is called once for each text. A file reached twice is read once. Files that import each
    other in a circle are SEG505; a path out of the project, a missing file, more than 1,000 files or too
    much text are diagnostics too, and loading goes on with the rest where it can.
    """
    loading = _Loading(project, imports_of)
    loading.open(spec, name, None)
    while loading.open_files:
        current, imports = loading.open_files[-1]
        wanted = next(imports, None)
        if wanted is None:
            loading.open_files.pop()
        else:
            loading.follow(current, wanted)
    loaded = LoadedTexts(MappingProxyType(loading.texts), MappingProxyType(loading.files))
    return loaded, tuple(loading.found)


@dataclass(frozen=True, slots=True)
class _Loading:
    """The state of one load: a stack of files whose imports are being followed; its depth has no limit."""

    project: Project
    imports_of: Callable[[SourceText], Iterable[Import]]
    names: dict[Path, str] = field(default_factory=dict)
    texts: dict[str, SourceText] = field(default_factory=dict)
    files: dict[str, Path] = field(default_factory=dict)
    open_files: list[tuple[str, Iterator[Import]]] = field(default_factory=list)
    found: list[Diagnostic] = field(default_factory=list)

    def open(self, file: Path, name: str, at: Span | None) -> None:
        text = read_text(file, name, at)
        if isinstance(text, Diagnostic):
            self.found.append(text)
            return
        self.names[file] = name
        self.texts[name] = text
        self.files[name] = file
        self.open_files.append((name, iter(self.imports_of(text))))

    def follow(self, current: str, wanted: Import) -> None:
        file = resolve(self.project, self.files[current].parent, wanted.path, wanted.span)
        if isinstance(file, Diagnostic):
            self.found.append(file)
        elif file in self.names:
            self._refuse_circle(self.names[file], wanted)
        elif self._has_room(wanted):
            self.open(file, name_beside(current, self.files[current].parent, file), wanted.span)

    def _refuse_circle(self, name: str, wanted: Import) -> None:
        chain = [opened for opened, _ in self.open_files]
        if name not in chain:
            return
        circle = [*chain[chain.index(name) :], name]
        message = (
            f"`{name}` imports itself"
            if len(circle) == 2
            else f"`{wanted.path}` leads back to the file that imports it"
        )
        note = "the circle: " + " -> ".join(circle)
        mend = "move what both need into a third file that imports neither"
        self.found.append(Diagnostic("SEG505", message, (Label(wanted.span),), notes=(note,), help=mend))

    def _has_room(self, wanted: Import) -> bool:
        if len(self.texts) < MAX_FILES and sum(len(text.text) for text in self.texts.values()) < MAX_CHARACTERS:
            return True
        self.open_files.clear()
        limit = f"{MAX_FILES:,} files or {MAX_CHARACTERS // 2**20} MB of text"
        message = f"the spec and its imports are more than {limit}"
        self.found.append(Diagnostic("SEG107", message, (Label(wanted.span),)))
        return False
