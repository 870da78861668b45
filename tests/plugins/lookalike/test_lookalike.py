"""`lookalike`: who is placed where by the text, what is refused, and what is said of noise."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from segdsl.evidence.regression_tree import Feature
from segdsl.plugin import (
    BOOL,
    CATEGORY,
    COUNT,
    NUMBER,
    RATIO,
    TEXT,
    TIMESTAMP,
    FieldName,
    FitCall,
    Fitted,
    Refused,
    Type,
    category,
    list_of,
)
from segdsl.plugin.testing import FitExample, check_plugin
from segdsl_lookalike import LOOKALIKE
from segdsl_lookalike.columns import Measure
from segdsl_lookalike.fitting import fit
from segdsl_lookalike.terms import term
from tests.plugins.finding import find
from tests.plugins.lookalike.scorecard_text import read_bands

Fields = dict[str, tuple[Sequence[Any], Type]]

RNG = np.random.default_rng(11)
N = 400
SEATS = RNG.lognormal(4, 1.5, N).astype(int)
SECTOR = RNG.choice(["Banks", "IT", "Retail"], N)
SQL = RNG.random(N) < 0.4
NOISE = RNG.normal(0, 1, N)
VALUE = np.log(SEATS + 1) + 1.5 * (SECTOR == "IT") + 0.8 * SQL + NOISE
TOOLS = [["sql", "sap"] if has else ["sap"] for has in SQL]
CLEAR: Fields = {"seats": (SEATS, COUNT), "sector": (SECTOR, CATEGORY), "tools": (TOOLS, list_of(CATEGORY))}


def fitted(target: Sequence[Any], fields: Fields, type_: Type = NUMBER, **options: Any) -> Fitted:
    arrays = {name: _array(values, kind) for name, (values, kind) in fields.items()}
    types = {name: kind for name, (_, kind) in fields.items()}
    arrays["value"], types["value"] = _array(target, type_), type_
    named = {"target": FieldName("value"), "features": tuple(map(FieldName, fields)), "bands": 5, **options}
    return fit(FitCall(arrays, types, len(target), (), named))


def _array(values: Sequence[Any], type_: Type) -> pa.Array:
    plain = values.tolist() if isinstance(values, np.ndarray) else list(values)
    return pa.array(plain, pa.list_(pa.string())) if type_.element is not None else pa.array(plain)


def said(result: Fitted, start: str) -> str:
    return next(note for note in result.notes if note.startswith(start))


def told(result: Fitted) -> str:
    """The clause on what the points tell of rows that they weren't learned from."""
    return said(result, "area")


def test_the_contract_is_kept() -> None:
    example = FitExample(
        fields={"value": VALUE.round(3).tolist(), "seats": [None, *SEATS.tolist()[1:]], "sector": SECTOR.tolist()},
        types={"value": NUMBER, "seats": COUNT.or_missing(), "sector": CATEGORY},
        options={"target": "value", "features": ("seats", "sector"), "bands": 3, "top": Decimal("0.3")},
    )
    check_plugin("lookalike", example)


def test_bands_are_told_by_one_sum_of_points_the_most_alike_first() -> None:
    result = fitted(VALUE, CLEAR)
    bands = read_bands(result.body.splitlines())
    assert [name for name, _ in bands.bounds] == ["very_alike", "alike", "partly_alike", "hardly_alike", "unlike"]
    bounds = [bound for _, bound in bands.bounds if bound is not None]
    assert bounds == sorted(bounds, reverse=True)
    rows = [{"seats": s, "sector": c, "tools": t} for s, c, t in zip(SEATS, SECTOR, TOOLS, strict=True)]
    best = np.sort(VALUE)[-100] <= VALUE
    placed = np.array([bands.place(row) for row in rows])
    for name, _ in bands.bounds:
        own = placed == name
        note = f"{name}: {own.sum():,} rows ({own.mean():.1%}), {best[own].mean():.1%} of them best"
        assert said(result, f"{name}:").startswith(note)
    shares = [best[placed == name].mean() for name, _ in bands.bounds]
    assert shares == sorted(shares, reverse=True)
    assert shares[0] > 0.6
    assert said(result, "learned") == "learned from 400 rows, 100 of them the best 25% by `value`"


def test_the_area_of_the_points_is_as_often_as_a_best_row_has_more_than_another() -> None:
    result = fitted(VALUE, CLEAR)
    bands = read_bands(result.body.splitlines())
    rows = [{"seats": s, "sector": c, "tools": t} for s, c, t in zip(SEATS, SECTOR, TOOLS, strict=True)]
    points = np.array([bands.points(row) for row in rows])
    best = np.sort(VALUE)[-100] <= VALUE
    pairs = [(one > points[~best]).mean() + 0.5 * (one == points[~best]).mean() for one in points[best]]
    assert f", {np.mean(pairs):.3f} in those learned from" in told(result)


