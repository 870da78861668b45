"""`sizing`: the contract, a worked example, and what can't be told."""

from decimal import Decimal
from typing import Any

import pytest

from segdsl.plugin import CATEGORY, Measured, Refused, money
from segdsl.plugin.testing import MeasureExample, check_plugin
from segdsl.plugin.testing.evaluators import measure_call
from segdsl.record import replace
from segdsl_schemes.market import measure
from segdsl_schemes.sizing import EVALUATOR

FIVE_TO_15 = (Decimal("0.05"), Decimal("0.15"))
USD = money("USD").or_missing()


def example(
    segments: list[str | None], score: list[float | None], prospects: list[str | None], **options: Any
) -> MeasureExample:
    spend = [Decimal(100 * place) if place else None for place in range(len(prospects))]
    return MeasureExample(
        segments,
        score,
        None,
        options={"prospects": "prospects", "penetration": FIVE_TO_15, **options},
        elsewhere={"prospects": prospects},
        types={"spend": USD},
        fields_elsewhere={"prospects": {"spend": spend}},
    )


def size(*rows: Any, **options: Any) -> Measured:
    return measure(measure_call(EVALUATOR, example(*rows, **options)))


def test_the_contract_is_kept() -> None:
    # Two prospects at 20 and one at 6, a tenth of which is won.
    worked = MeasureExample(
        ["large", "large", "small", "small"],
        [10.0, 30.0, 6.0, 6.0],
        4.6,
        options={"prospects": "prospects", "penetration": FIVE_TO_15},
        elsewhere={"prospects": ["large", "large", "small", None]},
        # 127.062 is Student's t at .975 with one degree of freedom, 12.7062, times the standard error of 10.
        figures={
            "low": 2 * (20 - 127.06204736174707) * 0.15 + 0.3,
            "high": 2 * (20 + 127.06204736174707) * 0.15 + 0.9,
            "prospects": 3.0,
            "wallet": None,
        },
    )
    check_plugin("sizing", worked, MeasureExample([], [], None, options=worked.options, elsewhere={"prospects": []}))


def test_each_segment_is_sized_and_the_assumptions_are_printed() -> None:
    found = size(["large"] * 5 + ["small"] * 5, [18.0, 19, 20, 21, 22, 5, 5, 5, 5, 5], ["large"] * 10 + ["small"] * 40)
    rows = {one["segment"]: one for one in found.tables["sizes"].to_pylist()}
    assert rows["large"]["size"] == pytest.approx(10 * 20 * 0.1)
    # The mean is 20 +- 2.7764 x sqrt(2.5 / 5).
    half = 2.7764451 * 0.5**0.5
    assert rows["large"]["size_low"] == pytest.approx(10 * (20 - half) * 0.05)
    assert rows["large"]["size_high"] == pytest.approx(10 * (20 + half) * 0.15)
    assert [rows["small"][name] for name in ("size_low", "size", "size_high")] == pytest.approx([10, 20, 30])
    assert rows["other"]["size"] is None
    assert found.value == pytest.approx(40)
    assert any(note.startswith("Assumed: 5% to 15% (10% in the middle) of the prospects") for note in found.notes)


def test_one_stated_chance_leaves_the_interval_of_the_mean_alone() -> None:
    found = size(["large"] * 2, [7.0, 7.0], ["large"] * 4, penetration=(Decimal("0.25"),))
    assert (found.value, found.figures["low"], found.figures["high"]) == (7.0, 7.0, 7.0)
    assert any("Assumed: 25% of the prospects" in note for note in found.notes)


def test_a_loss_is_the_worse_the_more_are_won() -> None:
    found = size(["large"] * 3, [-10.0, -10, -10], ["large"] * 10)
    assert [found.figures["low"], found.value, found.figures["high"]] == pytest.approx([-15, -10, -5])


def test_potential_times_share_of_wallet_over_those_of_whom_it_is_known() -> None:
    found = size(
        ["large"] * 2,
        [1.0, 1.0],
        ["large", "large", "small", None],
        potential="spend",
        wallet=(Decimal("0.2"), Decimal("0.4")),
    )
    # The prospects spend nothing known, 100, 200; the last is in no segment.
    rows = {one["segment"]: one for one in found.tables["sizes"].to_pylist()}
    large = [rows["large"][name] for name in ("potential", "with_potential", "wallet_low", "wallet")]
    assert large == pytest.approx([100, 1, 20, 30])
    assert (found.figures["wallet_low"], found.figures["wallet"], found.figures["wallet_high"]) == pytest.approx(
        (60, 90, 120)
    )
    assert "Of 3 prospects in segments 2 have `spend`, $300 in all." in found.notes[-1]


def test_segments_without_scored_accounts_are_named_and_not_counted() -> None:
    found = size(["large", "large", "small"], [4.0, 4.0, None], ["large", "small", "small"])
    assert found.value == pytest.approx(0.4)
    assert "Not sized, because no account of the segment has a score: `small` (2)." in found.notes
    none = size(["large"], [None], ["large"])
    assert none.value is None and "can't be told" in none.notes[0]


def test_one_account_alone_has_no_interval_and_a_note_says_so() -> None:
    found = size(["large"], [8.0], ["large"] * 10, penetration=(Decimal("0.5"),))
    assert (found.value, found.figures["low"], found.figures["high"]) == (40.0, 40.0, 40.0)
    assert any("One account alone stands for `large`" in note for note in found.notes)
    assert found.tables["sizes"].to_pylist()[0]["size_low"] is None


def test_without_prospects_the_size_is_nothing() -> None:
    found = size(["large"] * 3, [8.0, 9, 10], [])
    assert (found.value, found.figures["prospects"]) == (0.0, 0.0)


def test_potential_and_wallet_go_together() -> None:
    with pytest.raises(Refused, match="`wallet` is given without"):
        size(["large"], [1.0], ["large"], wallet=(Decimal("0.2"),))
    with pytest.raises(Refused, match="`potential` is given without"):
        size(["large"], [1.0], ["large"], potential="spend")
    call = measure_call(EVALUATOR, example(["large"], [1.0], ["large"], potential="spend", wallet=(Decimal("0.2"),)))
    with pytest.raises(Refused, match="`spend` is category"):
        measure(replace(call, types={"spend": CATEGORY}))
