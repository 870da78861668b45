"""`recommendation`: the choice against all subsets, planted segments, and nothing recommended in noise."""

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from segdsl.plugin import DATE, Measured, money
from segdsl.plugin.testing import MeasureExample, check_plugin
from segdsl.record import replace
from segdsl_measures.choice import Wish, choose
from segdsl_measures.recommendation import EVALUATOR
from segdsl_measures.recommending import measure
from segdsl_measures.samples import apparent, sample_of
from tests.plugins.measures.calls import call_of


def recommendation(*args: object, **kwargs: object) -> Measured:
    return measure(call_of(EVALUATOR, *args, **kwargs))  # type: ignore[arg-type]


def rows_of(found: Measured) -> dict[str, dict[str, object]]:
    return {row["segment"]: row for row in found.tables["segments"].to_pylist()}


def test_the_contract_is_kept() -> None:
    planted = MeasureExample(
        (["a"] * 20 + ["b"] * 20 + ["c"] * 60),
        [90.0 + row for row in range(20)] + [50.0 + row for row in range(20)] + [float(row % 40) for row in range(60)],
        1.0,
        {"top": 0.4},
        figures={"share": 0.4, "lift": 2.5, "poor_avoided": 1.0, "apparent": 1.0},
    )
    check_plugin("recommendation", planted)


SEGMENTS = "abcdef"


@given(
    st.lists(
        st.tuples(st.sampled_from([*SEGMENTS, None]), st.none() | st.integers(0, 6)), min_size=2, max_size=40
    ).filter(lambda rows: len({score for _, score in rows if score is not None}) > 1),
    st.sampled_from([(2, 3), (1, 2), (2, 2), (3, 4)]),
    st.sampled_from([Fraction(1, 4), Fraction(1, 2), Fraction(1)]),
)
def test_no_other_choice_has_a_larger_surplus(
    rows: list[tuple[str | None, int | None]], counts: tuple[int, int], most: Fraction
) -> None:
    segments = [one for one, _ in rows]
    score = [None if two is None else float(two) for _, two in rows]
    call = call_of(EVALUATOR, segments, score)
    sample = sample_of(call)
    chosen = choose(sample, apparent(sample), Wish(0.25, float(most), *counts))
    names = {call.names[one] for one in chosen}
    surplus = exact_surplus(segments, score)

    def total(own: Sequence[str]) -> Fraction:
        return sum((surplus[one] for one in own), Fraction())

    def allowed(own: Sequence[str]) -> bool:
        size = sum(one in own for one in segments)
        return Fraction(size, len(segments)) <= most and all(surplus[one] > 0 for one in own)

    assert not names or allowed(sorted(names))
    for number in range(counts[0], 0, -1):
        up_to = counts[1] if number == counts[0] else number
        sets = [own for size in range(number, up_to + 1) for own in combinations(sorted(surplus), size)]
        best = max((total(own) for own in sets if allowed(own)), default=None)
        if best is not None:
            assert number <= len(names) <= up_to
            assert float(total(sorted(names))) == pytest.approx(float(best), abs=1e-8)
            return
    assert not names


def exact_surplus(segments: Sequence[str | None], score: Sequence[float | None]) -> dict[str, Fraction]:
    """The number of best accounts in each segment less a quarter of its accounts with a score, in whole fractions."""
    known = [row for row, one in enumerate(score) if one is not None]
    left, parts = Fraction(len(known), 4), {}
    for value in sorted({score[row] for row in known}, reverse=True):
        tied = [row for row in known if score[row] == value]
        taken = min(left, Fraction(len(tied)))
        parts.update(dict.fromkeys(tied, taken / len(tied)))
        left -= taken
    found: dict[str, Fraction] = {one: Fraction() for one in segments if one is not None}
    for row in known:
        if segments[row] is not None:
            found[segments[row]] += parts[row] - Fraction(1, 4)
    return found


def planted(seed: int, rows: int = 600) -> tuple[list[str], list[float]]:
    """Of four segments, `gold` and `silver` hold most of the best; `crowd` is more than half of all accounts."""
    random = np.random.default_rng(seed)
    means = {"gold": 30.0, "silver": 25.0, "crowd": 12.0, "poor": 10.0}
    segments = random.choice(list(means), rows, p=[0.1, 0.2, 0.55, 0.15])
    return [str(one) for one in segments], [max(float(random.normal(means[str(one)], 6)), 0) for one in segments]


def test_the_planted_segments_are_recommended_with_the_trade_off() -> None:
    segments, score = planted(3)
    found = measure(replace(call_of(EVALUATOR, segments, score), score_type=money("EUR")))
    rows = rows_of(found)
    assert {name for name, row in rows.items() if row["recommended"]} == {"gold", "silver"}
    # Apart from the fold-wise choice, which is the same in each fold, figures are plain arithmetic.
    inside = np.array([one in ("gold", "silver") for one in segments])
    order = np.argsort(score)
    best, poor = order[-150:], order[:150]
    assert found.value == pytest.approx(inside[best].mean())
    assert found.figures["apparent"] == found.value
    assert found.figures["share"] == pytest.approx(inside.mean())
    assert found.figures["lift"] == pytest.approx(inside[best].mean() / inside.mean())
    assert found.figures["poor_avoided"] == pytest.approx(1 - inside[poor].mean())
    assert found.figures["value_share"] == pytest.approx(np.array(score)[inside].sum() / sum(score))
    gold = np.array([one == "gold" for one in segments])
    assert rows["gold"]["total"] == pytest.approx(np.array(score)[gold].sum())
    assert rows["gold"]["best"] == pytest.approx(gold[best].sum())
    assert rows["gold"]["best_inside"] == pytest.approx(gold[best].sum() / gold.sum())
    assert sum(row["share_of_best"] for row in rows.values()) == pytest.approx(1)  # type: ignore[misc]


