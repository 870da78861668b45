"""Products and paid invoices. What an account paid in a window adds up to its planted revenue to the cent."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from math import fsum
from pathlib import Path

import pyarrow as pa

from generator.accounts import account_id
from generator.calendar import BOOKS_OPEN, CLOCK, EXPORTED, TWO_YEARS_AGO, YEAR_AGO
from generator.customers import Role, Standing
from generator.draws import Draws
from generator.files import write_csv, write_parquet

_PRODUCTS = (
    ("P01", "Starter plan", "core", "$49"),
    ("P02", "Team plan", "core", "$249"),
    ("P03", "Enterprise plan", "core", "$1,900"),
    ("P11", "Extra seats", "add-on", "$12"),
    ("P12", "Audit log", "add-on", "$90"),
    ("P13", "Single sign-on", "add-on", "$120"),
    ("P14", "API packs", "add-on", "$60"),
    ("P21", "Onboarding", "service", "$1,500"),
    ("P22", "Training day", "service", "$1,200"),
)
_EXTRAS = ("P11", "P11", "P12", "P13", "P14", "P14", "P21", "P22")
ORPHANS = 30
REFUNDS = 40  # each is a payment made twice and the amount given back, two rows more


@dataclass(slots=True)
class Account:
    """The payments of one account while they are being laid out: (day, product), add-ons weigh a quarter."""

    standing: Standing
    first: date
    last: date
    payments: list[tuple[date, str]] = field(default_factory=list)


def write_products(folder: Path) -> None:
    write_csv(folder / "products.csv", ("product_id", "name", "family", "list_price"), _PRODUCTS)


def write_invoices(draws: Draws, folder: Path, standings: Sequence[Standing], total: int) -> None:
    """One Parquet file a year, `total` invoices in all, `ORPHANS` of them for accounts that were deleted."""
    accounts = [_regular_payments(draws, standing) for standing in standings]
    paying = [account for account in accounts if account.payments]
    for _ in range(total - ORPHANS - 2 * REFUNDS - sum(len(account.payments) for account in accounts)):
        account = draws.pick(paying)
        account.payments.append((draws.day(account.first, account.last), draws.pick(_EXTRAS)))
    rows = [
        (day, account_id(place), product, cents)
        for place, account in enumerate(accounts)
        for day, product, cents in _amounts(draws, account)
    ]
    for day, account_name, product, cents in draws.shuffled(rows)[:REFUNDS]:
        rows += [(day, account_name, product, cents), (day, account_name, product, -cents)]
    for number in range(ORPHANS):
        rows.append((draws.day(BOOKS_OPEN, CLOCK), f"AC-9{number:04d}", "P01", 4_900))
    rows.sort()
    for year in range(BOOKS_OPEN.year, EXPORTED.year + 1):
        part = [(number, row) for number, row in enumerate(rows) if row[0].year == year]
        write_parquet(folder / "invoices" / f"{year}.parquet", _table(part))


def _regular_payments(draws: Draws, standing: Standing) -> Account:
    first = max(standing.signed, BOOKS_OPEN)
    last = min(standing.cancelled or EXPORTED, EXPORTED)
    account = Account(standing, first, last)
    if standing.role in (Role.FREE, Role.TEST) or first > last:
        return account
    core = "P03" if standing.revenue > 3_000_000 else draws.pick(("P01", "P02", "P02"))
    step = 1 if draws.chance(0.5) else 3
    billing_day = draws.pick((1, 15, 31))
    account.payments.append((first, core))
    month = first.year * 12 + first.month
    while (day := _day_of(month := month + step, billing_day)) <= last:
        account.payments.append((day, core))
    # Who was a customer in a window has paid something in it.
    for after, until in ((TWO_YEARS_AGO, YEAR_AGO), (YEAR_AGO, CLOCK)):
        low, high = max(first, after + timedelta(days=1)), min(last, until)
        if low <= high and not any(low <= day <= high for day, _ in account.payments):
            account.payments.append((draws.day(low, high), core))
    return account


def _day_of(month: int, day: int) -> date:
    """The day in the month counted from year 0, clamped to the month's end."""
    year, index = divmod(month - 1, 12)
    following = date(year + (index == 11), (index + 1) % 12 + 1, 1)
    return min(date(year, index + 1, 1) + timedelta(days=day - 1), following - timedelta(days=1))


def _amounts(draws: Draws, account: Account) -> list[tuple[date, str, int]]:
    """(day, product, cents): the payments of a window share its revenue to the cent."""
    standing = account.standing
    windows: dict[int, list[tuple[date, str]]] = {0: [], 1: [], 2: [], 3: []}
    for day, product in sorted(account.payments):
        windows[(day > TWO_YEARS_AGO) + (day > YEAR_AGO) + (day > CLOCK)].append((day, product))
    monthly = (standing.revenue or standing.revenue_before) // 12
    sums = {1: standing.revenue_before, 2: standing.revenue}
    return [
        (day, product, cents)
        for window, payments in windows.items()
        for (day, product), cents in zip(
            payments, _split(draws, sums.get(window, monthly * len(payments)), payments), strict=True
        )
    ]


def _split(draws: Draws, total: int, payments: Sequence[tuple[date, str]]) -> list[int]:
    weights = [(0.25 if product in _EXTRAS else 1.0) * (0.9 + 0.2 * draws.uniform()) for _, product in payments]
    whole = fsum(weights)
    cents = [round(total * weight / whole) for weight in weights]
    if cents:
        cents[-1] += total - sum(cents)
    return cents


def _table(part: Sequence[tuple[int, tuple[date, str, str, int]]]) -> pa.Table:
    return pa.table(
        {
            "invoice_id": pa.array([f"I{number:06d}" for number, _ in part], pa.string()),
            "account_id": pa.array([row[1] for _, row in part], pa.string()),
            "product_id": pa.array([row[2] for _, row in part], pa.string()),
            "paid_on": pa.array([row[0] for _, row in part], pa.date32()),
            "amount": pa.array([Decimal(row[3]).scaleb(-2) for _, row in part], pa.decimal128(12, 2)),
        }
    )
