"""What a call asks for, read from its options."""

from dataclasses import dataclass
from datetime import date
from math import log

from segdsl.plugin import Call, Duration, Refused

YEAR = Duration(months=12)
_WEEK = Duration(seconds=7 * 86_400)
_LONGEST = Duration(months=1_200)


@dataclass(frozen=True, slots=True)
class Settings:
    """The options of a block. `discount_rate` is continuous, a year: the logarithm of one plus the yearly discount."""

    contractual: bool
    horizon: Duration
    discount_rate: float
    margin: float
    period: Duration
    amount_per: Duration


def read_settings(call: Call) -> Settings:
    """The settings of a call; refuses times that aren't positive, and a call without a clock."""
    if call.clock == date.max:
        raise Refused(
            "There is no clock, so how long ago something was can't be told",
            help="write `param as_of : date = 2026-01-31`",
        )
    contractual = call.options.get("model") == "contractual"
    period = _time(call, "period", YEAR if contractual else _WEEK)
    if contractual and (period.seconds % 86_400 or (period.months and period.seconds)):
        raise Refused("The period is no whole number of days or of months", "period", "such as `12 months` or `7 days`")
    return Settings(
        contractual=contractual,
        horizon=_time(call, "horizon", YEAR),
        discount_rate=log(1 + float(str(call.options.get("discount", 0.1)))),
        margin=float(str(call.options.get("margin", 1))),
        period=period,
        amount_per=_time(call, "amount_per", period),
    )


def _time(call: Call, option: str, default: Duration) -> Duration:
    found = call.options.get(option, default)
    assert isinstance(found, Duration)
    if not 86_400 <= found.total_seconds <= _LONGEST.total_seconds:
        raise Refused(f"`{option}` isn't between a day and 100 years", option, "such as `12 months`")
    return found


def days_of(time: Duration) -> float:
    """The length in days; a month has 30.436875."""
    return float(time.days)
