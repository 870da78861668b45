"""What a conversion of currencies asks of the columns and sources it names."""

import pytest

from tests.model.checking import Checked, check, the_one

RATES = "currency : category key   date : date key   rate : number"
DEALS = "deal : int key   currency : category   closed_on : date"
AMOUNT = "amount : money(USD) by currency rates fx at closed_on"


def spec(rates: str = RATES, deals: str = DEALS, amount: str = AMOUNT, more: str = "") -> Checked:
    return check(
        f"""
        source fx from "fx.csv" {{ {rates} }}
        source deals from "deals.csv" {{ {deals}   {amount} }}
        {more}
        population large from deals {{ keep "large" when amount > $5k }}
        """
    )


@pytest.mark.parametrize(
    ("rates", "deals"),
    [
        (RATES, DEALS),
        ("date : date key   currency : text key   rate : ratio?   bank : text?", DEALS.replace("date", "timestamp?")),
        (RATES, DEALS.replace("category", 'category("USD", "EUR")?')),
    ],
)
def test_rates_of_a_currency_and_a_day_are_fine(rates: str, deals: str) -> None:
    assert spec(rates, deals).found == ()


@pytest.mark.parametrize(
    ("rates", "code", "message"),
    [
        (RATES.replace("rate :", "value :"), "SEG201", "`fx` has no column `rate`, so that it gives no rates"),
        (RATES.replace("number", "money(USD)"), "SEG302", "`rate` of the rates `fx` is money(USD)"),
        (RATES.replace("date : date", "date : text"), "SEG302", "`date` of the rates `fx` is text"),
        (RATES.replace("category", "int"), "SEG302", "`currency` of the rates `fx` is int"),
        (
            RATES.replace("date : date key", "date : date"),
            "SEG208",
            "The key of the rates `fx` is `currency`, so that a day may have two rates of one currency",
        ),
    ],
)
def test_rates_need_a_currency_a_date_and_a_rate(rates: str, code: str, message: str) -> None:
    found = the_one(spec(rates))
    assert (found.code, found.message) == (code, message)
    assert found.help


@pytest.mark.parametrize(
    ("deals", "amount", "code", "underlined"),
    [
        (DEALS.replace("category", "int"), AMOUNT, "SEG302", "currency"),
        (DEALS.replace("date", "text"), AMOUNT, "SEG302", "closed_on"),
        (DEALS, AMOUNT.replace("closed_on", "close_on"), "SEG201", "close_on"),
        (DEALS, AMOUNT.replace("by currency", "by currencie"), "SEG201", "currencie"),
        (DEALS, AMOUNT.replace("rates fx", "rates fxx"), "SEG201", "fxx"),
        (DEALS, AMOUNT.replace("rates fx", "rates large"), "SEG206", "large"),
        (DEALS, f"{AMOUNT} on duplicate keep last by amount", "SEG208", "amount"),
    ],
)
def test_a_conversion_names_a_code_rates_and_a_date(deals: str, amount: str, code: str, underlined: str) -> None:
    checked = spec(deals=deals, amount=amount)
    found = the_one(checked)
    assert (found.code, checked.marked(found)) == (code, underlined)


def test_rates_that_rest_on_what_they_convert_are_a_cycle() -> None:
    own = spec(f"{RATES}   fee : money(USD) by currency rates fx at date")
    assert the_one(own).message == "These need each other: `fx` -> `fx`"
    derived = check(
        """
        source deals from "deals.csv" {
          deal : int key   currency : category   date : date   rate : number
          amount : money(USD) by currency rates fx at date
        }
        source fx from deals { currency : category key   date : date key   rate : number }
        population large from deals { keep "large" when amount > $5k }
        """
    )
    assert the_one(derived).message == "These need each other: `deals` -> `fx` -> `deals`"


def test_a_like_source_without_the_currency_must_be_without_the_amount() -> None:
    like = 'source offers like deals from "offers.csv" {{ without {} }}'
    assert spec(more=like.format("currency, amount")).found == ()
    found = the_one(spec(more=like.format("currency")))
    assert found.message == "`offers` is without `currency`, by which `amount` is converted"
    assert found.help == "take out both: `without currency, amount`"


def test_what_is_wrong_with_rates_is_told_once() -> None:
    fee = AMOUNT.replace("amount", "fee")
    assert the_one(spec(RATES.replace("number", "text"), amount=f"{AMOUNT}  {fee}")).code == "SEG302"
