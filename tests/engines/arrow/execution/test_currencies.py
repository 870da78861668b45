"""Amounts in several currencies are brought to one by the rate of their day."""

import csv
import io
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import segdsl
from segdsl.diagnostics import Diagnostics
from segdsl.engines.arrow.execution import RunInputs, execute
from segdsl.engines.arrow.reading import DataFile
from segdsl.engines.arrow.results import RunTables
from segdsl.plan import build_plan, clock_of, columns_read
from tests.engines.arrow.execution.running import TODAY, model_of, run_any

RATES_SOURCE = 'source rates from "rates.csv" { currency : category key   date : date key   rate : number? }'
SPEC = """
source accounts from "accounts.csv" { id : text key }
source deals from "deals.csv" {
  deal : int key   account : text   currency : category?   day : date?
  amount : money(EUR)? MODIFIERS by currency rates rates at day
  links account to accounts
  POLICY
}
derive accounts { total = sum(deals.amount)   deals_made = count(deals) }
score value "Value" for accounts { base total }
score largest "Largest" for deals { base amount }
score made "Made" for accounts { base deals_made }
"""
RATES = "currency,date,rate\nUSD,2026-01-10,0.5\nUSD,2026-01-01,2\nGBP,2026-01-05,1.25\nGBP,2026-01-06,\n"
DEALS = "deal,account,currency,day,amount\n1,a,USD,2026-01-09,3\n2,a,USD,2026-01-10,3\n3,a,EUR,2020-01-01,7\n"

Run = Callable[..., tuple[RunTables | None, Diagnostics]]


def spec(modifiers: str = "", policy: str = "") -> str:
    return RATES_SOURCE + SPEC.replace("MODIFIERS", modifiers).replace("POLICY", policy)


@pytest.fixture
def run(tmp_path: Path) -> Run:
    def run_texts(text: str, deals: str, rates: str = RATES) -> tuple[RunTables | None, Diagnostics]:
        model = model_of(text)
        files = {}
        for name, lines in (("rates", rates), ("accounts", "id\na\n"), ("deals", deals)):
            (tmp_path / f"{name}.csv").write_text(lines)
            files[name] = (DataFile(tmp_path / f"{name}.csv", f"{name}.csv"),)
        return execute(build_plan(model, clock_of(model, TODAY)), model.sources, RunInputs(files))

    return run_texts


def amounts(tables: RunTables | None) -> list[Decimal | None]:
    assert tables is not None
    return [row["largest"] for row in tables.scores["largest"].to_pylist()]


def test_the_latest_rate_on_or_before_the_day_counts(run: Run) -> None:
    tables, found = run(spec(), DEALS + "4,a,GBP,2026-01-31,0.000002\n")
    assert tables is not None, found
    # 0.0000025 lies between two millionths, and goes to the even one.
    assert amounts(tables) == [Decimal(6), Decimal("1.5"), Decimal(7), Decimal("0.000002")]
    assert [row["value"] for row in tables.scores["value"].to_pylist()] == [Decimal("14.500002")]


def test_every_amount_without_a_rate_is_told(run: Run) -> None:
    lines = "4,a,GBP,2026-01-04,1\n5,a,JPY,2026-01-31,1200.50\n6,a,,2026-01-31,1\n7,a,USD,,1\n8,a,,,\n"
    tables, found = run(spec(), DEALS + lines)
    assert tables is None
    (breach,) = found
    assert breach.code == "SEG614"
    assert breach.message == "`amount` has 4 values without a rate in `rates`"
    (rows,) = breach.rows
    assert (rows.file, rows.count, rows.rows) == ("deals.csv", 4, (4, 5, 6, 7))
    assert rows.values == ("1 GBP on 2026-01-04", "1200.5 JPY on 2026-01-31", "1 on 2026-01-31", "1 USD")


def test_a_policy_takes_them_as_missing_and_counts_them(run: Run) -> None:
    tables, found = run(spec(policy="on broken as missing"), DEALS + "4,a,JPY,2026-01-31,1\n5,a,JPY,2026-01-31,\n")
    assert amounts(tables) == [Decimal(6), Decimal("1.5"), Decimal(7), None, None]
    (mended,) = [d for d in found if d.code == "SEG613"]
    assert mended.message == "1 broken value of `amount` was taken as missing (no rate)"
    assert mended.rows[0].rows == (4,)


def test_what_a_policy_took_as_missing_is_a_breach_where_a_value_is_required(run: Run) -> None:
    required = spec(policy="on broken as missing").replace("money(EUR)?", "money(EUR)")
    tables, found = run(required, DEALS + "4,a,JPY,2026-01-31,1\n")
    assert tables is None
    assert [(d.code, d.rows[0].rows) for d in found] == [("SEG613", (4,)), ("SEG605", (4,))]


