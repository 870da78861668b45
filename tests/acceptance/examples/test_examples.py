"""The other examples: sources load under their contracts, and what needs no plugin agrees with plain Python."""

import csv
from collections import defaultdict
from collections.abc import Callable
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

import segdsl
from tests.acceptance.aws.oracle import months_before

Rows = list[dict[str, Any]]
Run = Callable[[str], Path]


@pytest.fixture(scope="module")
def run(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Run:
    done: dict[str, Path] = {}

    def folder(name: str) -> Path:
        if name not in done:
            done[name] = tmp_path_factory.mktemp(name) / "out"
            segdsl.run(shared / "examples" / f"{name}.seg", out=done[name])
        return done[name]

    return folder


def read(path: Path, delimiter: str = ",") -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, delimiter=delimiter))


def table(path: Path) -> Rows:
    rows: Rows = pq.read_table(path).to_pylist()
    return rows


def test_salvirt_playbook(shared_data: Path, run: Run) -> None:
    def place(deal: dict[str, str]) -> str:
        if deal["Client"] == "Current":
            return "farm" if deal["Competitors"] == "No" else "fight"
        return "hunt" if deal["Client"] == "New" and deal["Scope"] == "Clear" else "pass"

    deals = read(shared_data / "salvirt_b2b_deals" / "Salvirt_B2B_ML_dataset.csv", ";")
    members = table(run("salvirt_deals") / "members" / "playbook.parquet")
    assert [(row["row"], row["segment"]) for row in members] == [(n, place(deal)) for n, deal in enumerate(deals, 1)]
    scores = table(run("salvirt_deals") / "scores" / "won.parquet")
    assert sum(row["won"] for row in scores) == 227


def test_wholesale_value_and_grades(shared_data: Path, run: Run) -> None:
    columns = ("Fresh", "Milk", "Grocery", "Frozen", "Detergents_Paper", "Delicassen")
    clients = read(shared_data / "uci_wholesale_customers" / "wholesale_customers.csv")
    spend = [sum(int(client[c]) for c in columns) for client in clients]
    scores = table(run("wholesale") / "scores" / "value.parquet")
    assert [row["value"] for row in scores] == spend
    better = [Fraction(sum(other > own for other in spend), len(spend)) for own in spend]
    grades = ["A" if b < Fraction(1, 5) else "B" if b < Fraction(1, 2) else "C" for b in better]
    assert [row["grade"] for row in scores] == grades


def test_crm_scores(shared_data: Path, run: Run) -> None:
    won, lost, value = defaultdict(int), defaultdict(int), defaultdict(Fraction)
    for deal in read(shared_data / "crm_sales_opportunities" / "sales_pipeline.csv"):
        if deal["deal_stage"] == "Won":
            won[deal["account"]] += 1
            value[deal["account"]] += Fraction(deal["close_value"])
        lost[deal["account"]] += deal["deal_stage"] == "Lost"
    accounts = [row["account"] for row in read(shared_data / "crm_sales_opportunities" / "accounts.csv")]
    judged = sorted(name for name in accounts if won[name] + lost[name] >= 20)
    quality = table(run("crm_opportunities") / "scores" / "quality.parquet")
    assert [(row["account"], Fraction(row["quality"])) for row in quality] == [(a, value[a]) for a in judged]
    winning = table(run("crm_opportunities") / "scores" / "winning.parquet")
    assert [row["winning"] for row in winning] == pytest.approx(
        [won[a] / (won[a] + lost[a]) for a in judged], rel=1e-12
    )


def test_remote_companies_by_technology(shared_data: Path, run: Run) -> None:
    def place(stack: set[str], size: str) -> str:
        if stack & {"java", "scala", "kotlin"}:
            return "jvm_scale" if size in ("large", "enterprise") else "jvm_growing"
        if len(stack) >= 6:
            return "polyglots"
        return "web" if stack & {"javascript", "php", "ruby"} else "other"

    expected = {}
    for company in read(shared_data / "remoteintech_companies" / "companies.csv"):
        stack = {tool for tool in company["technologies"].split("|") if tool}
        seen = company["updated_at"]
        # 10 years are 3,652.425 days.
        too_old = seen != "" and (date(2026, 6, 30) - date.fromisoformat(seen[:10])).days > 3652
        if stack and not too_old:
            expected[company["slug"]] = place(stack, company["company_size"]).replace("polyglots", "polyglot")
    members = table(run("remote_companies") / "members" / "stack_fit.parquet")
    assert {row["slug"]: row["segment"] for row in members} == expected


def test_aws_value_plan(shared_data: Path, run: Run) -> None:
    as_of = date(2025, 1, 1)
    year_ago, two_ago = months_before(as_of, 12), months_before(months_before(as_of, 12), 12)
    lines: dict[int, list[dict[str, str]]] = defaultdict(list)
    for line in read(shared_data / "aws_saas_sales" / "SaaS-Sales.csv"):
        lines[int(line["Customer ID"])].append(line)
    facts = {key: _facts(own, (two_ago, year_ago, as_of)) for key, own in lines.items()}
    active = {key: f for key, f in facts.items() if f["orders"] > 0}
    first, second = sorted((f["revenue"] for f in active.values()), reverse=True)[:2]
    if first >= 4 * second:
        active = {key: f for key, f in active.items() if f["revenue"] != first}
    scores = table(run("aws_saas_sales") / "scores" / "quality.parquet")
    assert {row["customer_id"]: Fraction(row["quality"]) for row in scores} == {
        key: _quality(f) for key, f in active.items()
    }
    members = table(run("aws_saas_sales") / "members" / "by_hand.parquet")
    assert {row["customer_id"]: row["segment"] for row in members} == {key: _plan(f) for key, f in active.items()}


def _facts(own: list[dict[str, str]], clock: tuple[date, date, date]) -> dict[str, Any]:
    def day(line: dict[str, str]) -> date:
        month, day_, year = line["Order Date"].split("/")
        return date(int(year), int(month), int(day_))

    two_ago, year_ago, as_of = clock
    recent = [line for line in own if year_ago < day(line) <= as_of]
    before = [line for line in own if two_ago < day(line) <= year_ago]
    revenue = sum((Fraction(line["Sales"]) for line in recent), Fraction(0))
    earlier = sum((Fraction(line["Sales"]) for line in before), Fraction(0))
    return {
        "revenue": revenue,
        "profit": sum((Fraction(line["Profit"]) for line in recent), Fraction(0)),
        "growth": revenue / earlier - 1 if earlier else None,
        "orders": len({line["Order ID"] for line in recent}),
        "products": len({line["Product"] for line in own}),
        "discount": sum(Fraction(line["Discount"]) for line in own) / len(own),
    }


def _quality(f: dict[str, Any]) -> Fraction:
    growth = f["growth"]
    score: Fraction = f["profit"]
    if growth is not None and growth > Fraction(1, 5):
        score += f["revenue"] / 10
    if growth is not None and growth < -Fraction(1, 5):
        score -= f["revenue"] / 10
    if f["discount"] > Fraction(1, 4):
        score -= f["revenue"] / 20
    return score


def _plan(f: dict[str, Any]) -> str:
    growth = f["growth"]
    if f["products"] >= 13 and growth is not None and growth > 0:
        return "strategic"
    if f["revenue"] >= 5000 and growth is not None and growth <= -Fraction(1, 5):
        return "at_risk"
    return "core" if f["revenue"] >= 2000 else "tail"
