"""CDNOW from its list of transactions to lifetime values, by a spec, with the figures that its authors published."""

import csv
from pathlib import Path

import pytest

from segdsl.workflows.run import Finished, Request, run

SPEC = """
param as_of : date = 1997-09-30
source customers from "customers.csv" { id : text key }
source orders from "orders.csv" {
  line : count key  customer : text  ordered_on : date  amount : money(USD)
  links customer to customers
}
enrich customers using lifetime_value {
  expected_purchases from orders.ordered_on, orders.amount
  expected_spend     from orders.ordered_on, orders.amount
  frequency          from orders.ordered_on, orders.amount
  clv                from orders.ordered_on, orders.amount
  horizon: 39 weeks
}
"""


@pytest.fixture(scope="module")
def finished(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Finished:
    folder = tmp_path_factory.mktemp("cdnow")
    lines = (shared_data / "cdnow" / "CDNOW_sample.txt").read_text(encoding="ascii").splitlines()
    rows = [(number, *line.split()[1:3], line.split()[4]) for number, line in enumerate(lines) if line.strip()]
    with (folder / "orders.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerow(("line", "customer", "ordered_on", "amount"))
        csv.writer(file).writerows((n, who, f"{d[:4]}-{d[4:6]}-{d[6:]}", amount) for n, who, d, amount in rows)
    customers = sorted({who for _, who, _, _ in rows})
    (folder / "customers.csv").write_text("\n".join(["id", *customers, ""]), encoding="utf-8")
    (folder / "spec.seg").write_text(SPEC, encoding="utf-8")
    return run(Request(folder / "spec.seg"))


def test_the_run_gives_the_published_parameters(finished: Finished) -> None:
    assert [one.message for one in finished.diagnostics if one.is_error] == []
    assert finished.folder is not None
    with (finished.folder / "plugins" / "customers.lifetime_value.model.csv").open(encoding="utf-8") as file:
        found = {(row["model"], row["figure"]): row["value"] for row in csv.DictReader(file)}
    assert int(float(found["BG/NBD", "customers"])) == 2357
    assert int(float(found["Gamma-Gamma", "customers with known repeat amounts"])) == 946
    published = {"r": "0.243", "alpha": "4.414", "a": "0.793", "b": "2.426", "log-likelihood": "-9582.4"}
    assert {name: _rounded(found["BG/NBD", name], as_) for name, as_ in published.items()} == published
    published = {"p": "6.25", "q": "3.74", "gamma": "15.44"}
    assert {name: _rounded(found["Gamma-Gamma", name], as_) for name, as_ in published.items()} == published


def _rounded(figure: str, published: str) -> str:
    """The figure with as many digits as the published one."""
    return f"{float(figure):.{len(published.partition('.')[2])}f}"


def test_the_transactions_are_counted_as_the_authors_count_them(finished: Finished, shared_data: Path) -> None:
    assert finished.tables is not None
    with (shared_data / "cdnow" / "cdnow_customers_summary.csv").open(encoding="utf-8", newline="") as file:
        published = [int(row["frequency"]) for row in csv.DictReader(file)]
    assert finished.tables.enriched["customers"].column("frequency").to_pylist() == published


def test_the_first_customer_is_expected_to_buy_as_published(finished: Finished) -> None:
    assert finished.tables is not None
    found = finished.tables.enriched["customers"].slice(0, 1).to_pylist()[0]
    assert found["frequency"] == 2
    assert found["expected_purchases"] == pytest.approx(1.226, abs=5e-4)
    assert 0.9 < float(found["clv"]) / (found["expected_purchases"] * float(found["expected_spend"])) < 1
