"""`rfm`: scores and segments against a plain computation, by the text as the engine runs it."""

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segdsl.plugin import COUNT, DURATION, money
from segdsl.plugin.testing import FitExample, check_plugin
from segdsl_rfm import SEGMENTER
from segdsl_rfm.days import roundest_day, roundest_moment
from tests.plugins.finding import Found, find
from tests.plugins.rfm.test_grid import published

FIELDS = "recency: recency frequency: orders monetary: spent"
TYPES = {"recency": "duration", "orders": "count", "spent": "money(USD)"}


def rfm(folder: Path, rows: Sequence[tuple[Any, ...]], options: str = "", **types: str) -> Found:
    return find(folder, SEGMENTER, f"{FIELDS} {options}", TYPES | types, rows)


def customers(count: int, seed: int = 1) -> list[tuple[timedelta, int, Decimal]]:
    random = np.random.default_rng(seed)
    return [
        (timedelta(days=int(days)), int(orders), Decimal(int(cents)) / 100)
        for days, orders, cents in zip(
            random.integers(0, 400, count),
            random.integers(1, 30, count),
            random.integers(100, 10**6, count),
            strict=True,
        )
    ]


def fifths(values: Sequence[float]) -> list[int]:
    """One more for each quantile, linear between two order statistics, that a value lies above; in fractions."""
    ascending = [Fraction(value) for value in sorted(values)]
    cuts = []
    for fifth in (1, 2, 3, 4):
        at, part = divmod((len(ascending) - 1) * fifth, 5)
        above = ascending[min(at + 1, len(ascending) - 1)]
        cuts.append(ascending[at] + (above - ascending[at]) * Fraction(part, 5))
    return [1 + sum(Fraction(value) > cut for cut in cuts) for value in values]


def slug(title: str) -> str:
    return re.sub(" ", "_", title.lower())


def test_the_contract_is_kept() -> None:
    example = FitExample(
        fields={
            "recency": [timedelta(days=day) for day in (1, 40, 80, 200, 500, 3)],
            "orders": [9, 1, 3, 4, None, 2],
            "spent": [Decimal(amount) for amount in (900, 10, 70, 80, 5, 400)],
        },
        types={"recency": DURATION, "orders": COUNT.or_missing(), "spent": money("USD")},
        options={"recency": "recency", "frequency": "orders", "monetary": "spent"},
    )
    check_plugin("rfm", example)


