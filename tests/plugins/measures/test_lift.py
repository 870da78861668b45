"""`lift`: the worked example, folds, splits in time, and what has no lift."""

import itertools
from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from segdsl.plugin import COUNT, DATE, MeasureCall, Measured, Refused
from segdsl.plugin.testing import MeasureExample, check_plugin
from segdsl.record import replace
from segdsl_measures.lift import EVALUATOR
from segdsl_measures.lifting import measure
from tests.plugins.measures.calls import call_of

TWO = ["large"] * 6 + ["small"] * 6
SCORE = [9.0, 8.0, 7.0, 3.0, 6.0, 5.0, 4.0, 2.0, 1.0, 0.0, 3.5, 2.5]


def lift(*args: object, **kwargs: object) -> Measured:
    return measure(call_of(EVALUATOR, *args, **kwargs))  # type: ignore[arg-type]


def test_the_contract_is_kept() -> None:
    figures = {"caught": 1.0, "excess": 1.0, "area": 0.75, "depth_50": 0.25, "depth_80": 0.4, "depth_100": 0.5}
    halves = MeasureExample(TWO, SCORE, 2.0, {"top": 0.25}, figures={**figures, "caught": 0.5, "apparent": 2.0})
    dates = [date(2025, 1, 1) + timedelta(days=row) for row in range(12)]
    split = MeasureExample(
        ["large", "small"] * 6,
        SCORE,
        4 / 3,
        {"by": "since", "after": date(2025, 1, 7), "top": 0.5},
        fields={"since": dates},
        types={"since": DATE},
    )
    check_plugin("lift", halves, split)


@pytest.mark.parametrize(
    ("sizes", "value", "area"),
    [
        ([(90, 25), (10, 0)], 1 / 0.9, 0.55),
        ([(50, 25), (50, 0)], 2, 0.75),
        ([(25, 25), (75, 0)], 4, 0.875),
    ],
)
@pytest.mark.parametrize("seed", range(5))
def test_a_hundred_accounts_out_of_sample(sizes: list[tuple[int, int]], value: float, area: float, seed: int) -> None:
    # The example of the method. Scores differ, so that the mean of a segment is another in every fold.
    segments = [f"s{place}" for place, (size, _) in enumerate(sizes) for _ in range(size)]
    good = [float(row < best) for size, best in sizes for row in range(size)]
    score = [one * 100 + (37 * row) % 10 for row, one in enumerate(good)]
    found = lift(segments, score, seed=seed)
    assert found.value == pytest.approx(value, abs=1e-12)
    assert found.figures["area"] == pytest.approx(area, abs=1e-12)
    assert found.figures["excess"] == pytest.approx(value - 1, abs=1e-12)
    assert found.figures["apparent"] == pytest.approx(value, abs=1e-12)
    low, high = found.figures["low"], found.figures["high"]
    assert low is not None and high is not None and low <= value + 1e-12 and value - 1e-12 <= high


def test_the_table_holds_the_curve_between_the_diagonal_and_the_perfect_model() -> None:
    table = lift(TWO * 2, SCORE * 2).tables["gains"]
    assert table.column("percent").to_pylist() == list(range(101))
    assert table.column("no_information").to_pylist() == pytest.approx([one / 100 for one in range(101)])
    assert table.column("perfect").to_pylist() == pytest.approx([min(one / 25, 1) for one in range(101)])
    assert table.column("caught").to_pylist() == pytest.approx([min(one / 50, 1) for one in range(101)])
    assert table.column("lift").to_pylist()[:2] == [None, pytest.approx(2)]
    low, high = (table.column(name).to_numpy() for name in ("low", "high"))
    assert np.all(low <= table.column("caught").to_numpy()) and np.all(high >= table.column("caught").to_numpy())


