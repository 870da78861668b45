"""The project that a spec belongs to: its root folder and its settings."""

from dataclasses import dataclass
from pathlib import Path

from segdsl.diagnostics import Diagnostic, Diagnostics, SourceText
from segdsl.project.settings import SETTINGS_FILE, Settings, read_settings
from segdsl.project.texts import name_beside, read_text


@dataclass(frozen=True, slots=True)
class Project:
    """`root` is a real path: nothing that a spec names may lie outside it.

    `text` is the segdsl.toml, for showing what is wrong in it; None where the project has none.
    """

    root: Path
    settings: Settings = Settings()
    text: SourceText | None = None

    @property
    def runs(self) -> Path:
        """The folder that holds the results of runs."""
        return self.root / self.settings.runs


def find_project(spec: Path, root: Path | None = None) -> tuple[Project, Diagnostics]:
    """The project of a spec or of a folder: the nearest folder at or above it with a segdsl.toml, else its own.

    `root` takes the place of that search; a segdsl.toml in it is read.
    """
    real = spec.resolve()
    folder = real if real.is_dir() else real.parent
    if root is not None:
        return _open(root.resolve(), str(spec), folder, is_named=True)
    found = next((above for above in (folder, *folder.parents) if (above / SETTINGS_FILE).is_file()), folder)
    return _open(found, str(spec / "_" if real.is_dir() else spec), folder, is_named=False)
