"""Currencies: codes, symbols and how finely amounts are kept."""

import pytest

from segdsl.types import CURRENCIES, SYMBOLS, money_places

# Of ISO 4217 list one as published on 2024-06-25, by sight.
WELL_KNOWN = "USD EUR GBP JPY CHF CNY INR BRL MXN KRW AUD CAD NZD SEK NOK DKK PLN CZK HUF TRY ZAR AED SGD HKD UAH VND"
NO_MONEY = "XAU XAG XPT XTS XXX XDR CHE CHW USN"
WITHDRAWN = "DEM FRF ITL ZWL HRK SLL VEF"


def test_well_known_currencies_are_there() -> None:
    assert set(WELL_KNOWN.split()) <= CURRENCIES


@pytest.mark.parametrize("code", [*NO_MONEY.split(), *WITHDRAWN.split()])
def test_what_is_no_money_in_use_is_not(code: str) -> None:
    assert code not in CURRENCIES


def test_codes_are_three_capitals() -> None:
    assert all(len(code) == 3 and code.isascii() and code.isupper() for code in CURRENCIES)


def test_a_symbol_stands_for_a_currency_in_use_and_only_one() -> None:
    assert set(SYMBOLS.values()) <= CURRENCIES
    assert len(set(SYMBOLS.values())) == len(SYMBOLS)


@pytest.mark.parametrize(
    ("code", "places"), [("USD", 6), ("EUR", 6), ("GBP", 6), ("CZK", 6), ("JPY", 3), ("IDR", 3), ("VND", 3)]
)
def test_amounts_are_kept_to_a_millionth_or_a_thousandth_of_a_small_unit(code: str, places: int) -> None:
    assert money_places(code) == places


@pytest.mark.parametrize("code", sorted(CURRENCIES))
def test_every_amount_leaves_room_for_trillions(code: str) -> None:
    assert 2**63 / 10 ** money_places(code) > 9e12
