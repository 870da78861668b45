"""Two lists of leads, one from the web site and one from a trade fair, that overlap."""

from datetime import date, timedelta
from pathlib import Path

import pyarrow as pa

from generator.calendar import EXPORTED
from generator.draws import Draws
from generator.files import write_csv, write_ipc
from generator.names import person_name
from generator.notation import iso

_FAIR_OPENED = date(2026, 4, 14)
_FAIR_DAYS = 3
_COUNTRIES = ("US", "GB", "DE", "FR", "UZ")


def write_leads(draws: Draws, folder: Path) -> None:
    """`leads/web.csv` (240 rows) and `leads/fair.arrow` (120 rows); 40 people are in both."""
    web = [(*_lead(draws, number), iso(_web_day(draws)), "web") for number in range(240)]
    write_csv(folder / "leads" / "web.csv", ("email", "name", "seen_on", "channel"), web)
    fair = [_lead(draws, number) for number in range(200, 320)]
    days = [_FAIR_OPENED + timedelta(days=draws.integer(0, _FAIR_DAYS - 1)) for _ in fair]
    table = pa.table(
        {
            "email": pa.array([email for email, _ in fair], pa.string()),
            "name": pa.array([name for _, name in fair], pa.string()),
            "seen_on": pa.array(days, pa.date32()),
            "channel": pa.array(["fair"] * len(fair), pa.string()),
        }
    )
    write_ipc(folder / "leads" / "fair.arrow", table)


def _lead(draws: Draws, number: int) -> tuple[str, str]:
    given, family = person_name(draws, draws.pick(_COUNTRIES))
    return f"lead{number:03d}@fair{number % 37}.example", f"{given} {family}"


def _web_day(draws: Draws) -> date:
    """Never a day of the fair, so that nobody was seen in both places on one day."""
    day = draws.day(date(2026, 1, 1), EXPORTED)
    at_fair = _FAIR_OPENED <= day < _FAIR_OPENED + timedelta(days=_FAIR_DAYS)
    return day + timedelta(days=_FAIR_DAYS) if at_fair else day
