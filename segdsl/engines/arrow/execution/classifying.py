"""Segmentations by rule: the first segment that is true of a row, or all of them."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from segdsl.engines.arrow.aggregation.columns import Ints
from segdsl.engines.arrow.batch import Batch, Values
from segdsl.engines.arrow.execution.binding import bind
from segdsl.engines.arrow.execution.filtering import members
from segdsl.engines.arrow.execution.kernel import Absorb, Kernel
from segdsl.engines.arrow.execution.leaves import Leaves, leaves_of
from segdsl.engines.arrow.execution.prototypes import assign_nearest
from segdsl.engines.arrow.execution.state import Chunk, Slot, State, leaf_slot, lists_slot
from segdsl.engines.arrow.rules import RuleProgram, all_matches, compile_rules, first_match, member_lists
from segdsl.model.expression import Expr, KnownTrue, Not, Or
from segdsl.model.model import Matching
from segdsl.plan.needs import conditions_of
from segdsl.plan.steps import Classify
from segdsl.plan.traversal import External, externals


@dataclass(slots=True)
class FirstSegment:
    """Gives each row the first leaf that is true of it; counts undecided rows among the scheme's own."""

    state: State
    step: Classify
    leaves: Leaves
    program: RuleProgram
    reads: tuple[External, ...]
    undecided: Ints

    @property
    def slots(self) -> tuple[Slot, ...]:
        return (leaf_slot(self.step.scheme),)

    def run(self, chunk: Chunk) -> Absorb | None:
        bind(self.state, chunk, self.reads)
        found = first_match(self.program, chunk.batch, undecided=self.step.own, threads=1)
        chunk.slots[leaf_slot(self.step.scheme)] = pa.array(found.index)
        if found.undecided is None:
            return None
        unknown = self._undecided_inside(chunk, found.undecided)
        return lambda: self._absorb(unknown)

    def _undecided_inside(self, chunk: Chunk, undecided: Ints) -> Ints:
        """Of the undecided rows those among the scheme's own: asked anew of the rows inside or outside, the fewer."""
        inside = members(chunk, self.step.over)
        count = int(np.count_nonzero(inside))
        if count == chunk.length or not undecided.any():
            return undecided
        few = inside if 2 * count < chunk.length else ~inside
        asked = first_match(self.program, _only(chunk.batch, self.reads, pa.array(few)), undecided=True, threads=1)
        assert asked.undecided is not None
        return asked.undecided if few is inside else undecided - asked.undecided

    def _absorb(self, unknown: Ints) -> None:
        self.undecided += unknown

    def finish(self) -> None:
        if self.step.own:
            self.state.undecided[self.step.scheme] = self.undecided.tolist()


@dataclass(slots=True)
class AllSegments:
    """Gives each row the list of all segments that are true of it, in their order."""

    state: State
    step: Classify
    program: RuleProgram
    unknowns: RuleProgram
    reads: tuple[External, ...]
    undecided: Ints

    @property
    def slots(self) -> tuple[Slot, ...]:
        return (lists_slot(self.step.scheme),)

    def run(self, chunk: Chunk) -> Absorb | None:
        bind(self.state, chunk, self.reads)
        names = [segment.name for segment in self.step.segments]
        found = all_matches(self.program, chunk.batch, keep_bits=True, threads=1)
        assert found.bits is not None
        chunk.slots[lists_slot(self.step.scheme)] = member_lists(found.bits, names, chunk.length)
        if not self.step.own:
            return None
        inside = members(chunk, self.step.over)
        batch = chunk.batch if inside.all() else _only(chunk.batch, self.reads, pa.array(inside))
        unknown = all_matches(self.unknowns, batch, threads=1).counts
        return lambda: self._absorb(unknown)

    def _absorb(self, unknown: Ints) -> None:
        self.undecided += unknown

    def finish(self) -> None:
        if self.step.own:
            self.state.undecided[self.step.scheme] = self.undecided.tolist()


@dataclass(frozen=True, slots=True)
class NearestSegment:
    """Gives each row the segment whose prototype is nearest."""

    state: State
    step: Classify
    reads: tuple[External, ...]

    @property
    def slots(self) -> tuple[Slot, ...]:
        return (leaf_slot(self.step.scheme),)

    def run(self, chunk: Chunk) -> Absorb | None:
        bind(self.state, chunk, self.reads)
        places = assign_nearest(self.step.measures, self.step.segments, chunk.batch)
        chunk.slots[leaf_slot(self.step.scheme)] = pa.array(places)
        return None

    def finish(self) -> None:
        """Nothing is left to do: a row with a missing measure is simply unassigned."""


def classify(state: State, step: Classify) -> Kernel:
    """The row-wise work of a scheme on one table."""
    state.leaves[step.scheme] = leaves_of(step.segments)
    match step.matching:
        case Matching.FIRST:
            return _first(state, step)
        case Matching.OVERLAPPING:
            return _all(state, step)
        case Matching.NEAREST:
            return NearestSegment(state, step, externals(m.value for m in step.measures))
        case Matching.PLUGIN:
            raise AssertionError(f"{step.scheme} has no segments before it is fitted")


def _first(state: State, step: Classify) -> FirstSegment:
    leaves = state.leaves[step.scheme]
    program = compile_rules([leaf.condition for leaf in leaves.leaves])
    reads = externals(conditions_of(step.segments))
    return FirstSegment(state, step, leaves, program, reads, np.zeros(len(leaves.leaves), dtype=np.int64))


def _all(state: State, step: Classify) -> AllSegments:
    conditions = [segment.condition for segment in step.segments]
    given: list[Expr] = [condition for condition in conditions if condition is not None]
    none = Not(Or(tuple(KnownTrue(condition) for condition in given)))
    rules = [none if condition is None else condition for condition in conditions]
    unknowns = [Not(Or((KnownTrue(rule), KnownTrue(Not(rule))))) for rule in rules]
    reads = externals(given)
    undecided = np.zeros(len(rules), dtype=np.int64)
    return AllSegments(state, step, compile_rules(rules), compile_rules(unknowns), reads, undecided)


def _only(batch: Batch, reads: tuple[External, ...], inside: pa.BooleanArray) -> Batch:
    """The batch with only some of its rows."""
    kept: dict[Expr, Values] = {}
    for node in reads:
        values = batch.bound[node]
        kept[node] = values if isinstance(values, pa.Scalar) else values.filter(inside)
    return Batch(inside.true_count, kept)
