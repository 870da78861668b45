"""Scores: the terms of each row and their sum."""

from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from segdsl.engines.arrow.aggregation.columns import (
    Mask,
    Numbers,
    as_floats,
    as_ints,
    from_ints,
    is_float,
    truth,
    valid_mask,
)
from segdsl.engines.arrow.execution.binding import compute, compute_array
from segdsl.engines.arrow.execution.filtering import members
from segdsl.engines.arrow.execution.findings import too_large
from segdsl.engines.arrow.execution.kernel import Absorb
from segdsl.engines.arrow.execution.state import Chunk, Slot, State, score_slot, term_slot
from segdsl.engines.arrow.physical import arrow_type
from segdsl.model.model import ScoreTerm, TermSign
from segdsl.plan.steps import AddTerms
from segdsl.plan.traversal import External, externals

_HALF = 2.0**62


@dataclass(frozen=True, slots=True)
class _Term:
    """A term's amount on each row (minus terms negative, 0 where it doesn't apply) and where it is known."""

    values: Numbers
    known: Mask


@dataclass(slots=True)
class AddScore:
    """Computes terms and totals; rows outside the score's table have neither.

    A term whose `when` is not true is 0. A missing amount makes the term and the total missing, unless missing terms
    count as 0. Totals of whole numbers and amounts are exact; one beyond 64 bits stops the run.
    """

    state: State
    step: AddTerms
    reads: tuple[tuple[External, ...], ...]
    beyond: int = field(default=0)

    @property
    def slots(self) -> tuple[Slot, ...]:
        places = range(len(self.step.terms))
        return (score_slot(self.step.score), *(term_slot(self.step.score, place) for place in places))

    def run(self, chunk: Chunk) -> Absorb | None:
        inside = members(chunk, self.step.over)
        type_ = arrow_type(self.step.type)
        floats = is_float(type_)
        total: Numbers = np.zeros(chunk.length, dtype=np.float64 if floats else np.int64)
        size = np.zeros(chunk.length, dtype=np.float64)
        known = inside.copy()
        for place, term in enumerate(self.step.terms):
            part = self._term(chunk, term, self.reads[place], floats)
            shown = inside & part.known
            chunk.slots[term_slot(self.step.score, place)] = _array(part.values, shown, type_)
            known &= part.known
            total = total + part.values
            size += np.abs(part.values.astype(np.float64))
        beyond = known & (~np.isfinite(total) if floats else size >= 2 * _HALF)
        chunk.slots[score_slot(self.step.score)] = _array(total, known & ~beyond, type_)
        count = int(np.count_nonzero(beyond))
        return lambda: self._absorb(count)

    def _term(self, chunk: Chunk, term: ScoreTerm, reads: tuple[External, ...], floats: bool) -> _Term:
        amount = compute_array(self.state, chunk, term.amount, reads)
        known = valid_mask(amount)
        # A whole-number amount may stand in a score of numbers.
        values: Numbers = as_floats(amount.cast(pa.float64(), safe=False)) if floats else as_ints(amount)
        if term.condition is not None:
            applies, _ = truth(compute(self.state, chunk, term.condition, reads), chunk.length)
            values = np.where(applies, values, 0).astype(values.dtype)
            known = known | ~applies
        if self.step.missing_terms_as_zero:
            known = np.ones_like(known)
        if term.sign is TermSign.MINUS:
            values = -values
        return _Term(values, known)

    def _absorb(self, beyond: int) -> None:
        self.beyond += beyond

    def finish(self) -> None:
        if self.beyond:
            text = f"score `{self.step.score}` is beyond what can be held for {self.beyond:,} rows"
            self.state.diagnostics.append(too_large(text, self.step.span))


def add_score(state: State, step: AddTerms) -> AddScore:
    pairs = ((t.amount,) if t.condition is None else (t.amount, t.condition) for t in step.terms)
    return AddScore(state, step, tuple(externals(pair) for pair in pairs))


def _array(values: Numbers, known: Mask, type_: pa.DataType) -> pa.Array:
    if is_float(type_):
        # Minus nothing is nothing: no file shows a negative zero.
        return pa.array(values + 0.0, mask=~known)
    return from_ints(values.astype(np.int64, copy=False), ~known, type_)
