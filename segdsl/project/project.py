"""The project that a spec belongs to: its root folder and its settings."""

import os
from pathlib import Path

from segdsl.diagnostics import Diagnostic, Diagnostics, SourceText
from segdsl.project.settings import MAX_SETTINGS, SETTINGS_FILE, Settings, read_settings
from segdsl.project.texts import name_beside, read_text
from segdsl.record import dataclass


@dataclass(frozen=True, slots=True)
class Project:
    """`root` is a real path: nothing that a spec names may lie outside it.

    `text` is the segdsl.toml, for showing what is wrong in it; None where the project has none.
    """

    root: Path
    settings: Settings
    text: SourceText | None = None

    @property
    def runs(self) -> Path:
        """The folder that holds the results of runs."""
        return self.root / self.settings.runs


def find_project(spec: Path, root: Path | None = None) -> tuple[Project, Diagnostics]:
    """The project of a spec or a folder: the nearest folder at or above it with a segdsl.toml, else its own.

    `root` takes the place of that search; a segdsl.toml in it is read.
    """
    real = _real(spec)
    is_folder = os.path.isdir(real)
    folder = real if is_folder else real.parent
    name = os.path.join(spec, "spec.seg") if is_folder else str(spec)
    if root is None:
        above = (folder, *folder.parents)
        found = next((one for one in above if os.path.lexists(one / SETTINGS_FILE)), folder)
        return _read_project(found, name, folder)
    real_root = _real(root)
    project, diagnostics = _read_project(real_root, name, folder)
    if not folder.is_relative_to(real_root):
        mend = "name a folder that holds the spec"
        outside = Diagnostic("SEG502", f"`{spec}` lies outside `{root}`", expected="a spec inside the root", help=mend)
        return project, (outside, *diagnostics)
    return project, diagnostics


def _read_project(root: Path, name: str, folder: Path) -> tuple[Project, Diagnostics]:
    file = root / SETTINGS_FILE
    if not os.path.lexists(file):
        return Project(root, Settings()), ()
    called = name_beside(name, folder, file)
    if os.path.exists(file) and not os.path.isfile(file):
        # Reading a pipe could wait forever; passing over what should hold settings would allow every plugin.
        message, mend = f"`{called}` is a folder, a pipe or a device", "put a text file in its place, or remove it"
        return Project(root, Settings()), (Diagnostic("SEG503", message, expected="a text file", help=mend),)
    text = read_text(file, called, limit=MAX_SETTINGS, mend="keep the settings in it only")
    if isinstance(text, Diagnostic):
        return Project(root, Settings()), (text,)
    settings, diagnostics = read_settings(text)
    return Project(root, settings, text), diagnostics


def _real(path: Path) -> Path:
    """The path with links followed; unlike `Path.resolve` it bears links in a circle and NUL characters."""
    try:
        return Path(os.path.realpath(path))
    except ValueError:
        return path.absolute()
