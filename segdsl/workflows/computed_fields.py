"""Chosen fields of sources, read and computed as a run would, for verbs that look at values rather than results."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType

from segdsl.collecting.field_name import FieldName
from segdsl.diagnostics import Diagnostics, has_errors
from segdsl.engines.arrow.execution import RunInputs
from segdsl.engines.arrow.execution.executor import carry_out
from segdsl.engines.arrow.execution.state import Progress, State
from segdsl.model.expression import Column
from segdsl.model.model import Audience, Model, OutputColumn
from segdsl.plan import Clock, Target, build_plan
from segdsl.plan.hidden_list import hidden_list
from segdsl.plan.needs import field_of
from segdsl.plan.steps import ListAudience, Plan
from segdsl.record import dataclass
from segdsl.runs.inputs import Files, resolve_inputs
from segdsl.types import UNKNOWN, Type
from segdsl.workflows.loading import Loaded
from segdsl.workflows.plugin_calls import free_calls, has_new_failures, without_failed


@dataclass(frozen=True, slots=True)
class ComputedFields:
    """Tables in memory that hold the fields asked for. `blocked` are fields and populations that can't be computed,
    with the reason; `files` are what was read."""

    state: State
    files: Files
    blocked: Mapping[str, str]
    diagnostics: Diagnostics


def compute_fields(
    loaded: Loaded,
    clock: Clock,
    fields: Iterable[FieldName],
    populations: Iterable[str],
    elsewhere: Mapping[str, str],
    on_progress: Progress,
) -> ComputedFields | Diagnostics:
    """Computes fields on all rows of their sources, and who belongs to some populations; else why that can't be.

    Plugins are called, but nothing is paid for.
    """
    assert loaded.model is not None
    wanted = tuple(fields)
    targets = [Target("audience", str(field)) for field in wanted]
    targets += [Target("population", name) for name in populations]
    model = _with_lists(loaded.model, wanted)
    plan = build_plan(model, clock, targets)
    files, unresolved = resolve_inputs(loaded.project, loaded.files, plan, elsewhere)
    calls, unnamed = free_calls(loaded, model)
    if unresolved or unnamed:
        return (*unresolved, *unnamed)
    inputs = RunInputs(files, calls=calls, on_progress=on_progress)
    state = carry_out(_without_lists(plan), model.sources, inputs)
    while has_new_failures(model, calls):
        # What rests on a plugin that failed is left out; what the others gave is not asked for again.
        model = without_failed(model, calls)
        plan = build_plan(model, clock, targets)
        state = carry_out(_without_lists(plan), model.sources, inputs)
    if has_errors(state.diagnostics):
        return (*calls.failures, *state.diagnostics)
    blocked = {one.name: one.reason for one in plan.skipped if Target(one.kind, one.name) in targets}
    return ComputedFields(state, files, MappingProxyType(blocked), (*calls.failures, *state.diagnostics))


def _with_lists(model: Model, fields: Iterable[FieldName]) -> Model:
    """The model with a list for each field and no other: the plan keeps what a list shows."""
    return replace(model, audiences=MappingProxyType({str(field): _list_of(model, field) for field in fields}))


def _list_of(model: Model, field: FieldName) -> Audience:
    source = model.sources[field.source]
    shown = (OutputColumn("value", Column(field.name, type_of(model, field))),)
    return hidden_list(str(field), source.name, source.name, shown, source.span)


def _without_lists(plan: Plan) -> Plan:
    return replace(plan, steps=tuple(step for step in plan.steps if not isinstance(step, ListAudience)))


def type_of(model: Model, field: FieldName) -> Type:
    """The type of a column, derived field or enriched column."""
    source = model.sources[field.source]
    column = source.column(field.name)
    if column is not None:
        return column.type
    derived = field_of(model, field.source, field.name)
    if derived is not None:
        return derived.type
    added = (pair for one in model.enrichments if one.source == source.row_type for pair in one.added)
    return next((type_ for name, type_ in added if name == field.name), UNKNOWN)
