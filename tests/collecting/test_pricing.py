"""Prices of providers: the worked example of the method, to the cent."""

from fractions import Fraction
from pathlib import Path

from segdsl.collecting.amounts import cents_text, hours_text
from segdsl.collecting.gaps import everything_missing
from segdsl.collecting.offers import Offer, offers_of
from segdsl.collecting.pricing import bill, break_evens, quotes_of
from segdsl.workflows.loading import load
from tests.collecting.cases import field, gaps, offer

SPEC = Path(__file__).with_name("worked_example.seg")
EMPLOYEES, REVENUE = field("employees"), field("revenue")


def offers() -> dict[str, Offer]:
    model = load(SPEC).model
    assert model is not None
    return {one.provider: one for one in offers_of(model)}


def test_each_task_costs_what_the_method_says() -> None:
    hundred = everything_missing((EMPLOYEES, REVENUE), {"accounts": 100})
    shown = {
        (str(quote.field), quote.offer.provider): (
            cents_text(quote.bill.cost or Fraction(0), "USD"),
            None if quote.bill.seconds is None else hours_text(quote.bill.seconds),
        )
        for quote in quotes_of((EMPLOYEES, REVENUE), offers().values(), hundred)
    }
    assert shown == {
        ("accounts.employees", "employees_at_15"): ("$75.00", "5 h"),
        ("accounts.employees", "employees_at_20"): ("$100.00", "5 h"),
        ("accounts.employees", "database"): ("$600.00", None),
        ("accounts.revenue", "revenue_at_15"): ("$100.00", "6 h 40 min"),
        ("accounts.revenue", "revenue_at_20"): ("$133.33", "6 h 40 min"),
        ("accounts.revenue", "database"): ("$600.00", None),
    }


def test_a_record_brings_both_fields_at_one_price() -> None:
    hundred = everything_missing((EMPLOYEES, REVENUE), {"accounts": 100})
    assert bill(offers()["database"], (EMPLOYEES, REVENUE), hundred).cost == 600


def test_a_database_ties_at_six_fields_of_a_dollar() -> None:
    found = {one.single.provider: (one.first, one.ties) for one in break_evens((EMPLOYEES, REVENUE), offers().values())}
    # $6.00 against $0.75, $1.00, $1.00 and $1.33 1/3 a field.
    assert found == {
        "employees_at_15": (8, True),
        "employees_at_20": (6, True),
        "revenue_at_15": (6, True),
        "revenue_at_20": (5, False),
    }


def test_only_what_is_missing_is_paid_for() -> None:
    # 10 rows lack one field, 5 the other, 2 of them both.
    some = gaps({("employees",): 8, ("revenue",): 3, ("employees", "revenue"): 2})
    both = (EMPLOYEES, REVENUE)
    names = ["employees", "revenue"]
    assert bill(offer("f", "field", 2, names), both, some).cost == 2 * (10 + 5)
    assert bill(offer("r", "record", 2, names), both, some).cost == 2 * 13
    assert bill(offer("l", "flat", 2, names), both, some).cost == 2
    assert bill(offer("l", "flat", 2, names), both, gaps({})).cost == 0


def test_amounts_are_rounded_half_to_even_only_when_shown() -> None:
    assert [cents_text(Fraction(n, 1000), "USD") for n in (5, 15, 25, 35)] == ["$0.00", "$0.02", "$0.02", "$0.04"]
    assert cents_text(Fraction(400, 3) + 100, "USD") == "$233.33"
    assert cents_text(Fraction(1_234_567, 1), "EUR") == "€1,234,567.00"


def test_hours_are_shown_to_the_minute() -> None:
    assert [hours_text(Fraction(s)) for s in (0, 45, 60, 3600, 24_000, 5_400_000)] == [
        "0 min",
        "45 s",
        "1 min",
        "1 h",
        "6 h 40 min",
        "1,500 h",
    ]
