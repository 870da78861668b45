"""`profile`: figures of segments against plain arithmetic, and what was planted to set them apart."""

from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from segdsl.plugin import (
    BOOL,
    CATEGORY,
    COUNT,
    DATE,
    NUMBER,
    RATIO,
    TEXT,
    Measured,
    Refused,
    Type,
    list_of,
    money,
)
from segdsl.plugin.testing import MeasureExample, check_plugin
from segdsl.record import replace
from segdsl_measures.profile import EVALUATOR
from segdsl_measures.profiling import measure
from segdsl_measures.words import amount, percent, rounded
from segdsl_schemes.words import rounded as rounded_by_schemes
from tests.plugins.measures.calls import call_of


def profile(*args: object, **kwargs: object) -> Measured:
    return measure(call_of(EVALUATOR, *args, **kwargs))  # type: ignore[arg-type]


def rows_of(found: Measured, table: str = "segments") -> list[dict[str, Any]]:
    return found.tables[table].to_pylist()


def test_the_contract_is_kept() -> None:
    half = MeasureExample(
        ["large", "small", "large", "small"],
        [9.0, 1.0, 8.0, 2.0],
        0.5,
        {"top": 0.5, "growth": "growth", "describe": ["industry"]},
        fields={"growth": [0.1, None, 0.2, 0.3], "industry": ["a", "b", "a", None]},
        told_by={"seats": [9, 1, 8, 2]},
        types={"growth": RATIO.or_missing(), "industry": CATEGORY.or_missing(), "seats": COUNT},
    )
    check_plugin("profile", half)


@given(
    st.lists(
        st.tuples(st.sampled_from(["large", "small", None]), st.none() | st.integers(-9, 9)), min_size=1, max_size=30
    )
)
def test_figures_are_those_of_plain_arithmetic(rows: list[tuple[str | None, int | None]]) -> None:
    segments = [one for one, _ in rows]
    score = [None if two is None else two / 4 for _, two in rows]
    found = {row["segment"]: row for row in rows_of(profile(segments, score))}
    assert list(found) == ["large", "small", "other", *([None] if None in segments else [])]
    for name, row in found.items():
        own = [place for place, one in enumerate(segments) if one == name]
        values = [score[place] for place in own if score[place] is not None]
        assert (row["accounts"], row["share"], row["scored"]) == (len(own), len(own) / len(rows), len(values))
        quartiles = np.percentile(values, [0, 25, 50, 75, 100]) if values else [None] * 5
        names = ("lowest", "quartile_1", "median", "quartile_3", "highest")
        assert [row[one] for one in names] == pytest.approx(list(quartiles))
        assert row["mean"] == pytest.approx(np.mean(values) if values else None)
        assert row["sd"] == pytest.approx(np.std(values, ddof=1) if len(values) > 1 else None, abs=1e-9)
        ends = (min(values), max(values)) if values else ()
        firsts = [str(next(place for place in own if score[place] == one)) for one in ends]
        assert [row["worst_account"], row["best_account"]] == (firsts or [None, None])


def test_the_best_are_shared_out_over_the_segments() -> None:
    segments = ["large"] * 4 + ["small"] * 4
    found = profile(segments, [9.0, 8.0, 1.0, 1.0, 8.0, 1.0, 1.0, 1.0])
    large, small, _ = rows_of(found)
    # Two of eight are the best: the 9, and one of two that have 8.
    assert (large["share_of_best"], small["share_of_best"]) == (0.75, 0.25)
    assert (large["best_inside"], small["best_inside"]) == (0.375, 0.125)
    assert found.value == pytest.approx(0.25)


def test_growth_is_the_median() -> None:
    growth = [0.1, 0.2, 9.0, None, 0.4, None]
    found = profile(
        ["large"] * 4 + ["small", None],
        [1.0] * 6,
        {"growth": "g"},
        fields={"g": growth},
        types={"g": RATIO.or_missing()},
    )
    assert [row["growth"] for row in rows_of(found)] == [0.2, 0.4, None, None]


def planted(rows: int, seed: int) -> tuple[list[str], dict[str, list[Any]]]:
    """Large accounts have more seats, are banks more often, use crm, and signed later; nothing else differs."""
    random = np.random.default_rng(seed)
    segments = ["large" if one else "small" for one in random.random(rows) < 0.3]
    large = [one == "large" for one in segments]
    return segments, {
        "seats": [int(random.lognormal(4 if one else 3, 0.5)) for one in large],
        "industry": [
            str(random.choice(["bank", "shop", "farm"], p=[0.6, 0.2, 0.2] if one else [0.2, 0.4, 0.4])) for one in large
        ],
        "tools": [["crm", "mail"] if random.random() < (0.8 if one else 0.3) else ["mail"] for one in large],
        "signed": [date(2025 if one else 2023, int(random.integers(1, 13)), 1) for one in large],
        "audited": [bool(random.random() < (0.9 if one else 0.2)) for one in large],
        "noise": [float(one) for one in random.normal(size=rows)],
        "letter": [str(one) for one in random.choice(list("abcdefghij"), rows)],
        "words": ["large" if one else "small" for one in large],
    }


