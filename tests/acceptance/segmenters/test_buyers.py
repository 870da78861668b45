"""Value tiers and RFM of real customers, against plain Python on the same files."""

import csv
from collections import Counter, defaultdict
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from segdsl_rfm import SEGMENTER as RFM
from segdsl_value import SEGMENTER as VALUE
from tests.plugins.finding import find
from tests.plugins.rfm.test_grid import published

Sale = tuple[str, date, Decimal]
END = date(2025, 1, 1)
LAST_DAY = date(1998, 6, 30)


@pytest.fixture(scope="module")
def saas(shared_data: Path) -> list[Sale]:
    """Order lines of the last year before END: customer, day, amount in cents' precision."""
    with (shared_data / "aws_saas_sales" / "SaaS-Sales.csv").open(encoding="utf-8-sig", newline="") as file:
        lines = [
            (
                row["Customer ID"],
                date.fromisoformat(iso(row["Date Key"])),
                Decimal(row["Sales"]).quantize(Decimal("0.01")),
            )
            for row in csv.DictReader(file)
        ]
    return [line for line in lines if date(2024, 1, 1) < line[1] <= END]


@pytest.fixture(scope="module")
def cdnow(shared_data: Path) -> dict[str, list[tuple[date, Decimal]]]:
    """The purchases of each customer of the sample."""
    bought: dict[str, list[tuple[date, Decimal]]] = defaultdict(list)
    for line in (shared_data / "cdnow" / "CDNOW_sample.txt").read_text().splitlines():
        _, customer, day, _, dollars = line.split()
        bought[customer].append((date.fromisoformat(iso(day)), Decimal(dollars)))
    return bought


def iso(day: str) -> str:
    return f"{day[:4]}-{day[4:6]}-{day[6:]}"


def test_the_vital_few_of_a_saas_vendor(tmp_path: Path, saas: list[Sale]) -> None:
    revenue: Counter[str] = Counter()
    for customer, _, amount in saas:
        revenue[customer] += amount  # type: ignore[assignment]
    amounts = list(revenue.values())
    found = find(tmp_path, VALUE, "of: revenue", {"revenue": "money(USD)"}, [(amount,) for amount in amounts])
    largest = sorted(amounts, reverse=True)
    fewest = next(n for n in range(1, len(largest)) if 5 * sum(largest[:n]) >= 4 * sum(largest))
    few = [amount for amount, segment in zip(amounts, found.segments, strict=True) if segment == "vital_few"]
    # A round cut-point may let one account of these 99 in.
    assert fewest <= len(few) <= fewest + 1
    assert sorted(few, reverse=True) == largest[: len(few)]
    told = f"# vital_few: {len(few)} of {len(amounts)} accounts ({len(few) / len(amounts):.1%})"
    assert f"{told} bring {sum(few) / sum(amounts):.1%} of revenue" in found.text


def score(values: list[float], value: float) -> int:
    """1 to 5 by fifths: one more for each quantile (linear between order statistics) that the value is above."""
    ascending = sorted(values)
    above = 0
    for fifth in (1, 2, 3, 4):
        at, part = divmod((len(ascending) - 1) * fifth, 5)
        quantile = ascending[at] + (ascending[min(at + 1, len(ascending) - 1)] - ascending[at]) * part / 5
        above += value > quantile
    return 1 + above


def test_rfm_of_cd_buyers_of_whom_half_bought_once(
    tmp_path: Path, cdnow: dict[str, list[tuple[date, Decimal]]]
) -> None:
    rows = [
        ((LAST_DAY - max(day for day, _ in bought)).days, len(bought), sum(amount for _, amount in bought))
        for bought in cdnow.values()
    ]
    types = {"recency": "count", "orders": "count", "spent": "money(USD)"}
    found = find(tmp_path, RFM, "recency: recency frequency: orders monetary: spent", types, rows)
    recencies, orders = [-float(row[0]) for row in rows], [float(row[1]) for row in rows]
    cached = {
        (r, f): published(score(recencies, -r), score(orders, f)).lower().replace(" ", "_")
        for r, f in {(row[0], row[1]) for row in rows}
    }
    expected = [cached[row[0], row[1]] for row in rows]
    changed = sum(own != other for own, other in zip(found.segments, expected, strict=True))
    # Each of four cut-points of recency may move over 0.5 % of the accounts either way; frequency has none to spare.
    assert changed <= 4 * 0.005 * len(rows) + 1
    assert len(rows) == 2357
    once = {segment for segment, row in zip(found.segments, rows, strict=True) if row[1] == 1}
    assert once <= {"new_customers", "promising", "about_to_sleep", "hibernating"}
