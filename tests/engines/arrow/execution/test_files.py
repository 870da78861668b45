"""Runs over files: links, hidden rows, derived and stacked sources, and breaches of all sources at once."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from segdsl.diagnostics import Diagnostics
from segdsl.engines.arrow.execution import RunInputs, execute
from segdsl.engines.arrow.reading import DataFile
from segdsl.engines.arrow.results import RunTables
from segdsl.plan import build_plan, clock_of
from tests.engines.arrow.execution.running import TODAY, model_of

Run = Callable[..., tuple[RunTables | None, Diagnostics]]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Runs a spec over the texts of its files."""

    def run_texts(spec: str, **texts: str) -> tuple[RunTables | None, Diagnostics]:
        model = model_of(spec)
        files = {}
        for name, text in texts.items():
            path = tmp_path / f"{name}.csv"
            path.write_text(text)
            files[name] = (DataFile(path, path.name),)
        return execute(build_plan(model, clock_of(model, TODAY)), model.sources, RunInputs(files))

    return run_texts


def given(found: tuple[RunTables | None, Diagnostics]) -> RunTables:
    assert found[0] is not None, [(d.code, d.message) for d in found[1]]
    return found[0]


def codes(found: Diagnostics) -> list[str]:
    return [d.code for d in found]


SPEC = """
param as_of : date = 2026-01-31
source accounts from "accounts.csv" { id : text key   fee : money(USD) }
source deals from "deals.csv" {
  deal : int key   account : text?   amount : money(USD)   closed : date
  links account to accounts
  known from closed
  POLICY
}
derive accounts { bought = sum(deals.amount) }
score value "Value" for accounts { base fee   plus "bought" bought }
"""
ACCOUNTS = "id,fee\nb,2\na,1\n"
DEALS = "deal,account,amount,closed\n1,a,10,2026-01-31\n2,,5,2026-01-01\n3,b,7,2026-02-01\n"


def values(tables: RunTables) -> dict[str, Decimal]:
    return {row["id"]: row["value"] for row in tables.scores["value"].to_pylist()}


def test_rows_later_than_the_clock_do_not_exist_yet(run: Run) -> None:
    tables = given(run(SPEC.replace("POLICY", ""), accounts=ACCOUNTS, deals=DEALS))
    assert values(tables) == {"a": Decimal(11), "b": Decimal(2)}
    assert tables.scans["deals"].rows_hidden == 1


def test_results_stand_in_the_order_of_the_key(run: Run) -> None:
    tables = given(run(SPEC.replace("POLICY", ""), accounts=ACCOUNTS, deals=DEALS))
    assert tables.scores["value"].column("id").to_pylist() == ["a", "b"]


def test_a_link_to_no_row_is_an_error_with_its_row(run: Run) -> None:
    tables, found = run(SPEC.replace("POLICY", ""), accounts=ACCOUNTS, deals=DEALS + "4,x,1,2026-01-01\n")
    assert tables is None
    (orphan,) = found
    assert orphan.code == "SEG608"
    assert orphan.rows[0].rows == (4,)
    assert orphan.rows[0].values == ("x",)


def test_orphans_are_dropped_and_counted_where_the_spec_says_so(run: Run) -> None:
    tables = given(run(SPEC.replace("POLICY", "on orphan drop"), accounts=ACCOUNTS, deals=DEALS + "4,x,1,2026-01-01\n"))
    assert values(tables) == {"a": Decimal(11), "b": Decimal(2)}
    assert tables.scans["deals"].rows_dropped == 1
    assert "SEG613" in codes(tables.diagnostics)


def test_links_to_rows_that_are_hidden_yet_are_no_breach(run: Run) -> None:
    spec = """
    param as_of : date = 2026-01-31
    source accounts from "accounts.csv" { id : text key   opened : date   known from opened }
    source deals from "deals.csv" { deal : int key   account : text   links account to accounts }
    derive accounts { deals_made = count(deals) }
    score value "Value" for accounts { base deals_made }
    """
    tables = given(run(spec, accounts="id,opened\na,2026-01-01\nb,2026-02-01\n", deals="deal,account\n1,a\n2,b\n"))
    assert [row["value"] for row in tables.scores["value"].to_pylist()] == [1]


def test_breaches_of_all_sources_are_reported_at_once(run: Run) -> None:
    tables, found = run(
        SPEC.replace("POLICY", ""),
        accounts="id,fee\na,1\na,2\n",
        deals=DEALS + "4,x,many,2026-01-01\n4,a,1,2026-01-01\n",
    )
    assert tables is None
    assert sorted(codes(found)) == ["SEG602", "SEG606", "SEG606", "SEG608"]


def test_orphans_of_a_table_that_links_to_itself_are_found(run: Run) -> None:
    spec = """
    source accounts from "accounts.csv" { id : text key   parent : text?   links parent to accounts }
    derive accounts { children = count(accounts via parent) }
    score value "Value" for accounts { base children }
    """
    tables = given(run(spec, accounts="id,parent\nc,a\na,\nb,a\n"))
    assert [row["value"] for row in tables.scores["value"].to_pylist()] == [2, 0, 0]
    _, found = run(spec, accounts="id,parent\na,\nb,z\n")
    assert codes(found) == ["SEG608"]
    assert found[0].rows[0].rows == (2,)


def test_dropping_orphans_of_a_table_that_links_to_itself(run: Run) -> None:
    spec = """
    source accounts from "accounts.csv" { id : text key   parent : text?   links parent to accounts   on orphan drop }
    source deals from "deals.csv" { deal : int key   account : text   links account to accounts   on orphan drop }
    derive accounts { children = count(accounts via parent)   deals_made = count(deals) }
    score value "Value" for accounts { base children * 10 + deals_made }
    """
    tables = given(run(spec, accounts="id,parent\na,\nb,z\nc,a\n", deals="deal,account\n1,c\n2,b\n3,c\n"))
    assert {r["id"]: r["value"] for r in tables.scores["value"].to_pylist()} == {"a": 10, "c": 2}