def test_the_engine_places_rows_as_the_text_says_also_with_missing_values(tmp_path: Path) -> None:
    rng = np.random.default_rng(5)

    def some(values: Sequence[Any]) -> list[Any]:
        return [None if rng.random() < 0.15 else value for value in values]

    signed = [date(2018, 1, 1) + timedelta(int(day)) for day in rng.integers(0, 2500, N)]
    share = [round(float(v), 3) for v in rng.random(N)]
    money = [Decimal(int(v)) for v in rng.lognormal(8, 1, N)]
    plan = rng.choice(["free", "team", "big"], N).tolist()
    value = VALUE + np.array(
        [(day.year >= 2022) + (p == "big") + 2 * s for day, p, s in zip(signed, plan, share, strict=True)]
    )
    columns: dict[str, tuple[str, list[Any]]] = {
        "value": ("number", value.round(4).tolist()),
        "seats": ("count?", some(SEATS.tolist())),
        "sector": ("category?", some(SECTOR.tolist())),
        "tools": ("list(category)?", some(TOOLS)),
        "plan": ('category("free", "team", "big")', plan),
        "vip": ("bool?", some((rng.random(N) < 0.5).tolist())),
        "signed": ("date?", some(signed)),
        "share": ("ratio?", some(share)),
        "mrr": ("money(USD)?", some(money)),
    }
    rows = list(zip(*(values for _, values in columns.values()), strict=True))
    features = ", ".join(name for name in columns if name != "value")
    types = {name: type_ for name, (type_, _) in columns.items()}
    found = find(tmp_path, LOOKALIKE, f"target: value  features: {features}  bands: 4", types, rows)
    assert found.errors == []
    bands = read_bands(found.lines)
    assert len(bands.terms) >= 5
    expected = [bands.place(dict(zip(columns, row, strict=True))) for row in rows]
    assert found.segments == expected
    assert set(expected) == {"very_alike", "alike", "partly_alike", "unlike"}


def test_more_bands_are_numbered_and_no_larger_than_equal_points_make_them() -> None:
    result = fitted(VALUE, CLEAR, bands=10)
    names = [name for name, _ in read_bands(result.body.splitlines()).bounds]
    assert names == [f"likeness_{place + 1}" for place in range(len(names))]
    assert 6 <= len(names) <= 10
    few = fitted(SQL * 1.0, {"tools": (TOOLS, list_of(CATEGORY))}, bands=10)
    assert [name for name, _ in read_bands(few.body.splitlines()).bounds] == ["alike", "unlike"]


def test_a_field_in_which_nothing_was_missing_gives_a_missing_value_its_mean_points() -> None:
    result = fitted(VALUE, {"sql": (SQL, BOOL.or_missing()), "sector": (SECTOR, CATEGORY)})
    bands = read_bands(result.body.splitlines())
    cases, rest = next(term for term in bands.terms if term[0][0][0] == "sql")
    points = dict(cases)
    mean = SQL.mean() * points["sql"] + (1 - SQL.mean()) * rest
    assert abs(points["sql is missing"] - mean) < 1


def test_a_value_never_seen_counts_as_others_and_a_closed_list_has_none() -> None:
    country = np.where(RNG.random(N) < 0.05, RNG.integers(0, 400, N).astype(str), SECTOR)
    result = fitted(VALUE, {"country": (country, TEXT), "seats": (SEATS, COUNT)})
    bands = read_bands(result.body.splitlines())
    row = {"country": "never seen", "seats": 50}
    assert bands.points(row) == bands.points({**row, "country": next(c for c in country if c.isdigit())})
    closed = fitted(VALUE, {"sector": (SECTOR, category("Banks", "IT", "Retail")), "seats": (SEATS, COUNT)})
    cases, rest = next(term for term in read_bands(closed.body.splitlines()).terms if "sector" in term[0][0][0])
    assert rest == 0
    assert len(cases) <= 2


