"""Every evaluator of schemes and the regression on any rows: finite figures or a reason, in any order of rows."""

import math
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from importlib import import_module
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segdsl.plugin import BOOL, CATEGORY, DATE, NUMBER, Evaluator, MeasureCall
from segdsl.record import replace
from tests.plugins.measures.calls import call_of

NAMES = ("regression", "stability", "agreement", "sizing", "criteria")
EVALUATORS: Mapping[str, Evaluator] = {
    name: import_module("segdsl_regression" if name == "regression" else f"segdsl_schemes.{name}").EVALUATOR
    for name in NAMES
}
OPTIONS: Mapping[str, Mapping[str, Any]] = {
    "regression": {"within": "industry", "folds": 3},
    "stability": {"by": "since", "after": date(2025, 1, 1), "refits": 3},
    "agreement": {"rank": "seats"},
    "sizing": {
        "prospects": "prospects",
        "penetration": (Decimal("0.05"), Decimal("0.15")),
        "potential": "seats",
        "wallet": (Decimal("0.1"),),
    },
    "criteria": {"needs": ("industry", "seats"), "contact": "consent", "growth": "seats", "refits": 3},
}
NUMBERS = st.one_of(
    st.none(),
    st.integers(-3, 3).map(float),
    st.floats(-1e12, 1e12),
    # The engine gives no larger ones.
    st.sampled_from([float("inf"), float("nan"), 1e15, 1e100, -1e100, 1e-300]),
)
ROWS = st.lists(
    st.tuples(
        st.sampled_from(["a", "b", "c", None]),
        NUMBERS,
        NUMBERS,
        st.sampled_from(["x", "y", None, "\u202ez"]),
        st.sampled_from([True, False, None]),
        st.sampled_from([date(2024, 1, 1), date(2025, 6, 1), None]),
    ),
    max_size=30,
)
TYPES = {"seats": NUMBER, "industry": CATEGORY, "consent": BOOL, "since": DATE}


def call_for(name: str, rows: Sequence[tuple[Any, ...]], relearned: Sequence[int] | None) -> MeasureCall:
    segments, score, *columns = ([row[at] for row in rows] for at in range(6))
    fields = dict(zip(("seats", "industry", "consent", "since"), columns, strict=True))
    learner = None
    if relearned is not None:
        learner = lambda mask: (np.resize(relearned, len(mask)) * np.where(mask, 1, -1), ["p", "q", "r"])  # noqa: E731
    return call_of(
        EVALUATORS[name],
        segments,
        score,
        OPTIONS[name],
        learner,
        fields=fields,
        told_by={"seats": fields["seats"]},
        proxies={one: fields[one] for one in ("seats", "industry", "consent")},
        terms={"base": score, "seats": fields["seats"]},
        types={one: type_.or_missing() for one, type_ in TYPES.items()},
        elsewhere={"prospects": segments},
        fields_elsewhere={"prospects": {"seats": fields["seats"]}},
    )


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=60)
@given(rows=ROWS, relearned=st.none() | st.lists(st.integers(-1, 2), min_size=1, max_size=7))
def test_figures_are_finite_or_a_reason_is_given(
    name: str, rows: list[tuple[Any, ...]], relearned: list[int] | None
) -> None:
    found = EVALUATORS[name].measure(call_for(name, rows, relearned))
    figures = [found.value, *found.figures.values()]
    assert all(one is None or math.isfinite(one) for one in figures)
    assert set(found.figures) == set(EVALUATORS[name].figures)
    assert found.value is not None or found.notes
    for table in found.tables.values():
        for column in table.columns:
            if pa.types.is_floating(column.type):
                assert all(one is None or math.isfinite(one) for one in column.to_pylist())


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=60)
@given(rows=ROWS, random=st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(name: str, rows: list[tuple[Any, ...]], random: Any) -> None:
    call = call_for(name, rows, None)
    shuffled = list(range(len(rows)))
    random.shuffle(shuffled)
    order = pa.array(shuffled, pa.int64())

    def turn(columns: Mapping[str, pa.Array]) -> Mapping[str, pa.Array]:
        return {one: column.take(order) for one, column in columns.items()}

    assert call.draw is not None
    turned = replace(
        call,
        segments=call.segments.take(order),
        score=call.score.take(order),
        draw=call.draw.take(order),
        key=tuple(one.take(order) for one in call.key),
        fields=turn(call.fields),
        told_by=turn(call.told_by),
        proxies=turn(call.proxies),
        terms=turn(call.terms),
    )
    first, second = EVALUATORS[name].measure(call), EVALUATORS[name].measure(turned)
    assert near(first.value, second.value)
    assert all(near(first.figures[one], second.figures[one]) for one in first.figures)


def near(one: float | None, other: float | None) -> bool:
    return one is other or (
        one is not None and other is not None and math.isclose(one, other, rel_tol=1e-6, abs_tol=1e-9)
    )
