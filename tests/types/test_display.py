"""Values as people read them."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from segdsl.types import COUNT, DATE, DURATION, INT, NUMBER, RATIO, TEXT, TIMESTAMP, Duration, list_of, money
from segdsl.types.display import EXACT, show


@pytest.mark.parametrize(
    ("value", "type_", "shown"),
    [
        (None, COUNT, "missing"),
        (5_000, COUNT, "5,000"),
        (2015, INT, "2015"),
        (Decimal("1200"), money("USD"), "$1,200.00"),
        (Decimal("-0.5"), money("EUR"), "-€0.50"),
        (Decimal("1729.5547"), money("USD"), "$1,729.5547"),
        (Decimal("12.3"), money("SEK"), "12.30 SEK"),
        (Decimal("0.2"), RATIO, "20%"),
        (Decimal("-0.181833350315"), RATIO, "-18.1833%"),
        (Decimal("1234567.25"), NUMBER, "1,234,567"),
        (Decimal("2.50"), NUMBER, "2.5"),
        (Decimal("1E+3"), NUMBER, "1,000"),
        (Decimal("0.000012345678"), NUMBER, "0.0000123457"),
        (True, INT, "true"),
        ('a "b"', TEXT, '"a \\"b\\""'),
        (("a", "b"), list_of(TEXT), '["a", "b"]'),
        (date(2026, 1, 31), DATE, "2026-01-31"),
        (datetime(2026, 1, 31, 9, tzinfo=UTC), TIMESTAMP, "2026-01-31T09:00:00Z"),
        (Duration(seconds=86_400), DURATION, "1 day"),
        (Duration(months=18), DURATION, "18 months"),
        (Duration(seconds=129_600), DURATION, "1.50 days"),
    ],
)
def test_a_value_is_shown_with_its_unit(value, type_, shown):
    assert show(value, type_) == shown


def test_more_digits_tell_near_numbers_apart():
    assert show(Decimal("0.2000000001"), RATIO) == show(Decimal("0.2"), RATIO)
    assert show(Decimal("0.2000000001"), RATIO, EXACT) == "20.00000001%"
