"""`regression`: the contract, published data, planted truths, and data of which nothing can be told."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from segdsl.plugin import (
    BOOL,
    CATEGORY,
    COUNT,
    DATE,
    DURATION,
    NUMBER,
    TEXT,
    Kind,
    Measured,
    Refused,
    Type,
    list_of,
    money,
)
from segdsl.plugin.testing import MeasureExample, check_plugin
from segdsl.plugin.testing.evaluators import measure_call
from segdsl_regression import EVALUATOR
from segdsl_regression.measuring import measure
from segdsl_regression.proxies import RARE
from tests.evidence.regression_tables import DUNCAN_EDUCATION, DUNCAN_INCOME, DUNCAN_PRESTIGE, DUNCAN_TYPE, TYPES

DUNCAN = {
    "income": DUNCAN_INCOME.tolist(),
    "education": DUNCAN_EDUCATION.tolist(),
    "type": [TYPES[one] for one in DUNCAN_TYPE],
}
DUNCAN_TYPES = {"income": NUMBER, "education": NUMBER, "type": CATEGORY}


def regress(proxies: dict[str, list[Any]], types: dict[str, Type], score: list[float | None], **more: Any) -> Measured:
    example = MeasureExample([None] * len(score), score, None, proxies=proxies, types=types, **more)
    return measure(measure_call(EVALUATOR, example))


def rows(found: Measured, table: str) -> list[dict[str, Any]]:
    return found.tables[table].to_pylist()


def test_the_contract_is_kept() -> None:
    nothing = MeasureExample([None] * 45, DUNCAN_PRESTIGE.tolist(), None)
    noise = np.random.default_rng(1).normal(0, 1, 45).tolist()
    # A straight line is found again in every fold.
    line = MeasureExample(
        [None] * 45,
        (3 + 2 * DUNCAN_INCOME).tolist(),
        1.0,
        proxies={"income": DUNCAN["income"]},
        types=DUNCAN_TYPES,
        figures={"r2": 1.0, "adjusted": 1.0, "variables": 1.0},
    )
    # Numbers that have nothing to do with the score are dropped, and the mean is left.
    gaps = MeasureExample(
        [None] * 45,
        [one if place % 7 else None for place, one in enumerate(noise)],
        0.0,
        options={"within": "type", "significance": Decimal("0.001")},
        proxies={**DUNCAN, "income": [None if one == 42 else one for one in DUNCAN["income"]]},
        fields={"type": DUNCAN["type"]},
        types=DUNCAN_TYPES,
        figures={"variables": 0.0},
    )
    check_plugin("regression", nothing, line, gaps)


def test_duncan_is_as_published_and_the_category_is_tested_as_one() -> None:
    found = regress(
        DUNCAN, DUNCAN_TYPES, DUNCAN_PRESTIGE.tolist(), options={"max_vif": 10, "significance": Decimal("0.5")}
    )
    lines = {(one["proxy"], one["level"]): one for one in rows(found, "coefficients")}
    # bc has 21 rows and is the baseline; Fox's textbook has the same one.
    assert lines["type", "prof"]["coefficient"] == pytest.approx(16.65751, abs=5e-6)
    assert lines["type", "wc"]["coefficient"] == pytest.approx(-14.66113, abs=5e-6)
    assert lines["type", "wc"]["baseline"] == "bc"
    assert lines["type", "wc"]["proxy_p"] == lines["type", "prof"]["proxy_p"]
    assert lines["education", None]["vif"] == pytest.approx(5.297584, abs=5e-7)
    assert found.figures["r2"] == pytest.approx(0.9131, abs=5e-5)
    assert found.figures["adjusted"] == pytest.approx(0.9044, abs=5e-5)
    assert found.value is not None and 0.8 < found.value < found.figures["r2"]


def test_collinear_proxies_are_dropped_and_each_step_is_in_the_table() -> None:
    found = regress(DUNCAN, DUNCAN_TYPES, DUNCAN_PRESTIGE.tolist())
    steps = rows(found, "steps")
    assert [(one["step"], one["dropped"], one["why"]) for one in steps] == [
        (0, None, "all proxies"),
        (1, "education", "collinear"),
    ]
    assert steps[1]["figure"] == pytest.approx(5.297584, abs=5e-7)
    assert [one["accounts"] for one in steps] == [45, 45]
    assert steps[0]["r2"] == pytest.approx(0.9131, abs=5e-5)
    assert "2 of 3 proxies are left: `income`, `type`" in found.notes[0]


def test_every_kind_of_proxy_is_taken_in_its_unit() -> None:
    rng = np.random.default_rng(2)
    n = 300
    days, cents, staff = rng.integers(0, 900, n), rng.integers(0, 10_000, n), rng.integers(1, 50, n)
    yes, noise = rng.integers(0, 2, n), rng.normal(0, 0.5, n)
    since = [date(2020, 1, 1) + timedelta(days=int(one)) for one in days]
    age = rng.integers(0, 400, n)
    score = 0.01 * days + 0.02 * cents / 100 - 0.1 * staff + 2 * yes + 0.005 * age + noise
    found = regress(
        {
            "since": since,
            "spend": [Decimal(int(one)) / 100 for one in cents],
            "staff": staff.tolist(),
            "partner": [bool(one) for one in yes],
            "age": [timedelta(days=int(one)) for one in age],
            "tools": [["a"]] * n,
        },
        {
            "since": DATE,
            "spend": money("USD"),
            "staff": COUNT,
            "partner": BOOL,
            "age": DURATION,
            "tools": list_of(TEXT),
        },
        score.tolist(),
    )
    lines = {one["proxy"]: one["coefficient"] for one in rows(found, "coefficients")}
    planted = {"since": 0.01, "spend": 0.02, "staff": -0.1, "partner": 2, "age": 0.005}
    assert {name: lines[name] for name in planted} == pytest.approx(planted, rel=0.1)
    assert "`tools` is left out: a list." in found.notes
    assert {"dropped": "tools", "why": "a list"}.items() <= rows(found, "steps")[1].items()


def test_rare_levels_are_merged_and_texts_without_frequent_ones_are_left_out() -> None:
    rng = np.random.default_rng(3)
    n = 600
    kinds = [f"rare {one}" if one < 100 else "Software" if one % 2 else "Retail" for one in range(n)]
    score = [(3.0 if one == "Software" else 0.0) + rng.normal() for one in kinds]
    names = [f"Company {one % 300}" for one in range(n)]
    found = regress({"industry": kinds, "name": names}, {"industry": CATEGORY, "name": TEXT}, score)
    lines = [(one["proxy"], one["level"], one["baseline"]) for one in rows(found, "coefficients")]
    assert lines[1:] == [("industry", "Software", "Retail"), ("industry", RARE, "Retail")] or lines[1:] == [
        ("industry", "Retail", "Software"),
        ("industry", RARE, "Software"),
    ]
    assert "`name` is left out: all values are rare." in found.notes


def test_five_thousand_categories_are_thirteen_levels_at_most() -> None:
    rng = np.random.default_rng(4)
    codes = np.where(rng.random(20_000) < 0.9, rng.integers(0, 15, 20_000), rng.integers(15, 5_000, 20_000))
    score = np.where(codes == 3, 5.0, 0.0) + rng.normal(0, 1, 20_000)
    found = regress({"code": [f"c{one}" for one in codes]}, {"code": CATEGORY}, score.tolist())
    assert 2 <= len(rows(found, "coefficients")) <= 13


def test_inside_each_value_the_regression_is_another() -> None:
    rng = np.random.default_rng(5)
    n = 400
    groups = ["b2b"] * 200 + ["b2c"] * 190 + ["tiny"] * 10
    size, age = rng.normal(0, 1, (2, n))
    score = np.where(np.arange(n) < 200, 2 * size, 2 * age) + rng.normal(0, 1, n)
    found = regress(
        {"size": size.tolist(), "age": age.tolist()},
        {"size": NUMBER, "age": NUMBER, "group": CATEGORY},
        score.tolist(),
        fields={"group": groups},
        options={"within": "group"},
    )
    kept = {(one["within"], one["proxy"]) for one in rows(found, "coefficients") if one["proxy"] != "(intercept)"}
    assert {("b2b", "size"), ("b2c", "age")} <= kept
    assert not {("b2b", "age"), ("b2c", "size")} & kept
    assert "What is left inside each value of `group`: `b2b` `size`; `b2c` `age`." in found.notes
    # The ten accounts of `tiny` are too few, and its name stands nowhere: it may be that of a single account.
    assert "No regression is made inside 1 value of `group` with fewer than 12 accounts" in found.notes[-1]
    assert {one["within"] for one in rows(found, "steps")} == {"", "b2b", "b2c"}


def test_inside_a_value_whose_accounts_have_one_score_nothing_is_told() -> None:
    rng = np.random.default_rng(9)
    size = rng.normal(0, 1, 60).tolist()
    found = regress(
        {"size": size},
        {"size": NUMBER, "group": BOOL},
        [3.0] * 30 + size[30:],
        fields={"group": [False] * 30 + [True] * 30},
        options={"within": "group"},
    )
    assert any("all have the same score, in `false`." in note for note in found.notes)


def test_a_number_divides_no_accounts_into_groups() -> None:
    with pytest.raises(Refused, match="doesn't divide accounts"):
        regress(
            {"income": DUNCAN["income"]},
            DUNCAN_TYPES,
            DUNCAN_PRESTIGE.tolist(),
            fields={"education": DUNCAN["education"]},
            options={"within": "education"},
        )


def test_selection_is_repeated_without_the_accounts_it_is_judged_on() -> None:
    rng = np.random.default_rng(6)
    noise = {f"x{place}": rng.normal(0, 1, 150).tolist() for place in range(40)}
    found = regress(noise, dict.fromkeys(noise, NUMBER), rng.normal(0, 1, 150).tolist())
    assert found.value is not None and found.value < 0.03
    assert found.figures["adjusted"] is not None and found.figures["adjusted"] > found.value
    assert any("too good after a selection" in note for note in found.notes)


@pytest.mark.parametrize(
    ("proxy", "score", "word"),
    [
        ([1.0, 2, 3], [1.0, 2, 4], "too few for a regression"),
        ([], [], "0 accounts have a score"),
        (list(range(30)), [2.0] * 30, "The score is the same in all 30 accounts"),
        ([None] * 30, [float(one) for one in range(30)], "none of them explains the score"),
        ([7.0] * 30, [float(one) for one in range(30)], "none of them explains the score"),
        ([None] * 30, [None] * 30, "0 accounts have a score"),
    ],
)
def test_what_cannot_be_told_is_said(proxy: list[Any], score: list[Any], word: str) -> None:
    found = regress({"size": proxy}, {"size": NUMBER}, score)
    assert word in found.notes[0]
    assert found.figures["r2"] is None or found.figures["variables"] == 0


def test_infinite_values_count_as_missing_and_a_perfect_fit_is_suspicious() -> None:
    size = [float(one) for one in range(60)]
    found = regress({"size": [*size, float("inf")]}, {"size": NUMBER}, [2 * one for one in (*size, 60.0)])
    assert found.value == pytest.approx(1)
    assert "`size` is infinite, or larger than can be measured, in 1 accounts; they count as missing." in found.notes
    assert any("probably part of the score" in note for note in found.notes)
    assert {one["robust_error"] for one in rows(found, "coefficients")} == {None}


def test_without_hypotheses_nothing_is_told() -> None:
    found = regress({}, {}, [1.0, 2.0])
    assert found.value is None and "No hypothesis names a proxy" in found.notes[0]


def test_lists_alone_leave_nothing_to_regress_on() -> None:
    found = regress({"tools": [["a"]] * 30}, {"tools": list_of(TEXT)}, [float(one) for one in range(30)])
    assert found.figures["variables"] == 0 and "`tools` is left out: a list." in found.notes


def test_a_tenth_of_all_accounts_lack_each_proxy_and_come_back_when_it_is_dropped() -> None:
    rng = np.random.default_rng(8)
    x, y = rng.normal(0, 1, (2, 200))
    gaps = [None if place % 10 == 0 else float(one) for place, one in enumerate(y)]
    found = regress({"x": x.tolist(), "y": gaps}, {"x": NUMBER, "y": NUMBER}, (x + rng.normal(0, 1, 200)).tolist())
    assert [one["accounts"] for one in rows(found, "steps")] == [180, 200]


def test_tables_have_types_where_they_are_empty() -> None:
    found = regress({"size": [1.0]}, {"size": Type(Kind.NUMBER)}, [1.0])
    assert found.tables["coefficients"].schema.field("p").type == pa.float64()