@pytest.mark.parametrize("grid", ["rf", "rfm"])
def test_segments_are_those_of_the_scores_by_fifths(tmp_path: Path, grid: str) -> None:
    # Up to 199 rows no cut-point may be moved over an account.
    rows = customers(199)
    found = rfm(tmp_path, rows, f"grid: {grid}")
    scores = zip(
        fifths([-recency.days for recency, _, _ in rows]),
        fifths([orders for _, orders, _ in rows]),
        fifths([float(spent) for _, _, spent in rows]),
        strict=True,
    )
    expected = [published(r, f if grid == "rf" else -(-(f + m) // 2)) for r, f, m in scores]
    assert found.segments == [slug(title) for title in expected]


def test_round_cut_points_give_few_another_segment_and_say_so(tmp_path: Path) -> None:
    rows = customers(2_000)
    found = rfm(tmp_path, rows)
    scores = zip(fifths([-row[0].days for row in rows]), fifths([row[1] for row in rows]), strict=True)
    moved = sum(own != slug(published(r, f)) for own, (r, f) in zip(found.segments, scores, strict=True))
    assert moved <= 2_000 * 2 * 4 * 0.005
    assert re.search(r"# round cut-points gave \d\.\d% of the accounts another M", found.text)
    told = f"{moved / len(rows):.1%} of the accounts" if moved else "no account"
    assert f"# round cut-points moved {told} to another segment" in found.text


def test_equal_values_get_equal_scores_though_most_are_equal(tmp_path: Path) -> None:
    # Seven in ten bought once: they are F1, two purchases are F4 (above the third fifth) and five are F5.
    rows = [
        (timedelta(days=place), 1 if place % 10 < 7 else 2 if place % 10 < 9 else 5, Decimal(place))
        for place in range(100)
    ]
    found = rfm(tmp_path, rows)
    recency = fifths([-place for place in range(100)])
    frequency = {1: 1, 2: 4, 5: 5}
    assert found.segments == [
        slug(published(r, frequency[orders])) for r, (_, orders, _) in zip(recency, rows, strict=True)
    ]
    assert "# orders: F5 from 5, F4 from 2, else F1" in found.text
    assert "nobody has F 2, 3" in found.text


def test_who_lacks_a_value_is_not_scored(tmp_path: Path) -> None:
    rows = [*customers(20), (timedelta(days=1), None, Decimal(3)), (timedelta(days=2), 4, None)]
    found = rfm(tmp_path, rows, orders="count?", spent="money(USD)?")
    assert found.segments[20:] == ["not_scored"] * 2
    assert "not_scored" not in found.segments[:20] and None not in found.segments[:20]


def test_who_lacks_a_value_later_is_in_no_segment(tmp_path: Path) -> None:
    found = rfm(tmp_path, customers(20), recency="duration?", orders="count?", spent="money(USD)?")
    assert None not in found.segments
    rules = [line.split(" when ")[1] for line in found.lines]
    assert all(all(field in rule for field in ("recency", "orders", "spent")) for rule in rules)


def test_a_date_says_recency_as_well_as_a_duration(tmp_path: Path) -> None:
    rows = customers(150)
    today = date(2026, 3, 1)
    dates = [(today - recency, orders, spent) for recency, orders, spent in rows]
    moments = [(datetime(2026, 3, 1, 9, tzinfo=UTC) - recency, orders, spent) for recency, orders, spent in rows]
    days = [(recency.days, orders, spent) for recency, orders, spent in rows]
    wanted = rfm(tmp_path, rows).segments
    assert rfm(tmp_path, dates, recency="date").segments == wanted
    assert rfm(tmp_path, moments, recency="timestamp").segments == wanted
    assert rfm(tmp_path, days, recency="count").segments == wanted


def test_own_cut_points(tmp_path: Path) -> None:
    options = "recency_cuts: 1 month, 3 months, 6 months, 1 year frequency_cuts: 2, 3, 5, 10"
    rows = [
        (timedelta(days=30), 10, Decimal(1)),
        (timedelta(days=31), 10, Decimal(2)),
        (timedelta(days=31), 1, Decimal(3)),
        (timedelta(days=366), 10, Decimal(4)),
        (timedelta(days=366), 2, Decimal(5)),
    ]
    found = rfm(tmp_path, rows, options)
    assert found.segments == ["champions", "loyal", "promising", "cannot_lose_them", "hibernating"]
    assert 'segment champions "Champions" when recency <= 1 month and orders >= 5' in found.lines


def test_own_table(tmp_path: Path) -> None:
    rows = customers(60)
    found = rfm(tmp_path, rows, 'table: "* * 4-5 Big spenders", "* * * Other \\"small\\" ones"')
    big = [score >= 4 for score in fifths([float(spent) for _, _, spent in rows])]
    assert found.segments == ["big_spenders" if one else "other_small_ones" for one in big]


@pytest.mark.parametrize(
    ("rows", "options", "types", "word"),
    [
        ([], "", {}, "0 of 0 accounts have"),
        (customers(1), "", {}, "1 of 1 account has"),
        ([(timedelta(days=1), None, Decimal(1))] * 9, "", {"orders": "count?"}, "0 of 9 accounts have"),
        ([(timedelta(days=place), 1, Decimal(place)) for place in range(9)], "", {}, "`orders` is the same in all 9"),
        (customers(9), 'table: "5 * * Good"', {}, "no line is for the scores R 1, F 1, M 1"),
        ([("x", 1, Decimal(1))] * 9, "", {"recency": "text"}, "`recency` takes no text, and `recency` is one"),
        (
            [(1, 1, 1)] * 9,
            "",
            {"recency": "count", "orders": "ratio", "spent": "number"},
            "`frequency` takes no ratio, and `orders` is one",
        ),
        (
            [(date(2026, 1, place), place, Decimal(place)) for place in range(1, 9)],
            "recency_cuts: 1 day, 2 days, 3 days, 4 days",
            {"recency": "date"},
            "`recency` is date",
        ),
        (
            [(place, place, place) for place in range(1, 9)],
            "monetary_cuts: $1, $2, $3, $4",
            {"recency": "count", "spent": "count"},
            "`spent` is count",
        ),
    ],
)
def test_what_can_not_be_scored_is_refused_in_a_word(
    tmp_path: Path, rows: list[Any], options: str, types: dict[str, str], word: str
) -> None:
    found = rfm(tmp_path, rows, options, **types)
    assert len(found.errors) == 1 and word in found.errors[0]


@settings(max_examples=20)
@given(
    st.lists(st.tuples(st.integers(-5, 9), st.integers(0, 4), st.integers(-3, 9)), min_size=5, max_size=60).filter(
        lambda rows: all(len(set(column)) > 1 for column in zip(*rows, strict=True))
    )
)
def test_the_text_places_discrete_values_by_their_scores(rows: list[tuple[int, int, int]]) -> None:
    table = [(timedelta(days=days), orders, Decimal(spent)) for days, orders, spent in rows]
    with TemporaryDirectory() as folder:
        found = rfm(Path(folder), table, "grid: rfm")
    r, f, m = (
        fifths(column) for column in ([-row[0] for row in rows], [row[1] for row in rows], [row[2] for row in rows])
    )
    assert found.segments == [
        slug(published(one, -(-(two + three) // 2))) for one, two, three in zip(r, f, m, strict=True)
    ]


# ---- round days


def in_days(day: date) -> int:
    return (day - date(1970, 1, 1)).days


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (date(2025, 11, 3), date(2026, 2, 3), date(2026, 1, 1)),
        (date(2026, 3, 3), date(2026, 4, 29), date(2026, 4, 1)),
        (date(2026, 4, 30), date(2026, 5, 3), date(2026, 5, 1)),
        (date(2026, 5, 1), date(2026, 5, 3), date(2026, 5, 3)),
        (date(1969, 12, 3), date(1970, 1, 2), date(1970, 1, 1)),
    ],
)
def test_round_days_begin_a_year_a_quarter_or_a_month(low: date, high: date, said: date) -> None:
    assert roundest_day(in_days(low), in_days(high)) == in_days(said)


@given(st.integers(0, 40_000 * 86_400), st.integers(1, 10**6))
def test_a_round_moment_lies_in_its_stretch(second: int, length: int) -> None:
    low, high = second / 86_400, (second + length) / 86_400
    moment = (roundest_moment(low, high) - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds()
    assert second < moment <= second + length
