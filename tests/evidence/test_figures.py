"""Round figures: what people would say of a stretch of numbers."""

from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from segdsl.evidence.figures import exact, roundest

NUMBERS = st.decimals(-(10**9), 10**9, allow_nan=False, places=3)


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        ("487.5", "512", "500"),
        ("437", "455", "450"),
        ("-1", "3", "0"),
        ("0", "3", "3"),
        ("3", "90", "50"),
        ("99", "101", "100"),
        ("7.031", "7.039", "7.035"),
        ("-0.026", "-0.018", "-0.02"),
        ("-5", "-4", "-4"),
        ("12", "13", "13"),
    ],
)
def test_the_roundest_number_of_a_stretch(low: str, high: str, said: str) -> None:
    assert roundest(D(low), D(high)) == D(said)


@given(NUMBERS, NUMBERS)
def test_it_is_above_the_low_end_and_not_above_the_high_end(one: D, other: D) -> None:
    low, high = sorted((one, other))
    if low < high:
        assert low < roundest(low, high) <= high


@given(NUMBERS, NUMBERS)
def test_no_rounder_number_lies_in_the_stretch(one: D, other: D) -> None:
    low, high = sorted((one, other))
    if low < high and roundest(low, high) != 0:
        found = roundest(low, high)
        step = next(s for e in range(10, -5, -1) for s in (D(1).scaleb(e), D(5).scaleb(e - 1)) if found % s == 0)
        for exponent in range(10, step.adjusted(), -1):
            coarser = D(1).scaleb(exponent)
            assert not any(low < coarser * (high // coarser + k) <= high for k in (-1, 0, 1))


def test_of_several_as_round_the_one_nearest_to_a_number() -> None:
    assert roundest(D("0.3625"), D("0.3975"), D("0.379")) == D("0.38")
    assert roundest(D("0.3625"), D("0.3975")) == D("0.39")
    assert roundest(D("0.3625"), D("0.4125"), D("0.379")) == D("0.4")


def test_an_empty_stretch_has_no_number() -> None:
    with pytest.raises(ValueError, match="no number above 3"):
        roundest(D(3), D(3))


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_the_decimal_of_a_double_reads_back(value: float) -> None:
    assert float(exact(value)) == value
