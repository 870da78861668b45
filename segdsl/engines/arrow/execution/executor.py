"""Carries out the steps of a plan, one after the other."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from types import MappingProxyType
from typing import assert_never

import pyarrow as pa

from segdsl.diagnostics import Diagnostics, has_errors
from segdsl.engines.arrow.batch import EvaluationStopped
from segdsl.engines.arrow.execution.enriching import enrich
from segdsl.engines.arrow.execution.expecting import expect_score
from segdsl.engines.arrow.execution.figures import aggregate_table
from segdsl.engines.arrow.execution.filtering import filter_remaining
from segdsl.engines.arrow.execution.frames import run_on_frame
from segdsl.engines.arrow.execution.link_checks import check_table
from segdsl.engines.arrow.execution.listing import list_audience
from segdsl.engines.arrow.execution.ranking import rank_score
from segdsl.engines.arrow.execution.scanning import derive, has_rates, scan, stack
from segdsl.engines.arrow.execution.state import RunInputs, State
from segdsl.engines.arrow.execution.summaries import enriched_tables, member_table, scheme_summary, score_table
from segdsl.engines.arrow.execution.warnings import run_warnings
from segdsl.engines.arrow.execution.work import kernel_of
from segdsl.engines.arrow.plugin_functions import FunctionFailed
from segdsl.engines.arrow.results import RunTables
from segdsl.engines.arrow.text import is_overflow, too_long
from segdsl.model.source import Source
from segdsl.plan.named_columns import columns_read
from segdsl.plan.outline import title_of
from segdsl.plan.steps import (
    AddTerms,
    AggregateLink,
    AggregateTable,
    CheckLinks,
    Classify,
    Compute,
    ConvertAmounts,
    Derive,
    Enrich,
    ExpectScore,
    Filter,
    FollowLink,
    ListAudience,
    Plan,
    RankScore,
    Scan,
    Stack,
    Step,
    all_steps,
)
from segdsl.plan.uses import reads_remaining


def execute(plan: Plan, sources: Mapping[str, Source], inputs: RunInputs) -> tuple[RunTables | None, Diagnostics]:
    """What a plan gives on the data, and everything found on the way; nothing is given if there was an error.

    `sources` are those of the model. Where the data break a contract, the other sources are still checked, so that one
    run reports all breaches. The same data give the same tables for any order of rows, threads and batches.
    """
    return outcome(carry_out(plan, sources, inputs))


def outcome(state: State) -> tuple[RunTables | None, Diagnostics]:
    """What came of a plan that was carried out, and everything found on the way."""
    diagnostics = tuple(state.diagnostics)
    if has_errors(diagnostics) or state.plugin_failed:
        return None, diagnostics
    tables = _tables(state)
    return tables, tables.diagnostics


def carry_out(plan: Plan, sources: Mapping[str, Source], inputs: RunInputs) -> State:
    """Everything that the steps of a plan compute, row by row; incomplete where its diagnostics hold an error."""
    state = State(plan, inputs, sources)
    for number, step in enumerate(plan.steps):
        inputs.on_progress(title_of(step), number, len(plan.steps))
        try:
            _carry_out(state, step)
        except FunctionFailed as failed:
            inputs.calls.failed_functions.setdefault(failed.function, failed.diagnostic)
            state.plugin_failed = True
        except EvaluationStopped as stopped:
            state.diagnostics.append(stopped.diagnostic)
        except pa.ArrowException as error:
            if not is_overflow(error):
                raise
            message = f"{title_of(step)}: the texts of a column are too long together"
            state.diagnostics.append(too_long(message, "less than 2 GB", None))
    return state


def _carry_out(state: State, step: Step) -> None:
    broken = has_errors(state.diagnostics) or state.plugin_failed
    match step:
        case Scan():
            scan(state, step, check_only=broken)
        case CheckLinks(table=table):
            if table in state.frames:
                check_table(state, step)
        case ConvertAmounts(table=table):
            if table in state.frames and has_rates(state, step):
                run_on_frame(state, table, kernel_of(state, step))
        case _ if not broken:
            _compute(state, step)
        case _:
            # What is computed from broken data would only mislead.
            return


def _compute(state: State, step: Step) -> None:
    match step:
        case Scan() | CheckLinks() | ConvertAmounts():
            raise AssertionError("reading, checking and converting are done even after an error")
        case Derive():
            derive(state, step)
        case Stack():
            stack(state, step)
        case Filter() if reads_remaining(step):
            filter_remaining(state, step)
        case Compute() | FollowLink() | AggregateLink() | AddTerms() | Classify() | Filter():
            run_on_frame(state, step.table, kernel_of(state, step))
        case Enrich():
            enrich(state, step)
        case AggregateTable():
            aggregate_table(state, step)
        case RankScore():
            rank_score(state, step)
        case ExpectScore():
            expect_score(state, step)
        case ListAudience():
            list_audience(state, step)
        case _:
            assert_never(step)


def _tables(state: State) -> RunTables:
    steps = list(all_steps(state.plan.steps))
    rankings = {step.score: step for step in steps if isinstance(step, RankScore)}
    scores = [step for step in steps if isinstance(step, AddTerms)]
    schemes = [step for step in steps if isinstance(step, Classify) and step.own]
    tables = RunTables(
        scans=MappingProxyType(state.facts),
        columns_read=MappingProxyType(columns_read(state.plan)),
        attrition=MappingProxyType(state.attrition),
        scores=MappingProxyType({s.score: score_table(state, s, rankings.get(s.score)) for s in scores}),
        members=MappingProxyType({s.scheme: member_table(state, s) for s in schemes}),
        segments=MappingProxyType({s.scheme: scheme_summary(state, s) for s in schemes}),
        audiences=MappingProxyType(state.audiences),
        enriched=MappingProxyType(enriched_tables(state)),
        plugin_tables=MappingProxyType(state.plugin_tables),
        spent=sum((made.spent for made in state.inputs.calls.made.values()), Decimal(0)),
        diagnostics=tuple(state.diagnostics),
    )
    return replace(tables, diagnostics=(*tables.diagnostics, *run_warnings(state, tables)))
