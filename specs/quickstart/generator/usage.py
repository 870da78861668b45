"""Product events: who used which feature on which day."""

from collections.abc import Sequence
from datetime import date
from math import exp, fsum
from pathlib import Path

import pyarrow as pa

from generator.accounts import account_id
from generator.calendar import EXPORTED, TRACKING_SINCE
from generator.customers import Role, Standing
from generator.draws import Draws
from generator.files import write_parquet

_ACTIONS = (("login", 0.42), ("view", 0.33), ("export", 0.10), ("invite", 0.06), ("api_call", 0.09))
_FEATURES = (
    "board", "calendar", "timesheet", "approvals", "reports", "dashboards", "imports", "automation", "mobile",
    "integrations", "audit", "templates",
)  # fmt: skip


def write_events(draws: Draws, folder: Path, standings: Sequence[Standing], total: int) -> None:
    """`total` rows in the order of account and day; heavy users have many times the events of light ones."""
    spans = [(max(s.signed, TRACKING_SINCE), min(s.cancelled or EXPORTED, EXPORTED)) for s in standings]
    weights = [
        (high - low).days * exp(0.9 * draws.normal()) if low < high and standing.role is not Role.TEST else 0.0
        for standing, (low, high) in zip(standings, spans, strict=True)
    ]
    accounts: list[str] = []
    days: list[date] = []
    actions: list[str] = []
    features: list[str] = []
    for place, count in enumerate(_shares(weights, total)):
        breadth = draws.integer(2, len(_FEATURES))
        accounts += [account_id(place)] * count
        days += sorted(draws.day(*spans[place]) for _ in range(count))
        actions += [draws.weighted(_ACTIONS) for _ in range(count)]
        features += [_FEATURES[draws.integer(0, breadth - 1)] for _ in range(count)]
    table = pa.table(
        {
            "account_id": pa.array(accounts, pa.string()).dictionary_encode(),
            "happened_on": pa.array(days, pa.date32()),
            "action": pa.array(actions, pa.string()).dictionary_encode(),
            "feature": pa.array(features, pa.string()).dictionary_encode(),
        }
    )
    write_parquet(folder / "events.parquet", table)


def _shares(weights: Sequence[float], total: int) -> list[int]:
    """Whole numbers in proportion to the weights that add up to the total."""
    whole, counts, reached, given = fsum(weights), [], 0.0, 0
    for weight in weights:
        reached += weight
        counts.append(round(total * reached / whole) - given)
        given += counts[-1]
    return counts
