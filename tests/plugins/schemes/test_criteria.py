"""`criteria`: the contract; for each criterion accounts that meet it and that fail it; and what can't be told."""

from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from segdsl.plugin import BOOL, CATEGORY, COUNT, NUMBER, RATIO, TEXT, Measured, Refused, Type, list_of
from segdsl.plugin.testing import MeasureExample, check_plugin
from segdsl.record import replace
from segdsl_schemes.criteria import EVALUATOR
from segdsl_schemes.differences import compare_segments
from segdsl_schemes.judging import measure
from segdsl_schemes.needs import Compared
from tests.plugins.measures.calls import call_of

N = 120
SEGMENTS = ["a"] * 40 + ["b"] * 40 + ["c"] * 40
NOISE = np.random.default_rng(1).normal(0, 1, N)
# Three segments three standard deviations apart.
APART = (NOISE + np.repeat([0, 3, 6], 40)).tolist()
GOOD: dict[str, Any] = {
    "options": {"contact": "consent", "growth": "growth"},
    "fields": {"consent": [True] * 110 + [False] * 10, "growth": [0.1] * 80 + [-0.1] * 40},
    "told_by": {"employees": [10] * N, "industry": ["tech"] * N},
    "types": {
        "consent": BOOL.or_missing(),
        "growth": RATIO.or_missing(),
        "employees": COUNT.or_missing(),
        "industry": CATEGORY,
        "need": NUMBER.or_missing(),
        "tools": list_of(TEXT).or_missing(),
    },
}


def judge(segments: list[str | None] = SEGMENTS, score: list[Any] = APART, **changed: Any) -> Measured:
    """A good segmentation, but for what is changed."""
    parts = {name: {**GOOD[name], **changed.pop(name, {})} for name in GOOD}
    return measure(call_of(EVALUATOR, segments, score, **parts, **changed))


def met(found: Measured) -> dict[str, bool | None]:
    return {one["criterion"]: one["met"] for one in found.tables["criteria"].to_pylist()}


def test_the_contract_is_kept() -> None:
    good = MeasureExample(
        SEGMENTS,
        APART,
        1.0,
        figures={
            "assignable": 1.0,
            "reachable": 110 / 120,
            "growing": 2 / 3,
            "variables": 2.0,
            "met": 8.0,
            "told": 8.0,
        },
        **GOOD,
    )
    check_plugin("criteria", good, MeasureExample([], [], None))


def test_a_good_segmentation_meets_all_eight() -> None:
    found = judge()
    assert found.value == 1 and set(met(found).values()) == {True} and len(met(found)) == 8
    assert found.notes[0] == "8 of 8 criteria are met."
    assert found.notes[1].startswith("Its segments differ in the score (")


def test_segments_that_explain_nothing_are_not_alike_inside_nor_distinct_and_are_a_grouping() -> None:
    found = judge(score=NOISE.tolist())
    assert {name for name, one in met(found).items() if not one} == {"alike", "distinct"}
    assert found.value == 0.75
    assert "It is a grouping, not a segmentation" in found.notes[1] and "of which none are named" in found.notes[1]


def test_segments_that_differ_in_needs_alone_are_a_segmentation() -> None:
    for need, type_ in (
        (APART, NUMBER),
        ([f"wants {one}" for one in SEGMENTS], CATEGORY),
        ([["all", f"wants {one}"] for one in SEGMENTS], list_of(TEXT)),
        ([one == "a" for one in SEGMENTS], BOOL),
    ):
        found = judge(score=NOISE.tolist(), options={"needs": ("need",)}, fields={"need": need}, types={"need": type_})
        assert met(found)["alike"] is True
        assert any(note.startswith("Its segments differ in `need` (") for note in found.notes), type_
    noise = judge(
        score=NOISE.tolist(),
        options={"needs": ("need",)},
        fields={"need": NOISE[::-1].tolist()},
        types={"need": NUMBER},
    )
    assert "differ neither in the score nor in needs." in noise.notes[1]


def test_two_segments_of_three_that_are_the_same_are_not_distinct() -> None:
    found = judge(score=(NOISE + np.repeat([0, 0, 6], 40)).tolist())
    assert found.figures["distinct"] == pytest.approx(2 / 3)
    assert (met(found)["distinct"], met(found)["alike"]) == (False, True)


def test_a_small_segment_is_not_substantial() -> None:
    segments = ["a"] * 3 + ["b"] * 57 + ["c"] * 60
    found = judge(segments)
    assert found.figures["substantial"] == pytest.approx(3 / 120)
    assert met(found)["substantial"] is False
    # Ten per cent of few accounts are few accounts.
    few = judge(["a"] * 12 + ["b"] * 50 + ["c"] * 58, options={"least_accounts": 20})
    assert few.figures["substantial"] == pytest.approx(0.1) and met(few)["substantial"] is False
    assert "too few accounts" in few.notes[0]
    empty = replace(call_of(EVALUATOR, SEGMENTS, APART, **GOOD), names=("a", "b", "c", "d"))
    assert measure(empty).figures["substantial"] == 0


