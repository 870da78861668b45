"""The rows that evaluations measure, told apart from the lists of the spec, and the measures."""

from collections.abc import Mapping
from types import MappingProxyType

from segdsl.engines.arrow.execution.state import Progress, State, silent
from segdsl.engines.arrow.measuring import Evaluated, measure_schemes
from segdsl.engines.arrow.results import RunTables
from segdsl.language import syntax as s
from segdsl.model.model import Model
from segdsl.plan.evaluation_rows import measured_rows
from segdsl.record import replace
from segdsl.workflows.loading import Loaded
from segdsl.workflows.relearning import Relearning


def take_evaluations(
    loaded: Loaded,
    model: Model,
    state: State,
    tables: RunTables,
    found: Mapping[str, s.SegmentationDecl],
    on_progress: Progress = silent,
) -> tuple[RunTables, Evaluated]:
    """The tables without the rows of evaluations, and what the measures of those rows say.

    `state` is what the run computed; `found` are the segments that plugins found.
    """
    names = {rows.list_name for one in model.evaluations for rows in measured_rows(model, one)}
    if not names:
        return tables, Evaluated()
    relearning = Relearning(loaded, model, state, {**loaded.outside.fitted, **found}, on_progress)
    evaluated = measure_schemes(model, tables, relearning.learning(), on_progress)
    evaluated.found += relearning.failures
    lists = {name: one for name, one in tables.audiences.items() if name not in names}
    return replace(tables, audiences=MappingProxyType(lists)), evaluated
