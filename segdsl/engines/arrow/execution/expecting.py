"""Expected scores: the mean score of each segment over the score's own population."""

import numpy as np
import pyarrow as pa

from segdsl.engines.arrow.aggregation.accumulator import accumulator
from segdsl.engines.arrow.aggregation.columns import Ints, valid_mask
from segdsl.engines.arrow.execution.state import State, leaf_slot, score_slot
from segdsl.plan.steps import ExpectScore
from segdsl.types import Kind, Type


def expect_score(state: State, step: ExpectScore) -> None:
    """Keeps one mean a segment, missing where no row of the segment has the score."""
    frame = state.frames[step.table]
    leaves = state.leaves[step.scheme]
    places = np.append(leaves.top, -1)[frame.slots[leaf_slot(step.scheme)].to_numpy()]
    if (learning := state.learning.get(step.table)) is not None:
        places = np.where(learning, places, -1)
    values = frame.slots[score_slot(step.score)]
    state.means[step.score, step.scheme] = mean_by_place(values, step.type, places, len(leaves.top_names))


def mean_by_place(values: pa.Array, type_: Type, places: Ints, size: int) -> pa.Array:
    """The mean of the known values at each place from 0 to `size`; a row at place -1 is at none.

    It is exact; amounts are rounded half-even to the currency's places. Missing where a place has no value.
    """
    counts = valid_mask(values) & (places >= 0)
    target = accumulator("mean", size, type_, mean_type(type_))
    target.add(places[counts], values.filter(pa.array(counts)))
    return target.outcome().values


def mean_type(type_: Type) -> Type:
    """The type of a mean: whole numbers become a number, everything else stays what it is."""
    return Type(Kind.NUMBER) if type_.kind in (Kind.COUNT, Kind.INT) else type_