def test_the_notes_tell_the_choice_its_reason_and_its_price() -> None:
    segments, score = planted(3)
    first, second, third, fourth = measure(replace(call_of(EVALUATOR, segments, score), score_type=money("EUR"))).notes
    assert first.startswith("It recommends `silver` and `gold`, ") and "of `gold` are among the best 25%" in first
    assert "of the best behind" in second and "of the poorest quarter" in second
    assert third.startswith("Its choice has a total score of €") and third.endswith("of that of all accounts.")
    assert fourth.startswith("It catches ") and fourth.endswith("times what chance would.")


def test_noise_is_seldom_recommended() -> None:
    told = 0
    for seed in range(300):
        random = np.random.default_rng(seed)
        segments, score = random.choice(list("abcde"), 120), random.normal(size=120)
        found = recommendation([str(one) for one in segments], list(score), seed=seed)
        told += found.value is not None
        assert (found.value is None) == found.notes[0].startswith("It recommends no segment")
    # Half of a two-sided test at 5 % is 7.5 of 300; 16 or more come in 0.4 % of cases.
    assert told <= 15


def test_what_was_learned_by_heart_is_not_recommended() -> None:
    random = np.random.default_rng(8)
    score = random.normal(size=1000)

    def by_heart(rows: np.ndarray) -> tuple[list[int], list[str]]:
        guess = random.normal(size=1000)
        seen = np.where(rows, score, guess)
        return list(np.digitize(-seen, [-1.5, -0.5])), ["best", "good", "other"]

    segments = [["best", "good", "other"][one] for one in np.digitize(-score, [-1.5, -0.5])]
    found = recommendation(segments, list(score), learner=by_heart)
    assert found.value is None and "`good` and `best` would be the choice" in found.notes[0]
    assert not any(row["recommended"] for row in rows_of(found).values())
    call = replace(call_of(EVALUATOR, segments, list(score)), learned=True, relearn=None)
    assert measure(call).value is None and "none can be judged" in measure(call).notes[0]


def test_one_good_segment_is_recommended_alone() -> None:
    segments = ["good"] * 30 + ["poor"] * 70
    score = [10.0 + row for row in range(30)] + [float(row % 9) for row in range(70)]
    found = recommendation(segments, score)
    assert [name for name, row in rows_of(found).items() if row["recommended"]] == ["good"]
    assert found.notes[0].startswith("It recommends `good`, 30% of the accounts: ")
    assert " of `good` are among the best 25%, and it holds 100% of these." in found.notes[0]
    assert found.notes[2].startswith("Its choice has a total score of 735, ")
    assert found.notes[-1].startswith("It has no other segment to recommend")


def test_debts_have_no_share_of_the_total() -> None:
    segments, score = planted(3)
    found = recommendation(segments, [one - 12 for one in score])
    assert found.value is not None and found.figures["value_share"] is None
    assert all(row["share_of_total"] is None for row in rows_of(found).values())
    assert "of that of all accounts" not in found.notes[2]


@pytest.mark.parametrize(
    ("segments", "score", "word"),
    [
        ([], [], "no account has a score"),
        (["a"], [3.0], "only 1 account"),
        (["a", "b"], [None, None], "no account has a score"),
        (["a", "b", "a"], [2.0, 2.0, None], "the same in all 2 accounts"),
        (["a"] * 40, [float(row) for row in range(40)], "none with at most 50% of the accounts"),
        ([None] * 40, [float(row) for row in range(40)], "none with at most 50% of the accounts"),
        (["a", "b"] * 4, [7.0, 0.0, 6.0, 1.0, 2.0, 3.0, 4.0, 5.0], "no clear difference from chance"),
    ],
)
def test_where_nothing_is_recommended_the_reason_is_told(
    segments: list[str | None], score: list[float | None], word: str
) -> None:
    found = recommendation(segments, score)
    assert found.value is None and set(found.figures.values()) == {None}
    assert len(found.notes) == 1 and found.notes[0].startswith("It recommends no segment") and word in found.notes[0]


@pytest.mark.parametrize("proven", [True, False])
def test_a_split_in_time_says_which_accounts_are_judged(proven: bool) -> None:
    segments, score = planted(3)
    days = [date(2024 if row % 3 else 2025, 1, 1) for row in range(len(score))]
    if not proven:
        score = [one if row % 3 else -one for row, one in enumerate(score)]
    options = {"by": "since", "after": date(2025, 1, 1)}
    found = recommendation(segments, score, options, fields={"since": days}, types={"since": DATE})
    assert (found.value is not None) is proven
    assert found.notes[-1] == "It is judged on 200 accounts with `since` from 2025-01-01 on, and learned on 400 before."


def test_totals_of_money_have_no_more_places_than_are_kept() -> None:
    call = call_of(EVALUATOR, ["good"] * 30 + ["poor"] * 70, [10.1 + row for row in range(30)] + [0.1] * 70)
    for name in ("mean", "total"):
        rough = measure(call).tables["segments"].column(name).to_pylist()
        found = measure(replace(call, score_type=money("EUR"))).tables["segments"].column(name).to_pylist()
        assert found == [round(one, 6) for one in rough] and found != rough
