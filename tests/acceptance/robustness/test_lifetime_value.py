"""Lifetime values of customers who hardly bought, from files to columns: a note and missing values, or sane numbers."""

import random
import warnings
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from math import isfinite
from pathlib import Path
from typing import Any

import pytest

from segdsl.workflows.run import Finished, Request, run

SPEC = """
param as_of : date = 2026-01-31
source customers from "customers.csv" { id : text key  started_on : date?  ended_on : date?  fee : money(EUR)? }
source orders from "orders.csv" {
  n : count key  customer : text?  ordered_on : date?  amount : money(EUR)?
  links customer to customers
}
enrich customers using lifetime_value {
  expected_purchases from orders.ordered_on, orders.amount
  probability_alive  from orders.ordered_on, orders.amount
  expected_spend     from orders.ordered_on, orders.amount
  clv                from orders.ordered_on, orders.amount
  frequency          from orders.ordered_on, orders.amount
}
enrich customers using lifetime_value {
  value = clv from started_on, ended_on, fee
  renewal     from started_on, ended_on
  tenure = residual_tenure from started_on, ended_on
  model: contractual
}
"""
CLOCK = date(2026, 1, 31)
Order = tuple[str, str, str]


def customers(count: int) -> list[str]:
    return [f"c{place:04}" for place in range(count)]


def bought(chance: random.Random, count: int, amount: Callable[[random.Random, float], Any]) -> list[Order]:
    """Customers who buy now and then until some of them stop; each spends as much as the level that is drawn for it."""
    orders = []
    for who in customers(count):
        day = CLOCK - timedelta(days=chance.randrange(200, 900))
        gap, leaves = 1 / max(chance.gammavariate(0.8, 1 / 60), 1e-3), chance.betavariate(1, 3)
        level = 20 / chance.gammavariate(4, 1 / 4)
        while day <= CLOCK:
            orders.append((who, day.isoformat(), str(amount(chance, level))))
            if chance.random() < leaves:
                break
            day += timedelta(days=int(chance.expovariate(1 / gap)) + 1)
    return orders


def spent(chance: random.Random, level: float) -> str:
    return f"{chance.gammavariate(6, level / 6):.2f}"


ORDERS: dict[str, Callable[[random.Random], Sequence[Order]]] = {
    "ordinary": lambda chance: bought(chance, 300, spent),
    "none": lambda _: [],
    "one": lambda _: [("c0000", "2025-05-05", "10")],
    "nothing known": lambda _: [("c0000", "", "")] * 50,
    "no amounts": lambda chance: bought(chance, 100, lambda *_: ""),
    "one amount": lambda chance: bought(chance, 100, lambda *_: "10"),
    "no repeats": lambda _: [(who, "2025-05-05", "10") for who in customers(100)],
    "one day": lambda _: [("c0000", "2025-05-05", "10")] * 500,
    "all alike": lambda _: [(who, day, "10") for who in customers(100) for day in ("2025-01-01", "2025-06-01")],
    "to come": lambda _: [(who, "2027-01-01", "10") for who in customers(100)],
    "huge": lambda chance: bought(chance, 300, lambda one, _: one.randrange(10**9, 10**12)),
    "tiny": lambda chance: bought(chance, 300, lambda one, _: 0.01 * one.randrange(1, 3)),
    "returned": lambda chance: [(who, day, f"-{amount}") for who, day, amount in bought(chance, 100, spent)],
    "every day": lambda _: [("c0000", (CLOCK - timedelta(days=back)).isoformat(), "10") for back in range(900)],
}
# Many leave early, few later.
LEFT = [*["2016-02-01"] * 8, *["2017-02-01"] * 4, *["2018-02-01"] * 2, "2019-02-01", *[""] * 5]
CONTRACTS: dict[str, Callable[[int], tuple[str, str, str]]] = {
    "ordinary": lambda place: ("2015-03-01", LEFT[place % 20], "100"),
    "nothing known": lambda _: ("", "", ""),
    "all stay": lambda place: (f"{2016 + place % 9}-03-01", "", "100"),
    "all left": lambda _: ("2020-01-01", "2021-01-01", "100"),
    "backwards": lambda _: ("2021-01-01", "2020-01-01", "100"),
    "to come": lambda _: ("2030-01-01", "", "100"),
    "ancient": lambda place: ("0001-01-01", "" if place % 2 else "2025-01-01", "9000000000000"),
}