def test_grades_and_yes_or_no_say_who_the_best_are() -> None:
    order = np.argsort(np.argsort(-VALUE))
    grades = np.array(["A", "B", "C", "D"])[order // 100]
    by_grade = fitted(grades, CLEAR, category("A", "B", "C", "D"))
    assert by_grade.body == fitted(VALUE, CLEAR).body
    assert by_grade.body == fitted(order < 100, CLEAR, BOOL).body
    half = fitted(VALUE, CLEAR, top=Decimal("0.5"))
    assert said(half, "learned") == "learned from 400 rows, 200 of them the best 50% by `value`"
    with pytest.raises(Refused, match="yes-or-no") as refused:
        fitted(order < 100, CLEAR, BOOL, top=Decimal("0.25"))
    assert refused.value.option == "top"


def test_equal_rows_are_the_best_together() -> None:
    for cut in (5.5, 7.5):
        is_high = np.array([value > cut for value in VALUE])
        count = int(is_high.sum())
        assert (count > 100) == (cut == 5.5)
        # Without them all rows, or none, would be the best.
        told = said(fitted(is_high * 1.0, CLEAR), "learned")
        assert f"{count} of them the best 25% by `value`, equal ones together" in told


def test_noise_gives_one_segment_and_says_so() -> None:
    result = fitted(NOISE, {"sector": (SECTOR, CATEGORY), "tools": (TOOLS, list_of(CATEGORY))})
    assert result.body == 'segment all "All" otherwise'
    assert told(result).endswith("no better than chance, which is .5, so there is one segment")


def test_perfect_separation_and_duplicate_rows_are_no_trouble() -> None:
    result = fitted([0.0] * 60 + [1.0] * 20, {"x": ([0.1] * 60 + [0.9] * 20, NUMBER)})
    assert [line.split(" when ")[-1] for line in result.body.splitlines()[:1]] == [
        "x >= 0.5 then 100 else 0 end) >= 100"
    ]
    assert told(result).startswith("area under the ROC curve 1.000")


def test_five_thousand_values_tell_nothing() -> None:
    rng = np.random.default_rng(3)
    many = rng.integers(0, 5_000, 5_000).astype(str)
    result = fitted(rng.normal(size=5_000), {"id": (many, CATEGORY), "x": (rng.normal(size=5_000), NUMBER)})
    assert result.body == 'segment all "All" otherwise'


def test_rows_without_a_target_are_left_out_and_constant_fields_are_named() -> None:
    target = [None if place % 4 == 0 else float(value) for place, value in enumerate(VALUE)]
    result = fitted(target, {**CLEAR, "one": ([1] * N, COUNT), "none": ([None] * N, COUNT)})
    assert "; 100 without a target left out" in said(result, "learned")
    assert "the same in every row, so left out: `one`, `none`" in result.notes


def test_the_same_rows_give_the_same_text() -> None:
    assert fitted(VALUE, CLEAR) == fitted(VALUE, CLEAR)


@pytest.mark.parametrize(
    ("target", "fields", "options", "message", "option"),
    [
        ([1.0] * 40, {"x": (range(40), COUNT)}, {}, "`value` is the same in all 40 rows", "target"),
        ([None] * 40, {"x": (range(40), COUNT)}, {}, "of 0 rows with a known `value`, 0 are", "target"),
        ([1.0], {"x": ([1], COUNT)}, {}, "of 1 row with a known", "target"),
        (range(20), {"x": (range(20), COUNT)}, {}, "of 20 rows with a known `value`, 5 are the best 25%", "target"),
        (range(80), {"x": ([2] * 80, COUNT)}, {}, "every feature is the same", "features"),
        (range(80), {"x": ([None] * 80, COUNT)}, {}, "every feature is the same", "features"),
        (range(80), {"x": ([date(2026, 1, 1)] * 80, TIMESTAMP)}, {}, "`x` is timestamp", "features"),
        (range(80), {"x": ([float("inf")] + [1.0] * 79, NUMBER)}, {}, "infinite", "features"),
        (range(80), {"x": (range(80), COUNT)}, {"features": (FieldName("value"),)}, "target and a feature", "features"),
    ],
)
def test_what_can_not_be_learned_from_is_refused_in_words(
    target: Any, fields: Fields, options: dict[str, Any], message: str, option: str
) -> None:
    with pytest.raises(Refused, match=message) as refused:
        fitted([None if v is None else float(v) for v in target], fields, **options)
    assert refused.value.option == option


def test_a_text_can_not_be_a_target() -> None:
    with pytest.raises(Refused, match="`value` is category") as refused:
        fitted(["a", "b"] * 40, {"x": (range(80), COUNT)}, CATEGORY)
    assert refused.value.option == "target"


@pytest.mark.parametrize(
    ("type_", "cuts", "points", "words"),
    [
        (
            COUNT,
            "1 7 8 12",
            [5, 9, 30, 20, 0, 4],
            "5 for 0, 9 for 1 to under 7, 30 for 7, 20 for 8 to under 12, 0 for 12 and over",
        ),
        (COUNT.or_missing(), "7 8", [3, 0, 9, 4], "3 for under 7, 0 for 7, 9 for 8 and over, 4 for unknown"),
        (COUNT.or_missing(), "7 8", [3, 3, 9, 3], "3 for under 8 or unknown, 9 for 8 and over"),
        (RATIO, "0.07 0.12", [6, 0, 9, 5], "6 for under 7%, 0 for 7% to under 12%, 9 for 12% and over"),
        (NUMBER, "7 8", [6, 0, 9, 5], "6 for under 7, 0 for 7 to under 8, 9 for 8 and over"),
        (NUMBER.or_missing(), "7 8", [6, 6, 6, 0], "0 for unknown, 6 else"),
    ],
)
def test_intervals_are_told_in_the_order_of_their_values(type_: Type, cuts: str, points: list[int], words: str) -> None:
    bounds = tuple(Decimal(one) for one in cuts.split())
    column = Measure("seats", type_, Feature(np.zeros(1, np.uint16), len(bounds) + 1, True), bounds)
    assert term(column, np.array(points)).said == f"`seats`: {words}"
