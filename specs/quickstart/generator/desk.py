"""Support tickets: ISO dates, subjects with line ends and quotes, a few priorities nobody agreed on."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path

from generator.accounts import account_id
from generator.calendar import CLOCK, DESK_OPEN, EXPORTED, YEAR_AGO
from generator.customers import Role, Standing
from generator.draws import Draws
from generator.files import write_csv

_HEADER = ("ticket_id", "account_id", "contact_id", "opened_on", "closed_on", "priority", "topic", "subject")
_PRIORITIES = (("low", 0.30), ("normal", 0.48), ("high", 0.15), ("urgent", 0.05), ("P1", 0.02))
_TOPICS = ("billing", "login", "import", "export", "performance", "how to")
_SUBJECTS = (
    "",
    "",
    "",
    "Again",
    "Since the update",
    "Срочно",
    "Ça ne marche pas",
    '"Error 42"',
    "First line\nsecond line",
)
ORPHANS = 60
LATE = 150  # opened after the clock


def write_tickets(
    draws: Draws,
    folder: Path,
    standings: Sequence[Standing],
    contacts: Mapping[str, Sequence[str]],
    total: int,
) -> None:
    rows = []
    for place, standing in enumerate(standings):
        low, high = (
            max(standing.signed, YEAR_AGO + timedelta(days=1)),
            min(standing.cancelled or CLOCK, CLOCK),
        )
        if low <= high:
            rows += [(draws.day(low, high), place) for _ in range(standing.tickets)]
    served = [place for place, standing in enumerate(standings) if _was_served(standing)]
    active = [place for place in served if standings[place].cancelled is None]
    rows += [(draws.day(CLOCK + timedelta(days=1), EXPORTED), draws.pick(active)) for _ in range(LATE)]
    for _ in range(total - ORPHANS - len(rows)):
        place = draws.pick(served)
        until = min(standings[place].cancelled or YEAR_AGO, YEAR_AGO)
        rows.append((draws.day(max(standings[place].signed, DESK_OPEN), until), place))
    deleted = [(draws.day(DESK_OPEN, CLOCK), f"AC-8{number:04d}") for number in range(ORPHANS)]
    known = [(day, account_id(place)) for day, place in rows]
    cells = [
        _row(draws, number, day, account, contacts.get(account, ()))
        for number, (day, account) in enumerate(sorted(known + deleted))
    ]
    write_csv(folder / "tickets.csv", _HEADER, cells)


def _was_served(standing: Standing) -> bool:
    """Whether the account was a customer before the last 12 months, so that old tickets fit in."""
    until = min(standing.cancelled or YEAR_AGO, YEAR_AGO)
    return standing.role is not Role.TEST and standing.signed < until and until > DESK_OPEN


def _row(draws: Draws, number: int, day: date, account: str, contacts: Sequence[str]) -> tuple[str, ...]:
    closed = "" if draws.chance(0.1) else (day + timedelta(days=draws.integer(0, 12))).isoformat()
    contact = draws.pick(contacts) if contacts and not draws.chance(0.2) else ""
    return (
        f"T{number:06d}",
        account,
        contact,
        day.isoformat(),
        closed,
        draws.weighted(_PRIORITIES),
        draws.pick(_TOPICS),
        draws.pick(_SUBJECTS),
    )
