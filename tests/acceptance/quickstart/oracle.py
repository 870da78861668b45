"""What quickstart.seg must come to, computed in plain Python without the program."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from math import log1p, sqrt
from pathlib import Path
from typing import Any

from tests.acceptance.quickstart.reading import (
    Row,
    read_accounts,
    read_answers,
    read_contacts,
    read_events,
    read_families,
    read_invoices,
    read_list,
    read_prospects,
    read_tickets,
)

AS_OF = date(2026, 6, 30)
TERMS = ("base", "cost to serve", "cost to acquire", "growing", "cancelled")
_WANTED = ("enterprise_tech", "rising", "remote_b2b")
_TECH = ("Software", "IT services", "Telecom")
_REGIONS = {
    **dict.fromkeys(("US", "CA"), "North America"),
    **dict.fromkeys(("GB", "DE", "FR", "PL", "AT"), "Europe"),
    **dict.fromkeys(("KZ", "UZ"), "Central Asia"),
    "BR": "Latin America",
}


@dataclass(frozen=True, slots=True)
class Scored:
    terms: tuple[Decimal, ...]  # signed, in the order of TERMS
    total: Decimal
    rank: int
    grade: str


@dataclass(frozen=True, slots=True)
class Expected:
    """Results by account id; audiences are ids in order, before the control is held out."""

    accounts: dict[str, Row]
    prospects: dict[str, Row]
    attrition: tuple[tuple[str, int, int], ...]  # rule, dropped, left
    customers: tuple[str, ...]
    quality: dict[str, Scored]
    fit: dict[str, tuple[str, str | None]]
    plays: dict[str, tuple[str, ...]]
    shape: dict[str, str | None]
    audiences: dict[str, tuple[str, ...]]
    expected_by_fit: dict[str, Fraction]


def compute(project: Path, as_of: date = AS_OF) -> Expected:
    """Everything that a run of the spec in the project's folder must write."""
    data = project / "data"
    accounts = read_accounts(data)
    prospects = read_prospects(data)
    rivals = read_list(project / "lists" / "rivals.csv")
    _derive_from_company(accounts, rivals)
    _derive_from_company(prospects, rivals)
    _derive_from_links(accounts, data, as_of)
    customers, attrition = _populate(accounts, as_of)
    _derive_over_customers(accounts, customers)
    quality = _score(customers)
    fit = {row["account_id"]: _fit(row) for row in customers}
    plays = {row["account_id"]: _plays(row) for row in customers}
    means = _means(fit, quality)
    for row in prospects:
        row["fit"], row["micro"] = _fit(row)
        row["promise"] = means.get(row["fit"])
    return Expected(
        accounts={row["account_id"]: row for row in accounts},
        prospects={row["account_id"]: row for row in prospects},
        attrition=attrition,
        customers=tuple(row["account_id"] for row in customers),
        quality=quality,
        fit=fit,
        plays=plays,
        shape={row["account_id"]: _shape(row) for row in customers},
        audiences=_audiences(customers, prospects, quality, plays),
        expected_by_fit=means,
    )


# Fields


def _derive_from_company(rows: Iterable[Row], rivals: tuple[str, ...]) -> None:
    for row in rows:
        tools = row["tools"]
        row["region"] = _REGIONS.get(row["country"], "Asia Pacific")
        row["tool_count"] = None if tools is None else len(tools)
        row["uses_rival"] = None if tools is None else any(tool in rivals for tool in tools)


def _derive_from_links(accounts: Sequence[Row], data: Path, as_of: date) -> None:
    year_ago = _months_before(as_of, 12)
    two_years_ago = _months_before(year_ago, 12)
    contacts = {row["contact_id"]: row for row in read_contacts(data, accounts)}
    families = read_families(data)
    invoices = _by_account(read_invoices(data, accounts, as_of))
    tickets = _by_account(read_tickets(data, accounts, as_of))
    events = _by_account(read_events(data, as_of))
    answers = _by_account(read_answers(data, as_of))
    for row in accounts:
        account = row["account_id"]
        row["cancelled"] = row["cancelled_on"] is not None and row["cancelled_on"] <= as_of
        row["overdue"] = row["balance"] < 0
        paid = invoices[account]
        row["revenue_12m"] = _sum(i["amount"] for i in paid if year_ago < i["paid_on"] <= as_of)
        row["revenue_before"] = _sum(i["amount"] for i in paid if two_years_ago < i["paid_on"] <= year_ago)
        row["addons_12m"] = _sum(
            i["amount"] for i in paid if families[i["product_id"]] == "add-on" and year_ago < i["paid_on"] <= as_of
        )
        before = row["revenue_before"]
        row["growth"] = Fraction(row["revenue_12m"]) / Fraction(before) - 1 if before else None
        opened = [t for t in tickets[account] if year_ago < t["opened_on"] <= as_of]
        row["tickets_12m"] = len(opened)
        row["urgent_12m"] = sum(t["priority"] in ("high", "urgent") for t in opened)
        row["leaders_12m"] = sum(
            t["contact"] in contacts and contacts[t["contact"]]["seniority"] in ("C-level", "VP") for t in opened
        )
        used = events[account]
        row["features_12m"] = len({e["feature"] for e in used if year_ago < e["happened_on"] <= as_of})
        row["idle"] = (as_of - max(e["happened_on"] for e in used)).days if used else None
        latest = sorted((a["answered_on"], a["nps"]) for a in answers[account] if a["nps"] is not None)
        row["nps"] = latest[-1][1] if latest else None


