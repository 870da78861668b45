"""A scheme learned anew on a part of its rows: what rests on whole tables, or on what a plugin finds, is done again.

Populations and scores stay as they are: they say what is judged. The rest of the run is used as it stands.
"""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pyarrow as pa

from segdsl.diagnostics import has_errors
from segdsl.engines.arrow.aggregation.columns import Mask, plain_text
from segdsl.engines.arrow.batch import Tally
from segdsl.engines.arrow.execution.expecting import expect_score
from segdsl.engines.arrow.execution.figures import aggregate_table
from segdsl.engines.arrow.execution.frames import frame_values, inside_mask, run_on_frame
from segdsl.engines.arrow.execution.state import Frame, State, column_slot, leaf_slot, node_slot, silent
from segdsl.engines.arrow.execution.work import kernel_of
from segdsl.engines.arrow.physical import display_array
from segdsl.model.model import OutputColumn
from segdsl.plan.steps import (
    AggregateLink,
    AggregateTable,
    Classify,
    Compute,
    ExpectScore,
    FollowLink,
    ListAudience,
    Plan,
    Step,
    all_steps,
)
from segdsl.plan.uses import Thing, gives, takes

# Steps that are done again where what they rest on is learned.
Redone = Compute | FollowLink | AggregateLink | Classify | AggregateTable | ExpectScore

# The segments of a scheme as a plugin finds them on the rows that are learned from, None where it finds none.
Refit = Callable[[State, Classify], Classify | None]


def learned_steps(plan: Plan, table: str, list_name: str, found: frozenset[str]) -> tuple[Redone, ...]:
    """The steps that a list of rows of a table rests on and that learn from the table's rows, in their order.

    `found` are the schemes whose segments a plugin finds.
    """
    steps = list(all_steps(plan.steps))
    needed = _needed(steps, list_name)
    learned: set[Thing] = set()
    redone: list[Redone] = []
    for step in steps:
        if isinstance(step, Redone) and (_learns(step, table, found) or not takes(step).isdisjoint(learned)):
            learned |= gives(step)
            if not gives(step).isdisjoint(needed):
                redone.append(step)
    return tuple(redone)


def _learns(step: Redone, table: str, found: frozenset[str]) -> bool:
    match step:
        case AggregateTable(table=own, aggregates=aggregates):
            # A rank is each row's own place among all, not something that is learned from the others.
            return own == table and any(node.function != "rank" for node in aggregates)
        case ExpectScore(table=own):
            return own == table
        case Classify(table=own, scheme=scheme):
            return own == table and scheme in found
        case _:
            return False


def _needed(steps: list[Step], list_name: str) -> set[Thing]:
    """Everything that the list takes, directly or through other steps."""
    needed: set[Thing] = set()
    for step in reversed(steps):
        listed = isinstance(step, ListAudience) and step.audience.name == list_name
        if listed or not gives(step).isdisjoint(needed):
            needed |= takes(step)
    return needed


def can_be_redone(state: State, steps: tuple[Redone, ...]) -> bool:
    """Whether what the steps read is still there: work done while a source streamed by may have let go of it."""
    given = {thing for step in all_steps(state.plan.steps) for thing in gives(step)}
    return all(
        _is_held(state, thing) for step in steps for thing in takes(step) if thing in given or _declared(state, thing)
    )


def _declared(state: State, thing: Thing) -> bool:
    source = state.sources.get(thing.table)
    return thing.kind == "column" and source is not None and source.column(str(thing.what)) is not None


def _is_held(state: State, thing: Thing) -> bool:
    match thing.kind:
        case "rows":
            return thing.table in state.frames
        case "column":
            return column_slot(str(thing.what)) in state.frames[thing.table].slots
        case "node":
            return node_slot(thing.what) in state.frames[thing.table].slots
        case _:
            return True


def relearn(state: State, steps: tuple[Redone, ...], table: str, learning: Mask, refit: Refit) -> State | None:
    """The state of a run after the steps were done again, learning only from some rows of the table.

    The state that was given stays as it is. None where a plugin finds no segments in these rows.
    """
    branch = _branch(state, {table: learning})
    for step in steps:
        changed: Redone | None = step
        if isinstance(step, Classify):
            changed = refit(branch, replace(step, own=False))
        if changed is None or has_errors(branch.diagnostics):
            return None
        _redo(branch, changed)
    return branch


def _branch(state: State, learning: dict[str, Mask]) -> State:
    """A copy in which steps can be done again; arrays are shared, as nothing changes one."""
    frames = {name: Frame(one.source, one.length, dict(one.slots)) for name, one in state.frames.items()}
    return replace(
        state,
        inputs=replace(state.inputs, on_progress=silent),
        frames=frames,
        figures=dict(state.figures),
        means=dict(state.means),
        leaves=dict(state.leaves),
        undecided={},
        tally=Tally(),
        diagnostics=[],
        learning=learning,
    )


def _redo(state: State, step: Redone) -> None:
    match step:
        case AggregateTable():
            aggregate_table(state, step)
        case ExpectScore():
            expect_score(state, step)
        case _:
            run_on_frame(
                state, step.path.parent if isinstance(step, AggregateLink) else step.table, kernel_of(state, step)
            )


def segments_of(state: State, table: str, scheme: str, inside: Mask) -> tuple[pa.Int32Array, tuple[str, ...]]:
    """The place of each row's segment among the names of the scheme's segments, null for none."""
    leaves = state.leaves[scheme]
    places = np.append(leaves.top, -1)[state.frames[table].slots[leaf_slot(scheme)].to_numpy()[inside]]
    return pa.array(places.astype(np.int32), mask=places < 0), leaves.top_names


def rows_to_learn(state: State, table: str, population: str) -> Mask:
    """The rows of a population that are learned from."""
    inside = inside_mask(state.frames[table], population)
    learning = state.learning.get(table)
    return inside if learning is None else inside & learning


def chosen_rows(state: State, table: str, columns: tuple[OutputColumn, ...], rows: Mask) -> tuple[pa.Table, pa.Table]:
    """Some rows of a table: the values of columns, and the keys."""
    frame, kept = state.frames[table], pa.array(rows)
    values = zip(columns, frame_values(state, table, [one.value for one in columns]), strict=True)
    shown = {one.name: display_array(plain_text(array.filter(kept)), one.value.type) for one, array in values}
    keys = zip(frame.source.key, frame.key(), strict=True)
    return pa.table(shown), pa.table({name: array.filter(kept) for name, array in keys})
