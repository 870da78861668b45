"""What the options do, what is refused, and how segments are told."""

import re
from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segdsl.plugin import (
    BOOL,
    CATEGORY,
    COUNT,
    DURATION,
    NUMBER,
    RATIO,
    TEXT,
    FieldName,
    FitCall,
    Fitted,
    Refused,
    Type,
    category,
    list_of,
    money,
)
from segdsl.plugin.testing import FitExample, check_plugin
from segdsl_tree.fitting import fit

Fields = dict[str, tuple[Sequence[Any], Type]]


def fitted(
    target: Sequence[Any], fields: Fields, type_: Type = NUMBER, directions: Any = None, **options: Any
) -> Fitted:
    arrays = {name: _array(values, kind) for name, (values, kind) in fields.items()}
    types = {name: kind for name, (_, kind) in fields.items()}
    named = {"target": FieldName("value"), "features": tuple(map(FieldName, fields)), **options}
    arrays["value"], types["value"] = _array(target, type_), type_
    return fit(FitCall(arrays, types, len(target), (), named, directions or {}))


def _array(values: Sequence[Any], type_: Type) -> pa.Array:
    values = values.tolist() if isinstance(values, np.ndarray) else list(values)
    if type_.element is not None:
        return pa.array(values, pa.list_(pa.string()))
    if type_.currency is not None:
        return pa.array([None if v is None else Decimal(str(v)) for v in values], pa.decimal128(19, 6))
    return pa.array(values)


def told(result: Fitted, start: str) -> str:
    return next(note for note in result.notes if note.startswith(start))


RNG = np.random.default_rng(7)
SEATS = RNG.integers(1, 1_000, 400)
SECTOR = RNG.choice(["Banks", "IT", "Retail"], 400)
NOISE = RNG.normal(0, 0.3, 400)


def test_segments_are_told_best_first_with_their_conditions() -> None:
    target = np.where(SEATS >= 500, 2.0, 0.0) + np.where(SECTOR == "IT", 0.9, 0.0) * (SEATS >= 500) + NOISE
    result = fitted(target, {"seats": (SEATS, COUNT), "sector": (SECTOR, CATEGORY)})
    # The second needn't say that the sector is another: the first has caught those in IT.
    assert result.body.splitlines() == [
        'segment seats_500_up_sector_it "Seats 500 and over; sector IT" when seats >= 500 and sector == "IT"',
        'segment seats_500_up_sector_not_it "Seats 500 and over; sector other than IT" when seats >= 500',
        'segment seats_under_500 "Seats under 500" otherwise',
    ]


def test_the_shares_that_are_told_are_those_of_the_rows() -> None:
    target = np.where(SEATS >= 500, 2.0, 0.0) + NOISE
    result = fitted(target, {"seats": (SEATS, COUNT)}, max_depth=1)
    high = SEATS >= 500
    within = target[high].var() * high.sum() + target[~high].var() * (~high).sum()
    explained = 1 - within / (target.var() * 400)
    assert told(result, "explains").startswith(f"explains {explained:.0%} of the variance of `value`")
    assert (
        told(result, "seats_500_up")
        == f"seats_500_up: {high.sum()} rows ({high.mean():.1%}), mean {target[high].mean():.3g}"
    )
    assert told(result, "round") == "round cut-points moved no row"


def test_the_order_of_rows_does_not_change_what_a_clear_split_says() -> None:
    target = np.where(SEATS >= 500, 2.0, 0.0) + NOISE
    order = np.random.default_rng(1).permutation(400)
    one = fitted(target, {"seats": (SEATS, COUNT)}, max_depth=1)
    assert fitted(target[order], {"seats": (SEATS[order], COUNT)}, max_depth=1).body == one.body
    assert fitted(target, {"seats": (SEATS, COUNT)}, max_depth=1) == one


def test_a_member_of_a_list_is_a_condition() -> None:
    java = RNG.random(400) < 0.4
    tools = [["java", "sql"] if has else ["sql"] for has in java]
    result = fitted(np.where(java, 1.0, 0.0) + NOISE, {"tools": (tools, list_of(CATEGORY))})
    assert result.body.splitlines() == [
        'segment tools_java "Tools with java" when tools has any ("java")',
        'segment tools_no_java "Tools without java" otherwise',
    ]