def test_tables_that_link_to_one_another(run: Run) -> None:
    spec = """
    source accounts from "accounts.csv" { id : text key   main : text?   links main to contacts }
    source contacts from "contacts.csv" {
      mail : text key   account : text   role : category
      links account to accounts
    }
    derive accounts { people = count(contacts)   main_role = main.role }
    segmentation kinds "Kinds" for accounts {
      segment led when main_role == "head" and people > 1
      segment other otherwise
    }
    """
    tables = given(
        run(
            spec,
            accounts="id,main\na,x@a\nb,\n",
            contacts="mail,account,role\nx@a,a,head\ny@a,a,user\nz@b,b,head\n",
        )
    )
    assert [row["segment"] for row in tables.members["kinds"].to_pylist()] == ["led", "other"]


def test_a_source_derived_from_another_is_linked_to_it(run: Run) -> None:
    spec = """
    source orders from "orders.csv" { line : int key   customer : int   country : category   amount : money(USD) }
    source customers from orders { customer : int key   country : category }
    derive customers { spent = sum(orders.amount)   lines = count(orders) }
    score value "Value" for customers { base spent   plus "at home" $100 when country == "FR" }
    """
    tables = given(run(spec, orders="line,customer,country,amount\n1,20,US,5\n2,3,FR,1\n3,20,US,2.5\n"))
    assert [(r["customer"], r["value"]) for r in tables.scores["value"].to_pylist()] == [
        (3, Decimal(101)),
        (20, Decimal("7.5")),
    ]
    _, found = run(spec, orders="line,customer,country,amount\n1,20,US,5\n2,20,FR,1\n")
    assert codes(found) == ["SEG610"]


def test_stacked_sources_are_one_table(run: Run) -> None:
    spec = """
    source web from "web.csv" { mail : text key   seen : date }
    source fair from "fair.csv" { mail : text key   seen : date }
    source leads from web, fair { mail : text key   seen : date   on duplicate keep last by seen }
    segmentation age "Age" for leads { segment new when seen > 2026-01-01   segment old otherwise }
    """
    web, fair = "mail,seen\nb@x,2026-01-05\na@x,2025-01-01\n", "mail,seen\na@x,2026-01-03\nc@x,2025-06-01\n"
    tables = given(run(spec, web=web, fair=fair))
    assert [tuple(r.values()) for r in tables.members["age"].to_pylist()] == [
        ("a@x", "new"),
        ("b@x", "new"),
        ("c@x", "old"),
    ]


def test_an_exact_sum_that_is_too_large_stops_the_run(run: Run) -> None:
    deals = "deal,account,amount,closed\n" + "".join(f"{n},a,5000000000000,2026-01-01\n" for n in (1, 2))
    tables, found = run(SPEC.replace("POLICY", ""), accounts=ACCOUNTS, deals=deals)
    assert tables is None
    assert codes(found) == ["SEG612"]


def test_texts_of_a_column_that_are_too_long_together_stop_the_run(run: Run) -> None:
    part = f'"{"a" * 100_000}"'
    spec = f"""
    source web from "web.csv" {{ mail : text key }}
    derive web {{ long = concat({", ".join([part] * 10)}) }}
    segmentation s "S" for web {{ segment all when length(long) > 0   segment none otherwise }}
    audience everyone from web {{ columns long }}
    """
    tables, found = run(spec, web="mail\n" + "".join(f"{n}@x\n" for n in range(2200)))
    assert tables is None
    assert codes(found) == ["SEG612"]
    assert "too long together" in found[0].message


def test_warnings_of_a_run(run: Run) -> None:
    spec = """
    source accounts from "accounts.csv" { id : text key   size : count?   fee : money(USD)   visits : count }
    population all from accounts { keep "sized" when size >= 0 }
    segmentation kinds "Kinds" for accounts {
      segment dear  when fee / visits >= $1
      segment huge  when size >= 1_000
      segment sized when size >= 1
      segment other otherwise
    }
    """
    tables = given(run(spec, accounts="id,size,fee,visits\na,,3,2\nb,5,1,0\nc,,1,5\n"))
    assert [row["segment"] for row in tables.members["kinds"].to_pylist()] == ["dear", "sized", "other"]
    assert [(s.path, s.count, s.undecided) for s in tables.segments["kinds"].segments] == [
        ("dear", 1, 1),
        ("huge", 0, 1),
        ("sized", 1, 1),
        ("other", 1, 0),
    ]
    assert [(r.dropped, r.left, r.undecided) for r in tables.attrition["all"].rows] == [(2, 1, 2)]
    assert codes(tables.diagnostics) == ["SEG706", "SEG707", "SEG707", "SEG708"]


def test_columns_of_several_kinds_leave_as_plain_values(run: Run) -> None:
    spec = """
    source accounts from "accounts.csv" { id : text key   country : category   fee : money(JPY)   opened : date }
    audience all from accounts { columns id, country, fee, opened, twice = 2 * fee   to "all.csv" }
    """
    tables = given(run(spec, accounts="id,country,fee,opened\na,JP,1.5,2026-01-02\n"))
    assert tables.audiences["all"].table.to_pylist() == [
        {"id": "a", "country": "JP", "fee": Decimal("1.500"), "opened": date(2026, 1, 2), "twice": Decimal("3.000")}
    ]
    assert tables.audiences["all"].to == "all.csv"
