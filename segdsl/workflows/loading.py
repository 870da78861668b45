"""From what the user names to a checked model: reads, follows imports, reads lists, builds."""

import os
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from types import MappingProxyType

from segdsl.diagnostics import Diagnostic, Diagnostics, SourceText, has_errors
from segdsl.language import syntax as s
from segdsl.language.acceptances import Acceptance, accept, find_stale, read_acceptances
from segdsl.language.parser import parse
from segdsl.model.build import Outside, build_model
from segdsl.model.fitted_bodies import fitted_bodies
from segdsl.model.model import Model
from segdsl.plan.personal import personal_reads
from segdsl.plugin.registry import LoadedPlugins, load_plugins
from segdsl.project.constant_lists import read_list
from segdsl.project.fitted_files import fitted_place
from segdsl.project.imports import Import, LoadedTexts, load_texts
from segdsl.project.opening import OpenedProject, open_project
from segdsl.project.paths import resolve
from segdsl.project.project import Project
from segdsl.project.texts import name_beside, read_text
from segdsl.record import dataclass, field, replace
from segdsl.workflows.plugins_named import plugins_named

NOTHING_SET: Mapping[str, str] = MappingProxyType({})
NO_BODIES: Mapping[str, s.SegmentationDecl] = MappingProxyType({})
_UNKNOWN_NAME = "SEG201"


@dataclass(frozen=True, slots=True)
class ListFile:
    """A file that a set is read from: what messages call it, its real path and its values."""

    name: str
    path: Path
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FittedFile:
    """The fitted file of a spec: what messages call it, its real path, its text, and the segmentations it gives."""

    name: str
    path: Path
    text: SourceText
    tree: s.Tree
    bodies: Mapping[str, s.SegmentationDecl]


@dataclass(frozen=True, slots=True)
class Loaded:
    """A spec with everything it imports, as far as it could be read.

    `spec` is the spec's real path, or None where there is none; `name` is what the user calls it. `texts`, `files`
    (real paths) and `trees` are by the names that diagnostics use, the spec first; `texts` also holds segdsl.toml and
    the fitted file. `lists` are by the name of the set. There is a `model` where nothing but plugins is missing;
    `plugins` are those that the spec names, and `outside` is what the model was built with. `fitted` is None where the
    spec has no fitted file, or one that can't be read. `acceptances` are those of all these files.
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
    fitted: FittedFile | None = None
    acceptances: tuple[Acceptance, ...] = ()

    def accept(self, found: Diagnostics) -> Diagnostics:
        """What a verb found, with the reasons of those warnings that comments in the spec accept."""
        return accept(found, self.acceptances)

    @property
    def bodies(self) -> Mapping[str, s.SegmentationDecl]:
        """The segmentations that the fitted file gives."""
        return NO_BODIES if self.fitted is None else self.fitted.bodies


def with_fitted(
    loaded: Loaded, fitted: Mapping[str, s.SegmentationDecl], unnamed: frozenset[str] = frozenset()
) -> tuple[Model | None, Diagnostics]:
    """The model of a spec with these segments of segmentations that plugins find, and what is wrong with it then.

    They stand in the place of those of the fitted file: without any, all are to be found anew. What the spec says of
    the segments of `unnamed` ones isn't checked.
    """
    ordered = [loaded.trees[name] for name in loaded.files]
    return build_model(ordered, replace(loaded.outside, fitted=fitted, unnamed=unnamed))


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
    fitted, unfit = _read_fitted(opened, reading.trees)
    found = (*opened.diagnostics, *unread, *reading.mistakes, *unlisted, *unfit)
    known = {**texts.texts, **opened.texts, **({} if fitted is None else {fitted.name: fitted.text})}
    read = reading.trees if fitted is None else {**reading.trees, fitted.name: fitted.tree}
    if plugins is None:
        plugins = load_plugins(plugins_named(read, known), opened.project.settings)
    bodies = NO_BODIES if fitted is None else fitted.bodies
    outside = Outside(plugins.catalog, _values(lists), settings, date.today(), bodies)
    model, wrong = _build(texts, reading.trees, outside)
    quoted = () if model is None else personal_reads(model)
    wrong = (*plugins.diagnostics, *wrong, *quoted)
    if has_errors(unread):
        # What the unread file declares can't be known, so a name may well be in it.
        wrong = tuple(one for one in wrong if one.code != _UNKNOWN_NAME)
    acceptances, misread = read_acceptances(read.values())
    return Loaded(
        opened.project,
        opened.spec,
        opened.name,
        MappingProxyType(known),
        texts.files,
        MappingProxyType(reading.trees),
        MappingProxyType(lists),
        None if has_errors(found) or quoted else model,
        plugins,
        outside,
        _judged((*found, *wrong), acceptances, misread, opened.name),
        fitted,
        acceptances,
    )


def _judged(found: Diagnostics, acceptances: tuple[Acceptance, ...], misread: Diagnostics, spec: str) -> Diagnostics:
    """All that is wrong with a spec, also with what it accepts.

    Behind an error others may hide, so nothing is known to be stale then. Nor is it in an import: another spec may
    need it there.
    """
    stale = () if has_errors(found) else find_stale(found, acceptances, spec)
    return (*accept(found, acceptances), *misread, *stale)


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


def _read_fitted(opened: OpenedProject, trees: Mapping[str, s.Tree]) -> tuple[FittedFile | None, Diagnostics]:
    """The fitted file beside a spec, where there is one."""
    place = None if opened.spec is None else fitted_place(opened.spec)
    if place is None or not os.path.lexists(place):
        return None, ()
    assert opened.spec is not None
    name = name_beside(opened.name, opened.spec.parent, place)
    path = resolve(opened.project, place.parent, place.name)
    text = path if isinstance(path, Diagnostic) else read_text(path, name)
    if isinstance(path, Diagnostic) or isinstance(text, Diagnostic):
        return None, tuple(one for one in (path, text) if isinstance(one, Diagnostic))[:1]
    tree, mistakes = parse(text)
    bodies, wrong = fitted_bodies(trees.values(), tree)
    return FittedFile(name, path, text, tree, bodies), (*mistakes, *wrong)


def _values(lists: Mapping[str, ListFile]) -> Mapping[str, tuple[str, ...]]:
    return MappingProxyType({name: file.values for name, file in lists.items()})


def _build(texts: LoadedTexts, trees: Mapping[str, s.Tree], outside: Outside) -> tuple[Model | None, Diagnostics]:
    # Texts are in the order in which they were met, the spec first; a spec that can't be read has no tree.
    ordered = [trees[name] for name in texts.texts]
    return build_model(ordered, outside) if ordered else (None, ())
