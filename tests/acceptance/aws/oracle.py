"""What aws_rules.seg says, computed once more in plain Python: csv, exact fractions, dates. Nothing of segdsl."""

import csv
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from pathlib import Path


@dataclass(frozen=True)
class Customer:
    """A customer and everything the spec derives; amounts in dollars."""

    key: int
    name: str
    industry: str
    revenue: Fraction
    profit: Fraction
    products: int
    last_order: date


@dataclass(frozen=True)
class Truth:
    """What the run must give: customers in the population with score, grade, segment, micro-segment, and the list."""

    customers: int
    population: tuple[int, ...]
    score: dict[int, Fraction]
    grade: dict[int, str]
    segment: dict[int, str]
    micro: dict[int, str]
    listed: tuple[int, ...]


def months_before(day: date, months: int) -> date:
    """The same day so many months earlier, or the last one of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    for last in range(day.day, 0, -1):
        try:
            return date(year, month + 1, last)
        except ValueError:
            continue
    raise AssertionError


def _day(text: str) -> date:
    month, day, year = text.split("/")
    return date(int(year), int(month), int(day))


def read_customers(path: Path, as_of: date) -> list[Customer]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        lines = [line for line in csv.DictReader(file) if _day(line["Order Date"]) <= as_of]
    start = months_before(as_of, 12)
    customers = []
    for key in sorted({int(line["Customer ID"]) for line in lines}):
        own = [line for line in lines if int(line["Customer ID"]) == key]
        recent = [line for line in own if start < _day(line["Order Date"]) <= as_of]
        customers.append(
            Customer(
                key,
                own[0]["Customer"],
                own[0]["Industry"],
                sum((Fraction(line["Sales"]) for line in recent), Fraction(0)),
                sum((Fraction(line["Profit"]) for line in recent), Fraction(0)),
                len({line["Product"] for line in own}),
                max(_day(line["Order Date"]) for line in own),
            )
        )
    return customers


def quantile(values: list[Fraction], level: Fraction) -> Fraction:
    """Type 7 of Hyndman and Fan (1996): linear between the order statistics around (n - 1) * level."""
    ordered = sorted(values)
    place = (len(ordered) - 1) * level
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (place - low) * (ordered[high] - ordered[low])


def compute(path: Path, as_of: date) -> Truth:
    customers = read_customers(path, as_of)
    cut = quantile([c.revenue for c in customers], Fraction(3, 4))
    active = [c for c in customers if (as_of - c.last_order).days <= 365]
    score = {c.key: c.profit + (500 if c.products >= 12 else 0) for c in active}
    grade = {
        key: "ABCD"[int(Fraction(sum(other > own for other in score.values()), len(score)) * 4)]
        for key, own in score.items()
    }
    segment, micro = {}, {}
    for c in active:
        large = c.revenue >= cut
        if large and c.products == 14:
            segment[c.key] = "strategic"
            inner = "tech" if c.industry in ("Tech", "Communications") else "general"
            micro[c.key] = f"strategic/{inner}"
        else:
            segment[c.key] = "large" if large else "core" if c.revenue >= 1000 else "tail"
            micro[c.key] = segment[c.key]
    called = [c for c in active if segment[c.key] in ("strategic", "large") and grade[c.key] == "A"]
    called.sort(key=lambda c: (-c.profit, c.key))
    return Truth(
        len(customers),
        tuple(c.key for c in active),
        score,
        grade,
        segment,
        micro,
        tuple(c.key for c in called[:10]),
    )
