"""Calling the plugins of a spec: with what, and what is left to do where one failed."""

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType

from segdsl.engines.arrow.execution.plugin_calls import PluginCalls
from segdsl.model.model import Model
from segdsl.plugin import Enricher
from segdsl.record import replace
from segdsl.workflows.loading import Loaded

# Beside the project's runs, what was paid for is kept here.
STORE = ".segdsl"


def plugin_calls(
    loaded: Loaded, paths: Mapping[tuple[int, str], tuple[Path, ...]], max_cost: Decimal | None = None
) -> PluginCalls:
    """What a run calls the plugins of a spec with."""
    declared = loaded.plugins.declared
    return PluginCalls(
        MappingProxyType({name: one for name, one in declared.items() if isinstance(one, Enricher)}),
        MappingProxyType({name: f"{one.package} {one.version}" for name, one in loaded.plugins.origins.items()}),
        paths,
        loaded.project.root / STORE,
        max_cost,
    )


def without_failed(model: Model, calls: PluginCalls) -> Model:
    """The model in which what failed can't be carried out."""

    def reason(number: int, plugin: str) -> str:
        return f"the plugin `{plugin}` failed" if number in calls.failed else ""

    enrichments = tuple(replace(e, blocked=e.blocked or reason(e.number, e.plugin)) for e in model.enrichments)
    return replace(model, enrichments=enrichments)