def test_a_range_holds_for_the_converted_amount(run: Run) -> None:
    bounded = spec("range 1 EUR .. 6 EUR")
    tables, found = run(bounded, "deal,account,currency,day,amount\n1,a,USD,2026-01-01,3\n2,a,USD,2026-01-10,12\n")
    assert amounts(tables) == [Decimal(6), Decimal(6)], found
    tables, found = run(bounded, "deal,account,currency,day,amount\n1,a,USD,2026-01-01,4\n2,a,USD,2026-01-10,2\n")
    assert tables is None
    assert [(d.code, d.rows[0].values) for d in found] == [("SEG603", ("4 USD on 2026-01-01",))]


def test_a_default_is_in_the_currency_of_the_column(run: Run) -> None:
    with_default = spec("= €10").replace("money(EUR)?", "money(EUR)")
    tables, found = run(with_default, "deal,account,currency,day,amount\n1,a,USD,2026-01-09,\n2,a,USD,2026-01-09,1\n")
    assert amounts(tables) == [Decimal(10), Decimal(2)], found


def test_lenient_amounts_may_bear_the_sign_of_their_own_currency(run: Run) -> None:
    tables, found = run(
        spec("lenient"), 'deal,account,currency,day,amount\n1,a,GBP,2026-01-09,"£1,200"\n2,a,EUR,2026-01-09,€5k\n'
    )
    assert amounts(tables) == [Decimal(1500), Decimal(5000)], found


def test_an_amount_that_grows_too_large_is_a_breach(run: Run) -> None:
    tables, found = run(spec(), DEALS + "4,a,USD,2026-01-02,9000000000000\n")
    assert tables is None
    assert [(d.code, d.rows[0].rows) for d in found] == [("SEG612", (4,))]


def test_a_broken_date_is_told_once(run: Run) -> None:
    tables, found = run(spec(), DEALS + "4,a,USD,soon,1\n")
    assert tables is None
    assert [d.code for d in found] == ["SEG602"]


def test_amounts_without_a_rate_are_told_after_other_breaches_too(run: Run) -> None:
    tables, found = run(spec(), DEALS + "4,a,JPY,2026-01-31,1\nx,a,USD,2026-01-31,1\n")
    assert tables is None
    assert sorted(d.code for d in found) == ["SEG602", "SEG614"]


def test_broken_rates_are_told_and_nothing_is_said_of_amounts(run: Run) -> None:
    tables, found = run(spec(), DEALS, RATES + "USD,2026-01-10,9\n")
    assert tables is None
    assert [d.code for d in found] == ["SEG606"]


def test_rates_are_read_only_where_an_amount_is() -> None:
    model = model_of(spec())
    read = columns_read(build_plan(model, clock_of(model, TODAY)))
    assert read["rates"] == ("currency", "date", "rate")
    assert read["deals"] == ("deal", "account", "currency", "day", "amount")
    without = model_of(spec().replace("base total", "base deals_made").replace("base amount", "base 1"))
    assert columns_read(build_plan(without, clock_of(without, TODAY))) == {
        "accounts": ("id",),
        "deals": ("deal", "account"),
    }


def test_a_source_made_of_deals_gets_converted_amounts(run: Run) -> None:
    stacked = """
    source all_deals from deals { deal : int key   amount : money(EUR)? }
    score stacked "Stacked" for all_deals { base amount }
    """
    tables, found = run(spec() + stacked, DEALS)
    assert tables is not None, found
    assert [row["stacked"] for row in tables.scores["stacked"].to_pylist()] == [Decimal(6), Decimal("1.5"), Decimal(7)]


def test_stacked_amounts_are_converted_once_they_stand_together() -> None:
    columns = "deal : int key   currency : text   day : date   amount : money(EUR)"
    text = f"""
    {RATES_SOURCE}
    source east from "east.csv" {{ {columns} }}
    source west from "west.csv" {{ {columns} }}
    source deals from east, west {{ {columns}? by currency rates rates at day   on broken as missing }}
    score value "Value" for deals {{ base amount }}
    """
    rates = [{"currency": "USD", "date": DAY, "rate": 0.25}]
    east = [{"deal": 1, "currency": "USD", "day": DAY, "amount": 8}]
    west = [
        {"deal": 2, "currency": "EUR", "day": DAY, "amount": 8},
        {"deal": 3, "currency": "?", "day": DAY, "amount": 8},
    ]
    tables, found = run_any(model_of(text), {"rates": rates, "east": east, "west": west})
    assert tables is not None, found
    assert [row["value"] for row in tables.scores["value"].to_pylist()] == [Decimal(2), Decimal(8), None]
    assert [(d.code, d.rows[0].count) for d in found] == [("SEG613", 1)]


