"""Numbers and dates of spreadsheets and other languages: the mend means what was meant, or is a general one."""

import pytest

from segdsl.diagnostics import Diagnostic, SourceText
from segdsl.language.foreign_literals import date_mend, iso_date, number_mend
from segdsl.language.parser import parse

GENERAL = "numbers are written `1_000`, `2.5` or `10k`, amounts `$250`, `€1.5k` or `250 GBP`"
ISO = "write a date as year-month-day: 2026-01-31"


def found_in(text: str) -> list[tuple[str, str, str]]:
    """Code, marked text and mend of every mistake."""
    source = SourceText("spec.seg", text)

    def shown(one: Diagnostic) -> tuple[str, str, str]:
        return one.code, source.slice(one.labels[0].span), one.help

    return [shown(one) for one in parse(source)[1]]


NUMBERS = [
    ("€1,5", "a decimal sign is a point: `€1.5`"),
    ("12,5", "a decimal sign is a point: `12.5`"),
    ("0,2", "a decimal sign is a point: `0.2`"),
    ("0,125", "a decimal sign is a point: `0.125`"),
    ("12,5%", "a decimal sign is a point: `12.5%`"),
    ("1,5k", "a decimal sign is a point: `1.5k`"),
    ("1000,500", "a decimal sign is a point: `1000.500`"),
    ("1,2345", "a decimal sign is a point: `1.2345`"),
    ("1,000", "write `1000`, or `1.000` if the comma is a decimal sign"),
    ("€12,345", "write `€12345`, or `€12.345` if the comma is a decimal sign"),
    ("€1.000,50", "write `€1000.50`"),
    ("€1,234.50", "write `€1234.50`"),
    ("1,000,000", "write `1000000`"),
    ("1.000.000", "write `1000000`"),
    ("1.000.000,5", "write `1000000.5`"),
    ("12,34,567", GENERAL),
    ("1.00.000", GENERAL),
    ("1,2,3", GENERAL),
    ("1,23.5", GENERAL),
]


@pytest.mark.parametrize(("written", "mend"), NUMBERS)
def test_a_number_with_commas_is_one_number(written: str, mend: str) -> None:
    assert number_mend(written) == mend
    assert found_in(f"derive a {{ x = m > {written} }}") == [("SEG105", written, mend)]
    assert found_in(f'test "t" {{ given a {{ m: {written}, n: 5 }} }}') == [("SEG105", written, mend)]


def test_where_a_number_is_whole_no_decimal_sign_is_offered() -> None:
    assert number_mend("1,000", whole=True) == "write `1000`"
    assert number_mend("12,5", whole=True) == "write a whole number"


def test_a_number_that_is_one_is_only_out_of_place() -> None:
    assert found_in("audience a from b { hold out 2.5 }") == [("SEG102", "2.5", "write `2.5%`")]


def test_numbers_beside_commas_are_left_alone() -> None:
    assert found_in("derive a { x = m in (1,5, 1.5,2.5) y = f(1,000 * 2) }")[0][1] == "000"
    assert found_in("derive a { x = m in (1,5, 1.5,2.5) y = f(1,5) }") == []


DATES = [
    ("31/12/2024", "2024-12-31"),
    ("12/31/2024", "2024-12-31"),
    ("05/05/2024", "2024-05-05"),
    ("31.12.2024", "2024-12-31"),
    ("31-12-2024", "2024-12-31"),
    ("2024-1-1", "2024-01-01"),
    ("2024/02/03", "2024-02-03"),
    ("20241231", "2024-12-31"),
    ("01/12/2024", None),
    ("31/13/2024", None),
    ("31/02/2024", None),
    ("1/2/3", None),
    ("31/12-2024", None),
    ("20241301", None),
]


@pytest.mark.parametrize(("written", "day"), DATES)
def test_a_date_is_named_where_day_and_month_can_be_told_apart(written: str, day: str | None) -> None:
    assert iso_date(written) == day
    assert date_mend(written) == (ISO if day is None else f"write `{day}`")


@pytest.mark.parametrize(
    ("text", "marked", "mend"),
    [
        ("param d : date = 31/12/2024", "31/12/2024", "write `2024-12-31`"),
        ("param d : date = 2024-1-1", "2024-1-1", "write `2024-01-01`"),
        ("derive a { x = d > 31.12.2024 }", "31.12.2024", "write `2024-12-31`"),
        ("derive a { x = d > 01/12/2024 }", "01/12/2024", ISO),
        ("derive a { x = d > 01/02/2024 }", "01/02/2024", ISO),
        ("derive a { x = d > 2024-1-01 }", "2024-1-01", "write `2024-01-01`"),
    ],
)
def test_a_date_read_as_several_numbers_is_one_mistake(text: str, marked: str, mend: str) -> None:
    assert found_in(text) == [("SEG105", marked, mend)]