def test_accounts_without_a_field_that_decides_are_not_assigned_cleanly() -> None:
    # `a` needs employees, `b` needs nothing; half of the accounts of `c`, reached past the rule of `a`, lack them.
    employees = [50] * 40 + [5] * 40 + [5] * 10 + [None] * 30
    found = judge(told_by={"employees": employees})
    assert found.figures["assignable"] == pytest.approx(90 / 120)
    assert met(found)["assignable"] is False
    # A field that no rule needs, since accounts of every segment lack it, decides nothing.
    either = judge(told_by={"employees": [None, *[50] * 39] * 3})
    assert either.figures["assignable"] == 1
    # What is needed further down doesn't decide for those who are caught before.
    later = judge(told_by={"employees": [None] * 40 + [5] * 80})
    assert later.figures["assignable"] == 1


def test_another_field_that_rules_a_segment_out_makes_an_account_clean() -> None:
    # `a` needs employees and the industry tech; all of `b` and `c` are shops, and so can't be in `a`.
    employees = [50] * 40 + [None] * 80
    found = judge(told_by={"employees": employees, "industry": ["tech"] * 40 + ["shop"] * 80})
    assert found.figures["assignable"] == 1
    # Of three accounts of `a` chance alone may have kept shops away.
    few = judge(
        ["a"] * 3 + ["b"] * 57 + ["c"] * 60,
        told_by={"employees": [50] * 3 + [None] * 117, "industry": ["tech"] * 60 + ["shop"] * 60},
    )
    assert few.figures["assignable"] == pytest.approx(3 / 120)


@pytest.mark.parametrize("seed", range(5))
def test_what_is_told_from_the_accounts_is_what_the_rules_leave_undecided(seed: int) -> None:
    """Rules in three-valued logic: unknown where what is missing could still make them true."""
    rng = np.random.default_rng(seed)
    n = 4_000
    staff, growth = rng.integers(1, 1_000, n), rng.normal(0, 0.2, n)
    industry = np.array(["bank", "shop", "farm", "mine"])[rng.integers(0, 4, n)]
    lacks_staff, lacks_growth = rng.random((2, n)) < 0.2
    bank = industry == "bank"
    first = (bank & ~lacks_staff & (staff >= 300), bank & lacks_staff)
    second = (
        ~lacks_growth & (growth > 0.1) & ~lacks_staff & (staff < 500),
        (lacks_growth & (lacks_staff | (staff < 500))) | (lacks_staff & ~lacks_growth & (growth > 0.1)),
    )
    places = np.select([first[0], second[0]], [0, 1], 2)
    truth = ~np.where(places == 0, False, np.where(places == 1, first[1], first[1] | second[1]))
    found = judge(
        [("a", "b", "c")[one] for one in places],
        [0.0] * n,
        fields={"consent": [True] * n, "growth": [0.1] * n},
        told_by={
            "employees": [None if lacks else int(one) for one, lacks in zip(staff, lacks_staff, strict=True)],
            "growth": [None if lacks else float(one) for one, lacks in zip(growth, lacks_growth, strict=True)],
            "industry": industry.tolist(),
        },
    )
    assert found.figures["assignable"] == pytest.approx(truth.mean(), abs=0.01)


def test_accounts_in_no_segment_are_not_assigned() -> None:
    found = judge([*SEGMENTS[:80], *[None] * 40])
    assert found.figures["assignable"] == pytest.approx(2 / 3) and met(found)["assignable"] is False


def test_segments_that_may_not_be_contacted_are_not_reachable() -> None:
    consent = [True] * 60 + [False] * 30 + [None] * 30
    found = judge(fields={"consent": consent})
    assert found.figures["reachable"] == 0.5 and met(found)["reachable"] is False
    # Those in no segment aren't looked at.
    placed = judge([*SEGMENTS[:60], *[None] * 60], fields={"consent": consent})
    assert placed.figures["reachable"] == 1


def test_segments_that_come_out_otherwise_on_other_accounts_are_not_stable() -> None:
    rng = np.random.default_rng(4)
    found = judge(learner=lambda rows: (rng.integers(0, 3, N), ("x", "y", "z")))
    assert found.figures["stable"] == pytest.approx(0, abs=0.02) and met(found)["stable"] is False
    assert "learned from these accounts" in found.notes[-1]
    same = judge(learner=lambda rows: (np.repeat([0, 1, 2], 40), ("x", "y", "z")))
    assert same.figures["stable"] == 1


def test_segments_whose_middle_account_shrinks_are_not_growing() -> None:
    # In `a` most grow, in `b` most shrink and one grows a lot, of `c` nothing is known.
    growth = [0.1] * 21 + [-0.1] * 19 + [-0.1] * 39 + [99.0] + [None] * 40
    found = judge(fields={"growth": growth})
    assert found.figures["growing"] == 0.5
    assert met(judge(fields={"growth": [-0.1] * 100 + [0.1] * 20}))["growing"] is False


