"""`plugins`: which plugins are installed and may be used here, and what one of them declares."""

from importlib.metadata import entry_points
from pathlib import Path

from segdsl.diagnostics import Diagnostic, Diagnostics, SourceText
from segdsl.diagnostics.suggestion import closest
from segdsl.plugin.declarations import Declaration
from segdsl.plugin.registry import GROUP, InstalledPlugin, installed_plugins, load_allowed
from segdsl.project.project import find_project
from segdsl.project.settings import Settings
from segdsl.record import dataclass


@dataclass(frozen=True, slots=True)
class ListedPlugin:
    """An installed plugin, and what the project's segdsl.toml says of it.

    `allowed` is None where there is no list; `pinned` is the version that is asked for, empty for none.
    """

    origin: InstalledPlugin
    allowed: bool | None
    pinned: str

    @property
    def usable(self) -> bool:
        return self.allowed is not False and self.pinned in ("", self.origin.version)


@dataclass(frozen=True, slots=True)
class PluginList:
    """The installed plugins by name, and what is wrong with segdsl.toml."""

    plugins: tuple[ListedPlugin, ...]
    diagnostics: Diagnostics
    text: SourceText | None


@dataclass(frozen=True, slots=True)
class ShownPlugin:
    """What a plugin declares and where it comes from; without a declaration the diagnostics say why."""

    declared: Declaration | None
    origin: InstalledPlugin | None
    diagnostics: Diagnostics
    text: SourceText | None


def list_plugins(folder: Path) -> PluginList:
    """The plugins of this environment by the metadata of packages; none is imported. `folder` is in the project."""
    project, found = find_project(folder)
    settings = project.settings
    return PluginList(tuple(_listed(one, settings) for one in installed_plugins()), found, project.text)


def _listed(plugin: InstalledPlugin, settings: Settings) -> ListedPlugin:
    allowed = None if settings.allow is None else plugin.name in settings.allow
    return ListedPlugin(plugin, allowed, dict(settings.pins).get(plugin.name, ""))


def show_plugin(name: str, folder: Path) -> ShownPlugin:
    """What the plugin of that name declares, imported now, if the project of `folder` allows it."""
    project, found = find_project(folder)
    points = tuple(entry_points(group=GROUP, name=name))
    if not points:
        near = closest(name, [one.name for one in installed_plugins()])
        mend = f"did you mean `{near}`?" if near else "`segdsl plugins` lists those that are installed"
        absent = Diagnostic("SEG401", f"No plugin `{name}` is installed", help=mend)
        return ShownPlugin(None, None, (*found, absent), project.text)
    origin = next(one for one in installed_plugins() if one.name == name)
    declared = load_allowed(name, points, project.settings)
    if isinstance(declared, Diagnostic):
        return ShownPlugin(None, origin, (*found, declared), project.text)
    return ShownPlugin(declared, origin, found, project.text)
