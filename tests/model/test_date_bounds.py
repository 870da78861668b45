"""Filters by date that let rows from after the clock in."""

import pytest

from tests.model.checking import check, the_one

TABLES = """
param as_of : date = 2026-01-01
source accounts from "a.csv" { id : text key  signed_on : date }
source invoices from "i.csv" {
  invoice_id : text key  account_id : text  paid_on : date  due_on : date  at : timestamp  amount : money(USD)
  links account_id to accounts  %s
}
derive accounts { probe = sum(invoices.amount where %s) }
"""

OPEN = [
    "paid_on > as_of - 12 months",
    "paid_on >= 2025-01-01",
    "2025-01-01 < paid_on",
    "as_of - 12 months <= paid_on",
    "amount > $5 and paid_on > as_of - 90 days",
    "paid_on > accounts.signed_on",
    "at > 2025-01-01T00:00",
    "paid_on > as_of - 12 months and due_on < as_of",
]


@pytest.mark.parametrize("condition", OPEN)
def test_a_date_bounded_from_below_only_is_warned_of(condition: str) -> None:
    found = the_one(check(TABLES % ("", condition)))
    assert found.code == "SEG801"
    assert not found.is_error


@pytest.mark.parametrize("condition", OPEN)
def test_nothing_is_warned_of_where_later_rows_are_hidden(condition: str) -> None:
    assert check(TABLES % ("known from paid_on", condition)).codes == []


@pytest.mark.parametrize(
    "condition",
    [
        "paid_on within 12 months before as_of",
        "paid_on > as_of - 12 months and paid_on <= as_of",
        "paid_on between 2025-01-01 and 2025-12-31",
        "paid_on < as_of",
        "paid_on == as_of",
        "as_of >= paid_on and paid_on > 2025-01-01",
        "amount > $5",
        "year(paid_on) >= 2025",
        "paid_on > 2025-01-01 or amount > $5",
    ],
)
def test_a_date_with_an_upper_bound_is_fine(condition: str) -> None:
    assert check(TABLES % ("", condition)).codes == []


def test_the_rows_own_dates_may_be_open() -> None:
    checked = check("""
        source accounts from "a.csv" { id : text key  signed_on : date }
        population p from accounts { keep "new" when signed_on > 2025-01-01 }
        """)
    assert checked.codes == []
