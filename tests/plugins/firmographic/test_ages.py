"""Ages from a year, a date or a text."""

from datetime import date

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from segdsl.plugin import COUNT, category
from tests.plugins.firmographic.asking import ask, output_type, texts, values, whole


def test_years_in_texts() -> None:
    written = texts("1902", "2013 (1888)", "c. 1784 / 1790", "15 May 1994", "1990s", "20131888", "no", "", None)
    assert values("founded_year", written) == [1902, 2013, 1784, 1994, 1990, None, None, None, None]


def test_age_from_a_year_is_the_difference_of_the_years() -> None:
    assert values("company_age", whole(2026, 2025, 1926, None)) == [0, 1, 100, None]


def test_age_from_a_date_is_completed_years() -> None:
    days = pa.array([date(2024, 7, 1), date(2024, 7, 2), date(2000, 2, 29), date(2026, 7, 1), None])
    assert values("company_age", days, clock=date(2026, 7, 1)) == [2, 1, 26, 0, None]


@given(st.dates(date(501, 1, 1), date(2026, 7, 1)))
def test_age_agrees_with_the_calendar(founded: date) -> None:
    clock = date(2026, 7, 1)
    birthdays = sum(
        (founded.month, founded.day) <= (clock.month, clock.day) if y == clock.year else 1
        for y in range(founded.year + 1, clock.year + 1)
    )
    assert values("company_age", pa.array([founded]), clock=clock) == [birthdays]


def test_moments_count_by_their_day() -> None:
    moments = pa.array([date(2020, 5, 5)]).cast(pa.timestamp("us", "UTC"))
    assert values("founded_year", moments) == [2020]


def test_future_and_absurd_years_are_missing_and_noted() -> None:
    found, notes = ask("company_age", whole(2027, 0, -5, 99, 499, 500, 2**60))
    assert found == [None] * 5 + [1526, None]
    assert [note.where.to_pylist() for note in notes] == [[True] * 5 + [False, True]]


def test_texts_without_a_year_are_noted() -> None:
    found, notes = ask("founded_year", texts("long ago", "2030", "2020"))
    assert found == [None, None, 2020]
    assert sorted(note.where.to_pylist() for note in notes) == [[False, True, False], [True, False, False]]


def test_age_bands_of_the_oecd() -> None:
    # Start-ups up to 2 years, young 3 to 5, mature 6 to 10, old 11 and more.
    assert values("age_band", whole(2026, 2024, 2023, 2021, 2020, 2016, 2015, 1900, None)) == [
        *("start-up", "start-up", "young", "young", "mature", "mature", "old", "old", None),
    ]


def test_age_bands_of_the_users_own() -> None:
    options = {"age_bands": (5,), "age_band_names": ("new", "old")}
    assert values("age_band", whole(2022, 2021), **options) == ["new", "old"]
    assert output_type("age_band", [COUNT], options) == category("new", "old").or_missing()


def test_without_a_clock_there_is_no_age() -> None:
    assert values("company_age", whole(2000), clock=date.max) == [None]
    assert values("founded_year", whole(2000), clock=date.max) == [2000]
