"""`share`: how large each segment is."""

from segdsl.plugin.testing import MeasureExample, check_plugin
from segdsl_measures.share import EVALUATOR
from segdsl_measures.sharing import measure
from tests.plugins.measures.calls import call_of


def test_the_contract_is_kept() -> None:
    rows = MeasureExample(
        ["large", None, "small", "large"], [1.0, None, 2.0, 3.0], {"large": 0.5, "small": 0.25, "other": 0}
    )
    check_plugin("share", rows)


def test_accounts_in_no_segment_and_without_a_score_count_among_all() -> None:
    call = call_of(EVALUATOR, ["large", "large", None, "small", None], [None, 1.0, 2.0, None, None])
    assert measure(call).by_segment == {"large": 0.4, "small": 0.2, "other": 0.0}


def test_without_accounts_there_is_no_share() -> None:
    assert measure(call_of(EVALUATOR, [], [])).by_segment == {"large": None, "small": None, "other": None}
