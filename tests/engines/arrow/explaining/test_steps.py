"""The values next to a cut-point that a person would write."""

from fractions import Fraction

from segdsl.engines.arrow.explaining.steps import around
from segdsl.types import COUNT, DATE, DURATION, NUMBER, RATIO, money

DAY = 86_400_000_000


def test_whole_numbers_step_by_one():
    assert list(around(50, COUNT)) == [49, 50, 51]


def test_a_cut_between_whole_numbers_is_rounded_outwards():
    assert list(around(12.5, COUNT)) == [11, 12, 13, 14]


def test_amounts_step_by_a_cent():
    # Physical amounts of dollars are millionths: $1,000 and a cent on either side.
    assert list(around(1_000_000_000, money("USD"))) == [999_990_000, 1_000_000_000, 1_000_010_000]


def test_an_amount_between_cents_is_rounded_outwards():
    cents = [6_761_930_000, 6_761_940_000, 6_761_950_000, 6_761_960_000]
    assert list(around(6_761_946_000, money("USD"))) == cents
    assert list(around(6_761_946_000, money("USD"), exactly=True)) == sorted([*cents, 6_761_946_000])


def test_small_currencies_step_by_a_unit():
    assert list(around(5_000, money("JPY"))) == [4_000, 5_000, 6_000]


def test_dates_and_durations_step_by_a_day():
    assert list(around(20_000, DATE)) == [19_999, 20_000, 20_001]
    assert list(around(60 * DAY, DURATION)) == [59 * DAY, 60 * DAY, 61 * DAY]


def test_ratios_step_by_a_tenth_of_a_percent_or_finer_where_the_cut_is():
    assert list(around(0.2, RATIO)) == [0.199, 0.2, 0.201]
    assert list(around(0.1234, RATIO)) == [0.1233, 0.1234, 0.1235]


def test_numbers_step_by_a_tenth_of_their_last_digit():
    assert list(around(2.5, NUMBER)) == [2.49, 2.5, 2.51]
    assert list(around(100.0, NUMBER)) == [99.9, 100.0, 100.1]


def test_a_computed_number_is_rounded_outwards_to_four_digits():
    found = list(around(1234.56789, NUMBER))
    assert found == [1233.0, 1234.0, 1235.0, 1236.0]
    assert 1234.56789 in around(1234.56789, NUMBER, exactly=True)


def test_negative_cuts_are_rounded_outwards_too():
    assert list(around(Fraction(-5, 2), COUNT)) == [-4, -3, -2, -1]
    found = list(around(-1234.56789, NUMBER))
    assert found == [-1236.0, -1235.0, -1234.0, -1233.0]