def test_grades_count_as_scores_the_first_as_the_best() -> None:
    grades = np.where(SEATS >= 700, "A", np.where(SEATS >= 300, "B", "C"))
    result = fitted(grades, {"seats": (SEATS, COUNT)}, category("A", "B", "C"))
    assert [line.split()[1] for line in result.body.splitlines()] == [
        "seats_700_up",
        "seats_300_to_700",
        "seats_under_300",
    ]
    assert "`value` counts as a number, from 3 for A down to 1 for C" in result.notes
    assert "mean 3" in told(result, "seats_700_up")


def test_a_yes_or_no_is_told_as_a_share() -> None:
    result = fitted(SEATS >= 500, {"seats": (SEATS, COUNT)}, BOOL)
    assert told(result, "seats_500_up").endswith("mean 100.0%")


def test_money_bears_its_currency() -> None:
    target = [f"{v:.2f}" for v in np.where(SEATS >= 500, 2000.0, 500.0) + NOISE]
    result = fitted(target, {"mrr": (SEATS, money("EUR"))}, money("CHF"))
    assert "when mrr >= €500" in result.body
    assert told(result, "mrr_500_up").endswith("mean 2_000 CHF")


def test_a_forced_first_split_stays_and_a_forbidden_one_is_not_taken() -> None:
    target = np.where(SEATS >= 500, 5.0, 0.0) + np.where(SECTOR == "IT", 1.0, 0.0) + NOISE
    fields: Fields = {"seats": (SEATS, COUNT), "sector": (SECTOR, CATEGORY)}
    assert "on `seats`" in told(fitted(target, fields), "split")
    for options in ({"first": FieldName("sector")}, {"without": (FieldName("seats"),)}):
        result = fitted(target, fields, **options)
        assert "on `sector`" in told(result, "split of 400 rows")
        assert told(result, "other first splits").startswith("other first splits: `seats` at 500")
    noise = fitted(NOISE, {"seats": (SEATS, COUNT)}, first=FieldName("seats"), min_difference=Decimal(0), max_depth=1)
    assert len(noise.body.splitlines()) == 2


def test_alternatives_are_as_many_as_asked_for() -> None:
    fields: Fields = {f"f{i}": (SEATS + RNG.integers(0, 50 + i, 400), COUNT) for i in range(5)}
    target = np.where(SEATS >= 500, 5.0, 0.0) + NOISE
    for wanted in (0, 2, 4):
        notes = fitted(target, fields, alternatives=wanted).notes
        assert sum(note.count("`f") for note in notes if note.startswith("other first")) == wanted


def test_no_segment_is_smaller_than_the_least_share() -> None:
    target = (SEATS > 950) * 10.0 + NOISE
    for share in ("0.05", "0.1", "0.25"):
        result = fitted(target, {"seats": (SEATS, COUNT)}, min_share=Decimal(share), standard_errors=0)
        rows = [
            int(note.split(": ")[1].split(" rows")[0])
            for note in result.notes
            if ", mean " in note and " rows (" in note
        ]
        assert sum(rows) == 400
        assert min(rows) >= float(share) * 400


def test_a_direction_keeps_the_means_in_order() -> None:
    target = np.where(SEATS < 300, 3.0, np.where(SEATS < 600, 0.0, 1.0)) + NOISE
    assert len(fitted(target, {"seats": (SEATS, COUNT)}).body.splitlines()) == 3
    rising = fitted(target, {"seats": (SEATS, COUNT)}, directions={"seats": 1})
    assert "seats_under_300" not in rising.body


