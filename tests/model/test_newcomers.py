"""Dates, signs, amounts and functions as a newcomer writes them: the mend names what was meant."""

import pytest

from tests.model.checking import check, the_one

TABLE = 'source a from "a.csv" { id : text key  d : date  m : money(EUR)  n : count } '


@pytest.mark.parametrize(
    ("term", "mend"),
    [
        ('d > "2024-01-01"', "write it without quotes: `2024-01-01`"),
        ('"31/12/2024" > d', "write `2024-12-31`"),
        ('d > "soon"', "write a date as year-month-day: 2026-01-31"),
        ("d > 31/12/2024", "write `2024-12-31`"),
        ("d > 2024-1-1", "write `2024-01-01`"),
        ("d > 5/6/2024", "write a date as year-month-day: 2026-01-31"),
        ("d > 20241231", "write `2024-12-31`"),
        ("d > 5", "compare values of one type"),
        ("d > n/12/2024", "compare values of one type"),
        ("d > 31-12/2024", "compare values of one type"),
    ],
)
def test_a_date_is_compared_with_that_very_date(term: str, mend: str) -> None:
    assert the_one(check(f"{TABLE}derive a {{ x = {term} }}")).help == mend


@pytest.mark.parametrize(
    ("default", "mend"),
    [('"2024-01-01"', "write it without quotes: `2024-01-01`"), ('"31/12/2024"', "write `2024-12-31`")],
)
def test_a_date_in_quotes_is_written_without(default: str, mend: str) -> None:
    (found,) = (one for one in check(f"param day : date = {default}").found if one.code == "SEG302")
    assert found.help == mend


@pytest.mark.parametrize(
    ("name", "written", "mend"),
    [
        ("day", "31/12/2025", "write `2025-12-31`"),
        ("day", "01/02/2025", "write it as `2026-01-31`"),
        ("least", "1,000", "write `1000`"),
        ("least", "1,5", "write a whole number"),
        ("sum", "€1.000,50", "write `€1000.50`"),
        ("sum", "plenty, 5", "write it as `$300`"),
    ],
)
def test_a_parameter_is_set_as_it_was_meant(name: str, written: str, mend: str) -> None:
    spec = f"""param day : date = 2026-01-01 param least : count = 5 param sum : money(EUR) = €5
        {TABLE} population p from a {{ keep "k" when d > day and n > least and m > sum }}"""
    assert the_one(check(spec, settings={name: written})).help == mend


@pytest.mark.parametrize(
    ("option", "mend"),
    [
        ('decimal: "comma"', 'write `","`'),
        ('delimiter: "Tab"', r'write `"\u{9}"`'),
        (r'delimiter: "\\t"', r'write `"\u{9}"`'),
        ('delimiter: "||"', 'write `";"`, for example'),
        ('decimal: "de"', 'write `","`, for example'),
        ("quote: \"''\"", 'write `"\'"`, for example'),
    ],
)
def test_a_sign_given_by_its_name_is_written_out(option: str, mend: str) -> None:
    assert the_one(check(f'source s from "s.csv" {{ read {{ {option} }} id : text key }}')).help == mend


def test_a_share_in_a_score_of_money_is_a_share_of_something() -> None:
    found = the_one(check(f'{TABLE}score s for a {{ base m minus "x" 10% when n < 0 }}'))
    assert found.help == "say what it is a share of: `10% of ...`"


@pytest.mark.parametrize(
    ("term", "mend"),
    [
        ("exists(invoices where amount > $5)", "write `any(...)`: `any(invoices where amount > $500)`"),
        ("row_number()", "write `rank(x over customers)`"),
    ],
)
def test_a_function_of_a_database_has_its_like(term: str, mend: str) -> None:
    assert the_one(check(f"{TABLE}derive a {{ x = {term} }}")).help == mend
