"""What is needed to call plugins in a run, and what came of the calls."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

import pyarrow as pa

from segdsl.diagnostics import Diagnostic, Diagnostics
from segdsl.plugin import Enricher

Paths = Mapping[tuple[int, str], tuple[Path, ...]]


@dataclass(frozen=True, slots=True)
class MadeColumns:
    """What one step of enriching gave: columns in physical types, notes for the user, tables to be written, costs."""

    columns: Mapping[str, pa.Array]
    notes: tuple[Diagnostic, ...]
    tables: Mapping[str, pa.Table]
    spent: Decimal


@dataclass(slots=True)
class PluginCalls:
    """The enrichers that a run may call, and what they gave so far.

    `packages` says which package brings a plugin, for messages. `paths` are the files that options name, by block and
    option. `store` is the folder under which each plugin may keep what was paid for. `made` is by table, block and
    columns: a plan that is built anew after a failure finds there what was made before it. `failed` is by block,
    `failed_functions` and `failed_sources` by name.
    """

    enrichers: Mapping[str, Enricher] = field(default_factory=dict)
    packages: Mapping[str, str] = field(default_factory=dict)
    paths: Paths = field(default_factory=dict)
    store: Path | None = None
    max_cost: Decimal | None = None
    made: dict[tuple[str, int, tuple[str, ...]], MadeColumns] = field(default_factory=dict)
    failed: dict[int, Diagnostic] = field(default_factory=dict)
    failed_functions: dict[str, Diagnostic] = field(default_factory=dict)
    failed_sources: dict[str, Diagnostics] = field(default_factory=dict)

    @property
    def left_to_spend(self) -> Decimal | None:
        """What of `max_cost` the calls so far have left; None without a bound."""
        spent = sum((made.spent for made in self.made.values()), Decimal(0))
        return None if self.max_cost is None else self.max_cost - spent

    @property
    def failures(self) -> Diagnostics:
        """Every failure, in the order of blocks, functions and sources."""
        of_sources = (one for found in self.failed_sources.values() for one in found)
        return (*self.failed.values(), *self.failed_functions.values(), *of_sources)
