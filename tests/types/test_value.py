"""Durations: months by the calendar, seconds by the clock, and lengths to compare."""

from fractions import Fraction

import pytest

from segdsl.types import Duration

DAY = 86_400


@pytest.mark.parametrize(
    ("duration", "days"),
    [
        (Duration(seconds=90 * DAY), Fraction(90)),
        (Duration(months=12), Fraction(3652425, 10000)),
        (Duration(months=1), Fraction(3652425, 120000)),
        (Duration(months=1, seconds=DAY), Fraction(3652425, 120000) + 1),
        (Duration(seconds=3600), Fraction(1, 24)),
        (Duration(), Fraction(0)),
    ],
)
def test_a_year_counts_as_365_2425_days(duration: Duration, days: Fraction) -> None:
    assert duration.days == days
    assert duration.total_seconds == days * DAY


def test_a_minus_turns_both_parts() -> None:
    assert -Duration(months=3, seconds=5) == Duration(months=-3, seconds=-5)
