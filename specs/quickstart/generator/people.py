"""Contacts at the accounts, from a marketing tool: commas, ISO dates, padded titles, unknown seniorities."""

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from unicodedata import normalize

from generator.accounts import account_id
from generator.calendar import EXPORTED
from generator.companies import Company
from generator.customers import Role, Standing
from generator.draws import Draws
from generator.files import write_csv
from generator.names import person_name
from generator.notation import iso

_HEADER = (
    "contact_id", "account_id", "full_name", "email", "title", "role", "seniority", "consent", "stage",
    "email_checked_on", "last_reply_on", "updated_on",
)  # fmt: skip
_ROLES = (("operations", 0.34), ("it", 0.24), ("finance", 0.16), ("procurement", 0.12), ("executive", 0.14))
_SENIORITIES = (("C-level", 0.10), ("VP", 0.12), ("Director", 0.20), ("Manager", 0.30), ("Staff", 0.28))
_TITLES = {
    "C-level": "Chief {} Officer",
    "VP": "VP {}",
    "Director": "Director of {}",
    "Manager": "{} manager",
}
_FREE_MAIL = ("gmail.com", "outlook.com", "mail.ru", "qq.com")
ORPHANS = 40
DUPLICATES = 15


def contact_id(number: int) -> str:
    return f"CT-{number + 1:05d}"


def write_contacts(
    draws: Draws, folder: Path, companies: Sequence[Company], standings: Sequence[Standing], total: int
) -> dict[str, list[str]]:
    """Writes `total` contacts and returns the ids of each account's, for the tickets."""
    # Each account has one contact; the rest fall where they may, the last few at accounts that were deleted.
    owners = list(range(len(companies)))
    owners += [draws.integer(0, len(companies) - 1) for _ in range(total - len(owners) - ORPHANS)]
    rows, of_account = [], dict[str, list[str]]()
    for number, place in enumerate(draws.shuffled(owners)):
        country = companies[place].country
        row = _row(draws, contact_id(number), account_id(place), country, _stage(draws, standings[place]), place)
        rows.append(row)
        of_account.setdefault(account_id(place), []).append(row[0])
    for number in range(total - ORPHANS, total):
        rows.append(_row(draws, contact_id(number), f"AC-9{number:04d}", "US", "lost", number))
    for row in draws.shuffled(rows)[:DUPLICATES]:
        rows.append((*row[:4], "", row[5], "Staff", "no", *row[8:11], "2023-01-09"))
    write_csv(folder / "contacts.csv", _HEADER, rows)
    return of_account


def _row(draws: Draws, identity: str, account: str, country: str, stage: str, place: int) -> tuple[str, ...]:
    given, family = person_name(draws, country)
    role, seniority = draws.weighted(_ROLES), draws.weighted(_SENIORITIES)
    title = _TITLES.get(seniority, "{} specialist").format(
        {"it": "IT"}.get(role, role).capitalize() if role != "it" else "IT"
    )
    checked = EXPORTED - timedelta(days=draws.integer(0, 900))
    replied = None if draws.chance(0.45) else draws.day(date(2024, 1, 1), EXPORTED)
    return (
        identity,
        account,
        f"{given} {family}",
        _email(draws, given, family, place),
        f" {title.upper()} " if draws.chance(0.1) else f"{title}  " if draws.chance(0.1) else title,
        "" if draws.chance(0.12) else role,
        _seniority(draws, seniority),
        draws.weighted((("yes", 0.62), ("no", 0.23), ("", 0.15))),
        stage,
        "" if draws.chance(0.18) else iso(checked),
        iso(replied),
        iso(EXPORTED - timedelta(days=draws.integer(0, 400))),
    )


def _seniority(draws: Draws, seniority: str) -> str:
    """Some are empty, and some were typed into a free field: `other as missing` is for those."""
    at = draws.uniform()
    if at < 0.10:
        return ""
    return draws.pick(("Intern", "Guru", "c-suite", "Board")) if at < 0.14 else seniority


def _stage(draws: Draws, standing: Standing) -> str:
    match standing.role:
        case Role.FREE:
            return draws.pick(("lead", "trial", "trial"))
        case Role.CUSTOMER | Role.NEW | Role.TEST | Role.GIANT:
            if standing.cancelled is not None:
                return "lost"
            return "dormant" if draws.chance(0.12) else "customer"


def _email(draws: Draws, given: str, family: str, place: int) -> str:
    if draws.chance(0.06):
        return ""
    if draws.chance(0.02):
        return f"{place}@"
    local = ".".join(filter(None, (_ascii(given), _ascii(family)))) or f"contact{draws.integer(10, 99)}"
    domain = draws.pick(_FREE_MAIL) if draws.chance(0.08) else f"company{place + 1}.example"
    return f"{local}@{domain}"


def _ascii(name: str) -> str:
    """The letters of a name that an e-mail address can hold; accents fall away."""
    return "".join(letter for letter in normalize("NFKD", name).lower() if letter.isascii() and letter.isalpha())
