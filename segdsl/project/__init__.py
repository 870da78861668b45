"""A project on disk: its root and settings, the paths and texts of its specs."""

from segdsl.project.constant_lists import read_list
from segdsl.project.imports import Import, LoadedTexts, load_texts
from segdsl.project.opening import OpenedProject, open_project
from segdsl.project.paths import resolve, resolve_files
from segdsl.project.project import Project, find_project
from segdsl.project.settings import Connection, Settings, read_settings
from segdsl.project.texts import name_beside, read_text

__all__ = [
    "Connection",
    "Import",
    "LoadedTexts",
    "OpenedProject",
    "Project",
    "Settings",
    "find_project",
    "load_texts",
    "name_beside",
    "open_project",
    "read_list",
    "read_settings",
    "read_text",
    "resolve",
    "resolve_files",
]
