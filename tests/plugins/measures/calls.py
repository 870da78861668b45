"""Calls of evaluators for tests, also of schemes that are learned."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from segdsl.plugin import Evaluator, MeasureCall, Relearned
from segdsl.plugin.testing import MeasureExample
from segdsl.plugin.testing.evaluators import measure_call
from segdsl.record import replace

Learner = Callable[[np.ndarray], tuple[Sequence[int], Sequence[str]]]


def call_of(
    declared: Evaluator,
    segments: Sequence[str | None],
    score: Sequence[float | None],
    options: Mapping[str, Any] | None = None,
    learner: Learner | None = None,
    seed: int = 1,
    **others: Any,
) -> MeasureCall:
    """A call with rows in a random order. `learner` gives each row's segment and names from a mask of rows."""
    call = measure_call(declared, MeasureExample(list(segments), list(score), None, options or {}, **others))
    call = replace(call, draw=pa.array(np.random.default_rng(seed).random(len(score))))
    if learner is None:
        return call
    return replace(call, learned=True, relearn=lambda rows: _relearned(*learner(rows.to_numpy(zero_copy_only=False))))


def _relearned(segments: Sequence[int], names: Sequence[str]) -> Relearned:
    places = np.asarray(segments)
    return Relearned(pa.array(places, pa.int32(), mask=places < 0), tuple(names))
