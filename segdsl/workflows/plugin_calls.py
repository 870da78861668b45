"""Calling the plugins of a spec: with what, and what is left to do where one failed."""

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType

from segdsl.diagnostics import Diagnostic, Diagnostics
from segdsl.engines.arrow.execution.plugin_calls import PluginCalls
from segdsl.model.model import Model
from segdsl.plugin import Enricher
from segdsl.record import replace
from segdsl.runs.plugin_files import plugin_files
from segdsl.workflows.loading import Loaded
from segdsl.workflows.written_amounts import read_amount

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
        _store(loaded.project.root),
        max_cost,
    )


def _store(root: Path) -> Path | None:
    """Where plugins keep what was paid for; a link that leads elsewhere is not followed."""
    store = root / STORE
    return None if store.is_symlink() else store


def free_calls(loaded: Loaded, model: Model) -> tuple[PluginCalls, Diagnostics]:
    """What a verb that may not pay calls plugins with: what was paid for before is there, and nothing is bought."""
    named, unnamed = plugin_files(loaded.project, loaded.files, model)
    return plugin_calls(loaded, named.paths, Decimal(0)), unnamed


def bounded_cost(model: Model, written: str) -> Decimal | Diagnostic:
    """What `--max-cost` says, in the currency in which the spec's providers ask."""
    read = read_amount("--max-cost", written)
    if isinstance(read, Diagnostic):
        return read
    amount, currency = read
    for provider in (one for enrichment in model.enrichments for one in enrichment.providers):
        if provider.currency not in (None, currency):
            message = f"`--max-cost` is in {currency}, and `{provider.name}` asks {provider.currency}"
            return Diagnostic("SEG506", message, help=f"write it in {provider.currency}")
    return Decimal(amount.numerator) / amount.denominator


def has_new_failures(model: Model, calls: PluginCalls) -> bool:
    """Whether something failed that the model doesn't know of."""
    blocked = {one.number for one in model.enrichments if one.blocked}
    known = blocked.issuperset(calls.failed) and set(model.failed_functions).issuperset(calls.failed_functions)
    return not (known and set(model.failed_sources).issuperset(calls.failed_sources))


def without_failed(model: Model, calls: PluginCalls) -> Model:
    """The model in which what failed, and what rests on it, can't be carried out."""

    def reason(number: int, plugin: str) -> str:
        return f"the plugin `{plugin}` failed" if number in calls.failed else ""

    return replace(
        model,
        enrichments=tuple(replace(e, blocked=e.blocked or reason(e.number, e.plugin)) for e in model.enrichments),
        failed_functions=tuple(calls.failed_functions),
        failed_sources=tuple(calls.failed_sources),
    )
