"""`plan`: what a run would do, without its data."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from segdsl.diagnostics import Diagnostic, Diagnostics
from segdsl.diagnostics.codes import PLUGIN_TROUBLE
from segdsl.plan import Plan, build_plan, clock_of
from segdsl.plan.demand import all_targets
from segdsl.record import dataclass
from segdsl.workflows.loading import NOTHING_SET, Loaded, load

_NOTHING_TO_RUN = "SEG703"


@dataclass(frozen=True, slots=True)
class Planned:
    """A spec and the plan of its run; there is none where the spec has an error.

    A plugin that isn't installed takes out what depends on it, and the rest is planned.
    """

    loaded: Loaded
    plan: Plan | None
    diagnostics: Diagnostics


def plan(argument: Path, today: date, root: Path | None = None, settings: Mapping[str, str] = NOTHING_SET) -> Planned:
    """The plan of everything that the spec `argument` means gives.

    `today` is the clock of a spec that has none of its own.
    """
    return plan_loaded(load(argument, root, settings), today)


def plan_loaded(loaded: Loaded, today: date) -> Planned:
    """The plan of a spec that was read before."""
    found = loaded.diagnostics
    if loaded.model is None or any(d.is_error and d.code not in PLUGIN_TROUBLE for d in found):
        return Planned(loaded, None, found)
    if not all_targets(loaded.model):
        return Planned(loaded, None, (*found, _nothing_to_run(loaded.name)))
    return Planned(loaded, build_plan(loaded.model, clock_of(loaded.model, today)), found)


def _nothing_to_run(name: str) -> Diagnostic:
    wanted = "a population, a score, a segmentation or an audience"
    return Diagnostic(_NOTHING_TO_RUN, f"`{name}` declares nothing to run", expected=wanted)
