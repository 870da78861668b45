"""The plugin in a run: both models in one spec, and a fit that doesn't converge."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from segdsl.workflows.run import Finished, Request, run
from segdsl_lifetime_value import ENRICHER
from tests.workflows.inline_plugins import inline

CUSTOMERS = "id,started_on,ended_on,fee\n" + "".join(
    f"c{n:02},{2016 + n % 8}-03-01,{f'{2017 + n % 8 + n % 4}-02-28' if n % 2 and n % 8 + n % 4 < 9 else ''},{100 + n}\n"
    for n in range(60)
)
SPEC = """
param as_of : date = 2026-01-31
source customers from "customers.csv" { id : text key  started_on : date  ended_on : date?  fee : money(EUR) }
source orders from "orders.csv" {
  n : count key  customer : text  ordered_on : date  amount : money(EUR)
  links customer to customers
}
enrich customers using lifetime_value {
  clv         from orders.ordered_on, orders.amount
  frequency   from orders.ordered_on
}
enrich customers using lifetime_value {
  value = clv from started_on, ended_on, fee
  residual_tenure from started_on, ended_on
  model: contractual
  horizon: 3 years
  discount: 12%
}
segmentation worth for customers {
  segment rich "Worth more than 100" when value > 100 EUR
  segment stays when residual_tenure > 400 days
  segment rest otherwise
}
"""


def ran(folder: Path, orders: str) -> Finished:
    (folder / "customers.csv").write_text(CUSTOMERS, encoding="utf-8")
    (folder / "orders.csv").write_text("n,customer,ordered_on,amount\n" + orders, encoding="utf-8")
    (folder / "spec.seg").write_text(SPEC, encoding="utf-8")
    return run(Request(folder / "spec.seg", plugins=inline(ENRICHER)))


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> Finished:
    """A run in which everybody bought once."""
    orders = "".join(f"{n},c{n:02},{date(2025, 1, 1) + timedelta(days=n)},10.00\n" for n in range(50))
    return ran(tmp_path_factory.mktemp("once"), orders)


def test_a_fit_that_does_not_converge_says_so_and_the_run_goes_on(once: Finished) -> None:
    assert [one.message for one in once.diagnostics if one.is_error] == []
    assert [one.message for one in once.diagnostics if "BG/NBD doesn't fit: nobody bought" in one.message]
    assert once.tables is not None
    made = once.tables.enriched["customers"]
    assert made.column("clv").null_count == 60
    assert made.column("frequency").to_pylist() == [0] * 50 + [None] * 10


def test_values_of_contracts_stand_in_rules(once: Finished) -> None:
    assert once.tables is not None
    made = once.tables.enriched["customers"].to_pydict()
    segments = once.tables.members["worth"].column("segment").to_pylist()
    expected = [
        "rich" if value > 100 else "stays" if tenure > timedelta(days=400) else "rest"
        for value, tenure in zip(made["value"], made["residual_tenure"], strict=True)
    ]
    assert segments == expected
    assert len(set(segments)) > 1


def test_every_fit_is_written_down(once: Finished) -> None:
    assert once.folder is not None
    names = {path.name for path in (once.folder / "plugins").glob("*.csv")}
    # Of two blocks of the plugin the tables of the second are numbered.
    assert {name.split(".")[2] for name in names} == {"model", "retention"}
