"""`concentration`: Gini and Pareto shares of a score."""

import pytest

from segdsl.plugin import Measured
from segdsl.plugin.testing import MeasureExample, check_plugin
from segdsl_measures.concentrating import measure
from segdsl_measures.concentration import EVALUATOR
from tests.plugins.measures.calls import call_of


def concentration(score: list[float | None]) -> Measured:
    return measure(call_of(EVALUATOR, [None] * len(score), score))


def test_the_contract_is_kept() -> None:
    figures = {"pareto": 0.2, "top_20": 0.8, "herfindahl": 0.8**2 + 4 * 0.05**2}
    check_plugin("concentration", MeasureExample([None] * 5, [80.0, 5.0, 5.0, 5.0, 5.0], 0.6, figures=figures))


def test_figures_and_the_sentence() -> None:
    # Shares 4, 3, 2 and 1 of 10. Half the mean difference of all pairs by the mean: (1 + 2 + 3 + 1 + 2 + 1) / 16 / 2.5.
    found = concentration([1.0, None, 2.0, 3.0, 4.0])
    assert found.value == pytest.approx(10 / 16 / 2.5)
    assert found.figures["pareto"] == pytest.approx(0.75)
    assert found.figures["top_20"] == pytest.approx(0.8 * 0.4)
    assert found.figures["herfindahl"] == pytest.approx(0.3)
    assert found.notes == (
        "It is concentrated with a Gini coefficient of 0.25: 3 accounts of 4 (75%) bring 80% of the total, and the top"
        " 20% bring 32%.",
    )
    table = found.tables["shares"].to_pylist()
    assert [table[at]["share_of_total"] for at in (0, 25, 50, 75, 100)] == pytest.approx([0, 0.4, 0.7, 0.9, 1])


def test_accounts_that_are_all_alike_are_not_concentrated() -> None:
    found = concentration([0.1] * 7)
    assert found.value == pytest.approx(0, abs=1e-12)
    assert found.figures["herfindahl"] == pytest.approx(1 / 7)


@pytest.mark.parametrize(
    ("score", "word"),
    [
        ([], "no account has a score"),
        ([None, None], "no account has a score"),
        ([3.0, None], "only 1 account"),
        ([0.0, 0.0], "0 in all accounts"),
        ([5.0, -1.0, -2.0], "below 0 in 2 accounts"),
    ],
)
def test_without_parts_of_a_total_the_reason_is_told(score: list[float | None], word: str) -> None:
    found = concentration(score)
    assert found.value is None and set(found.figures.values()) == {None}
    assert len(found.notes) == 1 and word in found.notes[0]
