"""Aggregates over a link: one pass over the child's rows serves all of them."""

from dataclasses import dataclass

import pyarrow as pa

from segdsl.engines.arrow.aggregation.accumulator import Accumulator, accumulator
from segdsl.engines.arrow.aggregation.chosen_values import Ending
from segdsl.engines.arrow.aggregation.columns import Ints, Mask, truth, valid_mask
from segdsl.engines.arrow.batch import Values, spread
from segdsl.engines.arrow.execution.binding import bind
from segdsl.engines.arrow.execution.findings import too_large
from segdsl.engines.arrow.execution.kernel import Absorb
from segdsl.engines.arrow.execution.pointers import Pointers, pointers_to
from segdsl.engines.arrow.execution.state import Chunk, Slot, State, node_slot
from segdsl.engines.arrow.values import evaluate
from segdsl.model.expression import Expr, LinkAggregate, LinkPath
from segdsl.plan.steps import AggregateLink
from segdsl.plan.traversal import External, externals


@dataclass(frozen=True, slots=True)
class _Share:
    """What a chunk gives to an aggregate: the groups of its rows that count, their values and their order."""

    groups: Ints
    values: pa.Array | None
    order: tuple[pa.Array, ...]


@dataclass(frozen=True, slots=True)
class AggregateRows:
    """Adds the rows of a child table up to the rows of its parent. It keeps nothing with the child's rows."""

    state: State
    pointers: Pointers
    aggregates: tuple[LinkAggregate, ...]
    accumulators: tuple[Accumulator, ...]
    reads: tuple[External, ...]
    key: tuple[str, ...]

    @property
    def slots(self) -> tuple[Slot, ...]:
        return ()

    def run(self, chunk: Chunk) -> Absorb | None:
        bind(self.state, chunk, self.reads)
        rows = self.pointers.find(chunk).to_numpy()
        linked = rows >= 0
        masks: dict[Expr, Mask] = {}
        shares = [self._share(chunk, aggregate, rows, linked, masks) for aggregate in self.aggregates]
        return lambda: self._absorb(shares)

    def _share(
        self, chunk: Chunk, aggregate: LinkAggregate, rows: Ints, linked: Mask, masks: dict[Expr, Mask]
    ) -> _Share:
        counts = linked
        if aggregate.where is not None:
            if aggregate.where not in masks:
                true, _ = truth(evaluate(aggregate.where, chunk.batch), chunk.length)
                masks[aggregate.where] = linked & true
            counts = masks[aggregate.where]
        parts = [_array(aggregate.value, chunk), _array(aggregate.by, chunk)]
        for part in parts:
            if part is not None and part.null_count:
                counts = counts & valid_mask(part)
        value, by = (None if part is None else _chosen(part, counts) for part in parts)
        ordered = aggregate.function in ("first", "last")
        keys = tuple(_chosen(chunk.column(name), counts) for name in self.key) if ordered else ()
        return _Share(rows[counts], value, keys if by is None else (by, *keys))

    def _absorb(self, shares: list[_Share]) -> None:
        for target, share in zip(self.accumulators, shares, strict=True):
            if isinstance(target, Ending):
                assert share.values is not None
                target.add_rows(share.groups, share.values, share.order)
            else:
                target.add(share.groups, share.values)

    def finish(self) -> None:
        frame = self.state.frames[self.pointers.path.parent]
        for aggregate, target in zip(self.aggregates, self.accumulators, strict=True):
            outcome = target.outcome()
            frame.slots[node_slot(aggregate)] = outcome.values
            if outcome.beyond:
                text = f"a sum over `{self.pointers.path.child}` is beyond what can be held for {outcome.beyond:,} rows"
                self.state.diagnostics.append(too_large(text, aggregate.span))


def aggregate_rows(state: State, step: AggregateLink) -> AggregateRows:
    """The kernel of a pass; the parent must be in memory."""
    parent = state.frames[step.path.parent]
    aggregates = step.aggregates
    targets = tuple(
        accumulator(a.function, parent.length, None if a.value is None else a.value.type, a.type) for a in aggregates
    )
    parts = (part for a in aggregates for part in (a.value, a.where, a.by) if part is not None)
    key = child_key(state, step.path)
    return AggregateRows(state, pointers_to(parent, step.path), aggregates, targets, externals(parts), key)


def child_key(state: State, path: LinkPath) -> tuple[str, ...]:
    """The key columns of the child of a link."""
    return state.sources[path.child].key


def _array(expr: Expr | None, chunk: Chunk) -> pa.Array | None:
    if expr is None:
        return None
    values: Values = evaluate(expr, chunk.batch)
    return spread(values, chunk.length)


def _chosen(array: pa.Array, rows: Mask) -> pa.Array:
    return array if rows.all() else array.filter(pa.array(rows))