def test_what_directions_do_is_told_and_they_can_be_left_out() -> None:
    target = np.where(SEATS < 500, 3.0, 0.0) + np.where(SECTOR == "IT", 1.0, 0.0) + NOISE
    fields: Fields = {"seats": (SEATS, COUNT), "sector": (SECTOR, CATEGORY)}
    kept = fitted(target, fields, directions={"seats": 1})
    assert "as hypotheses expect, `value` only rises with `seats`" in kept.notes
    high = SEATS >= 500
    gain = high.sum() * (~high).sum() / 400**2 * (target[high].mean() - target[~high].mean()) ** 2 / target.var()
    against = f"first splits that go against a hypothesis, so not tried: `seats` at 500 ({gain:.1%}) of the variance"
    assert against in kept.notes
    assert "seats" not in kept.body
    with_it = fitted(target, fields, directions={"seats": -1})
    assert "as hypotheses expect, `value` only falls with `seats`" in with_it.notes
    assert with_it.body == fitted(target, fields).body


@settings(max_examples=60)
@given(st.integers(0, 10**6), st.sampled_from([1, -1]))
def test_rounding_cut_points_never_turns_a_direction(seed: int, way: int) -> None:
    rng = np.random.default_rng(seed)
    mrr = rng.lognormal(6, 1, 300)
    # Waves on a slope: neighbouring segments are so much alike that a few rows more would turn them round.
    target = way * 0.2 * np.log(mrr) * rng.random() + np.sin(np.log(mrr) * 6) + rng.standard_t(2, 300)
    options: dict[str, Any] = {"standard_errors": 0, "min_difference": Decimal(0), "max_depth": 5}
    result = fitted(target, {"mrr": (mrr, NUMBER)}, directions={"mrr": way}, min_share=Decimal("0.02"), **options)
    # Segments are told best first, by their means after rounding.
    bounds = [interval(line) for line in result.body.splitlines()]
    assert bounds == sorted(bounds, reverse=way > 0)


def interval(line: str) -> tuple[float, float]:
    """What a segment's title says of mrr."""
    title = line.split('"')[1].replace("_", "")
    numbers = [float(number) for number in re.findall(r"\d+(?:\.\d+)?", title)]
    if title == "All":
        return -np.inf, np.inf
    if title.startswith("Mrr under"):
        return -np.inf, numbers[0]
    return (numbers[0], np.inf) if "and over" in title else (numbers[0], numbers[1])


def test_noise_gives_one_segment_and_says_so() -> None:
    result = fitted(NOISE, {"sector": (SECTOR, CATEGORY)})
    assert result.body == 'segment all "All" otherwise'
    assert "no split explains `value` in rows not learned from, so there is one segment" in result.notes


def test_rare_values_count_together_and_go_with_those_never_seen() -> None:
    rare = [f"rare {i}" for i in range(100)]
    country = np.array([*["US"] * 300, *rare])
    result = fitted(np.where(country == "US", 0.0, 1.0) + NOISE, {"country": (country, CATEGORY)})
    assert result.body.splitlines() == [
        'segment country_not_us "Country other than US" when country != "US"',
        'segment country_us "Country US" otherwise',
    ]


def test_five_thousand_values_are_no_reason_to_split() -> None:
    rng = np.random.default_rng(3)
    many = rng.integers(0, 5_000, 20_000).astype(str)
    result = fitted(rng.normal(size=20_000), {"id": (many, CATEGORY)})
    assert result.body == 'segment all "All" otherwise'


def test_rows_without_a_target_are_left_out_and_counted() -> None:
    target = [None if i % 4 == 0 else float(s >= 500) for i, s in enumerate(SEATS)]
    result = fitted(target, {"seats": (SEATS, COUNT)})
    assert result.notes[0] == "learned from 300 rows; 100 without `value` left out"


def test_a_constant_field_is_left_out_and_named() -> None:
    result = fitted(SEATS * 1.0, {"seats": (SEATS, COUNT), "one": ([1] * 400, COUNT), "none": ([None] * 400, COUNT)})
    assert "the same in every row, so left out: `one`, `none`" in result.notes


def test_a_text_such_as_a_derived_region_is_split_like_a_category() -> None:
    regions = ["north" if place % 3 else "south" for place in range(400)]
    target = [float(one == "north") * 5 + place % 2 for place, one in enumerate(regions)]
    as_text, as_category = (fitted(target, {"region": (regions, kind)}) for kind in (TEXT, CATEGORY))
    assert 'when region == "north"' in as_text.body
    assert as_text == as_category


