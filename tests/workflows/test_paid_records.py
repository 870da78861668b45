"""Records of providers that cost money: bought once, kept, and never beyond the bound."""

from decimal import Decimal
from pathlib import Path

import pytest

from segdsl.cli.exits import Exit, exit_of_check, exit_of_data
from segdsl.workflows.explain import Question, explain
from segdsl.workflows.run import Finished, Request, run

SPEC = """
param as_of : date = 2026-06-30
source accounts from "accounts.csv" { id : text key  name : text  site : text? }
source records from "records.csv" { no : text key  url : text  staff : count }
provider directory { cost: $6 per record  covers: accounts.employees }
enrich accounts using vendor {
  employees    from records.staff
  match_domain: site, records.url
  providers:    directory
}
segmentation size for accounts { segment big when employees >= 100  segment rest otherwise }
"""


@pytest.fixture
def spec(tmp_path: Path) -> Path:
    (tmp_path / "spec.seg").write_text(SPEC, encoding="utf-8")
    (tmp_path / "accounts.csv").write_text("id,name,site\n1,A,a.com\n2,B,b.com\n3,C,c.com\n", encoding="utf-8")
    (tmp_path / "records.csv").write_text("no,url,staff\nx,a.com,500\ny,b.com,5\n", encoding="utf-8")
    return tmp_path / "spec.seg"


def ran(spec: Path, most: str | None = None) -> Finished:
    return run(Request(spec, max_cost=most))


def paid(finished: Finished) -> tuple[Decimal, str] | None:
    assert finished.report is not None
    return finished.report.paid


def test_a_record_is_paid_for_once(spec: Path) -> None:
    first, second = ran(spec), ran(spec)
    assert paid(first) == (Decimal("12"), "USD")
    assert paid(second) == (Decimal("0"), "USD")
    assert first.tables is not None and second.tables is not None
    assert first.tables.enriched["accounts"].equals(second.tables.enriched["accounts"])
    assert first.tables.enriched["accounts"].column("employees").to_pylist() == [500, 5, None]


def test_nothing_is_bought_beyond_the_bound(spec: Path) -> None:
    finished = ran(spec, "$11.99")
    assert [one.code for one in finished.diagnostics if one.is_error] == ["SEG409"]
    assert exit_of_data(finished.diagnostics) is Exit.PLUGIN_FAILED
    assert paid(finished) == (Decimal("0"), "USD")
    assert not list(spec.parent.rglob(".segdsl/**/*.parquet"))
    assert paid(ran(spec, "$12")) == (Decimal("12"), "USD")
    assert paid(ran(spec, "$0")) == (Decimal("0"), "USD")


@pytest.mark.parametrize("written", ["5", "5 EUR", "much", "-$5"])
def test_a_bound_is_an_amount_in_the_currency_of_the_providers(spec: Path, written: str) -> None:
    finished = ran(spec, written)
    assert [one.code for one in finished.diagnostics] == ["SEG506"]
    assert exit_of_check(finished.diagnostics) is Exit.USAGE
    assert finished.folder is None


def test_explaining_an_account_buys_nothing(spec: Path) -> None:
    answer = explain(Question("1", spec))
    assert [one.code for one in answer.diagnostics if one.is_error] == ["SEG409"]
    ran(spec)
    answer = explain(Question("1", spec))
    assert [one.code for one in answer.diagnostics if one.is_error] == []
    assert answer.explanation is not None
