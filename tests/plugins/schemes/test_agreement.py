"""`agreement`: the contract, worked examples, and terms that stand against the stakeholders."""

from typing import Any

import numpy as np
import pytest
from scipy import stats

from segdsl.plugin import CATEGORY, COUNT, NUMBER, Measured, Refused, money
from segdsl.plugin.testing import MeasureExample, check_plugin
from segdsl.plugin.testing.evaluators import measure_call
from segdsl.record import replace
from segdsl_schemes.agreement import EVALUATOR
from segdsl_schemes.ranking import measure

RANKED = COUNT.or_missing()


def agree(ranks: list[Any], score: list[Any], **more: Any) -> Measured:
    options = {"rank": "place", **more.pop("options", {})}
    score_type = more.pop("score_type", NUMBER)
    example = MeasureExample(
        [None] * len(score),
        score,
        None,
        options=options,
        fields={"place": ranks},
        types={"place": more.pop("type", RANKED)},
        **more,
    )
    return measure(replace(measure_call(EVALUATOR, example), score_type=score_type))


def test_the_contract_is_kept() -> None:
    # Ranks 1 to 5 against 2 1 4 3 5: 1 - 6 x 4 / 120 by Spearman, 8 - 2 of 10 pairs by Kendall.
    example = MeasureExample(
        [None] * 7,
        [40.0, 50.0, 20.0, 30.0, 10.0, 99.0, None],
        0.8,
        options={"rank": "place"},
        fields={"place": [1, 2, 3, 4, 5, None, 6]},
        types={"place": RANKED},
        terms={"acv": [50.0, 50, 30, 30, 10, 99, None], "tickets": [-10.0, None, -10, None, None, None, None]},
        figures={"kendall": 0.6, "accounts": 5.0},
    )
    none = MeasureExample(
        [None] * 3,
        [1.0, 2, 3],
        None,
        options={"rank": "place"},
        fields={"place": [1, 2, None]},
        types={"place": RANKED},
    )
    check_plugin("agreement", example, none)


def test_the_figures_are_those_of_scipy_with_ties() -> None:
    rng = np.random.default_rng(1)
    score = rng.normal(0, 1, 80)
    places = np.round(stats.rankdata(-(score + rng.normal(0, 0.7, 80))) / 4)
    found = agree([int(one) for one in places], score.tolist())
    assert found.value == pytest.approx(stats.spearmanr(-places, score).statistic)
    assert found.figures["kendall"] == pytest.approx(stats.kendalltau(-places, score).statistic)
    low, high = found.figures["low"], found.figures["high"]
    assert low is not None and high is not None and found.value is not None and low < found.value < high


def test_points_are_better_the_more_they_are() -> None:
    score = [float(one) for one in range(10)]
    ranks = list(range(10, 0, -1))
    assert agree(ranks, score).value == 1
    assert agree(list(range(10)), score, options={"higher": True}).value == 1
    turned = agree(list(range(10)), score)
    assert turned.value == pytest.approx(-1)
    assert any("write `higher: true`" in note for note in turned.notes)


def planted() -> tuple[list[int], list[float], dict[str, list[float]]]:
    """Stakeholders rank by contract value; the score also takes tickets off, which they don't mind."""
    rng = np.random.default_rng(2)
    acv = np.sort(rng.uniform(10, 100, 60))[::-1]
    tickets = -np.where(np.arange(60) % 7 == 0, 80.0, 5.0)
    bonus = rng.uniform(0, 1, 60)
    return (
        list(range(1, 61)),
        (acv + tickets + bonus).tolist(),
        {
            "acv": acv.tolist(),
            "tickets": tickets.tolist(),
            "bonus": bonus.tolist(),
        },
    )


