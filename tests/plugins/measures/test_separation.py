"""`separation`: variance explained on accounts that were not learned on, and segments that don't differ."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from segdsl.plugin import DATE, Measured, money
from segdsl.plugin.testing import MeasureExample, check_plugin
from segdsl.record import replace
from segdsl_measures.separating import measure
from segdsl_measures.separation import EVALUATOR
from tests.plugins.measures.calls import call_of


def separation(*args: object, **kwargs: object) -> Measured:
    return measure(call_of(EVALUATOR, *args, **kwargs))  # type: ignore[arg-type]


def test_the_contract_is_kept() -> None:
    apart = MeasureExample(
        ["large", "small"] * 6,
        [10.0, 2.0] * 6,
        1.0,
        figures={"eta_squared": 1.0, "epsilon_squared": 1.0, "differing": 1.0},
    )
    check_plugin("separation", apart)


def drawn(gaps: dict[str, float], rows: int, seed: int) -> tuple[list[str], list[float]]:
    random = np.random.default_rng(seed)
    segments = random.choice(list(gaps), rows)
    return [str(one) for one in segments], [float(random.normal(gaps[str(one)], 1)) for one in segments]


def test_the_share_out_of_sample_is_near_the_true_one() -> None:
    # Means 0 and 2 at even odds have a variance of 1, as has the noise: half of the whole.
    values = [separation(*drawn({"a": 0, "b": 2}, 400, seed), seed=seed).value for seed in range(50)]
    assert np.mean([one for one in values if one is not None]) == pytest.approx(0.5, abs=0.02)


def by_folds(segments: list[str | None], score: list[float], draw: list[float], folds: int) -> float | None:
    """The share of variance by plain arithmetic."""
    order = sorted(range(len(score)), key=lambda row: draw[row])
    left = whole = 0.0
    for fold in range(folds):
        judged = [row for place, row in enumerate(order) if place * folds // len(order) == fold]
        learned = [row for row in order if row not in judged]
        if not judged or not learned:
            continue
        overall = sum(score[row] for row in learned) / len(learned)
        for row in judged:
            own = [score[one] for one in learned if segments[one] is not None and segments[one] == segments[row]]
            left += (score[row] - (sum(own) / len(own) if own else overall)) ** 2
            whole += (score[row] - overall) ** 2
    return 1 - left / whole if whole else None


@given(
    st.lists(st.tuples(st.sampled_from(["a", "b", None]), st.integers(-9, 9)), min_size=3, max_size=25),
    st.integers(2, 4),
)
def test_the_share_out_of_sample_is_that_of_plain_arithmetic(rows: list[tuple[str | None, int]], folds: int) -> None:
    segments, score = [one for one, _ in rows], [float(two) for _, two in rows]
    call = call_of(EVALUATOR, segments, score, {"folds": folds})
    found = measure(call).value
    if len(set(score)) == 1 or len(set(segments)) == 1:
        assert found is None
    else:
        assert found == pytest.approx(by_folds(segments, score, call.draw.to_pylist(), folds), abs=1e-9)


def test_noise_explains_nothing() -> None:
    values = [separation(*drawn({"a": 0, "b": 0, "c": 0}, 100, seed), seed=seed) for seed in range(100)]
    assert all(one.figures["eta_squared"] > 0 for one in values)  # type: ignore[operator]
    assert np.mean([one.value for one in values if one.value is not None]) < 0
    assert np.mean([one.figures["p"] < 0.05 for one in values]) < 0.12  # type: ignore[operator]
    assert any(note.startswith("It explains nothing") for note in values[0].notes)


def test_neighbours_that_do_not_differ_are_named() -> None:
    segments, score = drawn({"large": 3.0, "middling": 0.1, "small": 0.0}, 600, 6)
    found = separation(segments, score)
    assert found.notes[-1] == "It doesn't tell `middling` from `small`: their means don't differ clearly."
    assert "2 of 3 pairs of segments differ" in found.notes[0]
    assert found.figures["differing"] == pytest.approx(2 / 3)


def test_the_table_has_every_pair_with_the_higher_mean_first() -> None:
    segments, score = drawn({"a": 0.0, "b": 1.0, "c": 5.0}, 90, 2)
    table = separation(segments, score).tables["pairs"].to_pylist()
    assert [(row["segment"], row["other"], row["neighbours"]) for row in table] == [
        ("c", "b", True),
        ("c", "a", False),
        ("b", "a", True),
    ]
    values = {name: [s for one, s in zip(segments, score, strict=True) if one == name] for name in "abc"}
    raw = [stats.ttest_ind(values[r["segment"]], values[r["other"]], equal_var=False).pvalue for r in table]
    assert [row["p"] for row in table] == pytest.approx(raw)
    assert [row["p_corrected"] for row in table] == pytest.approx(stats.false_discovery_control(raw))
    assert all(row["low"] < row["difference"] < row["high"] for row in table)


def test_of_very_many_segments_neighbours_are_compared() -> None:
    segments = [f"s{row % 150}" for row in range(600)]
    found = separation(segments, [float(row % 150) + (row % 7) / 9 for row in range(600)])
    assert found.tables["pairs"].num_rows == 149
    assert all(found.tables["pairs"].column("neighbours").to_pylist())


def test_what_was_learned_by_heart_is_not_taken_for_separation() -> None:
    random = np.random.default_rng(8)
    score = random.normal(size=1000)

    def by_heart(rows: np.ndarray) -> tuple[list[int], list[str]]:
        return list(np.where(rows, score < 0, random.random(1000) < 0.5).astype(int)), ["good", "poor"]

    found = separation(["good" if one >= 0 else "poor" for one in score], list(score), learner=by_heart)
    assert found.value is not None and found.value < 0
    assert found.figures["eta_squared"] > 0.6  # type: ignore[operator]
    assert any("learned from these accounts" in note for note in found.notes)
    call = replace(call_of(EVALUATOR, ["a", "b"] * 20, list(score[:40])), learned=True, relearn=None)
    assert measure(call).value is None and "can't be judged on other accounts" in measure(call).notes[0]


@pytest.mark.parametrize(
    ("segments", "score", "word"),
    [
        ([], [], "no account has a score"),
        (["a"], [3.0], "only 1 account"),
        (["a", "b"], [None, None], "no account has a score"),
        (["a", "b", "a"], [2.0, 2.0, None], "the same in all 2 accounts"),
        (["a"] * 4, [1.0, 2.0, 3.0, 4.0], "one segment for all accounts, not a segmentation"),
        ([None] * 4, [1.0, 2.0, 3.0, 4.0], "It puts no account into a segment"),
        (["a"] * 4 + ["b"], [1.0, 2.0, 3.0, 4.0, None], "all accounts with a score are in one segment"),
        ([None] * 4 + ["b"], [1.0, 2.0, 3.0, 4.0, None], "no account with a score is in a segment"),
    ],
)
def test_what_separates_nobody_has_no_figure(segments: list[str | None], score: list[float | None], word: str) -> None:
    found = separation(segments, score)
    assert found.value is None and found.figures == dict.fromkeys(EVALUATOR.figures)
    assert len(found.notes) == 1 and word in found.notes[0]


def test_one_segment_explains_something_against_accounts_in_none() -> None:
    found = separation(["a"] * 50 + [None] * 50, [9.0] * 50 + [1.0] * 50)
    assert found.value is not None and found.value > 0.5
    assert found.figures == dict.fromkeys(EVALUATOR.figures) and "no two to compare" in found.notes[0]


def test_a_split_in_time_says_which_accounts_are_judged() -> None:
    days = [date(2021, 5, 1)] * 60 + [date(2022, 1, 1)] * 21 + [None] * 3
    found = separation(
        ["a", "b"] * 42,
        [9.0, 1.0] * 40 + [None, None] + [9.0, 1.0],
        {"by": "first_order", "after": date(2022, 1, 1)},
        fields={"first_order": days},
        types={"first_order": DATE.or_missing()},
    )
    split = "It is judged on 20 accounts with `first_order` from 2022-01-01 on, and learned on 60 before"
    assert found.notes[1] == f"{split}; 2 without `first_order` take no part."


def test_segments_that_are_all_alike_explain_nothing() -> None:
    found = separation(["a", "b"] * 6 + [None] * 4, [2.0] * 12 + [1.0, 3.0, 4.0, 5.0])
    assert found.figures["eta_squared"] is None
    assert "out of sample (0% where it was made); 1 pair of segments doesn't differ clearly." in found.notes[0]


def test_two_segments_are_one_pair() -> None:
    assert separation(*drawn({"a": 0, "b": 5}, 60, 1)).notes[0].endswith("; 1 pair of segments differs.")


def test_a_segment_an_account_is_tested_by_nothing() -> None:
    found = separation([f"s{row}" for row in range(12)], [float(row) for row in range(12)])
    assert found.value == pytest.approx(0)
    assert (found.figures["epsilon_squared"], found.figures["p"], found.figures["differing"]) == (None, None, None)


def test_differences_in_money_have_no_more_places_than_are_kept() -> None:
    call = call_of(EVALUATOR, ["a"] * 3 + ["b"] * 3, [0.1, 0.2, 0.4, 7.1, 7.2, 7.8])
    for name in ("difference", "low", "high"):
        rough = measure(call).tables["pairs"].column(name).to_pylist()
        found = measure(replace(call, score_type=money("EUR"))).tables["pairs"].column(name).to_pylist()
        assert found == [round(one, 6) for one in rough] and found != rough
