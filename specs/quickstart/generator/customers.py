"""What the vendor knows of its own accounts, and how the score that was planted is made up of it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import Enum
from math import exp

from generator.calendar import CLOCK, EXPORTED, TWO_YEARS_AGO, YEAR_AGO
from generator.companies import Company
from generator.draws import Draws

CENTS_PER_TICKET = 6_000
CENTS_PER_SALES_HOUR = 8_500
CENTS_IF_CANCELLED = 500_000
LEAST_REVENUE = 60_000  # cents a year of a paying account


class Role(Enum):
    CUSTOMER = "customer"
    NEW = "new"  # signed in the last 90 days before the clock, or after it
    FREE = "free"  # never paid
    TEST = "test"
    GIANT = "giant"


@dataclass(frozen=True, slots=True)
class Standing:
    """Facts of one account as of the clock; revenue in cents."""

    role: Role
    signed: date
    cancelled: date | None
    quarter_hours: int | None  # of sales work; None if nobody wrote it down
    tickets: int  # in the last 12 months
    revenue: int  # in the last 12 months
    revenue_before: int  # in the 12 months before those
    mrr: int  # whole dollars a month


def draw_standings(
    draws: Draws, roles: Sequence[Role], companies: Sequence[Company], quality: Sequence[float]
) -> list[Standing]:
    lapsed_below = sorted(quality)[round(0.03 * len(quality))]
    standings = [
        _standing(draws, role, company, value, value < lapsed_below)
        for role, company, value in zip(roles, companies, quality, strict=True)
    ]
    next_largest = max(s.mrr for s in standings if s.role is not Role.TEST)
    return [_enlarged(s, next_largest) for s in standings]


def _standing(draws: Draws, role: Role, company: Company, quality: float, lapsed: bool) -> Standing:
    lapsed = lapsed and role is Role.CUSTOMER
    cancels = role is Role.CUSTOMER and not lapsed and draws.chance(1 / (1 + exp(2.6 + 1.4 * quality)))
    signed = _signed_on(draws, role, company, lapsed)
    cancelled = _cancelled_on(draws, signed, lapsed, cancels)
    gone = cancelled is not None and cancelled <= CLOCK
    quarter_hours = None if draws.chance(0.10) else max(4, round(60 + 28 * draws.normal()))
    ratio = _growth(draws)
    tickets = 0 if lapsed else draws.poisson(6 * exp(0.4 * draws.normal()))
    revenue, tickets = (0, 0) if lapsed else _revenue(quality, gone, quarter_hours, tickets, ratio, signed)
    if role is Role.FREE:
        revenue, cancelled = 0, None
    before = round((revenue or 900_000 * exp(quality)) / (1 + ratio)) if signed <= YEAR_AGO else 0
    mrr = 0 if gone or role is Role.FREE else max(50, 10 * round(revenue / 12_000 * (0.9 + 0.2 * draws.uniform())))
    return Standing(role, signed, cancelled, quarter_hours, tickets, revenue, before, mrr)


def _revenue(
    quality: float, gone: bool, quarter_hours: int | None, tickets: int, ratio: float, signed: date
) -> tuple[int, int]:
    """Revenue and tickets such that the score comes out as the planted value, $14k * exp(0.9 q) - $3k."""
    planted = round(1_400_000 * exp(0.9 * quality)) - 300_000
    penalties = (quarter_hours or 0) * CENTS_PER_SALES_HOUR // 4 + (CENTS_IF_CANCELLED if gone else 0)
    # A poor account must have paid something, so it is poor because of its tickets.
    short = LEAST_REVENUE - (planted + penalties + tickets * CENTS_PER_TICKET)
    if short > 0:
        tickets += -(-short // CENTS_PER_TICKET)
    total = planted + penalties + tickets * CENTS_PER_TICKET
    grows = signed <= YEAR_AGO and ratio > 0.20
    return (round(total / 1.1) if grows else total), tickets


def _growth(draws: Draws) -> float:
    """Growth of revenue, kept clear of the 20 % where the bonus of the score starts."""
    ratio = max(-0.75, 0.08 + 0.20 * draws.normal())
    return ratio + 0.01 if abs(ratio - 0.20) < 0.005 else ratio


def _signed_on(draws: Draws, role: Role, company: Company, lapsed: bool) -> date:
    if role is Role.NEW:
        return draws.day(CLOCK - timedelta(days=89), EXPORTED)
    if role is Role.CUSTOMER and draws.chance(0.01):
        return CLOCK - timedelta(days=90)  # exactly old enough, unless it has cancelled already
    earliest = date(max(2018, company.founded), 1, 1)
    latest = TWO_YEARS_AGO - timedelta(days=200) if lapsed else CLOCK - timedelta(days=240)
    return draws.day(min(earliest, latest), latest)


def _cancelled_on(draws: Draws, signed: date, lapsed: bool, cancels: bool) -> date | None:
    if lapsed:
        return draws.day(TWO_YEARS_AGO + timedelta(days=60), YEAR_AGO - timedelta(days=20))
    if cancels:
        # A few have given notice for a day after the clock: they are still customers.
        return draws.day(max(YEAR_AGO + timedelta(days=90), signed + timedelta(days=80)), EXPORTED)
    return None


def _enlarged(standing: Standing, next_largest: int) -> Standing:
    """The giant pays 4.4 times the next; test accounts claim 1.5 times it, so the rules' order matters."""
    match standing.role:
        case Role.GIANT:
            mrr = 10_000 * round(next_largest * 4.4 / 10_000)
            before = mrr * 1_060 if standing.signed <= YEAR_AGO else 0
            return replace(standing, cancelled=None, revenue=mrr * 1_180, revenue_before=before, mrr=mrr)
        case Role.TEST:
            mrr = 1_000 * round(next_largest * 1.5 / 1_000)
            return replace(standing, cancelled=None, revenue=0, revenue_before=0, mrr=mrr)
        case Role.CUSTOMER | Role.NEW | Role.FREE:
            return standing
