"""Records that cost money."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from segdsl.plugin import ColumnName, Duration, Made, ProviderTerms, Refused
from segdsl_vendor.making import make
from tests.plugins.vendor.calls import make_call, run

KEY = ("match_key",)
ACCOUNTS = [{"account": key, "key": key} for key in "abcd"]
HOOVERS = [{"duns": "a", "headcount": 1, "sales": 5}, {"duns": "b", "headcount": 2}, {"duns": "c"}]
CLEARBIT = [{"id": key, "employees": 9} for key in "bcd"]
TERMS = (
    ProviderTerms("hoovers_db", Decimal("6"), "USD", None, None),
    ProviderTerms("clearbit_db", Decimal("0.5"), "USD", None, None),
)
ASKED = {"employees": ["hoovers.headcount", "clearbit.employees"], "revenue": ["hoovers.sales"]}


def buy(store: Path | None = None, **more: Any) -> Made:
    options = {"providers": TERMS, **more.pop("options", {})}
    asked = more.pop("asked", ASKED)
    return run(
        ACCOUNTS,
        more.pop("hoovers", HOOVERS),
        CLEARBIT,
        matching=KEY,
        asked=asked,
        options=options,
        store=store,
        **more,
    )


def purchases(made: Made) -> list[tuple[str, str, Decimal, str]]:
    rows = made.tables["purchases"].to_pylist()
    return [(row["provider"], row["record"], row["cost"], row["from"]) for row in rows]


def test_a_record_is_bought_once_for_all_columns_and_only_if_a_value_is_taken() -> None:
    made = buy()
    assert made.spent == Decimal("13.0")  # two records of hoovers_db at 6, two of clearbit_db at 0.5
    assert purchases(made) == [
        ("hoovers_db", "a", Decimal(6), "bought"),
        ("hoovers_db", "b", Decimal(6), "bought"),
        ("clearbit_db", "c", Decimal("0.5"), "bought"),
        ("clearbit_db", "d", Decimal("0.5"), "bought"),
    ]


def test_two_accounts_of_one_record_pay_once() -> None:
    accounts = [{"account": "x", "key": "a"}, {"account": "y", "key": "a"}]
    made = run(accounts, HOOVERS, matching=KEY, options={"providers": TERMS[:1]})
    assert made.spent == 6


def test_what_was_paid_for_is_never_paid_for_twice(tmp_path: Path) -> None:
    first = buy(tmp_path)
    again = buy(tmp_path)
    assert (first.spent, again.spent) == (13, 0)
    assert {how for *_, how in purchases(again)} == {"kept"}
    assert [again.columns[name].to_pylist() for name in ASKED] == [first.columns[name].to_pylist() for name in ASKED]


def test_kept_values_are_used_even_where_the_file_has_changed(tmp_path: Path) -> None:
    buy(tmp_path)
    changed = [{**row, "headcount": 777} for row in HOOVERS]
    assert buy(tmp_path, hoovers=changed).columns["employees"].to_pylist() == [1, 2, 777, 9]


def test_a_column_that_is_asked_for_later_is_paid_for(tmp_path: Path) -> None:
    buy(tmp_path, asked={"employees": ASKED["employees"]})
    assert buy(tmp_path).spent == 0


@pytest.mark.parametrize(("day", "spent"), [(date(2026, 12, 26), 0), (date(2026, 12, 27), 13)])
def test_after_its_time_a_record_is_bought_again(tmp_path: Path, day: date, spent: int) -> None:
    options = {"keep_for": Duration(seconds=180 * 86_400)}
    buy(tmp_path, options=options)
    later = make_call(
        ACCOUNTS, HOOVERS, CLEARBIT, matching=KEY, asked=ASKED, options={"providers": TERMS, **options}, store=tmp_path
    )
    moved = make(_at(later, day))
    assert moved.spent == spent
    assert make(_at(later, day)).spent == 0


def _at(call: Any, day: date) -> Any:
    return type(call)(**{name: getattr(call, name) for name in call.__match_args__ if name != "clock"}, clock=day)


def test_without_a_store_nothing_is_kept() -> None:
    assert (buy().spent, buy().spent) == (13, 13)


def test_more_than_the_bound_is_refused_before_anything_is_bought(tmp_path: Path) -> None:
    with pytest.raises(Refused) as refused:
        buy(tmp_path, max_cost=Decimal("12.99"))
    assert "13.00 USD" in refused.value.message
    assert "2 records of `hoovers_db`, 2 records of `clearbit_db`" in refused.value.message
    assert "2 records of `hoovers_db` and 1 records of `clearbit_db`" in refused.value.expected
    assert not list(tmp_path.rglob("*.parquet"))


def test_a_bound_that_is_met_is_no_hindrance(tmp_path: Path) -> None:
    assert buy(tmp_path, max_cost=Decimal(13)).spent == 13
    assert buy(tmp_path, max_cost=Decimal(0)).spent == 0


def test_prices_in_two_currencies_are_refused() -> None:
    euro = ProviderTerms("clearbit_db", Decimal(1), "EUR", None, None)
    with pytest.raises(Refused, match="EUR and USD"):
        buy(options={"providers": (TERMS[0], euro)})


def test_a_provider_without_a_price_is_free_and_kept_out_of_the_purchases(tmp_path: Path) -> None:
    free = ProviderTerms("clearbit_db", None, None, None, None)
    made = buy(tmp_path, options={"providers": (TERMS[0], free)})
    assert made.spent == 12
    assert {provider for provider, *_ in purchases(made)} == {"hoovers_db"}


@pytest.mark.parametrize("content", [b"", b"not parquet", b"PAR1" * 10])
def test_a_spoilt_file_of_purchases_is_refused(tmp_path: Path, content: bytes) -> None:
    folder = tmp_path / "purchases"
    folder.mkdir()
    (folder / "hoovers_db.hoovers.parquet").write_bytes(content)
    with pytest.raises(Refused, match="can't be read"):
        buy(tmp_path)
    assert (folder / "hoovers_db.hoovers.parquet").read_bytes() == content


def test_a_purchase_is_kept_with_its_date_so_that_it_grows_stale(tmp_path: Path) -> None:
    dated = {"dated": (ColumnName("hoovers", "seen"),), "max_age": Duration(months=12), "providers": TERMS[:1]}
    seen = [{"duns": "a", "headcount": 1, "seen": date(2026, 1, 1)}]
    call = make_call([ACCOUNTS[0]], seen, matching=KEY, options=dated, store=tmp_path)
    assert make(call).columns["employees"].to_pylist() == [1]
    assert make(_at(call, date(2027, 1, 1))).columns["employees"].to_pylist() == [None]
