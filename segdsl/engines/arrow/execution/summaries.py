"""Results as tables: scores with their terms, members of segments, sizes and means, warnings."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from segdsl.engines.arrow.aggregation.columns import Ints, Mask
from segdsl.engines.arrow.execution.expecting import mean_by_place, mean_type
from segdsl.engines.arrow.execution.frames import inside_mask
from segdsl.engines.arrow.execution.leaves import path_name
from segdsl.engines.arrow.execution.state import (
    Frame,
    State,
    column_slot,
    leaf_slot,
    lists_slot,
    score_slot,
    term_slot,
)
from segdsl.engines.arrow.physical import display_array, from_physical
from segdsl.engines.arrow.results import SchemeSummary, SegmentSummary
from segdsl.model.model import Matching, Segment
from segdsl.plan.steps import AddTerms, Classify, Enrich, RankScore, all_steps
from segdsl.types import Value


def score_table(state: State, step: AddTerms, ranking: RankScore | None) -> pa.Table:
    """The rows of a score's table with each term, the total, and the rank."""
    frame = state.frames[step.table]
    columns = _keys(frame)
    for place, name in enumerate(_term_names(step)):
        columns.append((name, display_array(frame.slots[term_slot(step.score, place)], step.type)))
    columns.append((step.score, display_array(frame.slots[score_slot(step.score)], step.type)))
    if ranking is not None:
        parts = ("rank", "percentile", *(("grade",) if ranking.grades else ()))
        columns += [(part, frame.slots[score_slot(step.score, part)]) for part in parts]
    return _rows_of(columns, inside_mask(frame, step.over))


def _term_names(step: AddTerms) -> list[str]:
    """The labels of the terms; one that is taken already is numbered."""
    names: list[str] = []
    taken = {step.score, "rank", "percentile", "grade"}
    for term in step.terms:
        name, count = term.label, 1
        while name in taken:
            count += 1
            name = f"{term.label} ({count})"
        taken.add(name)
        names.append(name)
    return names


def enriched_tables(state: State) -> dict[str, pa.Table]:
    """For each table that plugins added columns to, its key and those columns, in the order in which they were made.

    What is made from personal data is left out, as personal data themselves are.
    """
    tables: dict[str, list[tuple[str, pa.Array]]] = {}
    for step in all_steps(state.plan.steps):
        if isinstance(step, Enrich):
            frame = state.frames[step.table]
            columns = tables.setdefault(step.table, _keys(frame))
            open_ones = [column for column in step.columns if not step.is_personal(column)]
            for name, type_ in (pair for column in open_ones for pair in column.all_columns):
                columns.append((name, display_array(frame.slots[column_slot(name)], type_)))
    return {table: pa.table(dict(columns)) for table, columns in tables.items()}


def member_table(state: State, step: Classify) -> pa.Table:
    """The rows of a scheme's table with their segment."""
    frame = state.frames[step.table]
    columns = _keys(frame)
    if step.matching is Matching.OVERLAPPING:
        columns.append(("segments", frame.slots[lists_slot(step.scheme)]))
    else:
        leaves = state.leaves[step.scheme]
        places = frame.slots[leaf_slot(step.scheme)].to_numpy()
        columns.append(("segment", _names(leaves.top, leaves.top_names, places)))
        if any(segment.children for segment in step.segments):
            columns.append(("micro", _names(leaves.micro, leaves.micro_names, places)))
    return _rows_of(columns, inside_mask(frame, step.over))


def _keys(frame: Frame) -> list[tuple[str, pa.Array]]:
    return list(zip(frame.source.key, frame.key(), strict=True))


def _rows_of(columns: list[tuple[str, pa.Array]], inside: Mask) -> pa.Table:
    table = pa.Table.from_arrays([array for _, array in columns], names=[name for name, _ in columns])
    return table if inside.all() else table.filter(pa.array(inside))


def _names(codes: Ints, names: tuple[str, ...], places: Ints) -> pa.Array:
    found = np.append(codes, -1)[places].astype(np.int32)
    return pa.DictionaryArray.from_arrays(pa.array(found, mask=found < 0), pa.array(names, pa.string()))