def _derive_over_customers(accounts: Sequence[Row], customers: Sequence[Row]) -> None:
    mrrs = sorted(Fraction(row["mrr"]) for row in customers if row["mrr"] is not None)
    place = Fraction(len(mrrs) - 1) * Fraction(9, 10)
    low = int(place)
    cut = mrrs[low] + (place - low) * (mrrs[min(low + 1, len(mrrs) - 1)] - mrrs[low])
    for row in accounts:
        row["is_key"] = None if row["mrr"] is None else row["mrr"] >= cut
    for row in customers:
        peers = [other["revenue_12m"] for other in customers if other["region"] == row["region"]]
        row["place_in_region"] = 1 + sum(revenue > row["revenue_12m"] for revenue in peers)


def _months_before(day: date, months: int) -> date:
    """The same day some months earlier, clamped to the month's end."""
    year, index = divmod(day.year * 12 + day.month - 1 - months, 12)
    following = date(year + (index == 11), (index + 1) % 12 + 1, 1)
    return min(date(year, index + 1, 1) + timedelta(days=day.day - 1), following - timedelta(days=1))


def _by_account(rows: Iterable[Row]) -> defaultdict[str, list[Row]]:
    groups: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows:
        groups[row["account_id"]].append(row)
    return groups


def _sum(amounts: Iterable[Decimal]) -> Decimal:
    return sum(amounts, Decimal(0))


# Population, score, segments


def _populate(accounts: Sequence[Row], as_of: date) -> tuple[list[Row], tuple[tuple[str, int, int], ...]]:
    left = list(accounts)
    steps = []

    def leave(reason: str, stays: Callable[[Row], bool]) -> None:
        nonlocal left
        kept = [row for row in left if stays(row)]
        steps.append((reason, len(left) - len(kept), len(kept)))
        left = kept

    leave("paying or lost", lambda row: (row["mrr"] is not None and row["mrr"] > 0) or row["cancelled"])
    leave("test account", lambda row: not row["is_test"])
    second = sorted((row["mrr"] for row in left if row["mrr"] is not None), reverse=True)[1]
    leave("one-off giant", lambda row: row["mrr"] is None or row["mrr"] < 4 * second)
    leave("too new to judge", lambda row: (as_of - row["signed_on"]).days >= 90)
    return left, tuple(steps)


def _score(customers: Sequence[Row]) -> dict[str, Scored]:
    terms = {row["account_id"]: _terms(row) for row in customers}
    totals = {account: sum(parts, Decimal(0)) for account, parts in terms.items()}
    better = {total: place for place, total in reversed(list(enumerate(sorted(totals.values(), reverse=True))))}
    count = len(totals)
    return {
        account: Scored(terms[account], total, better[total] + 1, _grade(Fraction(better[total], count)))
        for account, total in totals.items()
    }


def _terms(row: Row) -> tuple[Decimal, ...]:
    grows = row["growth"] is not None and row["growth"] > Fraction(1, 5)
    return (
        row["revenue_12m"],
        -row["tickets_12m"] * Decimal(60),
        -(row["sales_hours"] or Decimal(0)) * Decimal(85),
        (row["revenue_12m"] * Decimal("0.10")).quantize(Decimal("0.000001")) if grows else Decimal(0),
        Decimal(-5_000) if row["cancelled"] else Decimal(0),
    )


def _grade(share_better: Fraction) -> str:
    return "ABCD"[int(share_better * 4)]


