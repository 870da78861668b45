"""Every measure on any rows: no failure, finite figures or a reason, and the order of rows doesn't matter."""

import math
from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segdsl.plugin import CATEGORY, NUMBER, Evaluator, MeasureCall, Measured
from segdsl.plugin.testing.evaluators import measure_call
from segdsl.plugin.testing.examples import MeasureExample
from segdsl.record import replace
from tests.plugins.measures.calls import call_of

NAMES = ("lift", "separation", "profile", "recommendation", "share", "concentration")
EVALUATORS: Mapping[str, Evaluator] = {name: import_module(f"segdsl_measures.{name}").EVALUATOR for name in NAMES}
OPTIONS = {"lift": {"resamples": 100}}

NUMBERS = st.one_of(
    st.none(),
    st.integers(-3, 3).map(float),
    st.floats(-1e12, 1e12),
    st.sampled_from([float("inf"), float("nan"), 1e15]),
)
ROWS = st.lists(
    st.tuples(st.sampled_from(["a", "b", "c", None]), NUMBERS, NUMBERS, st.sampled_from(["x", "y", None, "\u202ez"])),
    max_size=25,
)


def call_for(name: str, rows: Sequence[tuple[Any, ...]], relearned: Sequence[int] | None) -> MeasureCall:
    segments, score, seats, industry = ([row[at] for row in rows] for at in range(4))
    learner = None
    if relearned is not None:
        learner = lambda mask: (np.resize(relearned, len(mask)) * np.where(mask, 1, -1), ["p", "q", "r"])  # noqa: E731
    call = call_of(
        EVALUATORS[name],
        segments,
        score,
        OPTIONS.get(name),
        learner,
        told_by={"seats": seats},
        proxies={"industry": industry},
        types={"seats": NUMBER.or_missing(), "industry": CATEGORY.or_missing()},
    )
    if not EVALUATORS[name].of_score:
        return replace(call, key=(*call.key, pa.array([None if one is None else "k" for one in segments], pa.string())))
    return call


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=40)
@given(rows=ROWS, relearned=st.none() | st.lists(st.integers(-1, 2), min_size=1, max_size=7))
def test_figures_are_finite_or_a_reason_is_given(
    name: str, rows: list[tuple[Any, ...]], relearned: list[int] | None
) -> None:
    found = EVALUATORS[name].measure(call_for(name, rows, relearned))
    figures = [found.value, *found.by_segment.values(), *found.figures.values()]
    assert all(one is None or math.isfinite(one) for one in figures)
    assert set(found.figures) == set(EVALUATORS[name].figures)
    if found.value is None and not EVALUATORS[name].each_segment:
        assert found.notes
    for table in found.tables.values():
        for column in table.columns:
            if pa.types.is_floating(column.type):
                assert all(one is None or math.isfinite(one) for one in column.to_pylist())


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=40)
@given(rows=ROWS, random=st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(name: str, rows: list[tuple[Any, ...]], random: Any) -> None:
    call = call_for(name, rows, None)
    shuffled = list(range(len(rows)))
    random.shuffle(shuffled)
    order = pa.array(shuffled, pa.int64())
    turned = replace(
        call,
        segments=call.segments.take(order),
        score=call.score.take(order),
        draw=call.draw.take(order),
        key=tuple(one.take(order) for one in call.key),
        told_by={one: column.take(order) for one, column in call.told_by.items()},
        proxies={one: column.take(order) for one, column in call.proxies.items()},
    )
    first, second = EVALUATORS[name].measure(call), EVALUATORS[name].measure(turned)
    assert near(first.value, second.value)
    assert all(near(first.figures[one], second.figures[one]) for one in first.figures)
    assert first.by_segment == second.by_segment


def near(one: float | None, other: float | None) -> bool:
    return one is other or (
        one is not None and other is not None and math.isclose(one, other, rel_tol=1e-6, abs_tol=1e-9)
    )


def test_without_segments_nothing_fails() -> None:
    for name in ("lift", "separation", "profile", "recommendation", "share"):
        whole = measure_call(EVALUATORS[name], MeasureExample([None] * 9, [float(row) for row in range(9)], None))
        bare = replace(whole, names=(), draw=None, key=())
        assert isinstance(EVALUATORS[name].measure(bare), Measured)
