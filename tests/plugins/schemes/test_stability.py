"""`stability`: the contract, schemes that are stable and that are not, and snapshots."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest

from segdsl.plugin import COUNT, DATE, TIMESTAMP, Refused
from segdsl.plugin.testing import MeasureExample, check_plugin
from segdsl.record import replace
from segdsl_schemes.stability import EVALUATOR
from segdsl_schemes.steadiness import measure
from tests.plugins.measures.calls import call_of

NAMES = ("low", "high")


def test_the_contract_is_kept() -> None:
    days = [date(2024, 1, 1) + timedelta(days=100 * place) for place in range(10)]
    example = MeasureExample(
        ["large"] * 3 + ["small"] * 2 + ["large"] * 2 + ["small"] * 3,
        [1.0] * 10,
        1.0,
        options={"by": "since", "after": days[5]},
        fields={"since": days},
        types={"since": DATE},
        # Shares .6 and .4 become .4 and .6.
        figures={"low": 1.0, "high": 1.0, "psi": 0.4 * np.log(1.5)},
    )
    check_plugin("stability", example)


def test_rules_that_are_written_down_are_stable_and_a_note_says_so() -> None:
    found = measure(call_of(EVALUATOR, ["a", "b"] * 10, [1.0] * 20))
    assert (found.value, found.figures["psi"]) == (1.0, None)
    assert "Nothing about the segmentation is learned" in found.notes[0]


def cut_at_median(values: np.ndarray):
    """Learns two segments: above and below the median of the rows that are learned from."""
    return lambda rows: ((values > np.median(values[rows])).astype(int), NAMES)


def test_a_cut_in_a_gap_is_stable_and_a_cut_in_noise_is_less() -> None:
    rng = np.random.default_rng(1)
    apart = np.concatenate([rng.normal(0, 1, 99), rng.normal(50, 1, 101)])
    by_threshold = lambda rows: ((apart > (apart[rows].min() + apart[rows].max()) / 2).astype(int), NAMES)  # noqa: E731
    segments = ["high" if one > 25 else "low" for one in apart]
    found = measure(call_of(EVALUATOR, segments, [0.0] * 200, learner=by_threshold))
    assert (found.value, found.figures["low"], found.figures["high"]) == (1.0, 1.0, 1.0)
    mixed = rng.normal(0, 1, 200)
    segments = ["high" if one > np.median(mixed) else "low" for one in mixed]
    found = measure(call_of(EVALUATOR, segments, [0.0] * 200, learner=cut_at_median(mixed)))
    assert found.value is not None and 0.7 < found.value < 0.99
    low, high = found.figures["low"], found.figures["high"]
    assert low is not None and high is not None and low <= found.value <= high


def test_segments_drawn_at_random_each_time_agree_by_chance_only() -> None:
    rng = np.random.default_rng(2)
    segments = [NAMES[one] for one in rng.integers(0, 2, 400)]
    call = call_of(
        EVALUATOR, segments, [0.0] * 400, {"refits": 40}, learner=lambda rows: (rng.integers(0, 2, 400), NAMES)
    )
    found = measure(call)
    assert found.value == pytest.approx(0, abs=0.01)
    assert "Not stable" in found.notes[1]
    assert found.tables["refits"].num_rows == 40
    assert found.tables["segments"].column("likeness").to_pylist() == pytest.approx([1 / 3, 1 / 3], abs=0.03)


def test_halves_are_halves_and_the_same_in_any_order_of_rows() -> None:
    seen: list[np.ndarray] = []

    def learner(rows: np.ndarray):
        seen.append(rows.copy())
        return (np.zeros(31, int), NAMES)

    call = call_of(EVALUATOR, ["high", *["low"] * 30], [0.0] * 31, {"refits": 3}, learner=learner)
    measure(call)
    assert [int(one.sum()) for one in seen] == [15] * 3
    assert len({one.tobytes() for one in seen}) == 3
    forth = [one.copy() for one in seen]
    seen.clear()
    assert call.draw is not None
    measure(replace(call, draw=call.draw[::-1], segments=call.segments[::-1]))
    assert all((one[::-1] == other).all() for one, other in zip(seen, forth, strict=True))


def test_a_half_in_which_nothing_is_found_counts_as_no_agreement() -> None:
    times = iter(range(20))

    def learner(rows: np.ndarray):
        return ([-1] * 20, ()) if next(times) < 5 else ([place % 2 for place in range(20)], NAMES)

    found = measure(call_of(EVALUATOR, ["low", "high"] * 10, [0.0] * 20, learner=learner))
    assert found.value == pytest.approx(0.75)
    assert found.notes[1] == (
        "How many segments there are is found anew in each half: 0 to 2, and 2, as among all accounts, in 15 of 20."
    )
    assert "In 5 of 20 halves no segments were found" in found.notes[2]


def test_what_cannot_be_learned_anew_is_said() -> None:
    call = call_of(EVALUATOR, ["low", "high"] * 10, [0.0] * 20)
    found = measure(replace(call, learned=True, relearn=None))
    assert found.value is None and "can't be learned anew" in found.notes[0]
    few = measure(call_of(EVALUATOR, ["high", *["low"] * 8], [0.0] * 9, learner=lambda rows: ([0] * 9, NAMES)))
    assert few.value is None and "9 accounts in segments, too few" in few.notes[0]


def test_snapshots_are_split_at_the_date_and_tell_what_shifted() -> None:
    days = [date(2024, 12, 31)] * 100 + [date(2025, 1, 1)] * 100 + [None] * 3
    segments = ["a"] * 50 + ["b"] * 50 + ["a"] * 90 + [None] * 10 + ["a"] * 3
    found = measure(
        call_of(
            EVALUATOR,
            segments,
            [0.0] * 203,
            {"by": "since", "after": date(2025, 1, 1)},
            fields={"since": days},
            types={"since": DATE.or_missing()},
        )
    )
    table = {one["segment"]: one for one in found.tables["snapshots"].to_pylist()}
    assert [(table[name]["before"], table[name]["after"]) for name in ("a", "b", "(no segment)")] == [
        (50, 90),
        (50, 0),
        (0, 10),
    ]
    expected = 0.4 * np.log(0.9 / 0.5) + (0.005 - 0.5) * np.log(0.005 / 0.5) + (0.1 - 0.005) * np.log(0.1 / 0.005)
    assert found.figures["psi"] == pytest.approx(expected)
    assert (
        "a large shift (from 0.25), and more than chance alone would give" in found.notes[1]
        and "Most of it is `b`: 50.0% before, 0.0% after." in found.notes[1]
    )
    assert "3 accounts without `since` take no part." in found.notes[1]


def test_a_moment_is_split_too_and_one_side_alone_cannot_be_compared() -> None:
    times = [datetime(2024, 12, 31, 23, tzinfo=UTC), datetime(2025, 1, 1, tzinfo=UTC)]
    for day, sides in ((date(2025, 1, 1), (1, 1)), (date(2020, 1, 1), (0, 2))):
        options = {"by": "seen", "after": day}
        segments = ["a", "a", "b", "b"]
        call = call_of(EVALUATOR, segments, [0.0] * 4, options, fields={"seen": times * 2}, types={"seen": TIMESTAMP})
        found = measure(call)
        row = found.tables["snapshots"].to_pylist()[0]
        assert (row["before"], row["after"]) == sides
        assert (found.figures["psi"] is None) == (0 in sides)


def test_one_of_the_two_options_is_refused() -> None:
    for options in ({"by": "since"}, {"after": date(2025, 1, 1)}):
        with pytest.raises(Refused, match="is given without"):
            measure(
                call_of(EVALUATOR, ["a"], [0.0], options, fields={"since": [date(2024, 1, 1)]}, types={"since": DATE})
            )
    with pytest.raises(Refused, match="`seats` is count"):
        options = {"by": "seats", "after": date(2025, 1, 1)}
        measure(call_of(EVALUATOR, ["a"], [0.0], options, fields={"seats": [1]}, types={"seats": COUNT}))


def test_accounts_that_are_never_in_a_segment_take_no_part() -> None:
    rng = np.random.default_rng(3)
    values = rng.normal(0, 1, 100)
    segments = ["high" if one > np.median(values) else "low" for one in values]
    alone = measure(call_of(EVALUATOR, segments, [0.0] * 100, learner=cut_at_median(values)))

    def learner(rows: np.ndarray):
        codes, names = cut_at_median(values)(rows[:100])
        return [*codes, *[-1] * 5], names

    few = measure(call_of(EVALUATOR, [*segments, *[None] * 5], [0.0] * 105, {"refits": 100}, learner=learner))
    assert alone.value is not None and few.value == pytest.approx(alone.value, abs=0.05)
    gone = measure(call_of(EVALUATOR, ["low", "high"] * 10, [0.0] * 20, learner=lambda rows: ([-1] * 20, ())))
    assert gone.value == 0


@pytest.mark.parametrize(
    ("segments", "word"), [(["a"] * 40, "is one segment for all accounts"), ([None] * 40, "puts no account into")]
)
def test_what_sets_nobody_apart_is_not_stable(segments: list[str | None], word: str) -> None:
    days = [date(2024, 1, 1), date(2025, 1, 1)] * 20
    options = {"by": "since", "after": date(2025, 1, 1)}
    call = call_of(EVALUATOR, segments, [0.0] * 40, options, fields={"since": days}, types={"since": DATE})
    found = measure(call)
    assert found.value is None and found.figures == dict.fromkeys(EVALUATOR.figures)
    assert len(found.notes) == 1 and word in found.notes[0]


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (
            (50, 50),
            (50, 50),
            "0.000: no shift (below 0.1), no more than chance alone would give (0.077 in 1 of 20 cases).",
        ),
        (
            (500, 500),
            (550, 450),
            "0.010: no shift (below 0.1), though more than chance alone would give (0.008 in 1 of",
        ),
        (
            (5, 5),
            (7, 3),
            "0.169: some shift (below 0.25), no more than chance alone would give (0.768 in 1 of 20 cases).",
        ),
    ],
)
def test_a_shift_is_held_against_chance(before: tuple[int, int], after: tuple[int, int], said: str) -> None:
    # Of shares .5 and b against .5 and a the index is (a - .5) ln(a / b); of chance it is 3.841 (1 / n + 1 / m).
    segments = [
        name for counts in (before, after) for name, count in zip("ab", counts, strict=True) for _ in range(count)
    ]
    days = [date(2024, 1, 1)] * sum(before) + [date(2025, 1, 1)] * sum(after)
    options = {"by": "since", "after": date(2025, 1, 1)}
    call = call_of(EVALUATOR, segments, [0.0] * len(days), options, fields={"since": days}, types={"since": DATE})
    assert said in measure(call).notes[-1]