def _fit(row: Row) -> tuple[str, str | None]:
    """Segment and micro-segment; a comparison with a missing value is not true."""
    employees, founded = row["employees"], row["founded"]
    if row["industry"] in _TECH and _at_least(employees, 500):
        micro = {"Europe": "europe", "North America": "americas", "Latin America": "americas"}
        return "enterprise_tech", f"enterprise_tech/{micro.get(row['region'], 'elsewhere')}"
    if _at_least(row["headcount_growth"], Fraction(15, 100)) and _at_least(row["tool_count"], 7):
        if row["uses_rival"]:
            return "rising", "rising/on_rival"
        return "rising", "rising/b2b" if row["business_model"] == "b2b" else None
    if row["business_model"] == "b2b" and _at_least(row["remote_share"], Fraction(60, 100)):
        return "remote_b2b", "remote_b2b"
    if founded is not None and (founded > 2015 or founded < 1981):
        return "young_old", "young_old"
    if employees is not None and 100 <= employees <= 999:
        return "mid_market", "mid_market"
    return "other", "other"


def _plays(row: Row) -> tuple[str, ...]:
    growth, idle = row["growth"], row["idle"]
    rules = (
        ("grow", growth is not None and growth > Fraction(1, 5) and row["features_12m"] >= 8),
        ("rescue", idle is not None and idle > 60 and not row["cancelled"]),
        ("displace", row["uses_rival"] is True),
        ("serve", row["urgent_12m"] >= 4 or row["leaders_12m"] >= 4),
        ("collect", row["overdue"]),
        ("keep", row["is_key"] is True),
    )
    return tuple(name for name, applies in rules if applies) or ("none",)


_PROTOTYPES = (
    ("small_steady", 40, 0.02, 4),
    ("small_growing", 60, 0.25, 6),
    ("large_lean", 900, 0.05, 4),
    ("large_modern", 1_200, 0.12, 9),
)


def _shape(row: Row) -> str | None:
    employees, growth, tools = row["employees"], row["headcount_growth"], row["tool_count"]
    if employees is None or growth is None or tools is None:
        return None

    def distance(place: tuple[str, int, float, int]) -> float:
        _, size, pace, stack = place
        return sqrt(
            ((log1p(employees) - log1p(size)) / 1.5) ** 2
            + ((float(growth) - pace) / 0.15) ** 2
            + ((tools - stack) / 2.5) ** 2
        )

    return min(_PROTOTYPES, key=distance)[0]


def _at_least(value: Any, bound: Any) -> bool:
    return value is not None and value >= bound


def _means(fit: dict[str, tuple[str, str | None]], quality: dict[str, Scored]) -> dict[str, Fraction]:
    totals: defaultdict[str, list[Decimal]] = defaultdict(list)
    for account, (segment, _) in fit.items():
        totals[segment].append(quality[account].total)
    return {segment: Fraction(sum(values, Decimal(0))) / len(values) for segment, values in totals.items()}


# Lists


def _audiences(
    customers: Sequence[Row],
    prospects: Sequence[Row],
    quality: dict[str, Scored],
    plays: dict[str, tuple[str, ...]],
) -> dict[str, tuple[str, ...]]:
    in_talks = {row["account_id"] for row in prospects if row["talks_open"]}
    free = [row for row in prospects if not row["opted_out"] and row["account_id"] not in in_talks]
    best = [row for row in free if row["fit"] in _WANTED and row["region"] == "Europe"]
    best = sorted(best, key=lambda row: (_down(row["promise"]), _down(row["employees"]), row["account_id"]))
    visits = [row for row in free if row["fit"] == "mid_market"]
    visits = sorted(visits, key=lambda row: (_down(row["headcount_growth"]), row["account_id"]))
    lost = [row for row in customers if row["cancelled"] and row["revenue_before"] >= 5_000]
    at_risk = [
        row
        for row in customers
        if {"rescue", "serve"} & set(plays[row["account_id"]]) and quality[row["account_id"]].grade in "AB"
    ]
    return {
        "already_in_talks": tuple(sorted(in_talks)),
        "abm_top_100": _ids(best[:100]),
        "field_visits": _ids(_take_per(visits, "region", 10)),
        "win_back": _ids(sorted(lost, key=lambda row: (-row["revenue_before"], row["account_id"]))[:50]),
        "save_first": _ids(
            sorted(at_risk, key=lambda row: (-quality[row["account_id"]].total, row["account_id"]))[:40]
        ),
    }


def _down(value: Any) -> tuple[bool, Any]:
    """Sorts from high to low with missing values last."""
    return value is None, 0 if value is None else -value


def _take_per(rows: Sequence[Row], group: str, count: int) -> list[Row]:
    taken: Counter[str] = Counter()
    result = []
    for row in rows:
        if taken[row[group]] < count:
            taken[row[group]] += 1
            result.append(row)
    return result


def _ids(rows: Sequence[Row]) -> tuple[str, ...]:
    return tuple(row["account_id"] for row in rows)
