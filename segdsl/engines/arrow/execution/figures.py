"""Figures of a whole table or population: means, quantiles, the nth largest, ranks."""

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from segdsl.engines.arrow.aggregation.accumulator import Accumulator, Ordering, accumulator
from segdsl.engines.arrow.aggregation.columns import (
    Ints,
    Mask,
    from_ints,
    is_float,
    ordered_codes,
    plain_text,
    truth,
    valid_mask,
)
from segdsl.engines.arrow.aggregation.groups import Sorted
from segdsl.engines.arrow.execution.findings import too_large
from segdsl.engines.arrow.execution.frames import frame_values, inside_mask
from segdsl.engines.arrow.execution.ranking import standing
from segdsl.engines.arrow.execution.state import Figure, State, node_slot
from segdsl.engines.arrow.physical import arrow_type
from segdsl.model.expression import TableAggregate
from segdsl.plan.steps import AggregateTable
from segdsl.types import Value


def aggregate_table(state: State, step: AggregateTable) -> None:
    """Computes the figures of a step; ranks stay with the rows of the table, the others with the run."""
    inside = inside_mask(state.frames[step.table], step.over)
    learning = state.learning.get(step.table)
    for node in step.aggregates:
        # A rank is each row's own place among all of them.
        rows = inside if learning is None or node.function == "rank" else inside & learning
        keep_figure(state, step.table, node, rows)


def keep_figure(state: State, table: str, node: TableAggregate, inside: Mask) -> None:
    """Computes a figure over some rows of a table and keeps it, in place of one of the same expression."""
    if node.function == "rank":
        state.frames[table].slots[node_slot(node)] = _ranks(state, table, node, inside)
    else:
        state.figures[node] = figure_of(state, table, node, inside)


def figure_of(state: State, table: str, node: TableAggregate, inside: Mask) -> Figure:
    """A figure of the rows of `inside` that the aggregate's own filter lets through."""
    parts = [part for part in (node.value, node.where, node.per) if part is not None]
    values = dict(zip(parts, frame_values(state, table, parts), strict=True))
    counts = inside
    if node.where is not None:
        counts = counts & truth(values[node.where], len(inside))[0]
    if node.value is not None:
        counts = counts & valid_mask(values[node.value])
    chosen = None if node.value is None else values[node.value].filter(pa.array(counts))
    groups, names = _grouped(None if node.per is None else values[node.per], inside, counts)
    # One group more than there are: it stays empty, and is the figure of rows whose `per` doesn't occur in the table.
    size = 1 if names is None else len(names) + 1
    target = _accumulator(node, size)
    target.add(groups, chosen)
    outcome = target.outcome()
    if outcome.beyond:
        state.diagnostics.append(too_large(f"a sum over `{node.table}` is beyond what can be held", node.span))
    return Figure(outcome.values, names)


def _grouped(per: pa.Array | None, inside: Mask, counts: Mask) -> tuple[Ints, pa.Array | None]:
    """The group of each counted row, and the value of `per` of each group; rows without one are in a group apart."""
    if per is None:
        return np.zeros(int(np.count_nonzero(counts)), dtype=np.int64), None
    plain = plain_text(per)
    names = plain.filter(pa.array(inside)).drop_null().unique()
    named = pa.concat_arrays([names, pa.nulls(1, names.type)])
    places = pc.index_in(plain.filter(pa.array(counts)), value_set=named)
    return places.to_numpy(zero_copy_only=False).astype(np.int64), named


def _accumulator(node: TableAggregate, size: int) -> Accumulator:
    value = None if node.value is None else node.value.type
    if node.function not in ("quantile", "nth_largest"):
        return accumulator(node.function, size, value, node.type)
    assert value is not None
    result, held = arrow_type(node.type), arrow_type(value)
    finish = _quantiles(node.argument, result) if node.function == "quantile" else _nth(node.argument, result)
    return Ordering(size, is_float(held), finish)


def _quantiles(level: Value, type_: pa.DataType) -> Callable[[Sorted], pa.Array]:
    """Quantiles by linear interpolation between order statistics (type 7 of Hyndman and Fan 1996), computed exactly.

    Amounts, dates and durations are rounded half-even to the smallest unit they are kept in.
    """
    assert isinstance(level, int | Decimal)
    share = Fraction(level)

    def finish(values: Sorted) -> pa.Array:
        found = [_quantile(group, share) for group in values.each()]
        if is_float(type_):
            return pa.array([None if q is None else float(q) for q in found], type_)
        wholes = np.array([0 if q is None else round(q) for q in found], dtype=np.int64)
        return from_ints(wholes, values.empty(), type_)

    return finish


def _quantile(values: list[int] | list[float], share: Fraction) -> Fraction | None:
    if not values:
        return None
    place = (len(values) - 1) * share
    low = int(place)
    below = Fraction(values[low])
    return below if low + 1 == len(values) else below + (Fraction(values[low + 1]) - below) * (place - low)


def _nth(n: Value, type_: pa.DataType) -> Callable[[Sorted], pa.Array]:
    """The nth largest value, duplicates counted; missing where there are fewer."""
    assert isinstance(n, int | Decimal)
    nth = int(n)

    def finish(values: Sorted) -> pa.Array:
        found = values.at(values.counts - nth)
        missing = values.counts < nth
        if is_float(type_):
            return pa.array(found.astype(np.float64), mask=missing)
        return from_ints(found.astype(np.int64), missing, type_)

    return finish


def _ranks(state: State, table: str, node: TableAggregate, inside: Mask) -> pa.Array:
    """The competition rank of each row among those of its group, 1 the largest; missing outside."""
    assert node.value is not None
    parts = [part for part in (node.value, node.where, node.per) if part is not None]
    values = dict(zip(parts, frame_values(state, table, parts), strict=True))
    counts = inside & valid_mask(values[node.value])
    if node.where is not None:
        counts = counts & truth(values[node.where], len(inside))[0]
    groups = None
    if node.per is not None:
        counts = counts & valid_mask(values[node.per])
        groups = ordered_codes(values[node.per]).astype(np.int64)
    better = standing(ordered_codes(values[node.value]), counts, groups).better
    return pa.array(better + 1, mask=~counts)
