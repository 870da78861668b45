"""Confidence in names, measured on labelled pairs."""

import pytest

from segdsl_vendor.blocking import Placed
from segdsl_vendor.likeness import INTERCEPT, WEIGHTS
from segdsl_vendor.naming import find_likely
from tests.plugins.vendor.calibration import Pair, fit, read_pairs

THRESHOLD = 0.85


def matched(pair: Pair, threshold: float = THRESHOLD) -> bool:
    """Whether the pair matches by itself; a tie would be no match."""
    if pair.account is None or pair.record is None:
        return False
    likely = find_likely([pair.account], [pair.record], threshold).get(0)
    return likely is not None and likely.best.confidence >= threshold


def precision_and_recall(pairs: list[Pair], threshold: float = THRESHOLD) -> tuple[float, float]:
    found = [pair for pair in pairs if matched(pair, threshold)]
    right = sum(pair.same for pair in found)
    return right / len(found), right / sum(pair.same for pair in pairs)


def test_there_are_500_pairs_of_which_200_are_held_out() -> None:
    pairs = read_pairs()
    assert (len(pairs), sum(not pair.tune for pair in pairs)) == (500, 200)


def test_precision_and_recall_on_the_labelled_pairs() -> None:
    precision, recall = precision_and_recall(read_pairs())
    assert precision >= 0.98
    assert recall >= 0.90


def test_pairs_held_out_of_the_fit_are_matched_nearly_as_well() -> None:
    precision, recall = precision_and_recall([pair for pair in read_pairs() if not pair.tune])
    assert precision >= 0.95
    assert recall >= 0.85


def test_the_weights_are_those_of_the_fit() -> None:
    weights = fit(read_pairs())
    assert weights.pop("intercept") == pytest.approx(INTERCEPT, abs=0.01)
    weights.pop("initials")
    assert weights == pytest.approx({term: weight for term, weight in WEIGHTS.items() if term != "initials"}, abs=0.01)


def test_confidence_is_as_high_as_the_share_of_right_pairs() -> None:
    """Of pairs at 90 % and over, and of those from 50 % to 90 %, mean confidence is near the share of right ones."""
    for low, high, tolerance in ((0.9, 1.0, 0.03), (0.5, 0.9, 0.3)):
        rated = [
            (likely.best.confidence, pair.same)
            for pair in read_pairs()
            if pair.account and pair.record
            for likely in find_likely([pair.account], [pair.record], THRESHOLD).values()
            if low <= likely.best.confidence < high
        ]
        mean = sum(confidence for confidence, _ in rated) / len(rated)
        assert mean == pytest.approx(sum(same for _, same in rated) / len(rated), abs=tolerance)


def test_confidence_is_the_same_either_way_round() -> None:
    for pair in read_pairs():
        if isinstance(pair.account, Placed) and isinstance(pair.record, Placed):
            there = find_likely([pair.account], [pair.record], THRESHOLD)
            back = find_likely([pair.record], [pair.account], THRESHOLD)
            assert {at: one.best.confidence for at, one in there.items()} == {
                at: one.best.confidence for at, one in back.items()
            }
