"""The CRM's two exports, accounts and prospects: semicolons, byte order mark, days first, CRLF line ends."""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from generator.calendar import EXPORTED
from generator.companies import HEADER, Company
from generator.customers import Role, Standing
from generator.draws import Draws
from generator.files import write_csv
from generator.notation import day_first, money

_OWNERS = ("Ines Duarte", "Marek Nowak", "Priya Nair", "Tomás Ríos", "Hana Sato", "Will Frost")
_CUSTOMER_HEADER = (
    "Plan", "MRR", "Sales Hours", "Balance", "Signed On", "Cancelled On", "Support Plan", "Owner",
    "Parent Account", "Test",
)  # fmt: skip
DUPLICATES = 12


def account_id(place: int) -> str:
    return f"AC-{place + 1:05d}"


def write_accounts(draws: Draws, folder: Path, companies: Sequence[Company], standings: Sequence[Standing]) -> None:
    header = ("Account ID", "Account Name", "Billing Address", *HEADER, *_CUSTOMER_HEADER, "Modified On")
    rows = [
        _account_row(draws, place, company, standing, len(companies))
        for place, (company, standing) in enumerate(zip(companies, standings, strict=True))
    ]
    # A merge in the CRM left older copies of some accounts behind.
    copies = [_older_copy(draws, row) for row in draws.shuffled(rows)[:DUPLICATES]]
    for copy in copies:
        rows.insert(draws.integer(0, len(rows)), copy)
    write_csv(folder / "accounts.csv", header, rows, delimiter=";", line_end="\r\n", bom=True)


def write_prospects(draws: Draws, folder: Path, companies: Sequence[Company]) -> None:
    header = (
        "Account ID",
        "Account Name",
        "Billing Address",
        *HEADER,
        "Opted Out",
        "In Talks",
        "Modified On",
    )
    rows = [
        (
            f"PR-{place + 1:05d}",
            company.name,
            company.address if draws.chance(0.7) else "",
            *company.cells,
            _flag(draws.chance(0.09)),
            _flag(draws.chance(0.05)),
            day_first(EXPORTED - timedelta(days=draws.integer(0, 700))),
        )
        for place, company in enumerate(companies)
    ]
    write_csv(folder / "prospects.csv", header, rows, delimiter=";", line_end="\r\n", bom=True)


def _account_row(draws: Draws, place: int, company: Company, standing: Standing, count: int) -> tuple[str, ...]:
    parent = account_id((place * 7 + 11) % count) if draws.chance(0.09) else ""
    return (
        account_id(place),
        f"TEST {company.name} - do not use" if standing.role is Role.TEST else company.name,
        company.address if draws.chance(0.9) else "",
        *company.cells,
        _plan(draws, standing),
        _mrr(draws, standing),
        "" if standing.quarter_hours is None else f"{standing.quarter_hours / 4:g}",
        money(draws, draws.integer(-900, 400) if draws.chance(0.3) else 0),
        day_first(standing.signed),
        day_first(standing.cancelled),
        "" if draws.chance(0.15) else draws.weighted((("standard", 0.6), ("premium", 0.3), ("none", 0.1))),
        draws.pick(_OWNERS),
        "" if parent == account_id(place) else parent,
        _flag(standing.role is Role.TEST),
        day_first(EXPORTED - timedelta(days=draws.integer(0, 500))),
    )


def _older_copy(draws: Draws, row: Sequence[str]) -> tuple[str, ...]:
    """The same account as it stood in 2023: another size, no notice of cancelling, never a test."""
    copy = list(row)
    copy[6] = str(draws.integer(1, 40))
    copy[-2] = _flag(False)
    copy[-1] = f"{draws.integer(1, 28):02d}/{draws.integer(1, 12):02d}/2023"
    return tuple(copy)


def _plan(draws: Draws, standing: Standing) -> str:
    if standing.role is Role.FREE:
        return "free"
    if standing.revenue > 3_000_000 or standing.role is Role.GIANT:
        return "enterprise"
    return "team" if draws.chance(0.8) else "starter"


def _mrr(draws: Draws, standing: Standing) -> str:
    if standing.role is Role.FREE and draws.chance(0.3):
        return "n/a"
    if standing.role is Role.GIANT:
        return f"${standing.mrr:,}"
    return money(draws, standing.mrr)


def _flag(value: bool) -> str:
    return "true" if value else "false"