def test_the_term_that_stands_against_the_stakeholders_is_named() -> None:
    ranks, score, terms = planted()
    found = agree(ranks, score, terms=terms)
    table = {one["term"]: one for one in found.tables["terms"].to_pylist()}
    assert table["tickets"]["share_of_disagreement"] > 0.9
    assert sum(one["share_of_disagreement"] for one in table.values()) == pytest.approx(1)
    without = stats.spearmanr(-np.array(ranks), np.array(score) - np.array(terms["tickets"])).statistic
    assert table["tickets"]["agreement_without"] == pytest.approx(without) and without > 0.99
    assert "without `tickets` (1.00)" in found.notes[1]
    assert "`acv`" not in found.notes[1]


def test_amounts_of_money_have_no_more_places_than_are_kept() -> None:
    ranks, score, terms = planted()
    rough = agree(ranks, score, terms=terms).tables["disagreements"].column("usual").to_pylist()
    in_money = agree(ranks, score, terms=terms, score_type=money("USD")).tables["disagreements"]
    found = in_money.column("usual").to_pylist()
    assert found == [round(one, 6) for one in rough] and found != rough


def test_accounts_are_listed_by_how_far_apart_they_are_with_the_terms_that_move_them() -> None:
    ranks, score, terms = planted()
    found = agree(ranks, score, terms=terms, options={"disagreements": 4})
    lines = found.tables["disagreements"].to_pylist()
    ours = stats.rankdata(-np.array(score))
    apart = np.abs(ours - np.array(ranks))
    listed = list(dict.fromkeys(line["key"] for line in lines))
    assert len(listed) == 4
    assert sorted(apart[listed], reverse=True) == sorted(apart, reverse=True)[:4]
    first = lines[0]
    assert (first["key"] % 7, first["term"], first["amount"]) == (0, "tickets", -80.0)
    assert first["by_score"] == ours[first["key"]] and first["by_stakeholders"] == ranks[first["key"]]
    # At this rank 80 is far more than the 15 or so that are usual.
    assert -25 < first["usual"] < -5
    assert f"Account {first['key']} is {ours[first['key']]:g} of 60 by the score" in found.notes[2]
    assert "`tickets` is -80" in found.notes[2] and "below that of accounts they rank alike" in found.notes[2]


def test_full_agreement_lists_nobody() -> None:
    found = agree(
        list(range(1, 11)), [float(-one) for one in range(10)], terms={"acv": [float(-one) for one in range(10)]}
    )
    assert found.value == 1 and found.tables["disagreements"].num_rows == 0
    assert found.tables["terms"].to_pylist()[0]["agreement_without"] is None
    assert len(found.notes) == 1


def test_without_terms_accounts_are_listed_all_the_same() -> None:
    found = agree([1, 2, 3, 4, 5], [1.0, 5, 4, 3, 2])
    assert found.tables["disagreements"].column("term").to_pylist() == [None] * found.tables["disagreements"].num_rows
    assert found.tables["terms"].num_rows == 0


@pytest.mark.parametrize(
    ("ranks", "score", "word"),
    [
        ([], [], "0 accounts ranked by the stakeholders have a score"),
        ([1, None, None], [1.0, 2, 3], "1 account ranked by the stakeholders"),
        ([1, 2, 3, 4], [7.0] * 4, "The score is the same for all 4 accounts"),
        ([1] * 4, [1.0, 2, 3, 4], "The stakeholders' rank is the same for all 4 accounts"),
        ([1, 2, 3, 4], [None] * 4, "0 accounts ranked"),
        ([1, 2, 3, 4], [float("inf")] * 4, "0 accounts ranked"),
    ],
)
def test_what_cannot_be_told_is_said(ranks: list[Any], score: list[Any], word: str) -> None:
    found = agree(ranks, score)
    assert found.value is None and word in found.notes[0]


def test_a_category_is_no_ranking() -> None:
    with pytest.raises(Refused, match="which is no ranking"):
        agree(["first"], [1.0], type=CATEGORY)


def test_a_term_that_is_rounding_moves_nobody() -> None:
    score = [0.1 + 0.2 * one for one in range(10)]
    found = agree(list(range(1, 11)), score, type=NUMBER, terms={"base": [0.3] * 10, "x": score})
    assert "base" not in found.tables["disagreements"].column("term").to_pylist()