DAY = date(2026, 1, 1)
dates = st.integers(0, 30).map(lambda n: DAY + timedelta(n))
codes = st.sampled_from(["EUR", "USD", "GBP", "JPY"])
cents = st.decimals("-1000000", "1000000", places=2, allow_nan=False)
books = st.dictionaries(st.tuples(codes, dates), st.decimals("0.0001", "200", places=4), max_size=20)
payments = st.lists(st.tuples(st.none() | codes, st.none() | dates, st.none() | cents), min_size=1, max_size=40)


def expected(
    book: dict[tuple[str, date], Decimal], code: str | None, day: date | None, cents: Decimal | None
) -> object:
    """The amount in millionths of a euro by exact arithmetic; None where there is none, False where a rate lacks."""
    if cents is None:
        return None
    if code == "EUR":
        return round(Fraction(cents) * 10**6)
    known = [(when, rate) for (other, when), rate in book.items() if other == code and day is not None and when <= day]
    return round(Fraction(cents) * Fraction(max(known)[1]) * 10**6) if known else False


@settings(deadline=None, max_examples=40)
@given(books, payments, st.randoms())
def test_it_is_exact_arithmetic_whatever_the_order_of_rows(book, paid, random) -> None:  # type: ignore[no-untyped-def]
    model = model_of(spec(policy="on broken as missing"))
    deals = [
        {"deal": number, "account": "a", "currency": code, "day": day, "amount": amount}
        for number, (code, day, amount) in enumerate(paid)
    ]
    rates = [{"currency": code, "date": day, "rate": float(rate)} for (code, day), rate in book.items()]
    wanted = [expected(book, *payment) for payment in paid]
    for _ in range(2):
        tables, found = run_any(model, {"rates": rates, "deals": deals, "accounts": [{"id": "a"}]}, chunk_rows=7)
        given_back = [None if amount is None else int(amount * 10**6) for amount in amounts(tables)]
        assert given_back == [None if w is False else w for w in wanted]
        told = sum(rows.count for d in found if d.code == "SEG613" for rows in d.rows)
        assert told == sum(w is False for w in wanted)
        random.shuffle(rates)
        random.shuffle(deals)


PROJECT = """
param as_of : date = 2026-06-30
source fx from "fx.csv" { currency : text key   date : date key   rate : ratio }
source accounts from "accounts.csv" { account_id : text key }
source invoices from "invoices.csv" {
  invoice_id : text key   account_id : text   currency : text   paid_at : timestamp
  amount : money(USD)  by currency rates fx at paid_at
  links account_id to accounts
}
population customers from accounts { keep "paying" when sum(invoices.amount) > $0 }
score revenue "Revenue" for customers { base sum(invoices.amount) }
segmentation size for customers { segment large when revenue >= $1k   segment small otherwise }
"""


def test_a_spec_with_invoices_in_three_currencies_runs_from_end_to_end(tmp_path: Path) -> None:
    fx = "currency,date,rate\nGBP,2026-01-01,1.2711\nGBP,2026-02-01,1.2533\nJPY,2026-01-15,0.0067\n"
    invoices = (
        "invoice_id,account_id,currency,paid_at,amount\n"
        "i1,a,GBP,2026-01-31T23:59:59Z,500.55\n"
        "i2,a,GBP,2026-02-01T00:00:00Z,399.10\n"
        "i3,b,JPY,2026-05-05T12:00:00Z,120000\n"
        "i4,b,USD,2025-05-05T12:00:00Z,19.99\n"
    )
    for name, text in (("fx.csv", fx), ("invoices.csv", invoices), ("accounts.csv", "account_id\na\nb\n")):
        (tmp_path / name).write_text(text)
    (tmp_path / "sizes.seg").write_text(PROJECT)
    result = segdsl.run(tmp_path / "sizes.seg")
    sums = {"a": Fraction(0), "b": Fraction(0)}
    for row in csv.DictReader(io.StringIO(invoices)):
        rate = Fraction(1)
        if row["currency"] != "USD":
            book = [r for r in csv.DictReader(io.StringIO(fx)) if r["currency"] == row["currency"]]
            rate = Fraction(max((r["date"], r["rate"]) for r in book if r["date"] <= row["paid_at"][:10])[1])
        sums[row["account_id"]] += Fraction(row["amount"]) * rate
    scores = {row["account_id"]: Fraction(row["revenue"]) for row in result.scores["revenue"].to_pylist()}
    assert scores == sums
    members = {row["account_id"]: row["segment"] for row in result.members["size"].to_pylist()}
    assert members == {name: "large" if total >= 1000 else "small" for name, total in sums.items()}
