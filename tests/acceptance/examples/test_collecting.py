"""Coverage and prices of the CRM example, against counts by plain Python."""

import csv
import json
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from segdsl.cli.main import run_command_line

FOLDER = "crm_sales_opportunities"


def rows(shared_data: Path, name: str) -> list[dict[str, str]]:
    with (shared_data / FOLDER / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def answer(capsys: pytest.CaptureFixture[str], *arguments: object) -> dict[str, Any]:
    capsys.readouterr()
    run_command_line([*map(str, arguments), "--format", "json"])
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def customers(shared_data: Path) -> list[dict[str, str]]:
    closed = Counter(
        deal["account"] for deal in rows(shared_data, "sales_pipeline.csv") if deal["deal_stage"] in ("Won", "Lost")
    )
    return [row for row in rows(shared_data, "accounts.csv") if closed[row["account"]] >= 20]


def test_known_and_distinct_values_of_every_column(
    shared: Path, shared_data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = answer(capsys, "coverage", shared / "examples" / "crm_opportunities.seg")
    counted = {source["source"]: {f["field"]: f for f in source["fields"]} for source in found["sources"]}
    files = (
        ("deals", "sales_pipeline.csv", "account", "account"),
        ("deals", "sales_pipeline.csv", "value", "close_value"),
    )
    files += (
        ("accounts", "accounts.csv", "parent", "subsidiary_of"),
        ("accounts", "accounts.csv", "country", "office_location"),
    )
    for source, file, field, header in files:
        values = [row[header] for row in rows(shared_data, file) if row[header]]
        one = counted[source][field]
        assert (one["known"], one["distinct"]) == (len(values), len(set(values))), field


def test_only_parents_are_missing_and_their_price_is_right(
    shared: Path, shared_data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = answer(capsys, "collect", shared / "examples" / "crm_opportunities.seg")
    own = customers(shared_data)
    missing = sum(not row["subsidiary_of"] for row in own)
    assert found["rows"] == {"accounts": len(own)}
    prices = {(one["field"], one["provider"]): one["cost"] for one in found["prices"]}
    assert Decimal(prices["accounts.parent", "database"]) == 6 * missing
    # Four minutes at $20 an hour.
    by_hand = (Decimal(missing) * 4 * 20 / 60).quantize(Decimal("0.01"))
    assert Decimal(prices["accounts.parent", "filings"]) == by_hand
    assert prices["accounts.employees", "research"] == "0.00"
    assert (found["cost"], found["out_of_reach"]) == (str(by_hand), [])