@pytest.mark.parametrize(
    ("target", "fields", "options", "message", "option"),
    [
        ([1.0] * 30, {"x": (range(30), COUNT)}, {}, "the same in all 30 rows", "target"),
        ([None] * 30, {"x": (range(30), COUNT)}, {}, "known in 0 rows", "target"),
        ([1.0], {"x": ([1], COUNT)}, {}, "known in 1 row", "target"),
        (range(30), {"x": ([2] * 30, COUNT)}, {}, "every feature is the same", "features"),
        (range(30), {"x": ([None] * 30, COUNT)}, {}, "every feature is the same", "features"),
        (range(30), {"x": ([f"name {i}" for i in range(30)], TEXT)}, {}, "every feature is the same", "features"),
        (range(30), {"x": (range(30), COUNT)}, {"features": (FieldName("value"),)}, "target and a feature", "features"),
        (range(30), {"x": (range(30), COUNT)}, {"first": FieldName("y")}, "`y` isn't a feature", "first"),
        (range(30), {"x": (range(30), COUNT)}, {"without": (FieldName("y"),)}, "`y` isn't a feature", "without"),
        (
            range(30),
            {"x": ([0] * 29 + [1], COUNT)},
            {"first": FieldName("x"), "min_share": Decimal("0.2")},
            "no split on `x`",
            "first",
        ),
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
        fitted(["a", "b"] * 20, {"x": (range(40), COUNT)}, CATEGORY)
    assert refused.value.option == "target"


def test_duplicate_rows_and_perfect_separation_are_split_once() -> None:
    result = fitted([0.0] * 50 + [1.0] * 50, {"x": ([0.1] * 50 + [0.9] * 50, RATIO)})
    assert result.body.splitlines()[0].endswith(" when x >= 50%")
    assert told(result, "explains").startswith("explains 100% of the variance of `value`, 100%")


def test_odd_values_and_names_are_written_so_that_they_can_be_read() -> None:
    values = ['say "x"\n', "b\\c", "\u202eabc"]
    sector = np.random.default_rng(2).choice(values, 400)
    result = fitted((sector == values[0]) * 1.0 + NOISE, {"Line of Business": (sector, CATEGORY)})
    assert result.body.splitlines()[0].endswith(r'when `Line of Business` == "say \"x\"\n"')
    assert result.body.startswith("segment line_of_business_say_x ")


def test_names_are_unique_and_short() -> None:
    rng = np.random.default_rng(9)
    long = [f"a very long value of a category, number {i:02}, and more" for i in range(8)]
    chosen = rng.choice(long, (400, 2))
    target = (chosen[:, 0] > long[3]) * 1.0 + (chosen[:, 1] > long[5]) * 2.0 + NOISE
    result = fitted(target, {"first_long_field": (chosen[:, 0], CATEGORY), "other": (chosen[:, 1], CATEGORY)})
    names = [line.split()[1] for line in result.body.splitlines()]
    assert len(names) == len(set(names)) == 4
    assert max(map(len, names)) <= 40


def test_a_duration_is_cut_in_days() -> None:
    length = [timedelta(days=int(day)) for day in SEATS]
    result = fitted((SEATS >= 365) * 1.0 + NOISE, {"length": (length, DURATION)})
    assert result.body.splitlines()[0].endswith("when length >= 365 days")


def test_the_contract_is_kept() -> None:
    seats = [None, *SEATS.tolist()[1:]]
    sector = [None, *SECTOR.tolist()[1:]]
    target = (np.where(SEATS >= 500, 2.0, 0.0) + np.where(SECTOR == "IT", 1.0, 0.0) + NOISE).round(3).tolist()
    example = FitExample(
        fields={"value": target, "seats": seats, "sector": sector},
        types={"value": NUMBER, "seats": COUNT.or_missing(), "sector": CATEGORY.or_missing()},
        options={"target": "value", "features": ("seats", "sector"), "min_share": Decimal("0.1")},
    )
    check_plugin("tree", example)