TYPES = {
    "seats": COUNT,
    "industry": CATEGORY,
    "tools": list_of(CATEGORY),
    "signed": DATE,
    "audited": BOOL,
    "noise": NUMBER,
    "letter": CATEGORY,
    "words": TEXT,
}


def test_what_was_planted_is_found_and_nothing_else() -> None:
    segments, columns = planted(600, 1)
    found = profile(segments, [1.0] * 600, told_by=columns, types=TYPES)
    apart = {(row["segment"], row["field"]): row for row in rows_of(found, "apart")}
    of_large = {field: row["value"] for (segment, field), row in apart.items() if segment == "large"}
    assert of_large == {"seats": None, "industry": "bank", "tools": "crm", "signed": None, "audited": "yes"}
    bank = apart["large", "industry"]
    large = [place for place, one in enumerate(segments) if one == "large"]
    inside = sum(columns["industry"][place] == "bank" for place in large) / len(large)
    outside = (columns["industry"].count("bank") - inside * len(large)) / (600 - len(large))
    assert (bank["inside"], bank["outside"]) == pytest.approx((inside, outside))
    assert bank["lift"] == pytest.approx(inside / outside)
    assert bank["told_by"] and bank["p_corrected"] < 0.001
    strengths = [abs(row["standardised_difference"]) for (segment, _), row in apart.items() if segment == "large"]
    assert strengths == sorted(strengths, reverse=True)


def test_noise_sets_nothing_apart() -> None:
    told = 0
    for seed in range(40):
        random = np.random.default_rng(seed)
        segments, columns = planted(200, seed)
        random.shuffle(segments)
        names = ("seats", "industry", "tools", "signed", "audited", "noise", "letter")
        own = {name: columns[name] for name in names}
        told += bool(rows_of(profile(segments, [1.0] * 200, proxies=own, types=TYPES), "apart"))
    # With one or more of them in 5 % of trials, 40 trials show more than six in 1.5 % of cases.
    assert told <= 6


def test_constant_missing_and_many_values() -> None:
    rows = 300
    segments = ["large", "small"] * 150
    columns: dict[str, list[Any]] = {
        "constant": [7] * rows,
        "missing": [None] * rows,
        "unique": [f"v{row}" for row in range(rows)],
        "none": [None] * rows,
        "infinite": [float("inf"), 1.0] * 150,
        "parted": [4 if one == "large" else 2 for one in segments],
        "same": ["x"] * rows,
    }
    types = {
        "constant": COUNT,
        "missing": COUNT.or_missing(),
        "unique": CATEGORY,
        "none": CATEGORY.or_missing(),
        "infinite": NUMBER,
        "parted": COUNT,
        "same": CATEGORY,
    }
    found = rows_of(profile(segments, [1.0] * rows, told_by=columns, types=types), "apart")
    assert [(row["segment"], row["field"]) for row in found] == [("large", "parted"), ("small", "parted")]
    assert [row["standardised_difference"] for row in found] == [None, None]
    assert (found[0]["inside"], found[0]["outside"]) == (4, 2)


def test_a_list_counts_each_value_once_an_account() -> None:
    tools = [["crm", "crm"], ["crm"], ["crm"], ["crm"], ["crm"], ["crm"], [], [], [], [], None, []] * 3
    segments = (["large"] * 6 + ["small"] * 6) * 3
    found = rows_of(
        profile(segments, [1.0] * 36, told_by={"t": tools}, types={"t": list_of(TEXT).or_missing()}), "apart"
    )
    assert [(row["segment"], row["value"], row["inside"], row["outside"]) for row in found] == [("large", "crm", 1, 0)]


def test_a_sentence_for_each_segment() -> None:
    segments, columns = planted(600, 1)
    score = [float(one == "large") * 100 + row / 100 for row, one in enumerate(segments)]
    call = call_of(EVALUATOR, segments, score, told_by={"seats": columns["seats"]}, types=TYPES)
    first, second = measure(replace(call, score_type=money("EUR"))).notes
    assert first.startswith("Segment `large` has ") and second.startswith("Segment `small` has ")
    assert "of the best 25%; only fields of its own rules set it apart: `seats` (" in first
    assert ", a mean of €10" in first
    many = [f"s{row % 9}" for row in range(90)]
    told = "There are 9 segments: see the table `segments` of this measure in the run folder."
    assert profile(many, [float(row) for row in range(90)]).notes == (told,)


