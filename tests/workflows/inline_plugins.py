"""Plugins declared in a test, as if a package brought them."""

from types import MappingProxyType

from segdsl.model.catalog import Catalog
from segdsl.plugin.contracts import signature_of
from segdsl.plugin.declarations import Declaration
from segdsl.plugin.registry import InstalledPlugin, LoadedPlugins


def inline(*declared: Declaration) -> LoadedPlugins:
    """The plugins of a spec, all of a package `ours 1.0`."""
    return LoadedPlugins(
        Catalog(MappingProxyType({one.name: signature_of(one) for one in declared})),
        MappingProxyType({one.name: one for one in declared}),
        MappingProxyType({one.name: InstalledPlugin(one.name, "ours", "1.0", "ours") for one in declared}),
        (),
    )
