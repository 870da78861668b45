"""Which plugins are installed, and what those that a spec names declare. Nothing else is imported."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib.metadata import Distribution, EntryPoint, entry_points
from types import MappingProxyType, ModuleType
from typing import TYPE_CHECKING

from segdsl.diagnostics import Diagnostic, Diagnostics, Label, Span
from segdsl.diagnostics.suggestion import closest
from segdsl.model.catalog import Catalog, PluginSignature
from segdsl.plugin.calling import Raised, attempt
from segdsl.plugin.contracts import BrokenDeclaration, declarations_of, signature_of
from segdsl.plugin.declarations import Declaration
from segdsl.record import dataclass

if TYPE_CHECKING:
    from segdsl.project.settings import Settings

GROUP = "segdsl.plugins"


@dataclass(frozen=True, slots=True)
class InstalledPlugin:
    """A plugin by the name that specs use, the package that brings it, that package's version, and its module."""

    name: str
    package: str
    version: str
    module: str


@dataclass(frozen=True, slots=True)
class NamedPlugin:
    """A plugin that a spec names, and the first place where it does.

    One that is `unasked` comes with a declaration that names no plugin: where the project doesn't allow it, it is left
    out without a word.
    """

    name: str
    span: Span
    unasked: bool = False


@dataclass(frozen=True, slots=True)
class LoadedPlugins:
    """The plugins of a spec: their signatures for the compiler, what they declare, and where they come from."""

    catalog: Catalog
    declared: Mapping[str, Declaration]
    origins: Mapping[str, InstalledPlugin]
    diagnostics: Diagnostics


def installed_plugins() -> tuple[InstalledPlugin, ...]:
    """The plugins of this environment by the metadata of packages, in the order of their names."""
    found = (_described(point) for point in entry_points(group=GROUP))
    return tuple(sorted(found, key=lambda plugin: (plugin.name, plugin.package)))


def _described(point: EntryPoint) -> InstalledPlugin:
    package, version = ("", "") if point.dist is None else _package(point.dist)
    return InstalledPlugin(point.name, package, version, point.value)


@cache
def _package(distribution: Distribution) -> tuple[str, str]:
    """Name and version; reading metadata takes milliseconds, and a package may bring many plugins."""
    return distribution.name, distribution.version


def load_plugins(named: Iterable[NamedPlugin], settings: Settings) -> LoadedPlugins:
    """What the named plugins declare; one that may not be used or doesn't load is left out with a diagnostic.

    One that isn't installed is left out without a word: the compiler reports it where it is used.
    """
    points = entry_points(group=GROUP)
    names = tuple(sorted({point.name for point in points}))
    loaded: dict[str, Declaration] = {}
    signatures: dict[str, PluginSignature] = {}
    origins: dict[str, InstalledPlugin] = {}
    found: list[Diagnostic] = []
    refused: list[str] = []
    for one in dict.fromkeys(named):
        here = _distinct(point for point in points if point.name == one.name)
        if (
            not here
            or one.name in loaded
            or one.name in refused
            or (one.unasked and not _is_allowed(one.name, settings))
        ):
            continue
        declared = load_allowed(one.name, here, settings, (Label(one.span),))
        if isinstance(declared, Diagnostic):
            found.append(declared)
            refused.append(one.name)
            continue
        loaded[one.name] = declared
        origins[one.name] = _described(here[0])
        signatures[one.name] = signature_of(declared, f"{origins[one.name].package} {origins[one.name].version}")
    catalog = Catalog(MappingProxyType(signatures), names, frozenset(refused))
    return LoadedPlugins(catalog, MappingProxyType(loaded), MappingProxyType(origins), tuple(found))


def _distinct(points: Iterable[EntryPoint]) -> list[EntryPoint]:
    """The points of different packages: one that stands twice in the path of modules is one."""
    return list({_described(point).package: point for point in points}.values())


def load_allowed(
    name: str, points: Sequence[EntryPoint], settings: Settings, label: tuple[Label, ...] = ()
) -> Declaration | Diagnostic:
    """What the plugin behind these entry points declares, if the project allows it and there is one only."""
    origin = _described(points[0])
    if settings.allow is not None and not _is_allowed(name, settings):
        near = closest(name, settings.allow)
        mend = f'add "{name}" to `allow` under `[plugins]` in segdsl.toml' + (
            f", where `{near}` stands" if near else ""
        )
        return Diagnostic("SEG405", f"The project does not allow the plugin `{name}`", label, help=mend)
    if len(points) > 1:
        packages = " and ".join(sorted(f"`{_described(point).package}`" for point in points))
        mend = "uninstall one of the two packages"
        return Diagnostic("SEG406", f"{packages} both bring a plugin `{name}`", label, help=mend)
    pinned = dict(settings.pins).get(name)
    if pinned is not None and pinned != origin.version:
        message = f"segdsl.toml pins `{name}` to {pinned}, and {origin.package} {origin.version} is installed"
        return Diagnostic("SEG405", message, label, help=f'pip install "{origin.package}=={pinned}"')
    return load_declaration(name, points[0], label)


def _is_allowed(name: str, settings: Settings) -> bool:
    return settings.allow is None or name in settings.allow


def load_declaration(name: str, point: EntryPoint, label: tuple[Label, ...] = ()) -> Declaration | Diagnostic:
    """What the plugin of that name declares, imported now; a diagnostic that names its package where it can't be."""
    origin = _described(point)
    module = attempt(point.load)
    if isinstance(module, Raised):
        return _broken(origin, label, f"it can't be imported: {module.reason}")
    if not isinstance(module, ModuleType):
        return _broken(origin, label, f"its entry point `{origin.module}` is no module")
    found = declarations_of(module, origin.name)
    if isinstance(found, BrokenDeclaration):
        return _broken(origin, label, found.reason)
    fitting = [declared for declared in found if declared.name == name]
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        return _broken(origin, label, f"its hooks declare `{name}` more than once")
    listed = ", ".join(f"`{declared.name}`" for declared in found)
    return _broken(origin, label, f"its hooks declare {listed or 'nothing'}, not `{name}`")


def _broken(origin: InstalledPlugin, label: tuple[Label, ...], reason: str) -> Diagnostic:
    message = f"The plugin `{origin.name}` of {origin.package} {origin.version} is broken"
    mend = f"update or uninstall `{origin.package}`, or tell its authors"
    return Diagnostic("SEG407", message, label, help=mend, notes=(reason,))
