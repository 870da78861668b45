"""Counts of what is known, and patterns of what is missing, against plain Python."""

import random
from collections import Counter
from datetime import date

import numpy as np
import pyarrow as pa
import pytest

from segdsl.diagnostics import Span
from segdsl.engines.arrow.coverage import count_field, missing_patterns, rows_of
from segdsl.engines.arrow.execution.state import Frame, column_slot, inside_slot
from segdsl.model.source import BreachPolicies, FileOrigin, ReadOptions, Source

NOWHERE = Span("", 0, 0)
SOURCE = Source("t", FileOrigin("", "", NOWHERE), "t", (), (), (), ReadOptions(), BreachPolicies(), None, NOWHERE)


def frame(**columns: pa.Array) -> Frame:
    length = len(next(iter(columns.values())))
    return Frame(SOURCE, length, {column_slot(name): column for name, column in columns.items()})


def test_patterns_are_those_of_counting_rows() -> None:
    rng = random.Random(5)
    names = [f"f{place}" for place in range(70)]
    rows = [[rng.random() < 0.02 for _ in names] for _ in range(500)]
    table = frame(**{n: pa.array([None if row[p] else 1 for row in rows]) for p, n in enumerate(names)})
    chosen = np.array([place % 3 > 0 for place in range(500)])
    expected = Counter(
        tuple(name for name, lacking in zip(names, row, strict=True) if lacking)
        for row, inside in zip(rows, chosen, strict=True)
        if inside
    )
    del expected[()]
    assert dict(missing_patterns(table, names, chosen)) == dict(expected)


def test_an_empty_table_lacks_nothing() -> None:
    table = frame(a=pa.array([], pa.int64()))
    assert missing_patterns(table, ["a"], np.zeros(0, np.bool_)) == []
    assert (count_field(table, "a", None, None).known, count_field(table, "a", None, None).distinct) == (0, 0)


@pytest.mark.parametrize(
    ("column", "known", "distinct"),
    [
        (pa.array(["a", "b", None, "a"]), 3, 2),
        (pa.array(["a", "b", None, "a"]).dictionary_encode(), 3, 2),
        # Of lists it is items that are told apart.
        (pa.array([["a", "b"], ["ab"], None, ["a", "b"]]), 3, 3),
        (pa.array([[], ["a"], [], None]), 3, 1),
        (pa.array([[1, 2], [12], [1, 2], None]), 3, 3),
        (pa.array([1.5, None, None, None]), 1, 1),
        (pa.nulls(4, pa.date32()), 0, 0),
    ],
)
def test_values_are_counted_and_told_apart(column: pa.Array, known: int, distinct: int) -> None:
    count = count_field(frame(a=column), "a", None, None)
    assert (count.rows, count.known, count.distinct, count.stale) == (4, known, distinct, None)


def test_stale_values_are_known_and_were_found_before_the_day() -> None:
    days = [date(2024, 1, 1), date(2024, 1, 2), None, date(2023, 1, 1)]
    for found in (pa.array(days), pa.array(days).cast(pa.timestamp("us")).cast(pa.timestamp("us", "UTC"))):
        table = frame(a=pa.array([1, 2, 3, None]), at=found)
        assert count_field(table, "a", "at", date(2024, 1, 2)).stale == 1


def test_rows_belong_to_one_of_some_populations() -> None:
    table = frame(a=pa.array([1, 2, 3]))
    table.slots[inside_slot("p")] = pa.array([True, False, False])
    table.slots[inside_slot("q")] = pa.array([False, True, False])
    assert rows_of(table, ("p", "q")).tolist() == [True, True, False]
    assert rows_of(table, ("p", "t")).tolist() == [True, True, True]
