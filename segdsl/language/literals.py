"""From the text of a literal to its value and type; what isn't a literal gives the reason."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal

from segdsl.types import (
    BOOL,
    CURRENCIES,
    DATE,
    DURATION,
    INT,
    NUMBER,
    RATIO,
    SYMBOLS,
    TEXT,
    TIMESTAMP,
    Duration,
    Type,
    Value,
    currency_mend,
    money,
)
from segdsl.types.value import SECONDS_PER_DAY

_SUFFIX = {"k": 3, "M": 6, "B": 9}
_ESCAPE = re.compile(r"\\(u\{[0-9A-Fa-f]{1,6}\}|.)")
_MAX_DIGITS = 20

Read = tuple[Value, Type]


class NotALiteral(ValueError):
    """The text has the form of a literal but no value; the message is for the user, with a diagnostic code."""

    def __init__(self, code: str, found: str, mend: str) -> None:
        super().__init__(found)
        self.code = code
        self.found = found
        self.mend = mend


def _decimal(text: str) -> Decimal:
    digits = text.replace("_", "")
    power = _SUFFIX.get(digits[-1], 0)
    if power:
        digits = digits[:-1]
    if len(digits) > 1 and digits[0] == "0" and digits[1].isdigit():
        raise NotALiteral("SEG105", f"`{text}` begins with 0", "write a number without it, and without commas: `1_000`")
    if len(digits) > _MAX_DIGITS:
        raise NotALiteral("SEG105", f"the number has more than {_MAX_DIGITS} digits", "write it shorter")
    return Decimal(digits).scaleb(power) if power else Decimal(digits)


def read_number(text: str) -> Read:
    value = _decimal(text)
    if value == value.to_integral_value():
        return int(value), INT
    return value, NUMBER


def read_percent(text: str) -> Read:
    return _decimal(text[:-1].rstrip()).scaleb(-2), RATIO


def read_money(text: str) -> Read:
    symbol = SYMBOLS.get(text[0])
    if symbol is not None:
        return _decimal(text[1:].lstrip()), money(symbol)
    number, code = text.split()
    if code not in CURRENCIES:
        raise NotALiteral(
            "SEG106",
            f"`{code}` is no currency",
            currency_mend(code),
        )
    return _decimal(number), money(code)


def read_duration(text: str) -> Read:
    number, unit = text.split()
    amount = _decimal(number)
    unit = unit.removesuffix("s")
    if unit in ("year", "month"):
        months = amount * (12 if unit == "year" else 1)
        if months != months.to_integral_value():
            raise NotALiteral("SEG105", f"`{text}` is no whole number of months", "write it in whole months or in days")
        return Duration(months=_bounded(int(months), text)), DURATION
    seconds = amount * {"week": 7 * SECONDS_PER_DAY, "day": SECONDS_PER_DAY, "hour": 3600, "minute": 60}[unit]
    if seconds != seconds.to_integral_value():
        raise NotALiteral("SEG105", f"`{text}` is no whole number of seconds", "write it in a smaller unit")
    return Duration(seconds=_bounded(int(seconds), text)), DURATION


def _bounded(amount: int, text: str) -> int:
    # Longer than any calendar the engines hold.
    if amount > 10**12:
        raise NotALiteral("SEG105", f"`{text}` is longer than any calendar", "write a shorter duration")
    return amount


def read_date(text: str) -> Read:
    try:
        return date.fromisoformat(text), DATE
    except ValueError:
        raise NotALiteral("SEG105", f"there is no day `{text}`", "write a date as year-month-day: 2026-01-31") from None


def read_timestamp(text: str) -> Read:
    try:
        moment = datetime.fromisoformat(text)
        moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        raise NotALiteral(
            "SEG105", f"there is no moment `{text}`", "write a timestamp as 2026-01-31T09:00:00Z"
        ) from None
    return moment, TIMESTAMP


def _unescape(match: re.Match[str]) -> str:
    escape = match.group(1)
    if escape.startswith("u{"):
        point = int(escape[2:-1], 16)
        if point > 0x10FFFF or 0xD800 <= point <= 0xDFFF:
            raise NotALiteral("SEG105", f"`\\{escape}` is no character", "write a Unicode code point, such as \\u{e9}")
        return chr(point)
    plain = {"n": "\n", '"': '"', "\\": "\\"}.get(escape)
    if plain is None:
        raise NotALiteral(
            "SEG105",
            f"`\\{escape}` has no meaning in a text",
            r'write \" \\ \n or \u{...}, or a raw text r"..." to keep backslashes as they are',
        )
    return plain


def read_text(text: str) -> Read:
    inner = text[1:-1]
    return (_ESCAPE.sub(_unescape, inner) if "\\" in inner else inner), TEXT


def read_raw(text: str) -> Read:
    return text[2:-1], TEXT


def read_true(_: str) -> Read:
    return True, BOOL


def read_false(_: str) -> Read:
    return False, BOOL


READERS = {
    "NUMBER": read_number,
    "PERCENT": read_percent,
    "MONEY": read_money,
    "DURATION": read_duration,
    "DATE": read_date,
    "TIMESTAMP": read_timestamp,
    "STRING": read_text,
    "RAW_STRING": read_raw,
    "TRUE": read_true,
    "FALSE": read_false,
}
