"""Populations: rules in order, each row dropped by the first rule that drops it, with the attrition counted."""

from dataclasses import dataclass, field
from typing import TypeGuard

import numpy as np
import pyarrow as pa

from segdsl.engines.arrow.aggregation.columns import Mask, truth
from segdsl.engines.arrow.execution.binding import compute
from segdsl.engines.arrow.execution.figures import keep_figure
from segdsl.engines.arrow.execution.frames import frame_values, inside_mask
from segdsl.engines.arrow.execution.kernel import Absorb
from segdsl.engines.arrow.execution.state import Chunk, Slot, State, inside_slot
from segdsl.engines.arrow.results import AttritionRow, AttritionTable
from segdsl.model.expression import REMAINING, TableAggregate
from segdsl.model.model import PopulationRule
from segdsl.plan.steps import Filter
from segdsl.plan.traversal import External, externals


@dataclass(slots=True)
class RuleCount:
    """What a rule did so far: rows it was asked of, dropped, and could not decide."""

    reached: int = 0
    dropped: int = 0
    undecided: int = 0

    def add(self, left: Mask, drops: Mask, known: Mask) -> None:
        self.reached += int(np.count_nonzero(left))
        self.dropped += int(np.count_nonzero(left & drops))
        self.undecided += int(np.count_nonzero(left & ~known))


@dataclass(slots=True)
class FilterRows:
    """Runs rules that need nothing but the row itself."""

    state: State
    step: Filter
    reads: tuple[tuple[External, ...], ...]
    counts: list[RuleCount]
    start: int = field(default=0)

    @property
    def slots(self) -> tuple[Slot, ...]:
        return (inside_slot(self.step.population),)

    def run(self, chunk: Chunk) -> Absorb | None:
        left = members(chunk, self.step.parent).copy()
        parts = []
        started = int(np.count_nonzero(left))
        for rule, reads in zip(self.step.rules, self.reads, strict=True):
            true, known = truth(compute(self.state, chunk, rule.condition, reads), chunk.length)
            count = RuleCount()
            drops = ~true if rule.keep else true
            count.add(left, drops, known)
            left &= ~drops
            parts.append(count)
        chunk.slots[inside_slot(self.step.population)] = pa.array(left)
        return lambda: self._absorb(started, parts)

    def _absorb(self, started: int, parts: list[RuleCount]) -> None:
        self.start += started
        for total, part in zip(self.counts, parts, strict=True):
            total.reached += part.reached
            total.dropped += part.dropped
            total.undecided += part.undecided

    def finish(self) -> None:
        self.state.attrition[self.step.population] = attrition(self.step, self.start, self.counts)


def filter_rows(state: State, step: Filter) -> FilterRows:
    reads = tuple(externals((rule.condition,)) for rule in step.rules)
    return FilterRows(state, step, reads, [RuleCount() for _ in step.rules])


def filter_remaining(state: State, step: Filter) -> None:
    """Runs rules of which some need figures of the rows that earlier rules left, over the whole table."""
    frame = state.frames[step.table]
    left = inside_mask(frame, step.parent or step.table).copy()
    start = int(np.count_nonzero(left))
    counts = []
    for rule in step.rules:
        figures = [node for node in externals((rule.condition,)) if is_of_remaining(node)]
        for node in figures:
            keep_figure(state, step.table, node, left)
        true, known = truth(frame_values(state, step.table, (rule.condition,))[0], frame.length)
        drops = ~true if rule.keep else true
        count = RuleCount()
        count.add(left, drops, known)
        counts.append(count)
        left &= ~drops
    frame.slots[inside_slot(step.population)] = pa.array(left)
    state.attrition[step.population] = attrition(step, start, counts)


def is_of_remaining(node: External) -> TypeGuard[TableAggregate]:
    return isinstance(node, TableAggregate) and node.table == REMAINING


def members(chunk: Chunk, population: str | None) -> Mask:
    """Which rows belong to a population; all of them for a source (or None)."""
    found = None if population is None else chunk.find(inside_slot(population))
    if found is None:
        return np.ones(chunk.length, dtype=bool)
    mask: Mask = found.to_numpy(zero_copy_only=False)
    return mask


def attrition(step: Filter, start: int, counts: list[RuleCount]) -> AttritionTable:
    rows = tuple(_row(rule, count) for rule, count in zip(step.rules, counts, strict=True))
    return AttritionTable(step.population, step.parent or step.table, start, rows)


def _row(rule: PopulationRule, count: RuleCount) -> AttritionRow:
    left = count.reached - count.dropped
    return AttritionRow(rule.reason, rule.keep, count.dropped, left, count.undecided, rule.span)