def test_segments_told_by_many_fields_are_hard_to_tell() -> None:
    found = judge(
        told_by={f"f{place}": [1] * N for place in range(4)}, types={f"f{place}": COUNT for place in range(4)}
    )
    assert found.figures["variables"] == 6 and met(found)["variables"] is False
    assert "variables 6 (at most 5)" in found.notes[0]


def test_bounds_are_options() -> None:
    found = judge(
        options={
            "least_alike": Decimal("0.99"),
            "least_distinct": Decimal("1"),
            "least_share": Decimal("0.4"),
            "least_assignable": Decimal("1"),
            "least_reachable": Decimal("0.95"),
            "least_growing": Decimal("0.7"),
            "most_variables": 1,
        }
    )
    failed = {name for name, one in met(found).items() if not one}
    assert failed == {"alike", "substantial", "reachable", "growing", "variables"}


def test_what_cannot_be_told_is_none_and_said() -> None:
    bare = measure(call_of(EVALUATOR, SEGMENTS, APART))
    assert (bare.figures["reachable"], bare.figures["growing"], bare.figures["told"]) == (None, None, 6.0)
    assert bare.value == 1
    assert "`reachable` can't be told: no field says who may be contacted: add `contact: FIELD`." in bare.notes
    no_score = judge(score=[None] * N)
    assert (no_score.figures["alike"], no_score.figures["distinct"]) == (None, None)
    constant = judge(score=[3.0] * N)
    assert constant.figures["alike"] is None and constant.figures["distinct"] == 0
    unlearned = measure(replace(call_of(EVALUATOR, SEGMENTS, APART), learned=True, relearn=None))
    assert unlearned.figures["stable"] is None


def test_infinite_scores_are_left_out() -> None:
    found = judge(score=[float("inf"), *APART[1:]])
    assert met(found)["alike"] is True and met(found)["distinct"] is True


@pytest.mark.parametrize(("option", "type_"), [("contact", COUNT), ("growth", CATEGORY)])
def test_fields_of_another_type_are_refused(option: str, type_: Type) -> None:
    with pytest.raises(Refused) as refused:
        judge(fields={"odd": [None] * N}, types={"odd": type_.or_missing()}, options={option: "odd"})
    assert refused.value.option == option


@given(st.integers(0, 1_000), st.floats(0, 1.5))
def test_pairs_differ_where_welch_says_so_and_they_are_far_enough_apart(seed: int, shift: float) -> None:
    rng = np.random.default_rng(seed)
    values = rng.normal(0, 1, 60) + np.repeat([0, shift], 30)
    places = np.repeat([0, 1], 30)
    found = compare_segments((Compared("", (values,)),), places, 2)
    one, other = values[:30], values[30:]
    d = abs(one.mean() - other.mean()) / np.sqrt((one.var(ddof=1) + other.var(ddof=1)) / 2)
    differ = stats.ttest_ind(one, other, equal_var=False).pvalue < 0.05 and d >= 0.2
    assert found.distinct == float(differ)
    within, whole = 30 * (one.var() + other.var()), 60 * values.var()
    assert found.alike[0] == pytest.approx(1 - within / whole * 59 / 58)


def test_with_a_million_accounts_trifles_are_no_difference() -> None:
    rng = np.random.default_rng(5)
    values = rng.normal(0, 1, 1_000_000) + np.repeat([0, 0.05], 500_000)
    found = compare_segments((Compared("", (values,)),), np.repeat([0, 1], 500_000), 2)
    assert found.distinct == 0 and not found.separated.any()


def test_the_share_of_a_category_is_that_of_light_and_margolin() -> None:
    # Of 20 accounts each in two segments 15 and 5 have the value x, the others y: R2 is the square of .5.
    values = np.array([1.0] * 15 + [0.0] * 5 + [1.0] * 5 + [0.0] * 15)
    found = compare_segments((Compared("need", (values, 1 - values)),), np.repeat([0, 1], 20), 2)
    assert found.alike[0] == pytest.approx(1 - (1 - 0.25) * 39 / 38)


@pytest.mark.parametrize(
    ("segments", "word"),
    [
        (["a"] * N, "It is one segment for all accounts, not a segmentation."),
        ([None] * N, "It puts no account into a segment"),
        (["a"] * 60 + [None] * 60, "All accounts that are in a segment are in `a`"),
    ],
)
def test_one_segment_meets_no_criterion(segments: list[str | None], word: str) -> None:
    found = judge(segments)
    assert found.value is None and found.figures == dict.fromkeys(EVALUATOR.figures)
    assert len(found.notes) == 1 and word in found.notes[0]


def test_where_nothing_can_be_compared_it_is_said_that_a_grouping_cannot_be_ruled_out() -> None:
    found = judge(score=[None] * N)
    assert any(note.startswith("Whether it is more than a grouping can't be told") for note in found.notes)
