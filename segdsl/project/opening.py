"""What the argument of a verb means: a spec, or a folder that holds one."""

import os
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from segdsl.diagnostics import Diagnostic, Diagnostics, SourceText, has_errors
from segdsl.diagnostics.suggestion import closest
from segdsl.project.fitted_files import FITTED_ENDING, spec_name
from segdsl.project.paths import resolve
from segdsl.project.project import Project, find_project
from segdsl.project.toml_places import key_places
from segdsl.record import dataclass


@dataclass(frozen=True, slots=True)
class OpenedProject:
    """A project with the spec that the user means: its real path, and its name as the user would write it.

    `spec` is None where there is an error. `texts` holds what the diagnostics point into.
    """

    project: Project
    spec: Path | None
    name: str
    diagnostics: Diagnostics

    @property
    def texts(self) -> Mapping[str, SourceText]:
        text = self.project.text
        return MappingProxyType({} if text is None else {text.file: text})


def open_project(argument: Path, root: Path | None = None) -> OpenedProject:
    """The project and the spec that an argument of a verb means.

    A file is the spec. A folder means the `main` of a segdsl.toml in it, else its only spec (files that end
    in `.fitted.seg` belong to another spec and don't count).
    """
    project, diagnostics = find_project(argument, root)
    found: Path | Diagnostic
    if os.path.isdir(argument):
        found = _spec_of_folder(argument, project)
    elif argument.name.endswith(FITTED_ENDING):
        found = _fitted(argument)
    else:
        found = argument if os.path.lexists(argument) else _missing(argument)
    if isinstance(found, Diagnostic):
        return OpenedProject(project, None, str(argument), (*diagnostics, found))
    spec = None if has_errors(diagnostics) else Path(os.path.realpath(found))
    return OpenedProject(project, spec, os.path.normpath(found), diagnostics)


def _spec_of_folder(folder: Path, project: Project) -> Path | Diagnostic:
    main = project.settings.main
    if main is not None and project.text is not None and folder.resolve() == project.root:
        found = resolve(project, project.root, main, key_places(project.text).get(("project", "main")))
        return found if isinstance(found, Diagnostic) else folder / main
    specs = _specs(folder)
    match specs:
        case []:
            mend = "name a spec, or write a first one with `segdsl init FILE...`"
            return Diagnostic("SEG501", f"`{folder}` holds no spec", expected="a file that ends in `.seg`", help=mend)
        case [only]:
            return folder / only
        case _:
            named = ", ".join(f"`{name}`" for name in specs)
            mend = f'name one of them, or write `main = "{specs[0]}"` under `[project]` in segdsl.toml'
            return Diagnostic("SEG501", f"`{folder}` holds {len(specs)} specs: {named}", expected="one spec", help=mend)


def _specs(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.glob("*.seg") if not file.name.endswith(FITTED_ENDING))


def _fitted(file: Path) -> Diagnostic:
    spec = file.with_name(spec_name(file))
    message = f"`{file}` holds fitted segments and is read together with its spec"
    return Diagnostic("SEG507", message, expected="a spec", help=f"name `{spec}`")


def _missing(spec: Path) -> Diagnostic:
    siblings = _specs(spec.parent) if os.path.isdir(spec.parent) else []
    match = closest(spec.name, siblings)
    mend = f"did you mean `{spec.parent / match}`?" if match else ""
    return Diagnostic("SEG501", f"`{spec}` doesn't exist", help=mend)
