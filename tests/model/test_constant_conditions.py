"""Conditions that come out the same for every row are refused, with what was probably meant."""

import pytest

from tests.model.checking import check, check_term, the_one

ACCOUNTS = """
param least : count = 5
param branch : text = "Banking"
source accounts from "accounts.csv" {
  account_id : text key
  industry   : category?
  `Deal size` : count?
  staff      : count?  from `# Employees`
}
derive accounts { tidy = trim(industry) }
population p from accounts { keep "k" when CONDITION and account_id != branch and staff > least }
"""


@pytest.mark.parametrize(
    ("condition", "mend"),
    [
        ('"Industry" == "Banking"', "a column's name stands without quotes: write `industry`"),
        ('"Banking" == ("INDUSTRY")', "a column's name stands without quotes: write `industry`"),
        ('"# Employees" > 5', "a column's name stands without quotes: write `staff`"),
        ('"# Employees" > -5', "a column's name stands without quotes: write `staff`"),
        ('"Deal size" between 1 and 5', "a column's name stands without quotes: write `` `Deal size` ``"),
        ('"tidy" in ("a", "b")', "a column's name stands without quotes: write `tidy`"),
        ('"Industry" is known', "a column's name stands without quotes: write `industry`"),
        ('"Industry" contains "Bank"', "a column's name stands without quotes: write `industry`"),
        ('"Sector" == "Banking"', "name a column or field here, without quotes"),
        ("1 == 1", "name a column or field here"),
        ('industry == ""', "write `industry is missing`"),
        ('"" == industry', "write `industry is missing`"),
        ('industry != ""', "write `industry is known`"),
    ],
)
def test_a_condition_that_no_row_decides_is_refused(condition: str, mend: str) -> None:
    found = the_one(check(ACCOUNTS.replace("CONDITION", condition)))
    assert (found.code, found.help) == ("SEG310", mend)


@pytest.mark.parametrize(
    "condition",
    ['branch == "Banking"', "least > 3", "as_of > 2026-01-01", 'tidy == ""', 'branch == ""', 'industry == "Industry"'],
)
def test_what_a_row_or_a_run_decides_is_no_such_condition(condition: str) -> None:
    checked = check("param as_of : date = 2026-01-01\n" + ACCOUNTS.replace("CONDITION", condition))
    assert "SEG310" not in checked.codes


def test_empty_text_behind_a_link_is_missing_too() -> None:
    found = the_one(check_term('count(invoices where account_id.t_o == "")'))
    assert (found.code, found.help) == ("SEG310", "write `account_id.t_o is missing`")


@pytest.mark.parametrize(
    ("condition", "found", "mend"),
    [
        ("industry == NULL", "Found `== NULL`", "write `industry is missing`"),
        ("industry != null", "Found `!= null`", "write `industry is known`"),
        ("staff == missing", "Found `== missing`", "write `staff is missing`"),
        ("None == `Deal size`", "Found `== None`", "write `` `Deal size` is missing ``"),
        ("lower(industry) != NULL", "Found `!= NULL`", "write `lower(industry) is known`"),
    ],
)
def test_a_comparison_with_nothing_asks_for_what_is_missing(condition: str, found: str, mend: str) -> None:
    one = the_one(check(ACCOUNTS.replace("CONDITION", condition)))
    assert (one.code, one.message, one.help) == ("SEG103", found, mend)


def test_a_column_may_have_the_name_that_nothing_has_elsewhere() -> None:
    checked = check(
        ACCOUNTS.replace("CONDITION", "industry == none").replace("  industry", "  none : category?  industry")
    )
    assert checked.codes == []


def test_what_is_compared_with_nothing_is_checked_too() -> None:
    checked = check(ACCOUNTS.replace("CONDITION", "sector_code == NULL"))
    assert sorted(checked.codes) == ["SEG103", "SEG201"]