def scheme_summary(state: State, step: Classify) -> SchemeSummary:
    """Sizes, mean scores and undecided rows of the segments of a scheme, over the rows it is for."""
    frame = state.frames[step.table]
    inside = inside_mask(frame, step.over)
    rows = int(np.count_nonzero(inside))
    held = _overlapping(state, frame, step) if step.matching is Matching.OVERLAPPING else _nested(state, frame, step)
    assigned = np.zeros(frame.length, dtype=bool)
    found: dict[tuple[int, ...], SegmentSummary] = {}
    for level in held:
        counted = inside[level.rows] & (level.places >= 0)
        assigned[level.rows[counted]] = True
        found |= _level(state, step, level, np.where(counted, level.places, -1), rows)
    segments = tuple(found[order] for order in sorted(found))
    return SchemeSummary(step.scheme, step.over, rows, rows - int(np.count_nonzero(assigned)), segments)


@dataclass(frozen=True, slots=True)
class _Level:
    """Segments that are nested equally deep, and which of them each row stands in (-1: none).

    `orders` say where a segment stands in the spec: its place among its siblings, after those of its parents.
    """

    paths: tuple[tuple[Segment, ...], ...]
    orders: tuple[tuple[int, ...], ...]
    undecided: tuple[int | None, ...]
    rows: Ints
    places: Ints


def _overlapping(state: State, frame: Frame, step: Classify) -> list[_Level]:
    lists = frame.slots[lists_slot(step.scheme)]
    rows = pc.list_parent_indices(lists).to_numpy().astype(np.int64)
    places = lists.flatten().indices.to_numpy().astype(np.int64)
    paths = tuple((segment,) for segment in step.segments)
    orders = tuple((place,) for place in range(len(paths)))
    return [_Level(paths, orders, tuple(state.undecided[step.scheme]), rows, places)]


def _nested(state: State, frame: Frame, step: Classify) -> list[_Level]:
    leaves = state.leaves[step.scheme].leaves
    undecided = state.undecided.get(step.scheme, [None] * len(leaves))
    found = np.asarray(frame.slots[leaf_slot(step.scheme)])
    # Every segment, nested or not, has a leaf of its own: there its rule is asked.
    own = [(leaf, unknown) for leaf, unknown in zip(leaves, undecided, strict=True)]
    levels = []
    for depth in range(1, max(len(leaf.path) for leaf in leaves) + 1):
        here = [(leaf, unknown) for leaf, unknown in own if len(leaf.path) == depth]
        numbers = {leaf.order: number for number, (leaf, _) in enumerate(here)}
        place_of_leaf = np.array([*(numbers.get(leaf.order[:depth], -1) for leaf in leaves), -1])
        levels.append(
            _Level(
                tuple(leaf.path for leaf, _ in here),
                tuple(leaf.order for leaf, _ in here),
                tuple(unknown for _, unknown in here),
                np.arange(frame.length),
                place_of_leaf[found],
            )
        )
    return levels


def _level(
    state: State, step: Classify, level: _Level, places: Ints, rows: int
) -> dict[tuple[int, ...], SegmentSummary]:
    """The summaries of one level's segments, by where they stand in the spec."""
    frame, size = state.frames[step.table], len(level.paths)
    counts = np.bincount(places + 1, minlength=size + 1)[1:].tolist()
    means: dict[str, list[Value]] = {}
    for score in all_steps(state.plan.steps):
        if isinstance(score, AddTerms) and score.table == step.table:
            values = frame.slots[score_slot(score.score)].take(pa.array(level.rows))
            found = mean_by_place(values, score.type, places, size).to_pylist()
            means[score.score] = [from_physical(value, mean_type(score.type)) for value in found]
    return {
        order: SegmentSummary(
            path_name(path),
            path[-1].title,
            counts[place],
            counts[place] / rows if rows else 0.0,
            {score: values[place] for score, values in means.items()},
            level.undecided[place],
            path[-1].span,
        )
        for place, (path, order) in enumerate(zip(level.paths, level.orders, strict=True))
    }