def ran(folder: Path, count: int, orders: Sequence[Order], contract: Callable[[int], tuple[str, str, str]]) -> Finished:
    rows = [",".join((who, *contract(place))) for place, who in enumerate(customers(count))]
    (folder / "customers.csv").write_text("\n".join(["id,started_on,ended_on,fee", *rows, ""]), encoding="utf-8")
    lines = [f"{place},{','.join(order)}" for place, order in enumerate(orders)]
    (folder / "orders.csv").write_text("\n".join(["n,customer,ordered_on,amount", *lines, ""]), encoding="utf-8")
    (folder / "spec.seg").write_text(SPEC, encoding="utf-8")
    with warnings.catch_warnings():
        warnings.simplefilter("error", RuntimeWarning)
        return run(Request(folder / "spec.seg"))


def check(finished: Finished) -> dict[str, list[Any]]:
    """The columns; every value that is known is one that it can be."""
    assert [one.message for one in finished.diagnostics if one.is_error] == []
    assert finished.tables is not None
    table = finished.tables.enriched["customers"]
    found = {name: table.column(name).to_pylist() for name in table.column_names}
    for name in ("expected_purchases", "expected_spend", "clv", "frequency", "value"):
        assert all(isfinite(value) and value >= 0 for value in found[name] if value is not None), name
    for name in ("probability_alive", "renewal"):
        assert all(0 <= value <= 1 for value in found[name] if value is not None), name
    assert all(timedelta(0) <= value for value in found["tenure"] if value is not None)
    # Without a fit nothing is predicted, and that is told; with one everybody who bought has a prediction.
    predicted = [value is not None for value in found["probability_alive"]]
    active = [value is not None for value in found["frequency"]]
    told = " ".join(one.message + " ".join(one.notes) for one in finished.diagnostics)
    assert predicted == active or (not any(predicted) and "BG/NBD doesn't fit" in told)
    return found


@pytest.mark.parametrize("case", ORDERS)
def test_purchases_that_tell_little(tmp_path: Path, case: str) -> None:
    orders = ORDERS[case](random.Random(3))
    found = check(ran(tmp_path, 300, orders, CONTRACTS["ordinary"]))
    days = {
        (who, day) for who, day, amount in orders if day and day <= CLOCK.isoformat() and not amount.startswith("-")
    }
    repeats = {who: sum(one == who for one, _ in days) - 1 for who in customers(300)}
    assert found["frequency"] == [repeats[who] if repeats[who] >= 0 else None for who in customers(300)]
    if case == "ordinary":
        assert None not in found["clv"] and None not in found["value"]


@pytest.mark.parametrize("case", CONTRACTS)
def test_contracts_that_tell_little(tmp_path: Path, case: str) -> None:
    check(ran(tmp_path, 120, [], CONTRACTS[case]))


@pytest.mark.parametrize("count", [0, 1])
def test_hardly_any_customers(tmp_path: Path, count: int) -> None:
    check(ran(tmp_path, count, [("c0000", "2025-05-05", "10")] * count, CONTRACTS["ordinary"]))


def test_an_infinite_amount_is_told_by_the_contract_of_the_source(tmp_path: Path) -> None:
    finished = ran(tmp_path, 5, [("c0000", "2025-05-05", "inf")], CONTRACTS["ordinary"])
    assert [one.code for one in finished.diagnostics if one.is_error] == ["SEG609"]
