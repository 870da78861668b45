"""`plugins`: what is installed, by the metadata of packages; nothing is imported."""

from importlib.metadata import entry_points

from segdsl.record import dataclass

GROUP = "segdsl.plugins"


@dataclass(frozen=True, slots=True)
class InstalledPlugin:
    """A plugin by the name that specs use, the package that brings it, and that package's version."""

    name: str
    package: str
    version: str


def installed_plugins() -> tuple[InstalledPlugin, ...]:
    """The plugins of this environment, by name."""
    found = (
        InstalledPlugin(point.name, point.dist.name if point.dist else "", point.dist.version if point.dist else "")
        for point in entry_points(group=GROUP)
    )
    return tuple(sorted(found, key=lambda plugin: (plugin.name, plugin.package)))
