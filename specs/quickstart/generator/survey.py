"""Survey answers as JSON lines: a score from 0 to 10, stated needs, a comment in the customer's own words."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from generator.accounts import account_id
from generator.calendar import EXPORTED
from generator.customers import Standing
from generator.draws import NORMAL, Draws
from generator.files import write_json_lines

_NEEDS = ("price", "support", "speed", "integrations", "reporting", "training")
_COMMENTS = (
    None, None, None, "Fine", "Très utile", "Дорого, но работает", "Juda qulay", "とても便利です",
    "line one\nline two",
)  # fmt: skip


def write_answers(draws: Draws, folder: Path, standings: Sequence[Standing], promoter: Sequence[float]) -> None:
    """About two accounts in three answered, a fifth of them a second time; the latest answer counts."""
    rows = []
    for place, latent in enumerate(promoter):
        if standings[place].signed >= date(2026, 1, 1) or draws.chance(0.29):
            continue
        rating = min(10, max(0, round(11 * NORMAL.cdf(0.4 + 0.9 * latent) - 0.5)))
        if draws.chance(0.2):
            rows.append(_row(draws, place, draws.day(date(2024, 9, 1), date(2025, 5, 31)), draws.integer(0, 10)))
            rows.append(_row(draws, place, draws.day(date(2025, 6, 1), date(2026, 6, 30)), rating))
        else:
            answer = None if draws.chance(0.04) else rating
            rows.append(_row(draws, place, draws.day(date(2025, 6, 1), EXPORTED), answer))
    write_json_lines(folder / "survey.jsonl", draws.shuffled(rows))


def _row(draws: Draws, place: int, day: date, rating: int | None) -> dict[str, object]:
    return {
        "account_id": account_id(place),
        "answered_on": day.isoformat(),
        "nps": rating,
        "needs": draws.shuffled(_NEEDS)[: draws.integer(0, 3)],
        "comment": draws.pick(_COMMENTS),
    }
