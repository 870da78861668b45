"""From what the user names to a checked model: reads, follows imports, reads lists, builds."""

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from types import MappingProxyType

from segdsl.diagnostics import Diagnostic, Diagnostics, SourceText, has_errors
from segdsl.language import syntax as s
from segdsl.language.parser import parse
from segdsl.model.build import Outside, build_model
from segdsl.model.model import Model
from segdsl.plugin.registry import LoadedPlugins, load_plugins
from segdsl.project.constant_lists import read_list
from segdsl.project.imports import Import, LoadedTexts, load_texts
from segdsl.project.opening import open_project
from segdsl.project.paths import resolve
from segdsl.project.project import Project
from segdsl.record import dataclass, field, replace
from segdsl.workflows.plugins_named import plugins_named

NOTHING_SET: Mapping[str, str] = MappingProxyType({})
_UNKNOWN_NAME = "SEG201"


@dataclass(frozen=True, slots=True)
class ListFile:
    """A file that a set is read from: what messages call it, its real path and its values."""

    name: str
    path: Path
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Loaded:
    """A spec with everything it imports, as far as it could be read.

    `spec` is the spec's real path, or None where there is none; `name` is what the user calls it. `texts`, `files`
    (real paths) and `trees` are by the names that diagnostics use, the spec first; `texts` also holds segdsl.toml.
    `lists` are by the name of the set. There is a `model` where nothing but plugins is missing; `plugins` are those
    that the spec names, and `outside` is what the model was built with.
    """

    project: Project
    spec: Path | None
    name: str
    texts: Mapping[str, SourceText]
    files: Mapping[str, Path]
    trees: Mapping[str, s.Tree]
    lists: Mapping[str, ListFile]
    model: Model | None
    plugins: LoadedPlugins
    outside: Outside
    diagnostics: Diagnostics


def with_fitted(loaded: Loaded, fitted: Mapping[str, s.SegmentationDecl]) -> tuple[Model | None, Diagnostics]:
    """The model of a spec whose segmentations plugins found, and what is wrong with it then."""
    ordered = [loaded.trees[name] for name in loaded.files]
    return build_model(ordered, replace(loaded.outside, fitted=fitted))


def load(
    argument: Path,
    root: Path | None = None,
    settings: Mapping[str, str] = NOTHING_SET,
    plugins: LoadedPlugins | None = None,
) -> Loaded:
    """The spec that `argument` (a file, or a folder that holds one) means, checked.

    `root` takes the place of the project's root; `settings` are parameters as written on the command line. `plugins`
    stand in for those that are installed.
    """
    opened = open_project(argument, root)
    reading = _Reading()
    texts = LoadedTexts({}, {})
    unread: Diagnostics = ()
    if opened.spec is not None:
        texts, unread = load_texts(opened.project, opened.spec, opened.name, reading.imports)
    lists, unlisted = _read_lists(opened.project, texts, reading.trees.values())
    found = (*opened.diagnostics, *unread, *reading.mistakes, *unlisted)
    if plugins is None:
        plugins = load_plugins(plugins_named(reading.trees, texts.texts), opened.project.settings)
    outside = Outside(plugins.catalog, _values(lists), settings, date.today())
    model, wrong = _build(texts, reading.trees, outside)
    wrong = (*plugins.diagnostics, *wrong)
    if has_errors(unread):
        # What the unread file declares can't be known, so a name may well be in it.
        wrong = tuple(one for one in wrong if one.code != _UNKNOWN_NAME)
    return Loaded(
        opened.project,
        opened.spec,
        opened.name,
        MappingProxyType({**texts.texts, **opened.texts}),
        texts.files,
        MappingProxyType(reading.trees),
        MappingProxyType(lists),
        None if has_errors(found) else model,
        plugins,
        outside,
        (*found, *wrong),
    )


@dataclass(frozen=True, slots=True)
class _Reading:
    """Parses each text once, on the way to its imports."""

    trees: dict[str, s.Tree] = field(default_factory=dict)
    mistakes: list[Diagnostic] = field(default_factory=list)

    def imports(self, text: SourceText) -> tuple[Import, ...]:
        tree, mistakes = parse(text)
        self.trees[text.file] = tree
        self.mistakes.extend(mistakes)
        return tuple(
            Import(str(declared.path.value), declared.path.span)
            for declared in tree.declarations
            if isinstance(declared, s.ImportDecl)
        )


def _read_lists(
    project: Project, texts: LoadedTexts, trees: Iterable[s.Tree]
) -> tuple[dict[str, ListFile], Diagnostics]:
    lists: dict[str, ListFile] = {}
    found: list[Diagnostic] = []
    for tree in trees:
        for declared in tree.declarations:
            if isinstance(declared, s.SetDecl) and declared.path is not None:
                name = str(declared.path.value)
                read = _read_list(project, texts.files[tree.file].parent, name, declared)
                if isinstance(read, Diagnostic):
                    found.append(read)
                else:
                    lists[declared.name.text] = read
    return lists, tuple(found)


def _read_list(project: Project, folder: Path, name: str, declared: s.SetDecl) -> ListFile | Diagnostic:
    assert declared.path is not None
    path = resolve(project, folder, name, declared.path.span)
    if isinstance(path, Diagnostic):
        return path
    values = read_list(path, name, declared.path.span)
    return values if isinstance(values, Diagnostic) else ListFile(name, path, values)


def _values(lists: Mapping[str, ListFile]) -> Mapping[str, tuple[str, ...]]:
    return MappingProxyType({name: file.values for name, file in lists.items()})


def _build(texts: LoadedTexts, trees: Mapping[str, s.Tree], outside: Outside) -> tuple[Model | None, Diagnostics]:
    # Texts are in the order in which they were met, the spec first; a spec that can't be read has no tree.
    ordered = [trees[name] for name in texts.texts]
    return build_model(ordered, outside) if ordered else (None, ())
