"""From which day on a value is fresh."""

from datetime import date

import pytest

from segdsl.collecting.staleness import fresh_from
from segdsl.types import Duration


@pytest.mark.parametrize(
    ("clock", "age", "first"),
    [
        (date(2026, 6, 30), Duration(months=6), date(2025, 12, 30)),
        (date(2026, 3, 31), Duration(months=1), date(2026, 2, 28)),
        (date(2024, 3, 31), Duration(months=1), date(2024, 2, 29)),
        (date(2026, 1, 15), Duration(months=13), date(2024, 12, 15)),
        (date(2026, 1, 31), Duration(seconds=90 * 86_400), date(2025, 11, 2)),
        (date(2026, 1, 31), Duration(months=12 * 3000), date.min),
        (date(5, 1, 31), Duration(seconds=10**12), date.min),
    ],
)
def test_the_age_is_counted_back_by_the_calendar(clock: date, age: Duration, first: date) -> None:
    assert fresh_from(clock, age) == first
