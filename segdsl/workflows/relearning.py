"""Schemes learned anew on a part of their rows, as evaluators ask for it."""

from collections import Counter
from collections.abc import Mapping
from hashlib import blake2b
from types import MappingProxyType

import numpy as np
import pyarrow as pa

from segdsl.diagnostics import Diagnostic, Diagnostics
from segdsl.engines.arrow.aggregation.columns import Mask
from segdsl.engines.arrow.execution.frames import inside_mask
from segdsl.engines.arrow.execution.relearning import (
    Redone,
    can_be_redone,
    chosen_rows,
    learned_steps,
    relearn,
    rows_to_learn,
    segments_of,
)
from segdsl.engines.arrow.execution.state import Progress, State, silent
from segdsl.engines.arrow.measure_calls import Learning, Relearn
from segdsl.language import syntax as s
from segdsl.model.model import Model, Scheme
from segdsl.plan.evaluation_rows import measured_rows
from segdsl.plan.steps import Classify
from segdsl.plugin import Relearned
from segdsl.plugin.calling import REFUSED
from segdsl.record import dataclass, replace
from segdsl.workflows.fitting import FoundSegments, find_in
from segdsl.workflows.loading import Loaded, with_fitted

# The folds of a few schemes: each holds a number for every row.
_MOST_KEPT = 32


class Relearning:
    """How the schemes of a run are learned anew. `failures` are those of plugins on the way, each once."""

    def __init__(
        self,
        loaded: Loaded,
        model: Model,
        state: State,
        found: Mapping[str, s.SegmentationDecl],
        on_progress: Progress = silent,
    ) -> None:
        self._loaded = loaded
        self._model = model
        self._state = state
        self._found = dict(found)
        self._on_progress = on_progress
        self._times: Counter[str] = Counter()
        self._failures: list[Diagnostic] = []
        self._learned: dict[tuple[str, bytes], Relearned] = {}

    @property
    def failures(self) -> Diagnostics:
        return tuple(self._failures)

    def learning(self) -> Learning:
        """What can be learned anew, and what rests on nothing that is learned."""
        learners = [name for name, one in self._model.schemes.items() if one.plugin is not None and one.plugin.run]
        anew: dict[str, Relearn] = {}
        fixed = set()
        for evaluation in self._model.evaluations:
            for rows in (one for one in measured_rows(self._model, evaluation) if one.scheme and not one.table):
                scheme = self._model.schemes[rows.scheme]
                if scheme.source not in self._state.frames or rows.list_name not in self._state.audiences:
                    continue
                steps = learned_steps(self._state.plan, scheme.source, rows.list_name, frozenset(learners))
                if not steps:
                    fixed.add(rows.list_name)
                elif can_be_redone(self._state, steps):
                    anew[rows.list_name] = _Anew(self, scheme, steps)
        return Learning(MappingProxyType(anew), frozenset(fixed))

    def anew(self, scheme: Scheme, steps: tuple[Redone, ...], rows: pa.BooleanArray) -> Relearned:
        """The scheme learned from some of its rows; where a plugin finds nothing in them, no row has a segment.

        Measures part the rows alike, so what was learned lately is kept.
        """
        asked = (scheme.name, blake2b(np.packbits(rows.to_numpy(zero_copy_only=False)).tobytes()).digest())
        found = self._learned.pop(asked, None) or self._anew(scheme, steps, rows)
        self._learned[asked] = found
        while len(self._learned) > _MOST_KEPT:
            del self._learned[next(iter(self._learned))]
        return found

    def _anew(self, scheme: Scheme, steps: tuple[Redone, ...], rows: pa.BooleanArray) -> Relearned:
        self._times[scheme.name] += 1
        self._on_progress(f"learning `{scheme.name}` anew, time {self._times[scheme.name]}", 0, 0)
        inside = inside_mask(self._state.frames[scheme.source], scheme.population)
        branch = relearn(self._state, steps, scheme.source, _learning(inside, rows), self._refit)
        if branch is None:
            return Relearned(pa.nulls(int(np.count_nonzero(inside)), pa.int32()), ())
        return Relearned(*segments_of(branch, scheme.source, scheme.name, inside))

    def _refit(self, state: State, step: Classify) -> Classify | None:
        """The step with the segments that the scheme's plugin finds in the rows that are learned from."""
        scheme = self._model.schemes[step.scheme]
        if scheme.plugin is None or scheme.plugin.run is None:
            return step
        rows = chosen_rows(state, step.table, scheme.reads, rows_to_learn(state, step.table, scheme.population))
        found = find_in(self._model, scheme, *rows)
        if isinstance(found, Diagnostic):
            self._note(found)
            return None
        return self._with(step, found)

    def _with(self, step: Classify, found: FoundSegments) -> Classify | None:
        model, _ = with_fitted(self._loaded, {**self._found, found.scheme: found.declared})
        if model is None:
            # Other schemes name segments that were not found in these rows.
            return None
        scheme = model.schemes[found.scheme]
        return replace(step, matching=scheme.matching, segments=scheme.segments, measures=scheme.measures)

    def _note(self, failure: Diagnostic) -> None:
        """That a plugin refuses a part of the rows is no failure: too few of them may be left."""
        if failure.code != REFUSED and failure not in self._failures:
            self._failures.append(failure)


@dataclass(frozen=True, slots=True)
class _Anew:
    """One scheme, to be learned from rows as they are asked for."""

    relearning: Relearning
    scheme: Scheme
    steps: tuple[Redone, ...]

    def __call__(self, rows: pa.BooleanArray) -> Relearned:
        return self.relearning.anew(self.scheme, self.steps, rows)


def _learning(inside: Mask, rows: pa.BooleanArray) -> Mask:
    """The rows of the table that are learned from: those outside of what is measured are in no part of it."""
    learning = np.ones(len(inside), dtype=bool)
    learning[inside] = rows.to_numpy(zero_copy_only=False)
    return learning