def test_fields_outside_the_rules_are_told_first() -> None:
    segments, columns = planted(600, 1)
    condition = "seats >= 30"
    found = profile(
        segments,
        [float(row) for row in range(600)],
        told_by={"seats": columns["seats"]},
        proxies={condition: [one >= 30 for one in columns["seats"]], "audited": columns["audited"]},
        types={**TYPES, condition: BOOL},
    )
    assert all("it is set apart by `audited` " in note and "seats" not in note for note in found.notes)
    apart = {row["field"]: row["told_by"] for row in rows_of(found, "apart")}
    assert apart == {"seats": True, condition: False, "audited": False}


def test_a_field_whose_name_is_part_of_another_is_another() -> None:
    segments, columns = planted(600, 1)
    own = {"seats": columns["seats"]}
    other = {"seats_sold": [2 * one for one in columns["seats"]]}
    found = profile(segments, [1.0] * 600, told_by=own, proxies=other, types={**TYPES, "seats_sold": COUNT})
    assert all("it is set apart by `seats_sold` (" in note for note in found.notes[1:])


@pytest.mark.parametrize("round_", [rounded, rounded_by_schemes])
def test_amounts_of_money_have_no_more_places_than_are_kept(round_: Callable[[np.ndarray, Type], np.ndarray]) -> None:
    rough = np.array([-213.23999999999998, 0.1 + 0.2, 1e300, np.nan])
    assert round_(rough, money("USD"))[:3].tolist() == [-213.24, 0.3, 1e300]
    assert np.isnan(round_(rough, money("USD"))[3])
    assert round_(rough, NUMBER) is rough


def test_tables_have_amounts_of_money_in_round_figures() -> None:
    # In doubles the mean of these three is 0.20000000000000004.
    call = call_of(EVALUATOR, ["a"] * 3 + ["b"] * 3, [0.1, 0.2, 0.30000000000000004, 7.0, 8.0, 9.0])
    assert rows_of(measure(call))[0]["mean"] != 0.2
    assert rows_of(measure(replace(call, score_type=money("USD"))))[0]["mean"] == 0.2


def test_a_condition_does_not_say_again_what_its_field_said() -> None:
    segments, columns = planted(600, 1)
    banks = {"industry": columns["industry"], 'industry == "bank"': [one == "bank" for one in columns["industry"]]}
    types = {**TYPES, 'industry == "bank"': BOOL}
    found = profile(segments, [float(row) for row in range(600)], told_by=banks, types=types)
    assert {row["field"] for row in rows_of(found, "apart")} == set(banks)
    assert all(note.count("industry") == 1 for note in found.notes)


@pytest.mark.parametrize(
    ("segments", "score", "word"),
    [
        ([], [], "no account has a score"),
        (["a"], [3.0], "only 1 account"),
        (["a", "b"], [None, None], "no account has a score"),
        (["a", "b", "a"], [2.0, 2.0, None], "the same in all 2 accounts"),
    ],
)
def test_without_best_accounts_the_rest_is_told(
    segments: list[str | None], score: list[float | None], word: str
) -> None:
    found = profile(segments, score)
    assert found.value is None and word in found.notes[0]
    assert sum(row["accounts"] for row in rows_of(found)) == len(segments)
    assert all(row["share_of_best"] is None for row in rows_of(found))


def test_one_segment_has_no_surplus() -> None:
    assert profile(["a"] * 8, [float(row) for row in range(8)]).value == 0


def test_amounts_are_written_with_their_units() -> None:
    written = [amount(1234.5, COUNT), amount(0.1234, NUMBER), amount(0.456, RATIO), amount(1234.5, money("USD"))]
    assert written == ["1,234", "0.12", "45.6%", "$1,234"]
    assert amount(20148.4, DATE) == "2025-03-01"
    assert percent(18.23) == "1,823%"


@pytest.mark.parametrize(("type_", "values"), [(CATEGORY, ["a", "b"]), (BOOL, [True, False]), (DATE, [None, None])])
def test_a_growth_that_is_no_number_is_refused(type_: Type, values: list[object]) -> None:
    call = call_of(EVALUATOR, ["a", "b"], [1.0, 2.0], {"growth": "g"}, fields={"g": values}, types={"g": type_})
    with pytest.raises(Refused) as refused:
        measure(call)
    assert (refused.value.option, refused.value.expected) == ("growth", "a number, such as a growth rate")


@pytest.mark.parametrize(("share", "text"), [(-0.001, "0%"), (0.0, "0%"), (-0.02, "-2%"), (0.999, "100%")])
def test_a_share_has_no_sign_where_nothing_is_left_of_it(share: float, text: str) -> None:
    assert percent(share) == text
