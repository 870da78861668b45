"""Dates, times, durations and truth as texts: the exact meaning of every way of writing one."""

import re
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import ROUND_HALF_EVEN, Decimal

from segdsl.engines.arrow.reading.flaws import Flaw
from segdsl.types.value import SECONDS_PER_DAY, SECONDS_PER_MONTH

_MICROSECONDS = 1_000_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LONGEST_MICROSECONDS = 2**63 - 1

_PARTS = {
    "YYYY": r"(?P<year>[0-9]{4})",
    "MM": r"(?P<month>[0-9]{2})",
    "M": r"(?P<month>[0-9]{1,2})",
    "DD": r"(?P<day>[0-9]{2})",
    "D": r"(?P<day>[0-9]{1,2})",
}
_TIME = (
    r"(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2})(?:[.,](?P<fraction>[0-9]{1,9}))?)?"
    r"(?:\s*(?P<half>[AaPp])\.?[Mm]\.?)?\s*(?P<zone>Z|z|UTC|[+-][0-9]{2}(?::?[0-9]{2})?)?"
)


def date_pattern(pattern: str | None) -> re.Pattern[str] | None:
    """What a `dates` pattern (`DD/MM/YYYY`, `M/D/YYYY`, `YYYYMMDD`; None: `YYYY-MM-DD`) accepts, with an optional time
    of day behind it; None where the pattern has not exactly one day, month and year.

    A single letter stands for one or two digits, a double one for two.
    """
    pieces = re.split(r"(YYYY|MM|M|DD|D)", pattern or "YYYY-MM-DD")
    signs, parts = pieces[::2], pieces[1::2]
    if sorted(part[0] for part in parts) != ["D", "M", "Y"] or any(c.isalnum() for sign in signs for c in sign):
        return None
    body = "".join(_PARTS[p] if at % 2 else re.escape(p) for at, p in enumerate(pieces))
    return re.compile(f"{body}(?:[T ]\\s*{_TIME})?")


def parse_date(text: str, pattern: re.Pattern[str]) -> date | Flaw:
    """A date; a time of day behind it must be midnight, for then nothing is lost."""
    found = pattern.fullmatch(text)
    if found is None:
        return Flaw.WRONG_TYPE
    if any(found[part] and int(found[part]) for part in ("minute", "second", "fraction")) or found["half"]:
        return Flaw.WRONG_TYPE
    if (found["hour"] and int(found["hour"])) or found["zone"] not in (None, "Z", "z", "UTC", "+00:00", "+00"):
        return Flaw.WRONG_TYPE
    if found["year"] == "0000":
        return Flaw.BEYOND_CALENDAR
    try:
        return date(int(found["year"]), int(found["month"]), int(found["day"]))
    except ValueError:
        return Flaw.WRONG_TYPE


def parse_timestamp(text: str, pattern: re.Pattern[str]) -> int | Flaw:
    """Microseconds since 1970 in UTC. Without a zone the time is UTC; a date alone is its midnight; finer parts than
    a microsecond are cut off."""
    found = pattern.fullmatch(text)
    if found is None:
        return Flaw.WRONG_TYPE
    hour = int(found["hour"] or 0)
    if found["half"]:
        if not 1 <= hour <= 12:
            return Flaw.WRONG_TYPE
        hour = hour % 12 + (12 if found["half"] in "Pp" else 0)
    fraction = int((found["fraction"] or "").ljust(6, "0")[:6])
    minute, second = int(found["minute"] or 0), int(found["second"] or 0)
    if found["year"] == "0000":
        return Flaw.BEYOND_CALENDAR
    try:
        moment = datetime(
            int(found["year"]), int(found["month"]), int(found["day"]), hour, minute, second, fraction,
            tzinfo=_zone(found["zone"]),
        )  # fmt: skip
    except ValueError:
        return Flaw.WRONG_TYPE
    return (moment - _EPOCH) // timedelta(microseconds=1)


def _zone(text: str | None) -> timezone:
    """Raises ValueError for an offset of a day or more."""
    if text is None or text in ("Z", "z", "UTC"):
        return UTC
    digits = text[1:].replace(":", "").ljust(4, "0")
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(-offset if text[0] == "-" else offset)


_UNIT_SECONDS = {
    "second": 1,
    "minute": 60,
    "hour": 3600,
    "day": SECONDS_PER_DAY,
    "week": 7 * SECONDS_PER_DAY,
    "month": SECONDS_PER_MONTH,
    "year": 12 * SECONDS_PER_MONTH,
}
_DURATION_PART = r"([0-9]+(?:\.[0-9]+)?)\s*(second|minute|hour|day|week|month|year)s?"
_DURATION = re.compile(rf"([+-])?\s*{_DURATION_PART}(?:\s*,?\s*{_DURATION_PART})*", re.IGNORECASE)
_EACH_PART = re.compile(_DURATION_PART, re.IGNORECASE)
_ISO_DURATION = re.compile(
    r"([+-])?P(?=.)(?:([0-9.]+)Y)?(?:([0-9.]+)M)?(?:([0-9.]+)W)?(?:([0-9.]+)D)?"
    r"(?:T(?=.)(?:([0-9.]+)H)?(?:([0-9.]+)M)?(?:([0-9.]+)S)?)?"
)
_ISO_UNITS = ("year", "month", "week", "day", "hour", "minute", "second")


def parse_duration(text: str) -> int | Flaw:
    """Microseconds of `90 days`, `1 year 3 months` or ISO 8601 (`P90D`); a month is 1/12 of 365.2425 days."""
    if iso := _ISO_DURATION.fullmatch(text):
        sign, parts = iso[1], [(n, u) for n, u in zip(iso.groups()[1:], _ISO_UNITS, strict=True) if n]
    elif plain := _DURATION.fullmatch(text):
        sign, parts = plain[1], _EACH_PART.findall(text)
    else:
        return Flaw.WRONG_TYPE
    if any(number.count(".") > 1 or number == "." for number, _ in parts):
        return Flaw.WRONG_TYPE
    seconds = sum((Decimal(number) * _UNIT_SECONDS[unit.lower()] for number, unit in parts), Decimal(0))
    length = int((seconds * _MICROSECONDS).to_integral_value(ROUND_HALF_EVEN))
    if length > _LONGEST_MICROSECONDS:
        return Flaw.TOO_LARGE
    return -length if sign == "-" else length


_TRUTH = {
    **dict.fromkeys(("true", "t", "yes", "y", "1"), True),
    **dict.fromkeys(("false", "f", "no", "n", "0"), False),
}


def parse_bool(text: str) -> bool | Flaw:
    return _TRUTH.get(text.lower(), Flaw.WRONG_TYPE)
