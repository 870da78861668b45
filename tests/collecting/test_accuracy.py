"""Measured accuracy: intervals as published, and samples that don't depend on order."""

import random
from fractions import Fraction

import pytest

from segdsl.collecting.accuracy import measure, sample


# R. G. Newcombe, "Two-sided confidence intervals for the single proportion", Statistics in Medicine 17 (1998),
# table I, score method without continuity correction.
@pytest.mark.parametrize(
    ("agreed", "checked", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_interval_is_the_published_one(agreed: int, checked: int, low: float, high: float) -> None:
    found = measure(agreed, checked)
    assert (round(found.low, 4), round(found.high, 4)) == (low, high)


def test_all_right_reaches_to_one() -> None:
    # The mirror image of 0 of 20.
    assert (round(measure(20, 20).low, 4), measure(20, 20).high) == (round(1 - 0.1611, 4), 1.0)


@pytest.mark.parametrize(
    ("stated", "verdict"),
    [(Fraction(9, 10), "worse than stated"), (Fraction(3, 10), "as stated"), (Fraction(1, 10), "better than stated")],
)
def test_verdict_compares_with_what_was_stated(stated: Fraction, verdict: str) -> None:
    assert measure(81, 263).verdict(stated) == verdict


def test_sample_is_the_same_for_any_order() -> None:
    things = [(f"account {number}", number) for number in range(1000)]
    drawn = sample(Fraction(1, 10), things)
    random.Random(1).shuffle(things)
    assert sample(Fraction(1, 10), things) == drawn
    assert len(drawn) == 100
    # Not just the first ones.
    assert max(drawn) > 900 and drawn != sorted(drawn)


@pytest.mark.parametrize(
    ("count", "share", "drawn"), [(1, Fraction(1, 10), 1), (11, Fraction(1, 10), 2), (0, Fraction(1), 0)]
)
def test_sample_rounds_up(count: int, share: Fraction, drawn: int) -> None:
    assert len(sample(share, [(str(n), n) for n in range(count)])) == drawn