def by_folds(call: MeasureCall, folds: int, top: float) -> float:
    """The lift by plain arithmetic: folds with the same order of segments together, ties cut at random."""
    score, segments = call.score.to_pylist(), call.segments.to_pylist()
    order = sorted((row for row in range(len(score)) if score[row] is not None), key=lambda row: call.draw[row].as_py())
    fold_of = {row: place * folds // len(order) for place, row in enumerate(order)}
    together: dict[tuple[tuple[int, ...], ...], list[int]] = {}
    for fold in range(folds):
        learned_on = [row for row in order if fold_of[row] != fold]
        judged_on = [row for row in order if fold_of[row] == fold]
        if not learned_on or not judged_on:
            continue
        overall = sum(score[row] for row in learned_on) / len(learned_on)
        means = {}
        for segment in {segments[row] for row in order}:
            own = [score[row] for row in learned_on if segment is not None and segments[row] == segment]
            means[segment] = sum(own) / len(own) if own else overall
        levels = sorted({round(one, 9) for one in means.values()}, reverse=True)
        ranks = tuple(
            tuple(sorted(-1 if s is None else s for s in means if round(means[s], 9) == level)) for level in levels
        )
        together.setdefault(ranks, []).extend(judged_on)
    caught = sum(_caught(ranks, rows, segments, score, top) for ranks, rows in together.items())
    return caught / (top * top * sum(map(len, together.values())))


def _caught(
    ranks: tuple[tuple[int, ...], ...], rows: list[int], segments: Sequence[int | None], score: list[float], top: float
) -> float:
    """How many of the best are expected in the first `top`, every row a hundred times so that shares are whole."""
    place = {segment: at for at, tied in enumerate(ranks) for segment in tied}
    of_row = {row: place[-1 if segments[row] is None else segments[row]] for row in rows}

    def parts(key: dict[int, float]) -> dict[int, float]:
        left, found = top * len(rows), {}
        for _, tied in itertools.groupby(sorted(rows, key=lambda row: key[row]), key=lambda row: key[row]):
            group = list(tied)
            taken = min(left, len(group))
            found.update(dict.fromkeys(group, taken / len(group)))
            left -= taken
        return found

    best, first = parts({row: -score[row] for row in rows}), parts({row: float(of_row[row]) for row in rows})
    return sum(best[row] * first[row] for row in rows)


@given(
    st.lists(
        st.tuples(st.sampled_from(["a", "b", "c", None]), st.none() | st.integers(-5, 20)), min_size=2, max_size=40
    ),
    st.integers(2, 6),
    st.sampled_from([0.1, 0.25, 0.5]),
    st.integers(0, 3),
)
def test_lift_by_folds_is_that_of_plain_arithmetic(
    rows: list[tuple[str | None, int | None]], folds: int, top: float, seed: int
) -> None:
    segments = [one for one, _ in rows]
    score = [None if two is None else float(two) for _, two in rows]
    call = call_of(EVALUATOR, segments, score, {"folds": folds, "top": top, "resamples": 100}, seed=seed)
    found = measure(call)
    ranked = {one for one, two in rows if two is not None}
    if len({one for one in score if one is not None}) < 2 or len(ranked) < 2:
        assert found.value is None and len(found.notes) == 1
    else:
        assert found.value == pytest.approx(by_folds(call, folds, top), abs=1e-9)


@given(
    st.lists(st.tuples(st.sampled_from(["a", "b", None]), st.integers(-5, 5)), min_size=2, max_size=30),
    st.randoms(use_true_random=False),
)
def test_the_order_of_rows_changes_nothing(rows: list[tuple[str | None, int]], random: object) -> None:
    call = call_of(EVALUATOR, [one for one, _ in rows], [two / 10 for _, two in rows], {"resamples": 100})
    order = list(range(len(rows)))
    random.shuffle(order)  # type: ignore[attr-defined]
    turned = replace(call, segments=call.segments.take(order), score=call.score.take(order), draw=call.draw.take(order))
    assert measure(turned) == measure(call)


def test_what_is_learned_by_heart_does_not_count() -> None:
    # A scheme that puts the best of what it saw into a segment, and everybody else into another.
    random = np.random.default_rng(8)
    score = random.normal(size=4000)
    best = score > np.quantile(score, 0.75)

    def by_heart(rows: np.ndarray) -> tuple[list[int], list[str]]:
        guess = random.random(len(score)) < 0.25
        return list(np.where(rows, ~best, ~guess).astype(int)), ["good", "other"]

    segments = ["good" if one else "other" for one in best]
    found = lift(segments, list(score), learner=by_heart)
    assert found.figures["apparent"] == pytest.approx(4)
    assert found.value == pytest.approx(1, abs=0.15)
    assert any(note.startswith("It isn't clearly better than chance") for note in found.notes)


def test_a_scheme_without_information_has_a_lift_of_one_on_average() -> None:
    # Five equal segments drawn at random: neither the order that folds learn nor putting folds together favours any.
    random = np.random.default_rng(11)
    names = np.array(["a", "b", "c", "d", "e"])
    values = []
    for seed in range(400):
        segments, score = names[random.integers(0, 5, 100)], random.normal(size=100)
        found = lift(list(segments), list(score), {"resamples": 100}, seed=seed)
        assert found.value is not None
        values.append(found.value)
    error = np.std(values) / np.sqrt(len(values))
    assert abs(np.mean(values) - 1) < 3 * error


def test_the_interval_covers_the_true_lift() -> None:
    # Score normal around the segment's mean; the true lift is that of a million accounts.
    random = np.random.default_rng(13)

    def drawn(rows: int) -> tuple[np.ndarray, np.ndarray]:
        good = random.random(rows) < 0.4
        return good, random.normal(good * 1.0, 1.0)

    good, score = drawn(1_000_000)
    many = score > np.quantile(score, 0.75)
    true = (good & many).sum() / many.sum() * 0.25 / good.mean() / 0.25
    covered = 0
    for seed in range(300):
        good, score = drawn(100)
        found = lift(["good" if one else "poor" for one in good], list(score), {"resamples": 200}, seed=seed)
        low, high = found.figures["low"], found.figures["high"]
        assert low is not None and high is not None
        covered += low <= true <= high
    assert covered >= 0.91 * 300


def test_learned_before_a_day_and_judged_from_it_on() -> None:
    days = [*[date(2024, 12, 31)] * 4, *[date(2025, 1, 1)] * 4, None] * 9
    segments = [*["a", "a", "b", "b"] * 2, "a"] * 9
    # Before, b is better; from the day on, a is.
    score = [1.0, 1.0, 5.0, 6.0, 5.0, 6.0, 1.0, 2.0, 99.0] * 9
    options = {"by": "since", "after": date(2025, 1, 1), "top": 0.5}
    found = lift(segments, score, options, fields={"since": days}, types={"since": DATE.or_missing()})
    assert found.value == 0
    split = "It is judged on 36 accounts with `since` from 2025-01-01 on, and learned on 36 before"
    assert found.notes[1] == f"{split}; 9 without `since` take no part."
    assert found.notes[2] == "It ranks accounts that its order was not learned on worse than chance."
    late = {**options, "after": date(2026, 1, 1)}
    nobody = lift(segments, score, late, fields={"since": days}, types={"since": DATE.or_missing()})
    assert nobody.value is None and "one side of the split" in nobody.notes[0]


@pytest.mark.parametrize(
    ("options", "option"),
    [
        ({"after": date(2025, 1, 1)}, "after"),
        ({"by": "seats"}, "by"),
        ({"by": "seats", "after": date(2025, 1, 1)}, "by"),
    ],
)
def test_half_a_split_is_refused(options: dict[str, object], option: str) -> None:
    with pytest.raises(Refused) as refused:
        lift(["a", "b"], [1.0, 2.0], options, fields={"seats": [1, 2]}, types={"seats": COUNT})
    assert refused.value.option == option


@pytest.mark.parametrize(
    ("segments", "score", "word"),
    [
        ([], [], "no account has a score"),
        (["a"], [3.0], "only 1 account"),
        (["a", "b"], [None, None], "no account has a score"),
        (["a", "b", "a"], [2.0, 2.0, None], "the same in all 2 accounts"),
        (["a", "b", "a"], [float("inf"), 2.0, 2.0], "the same in all 2 accounts"),
        (["a"] * 4, [1.0, 2.0, 3.0, 4.0], "one segment for all accounts, not a segmentation"),
        ([None] * 4, [1.0, 2.0, 3.0, 4.0], "It puts no account into a segment"),
        (["a"] * 4 + ["b"], [1.0, 2.0, 3.0, 4.0, None], "all accounts with a score into one segment"),
        ([None] * 4 + ["b"], [1.0, 2.0, 3.0, 4.0, None], "no account with a score into a segment"),
    ],
)
def test_what_ranks_nobody_has_no_figure(segments: list[str | None], score: list[float | None], word: str) -> None:
    found = lift(segments, score)
    assert found.value is None and found.figures == dict.fromkeys(EVALUATOR.figures)
    assert len(found.notes) == 1 and word in found.notes[0]


def test_one_segment_and_accounts_in_none_are_ranked() -> None:
    found = lift(["a"] * 30 + [None] * 70, [float(row < 25) * 100 + (37 * row) % 10 for row in range(100)])
    assert found.value == pytest.approx(0.25 / 0.3 / 0.25)


def test_what_cannot_be_learned_anew_is_judged_on_itself_only() -> None:
    call = replace(call_of(EVALUATOR, TWO, SCORE), learned=True, relearn=None)
    found = measure(call)
    assert found.value is None and found.figures["apparent"] == 2
    assert "can't be learned anew" in found.notes[0] and "2.00" in found.notes[0]


def test_the_notes_say_what_was_caught_and_how_deep() -> None:
    segments = ["a"] * 500 + ["b"] * 500
    score = [float(row % 2) * 100 + row / 1000 for row in range(500)] + [row / 1000 for row in range(500)]
    (note,) = lift(segments, score).notes
    assert note.startswith("It catches 50% (")
    assert note.endswith("lift 2.00; 50%, 80% and 100% of the best are caught in the first 25%, 40% and 50%.")


def test_the_rows_of_one_fold_are_learned_on_in_all_others() -> None:
    seen: list[np.ndarray] = []

    def learner(rows: np.ndarray) -> tuple[list[int], list[str]]:
        seen.append(rows)
        return [0, 1] * 5, ["a", "b"]

    lift(["a", "b"] * 5, [float(row) for row in range(10)], {"folds": 3}, learner=learner)
    assert [int(rows.sum()) for rows in seen] == [6, 7, 7]
    assert np.array_equal(np.sum([~rows for rows in seen], axis=0), np.ones(10))


def test_a_million_accounts_are_judged_quickly() -> None:
    import time

    random = np.random.default_rng(2)
    codes = random.integers(0, 12, 1_000_000)
    names = tuple(f"s{one}" for one in range(12))
    call = replace(
        call_of(EVALUATOR, ["large"], [1.0]),
        segments=pa.array(codes, pa.int32()),
        names=names,
        score=pa.array(random.normal(codes / 10.0, 1.0)),
        draw=pa.array(random.random(1_000_000)),
    )
    started = time.process_time()
    assert measure(call).value is not None
    assert time.process_time() - started < 3


@pytest.mark.parametrize(("rows", "told"), [(19, False), (20, True)])
def test_few_accounts_have_no_interval(rows: int, told: bool) -> None:
    found = measure(call_of(EVALUATOR, ["a" if i % 2 else "b" for i in range(rows)], [float(i) for i in range(rows)]))
    assert found.value is not None
    assert (found.figures["low"] is not None, found.figures["high"] is not None) == (told, told)
    assert ("fewer than 20 accounts" in " ".join(found.notes)) is not told
    assert found.tables["gains"].column("low").null_count == (0 if told else 101)
