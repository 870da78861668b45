"""Gives a chunk of rows the values of what expressions rest on: columns, aggregates, scores, segments."""

from collections.abc import Iterable
from typing import assert_never

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from segdsl.engines.arrow.aggregation.columns import plain_text
from segdsl.engines.arrow.batch import Values, spread
from segdsl.engines.arrow.execution.state import (
    Chunk,
    State,
    column_slot,
    leaf_slot,
    lists_slot,
    node_slot,
    score_slot,
)
from segdsl.engines.arrow.physical import arrow_type
from segdsl.engines.arrow.values import evaluate
from segdsl.model.expression import (
    Column,
    Expected,
    Expr,
    Follow,
    LinkAggregate,
    ScoreOf,
    SegmentOf,
    TableAggregate,
)
from segdsl.plan.traversal import External, externals


def bind(state: State, chunk: Chunk, nodes: Iterable[External]) -> None:
    """Puts the value of each node into the chunk's batch; what the table doesn't have is missing in every row."""
    for node in nodes:
        if node not in chunk.batch.bound:
            chunk.batch.bound[node] = _resolve(state, chunk, node)


def compute(state: State, chunk: Chunk, expr: Expr, nodes: Iterable[External]) -> Values:
    """The values of an expression on the chunk; `nodes` are its externals."""
    bind(state, chunk, nodes)
    return evaluate(expr, chunk.batch)


def compute_array(state: State, chunk: Chunk, expr: Expr, nodes: Iterable[External]) -> pa.Array:
    """The same as an array with one value a row."""
    return spread(compute(state, chunk, expr, nodes), chunk.length)


def _resolve(state: State, chunk: Chunk, node: External) -> Values:
    match node:
        case Column(name=name):
            found = chunk.find(column_slot(name))
        case Follow() | LinkAggregate():
            found = chunk.find(node_slot(node))
        case TableAggregate(function="rank"):
            found = chunk.find(node_slot(node))
        case TableAggregate():
            return _figure(state, chunk, node)
        case ScoreOf(score=score, part=part):
            found = chunk.find(score_slot(score, part.value))
        case SegmentOf(scheme=scheme, micro=micro):
            found = segment_names(state, chunk, scheme, micro)
        case Expected(score=score, scheme=scheme):
            return _expected(state, chunk, score, scheme)
        case _:
            assert_never(node)
    return pa.scalar(None, arrow_type(node.type)) if found is None else found


def _figure(state: State, chunk: Chunk, node: TableAggregate) -> Values:
    figure = state.figures[node]
    if node.per is None or figure.groups is None:
        return figure.values[0]
    bind(state, chunk, externals((node.per,)))
    per = plain_text(spread(evaluate(node.per, chunk.batch), chunk.length))
    places = pc.fill_null(pc.index_in(per, value_set=figure.groups, skip_nulls=True), len(figure.values) - 1)
    return figure.values.take(pc.if_else(per.is_valid(), places, pa.scalar(None, places.type)))


def segment_names(state: State, chunk: Chunk, scheme: str, micro: bool) -> pa.Array | None:
    """The segment of each row, its micro-segment, or the list of its segments; None if it wasn't classified."""
    lists = chunk.find(lists_slot(scheme))
    if lists is not None:
        return lists
    found = chunk.find(leaf_slot(scheme))
    if found is None:
        return None
    leaves = state.leaves[scheme]
    places = leaves.micro if micro else leaves.top
    names = leaves.micro_names if micro else leaves.top_names
    # The place after the last leaf stands for rows in no segment.
    codes = np.append(places, -1)[found.to_numpy()]
    given = pa.array(codes.astype(np.int32), mask=codes < 0)
    return pa.DictionaryArray.from_arrays(given, pa.array(names, pa.string()))


def _expected(state: State, chunk: Chunk, score: str, scheme: str) -> pa.Array:
    leaves = state.leaves[scheme]
    found = chunk.find(leaf_slot(scheme))
    assert found is not None, f"{chunk.table} was not classified by {scheme}"
    codes = np.append(leaves.top, -1)[found.to_numpy()]
    return state.means[score, scheme].take(pa.array(codes, mask=codes < 0))
