"""Numbers and dates as spreadsheets and other languages write them, and the literal that was meant."""

import re
from datetime import date

_NUMBER = re.compile(r"(?P<sign>[$€£¥₹₽₺₩₴]\s?)?(?P<first>\d[\d_]*)(?P<rest>(?:[.,]\d+)+)(?P<unit>[kMB]?\s?%?)\Z")
_GENERAL = "numbers are written `1_000`, `2.5` or `10k`, amounts `$250`, `€1.5k` or `250 GBP`"
_DATE = re.compile(r"(\d{1,4})([/.-])(\d{1,2})\2(\d{1,4})\Z")
_EIGHT_DIGITS = re.compile(r"\d{8}\Z")
_WRITE_DATE = "write a date as year-month-day: 2026-01-31"


def number_mend(written: str, whole: bool = False) -> str:
    """How a number with commas, or with several points, is written: as one number or, where it may be two, as both.

    A mark that stands once, last and after another mark is the decimal sign: `1.000,50`. A single comma parts thousands
    if three digits follow up to three, which a decimal comma might do as well; else it is a decimal comma: `1,5`. With
    `whole`, no decimal sign can be meant.
    """
    found = _NUMBER.match(written)
    if found is None:
        return _GENERAL
    marks = re.findall(r"[.,]", found["rest"])
    groups = [found["first"], *re.split(r"[.,]", found["rest"])[1:]]
    decimals = ""
    if len(set(marks)) == 2 and marks.count(marks[-1]) == 1:
        decimals = "." + groups.pop()
    thousands = _are_thousands(groups)
    if len(marks) == 1 and marks[0] == ",":
        decimal = _written(found, f"{groups[0]}.{groups[1]}")
        if whole:
            return f"write `{_written(found, ''.join(groups))}`" if thousands else "write a whole number"
        if not thousands:
            return f"a decimal sign is a point: `{decimal}`"
        return f"write `{_written(found, ''.join(groups))}`, or `{decimal}` if the comma is a decimal sign"
    if not thousands or (not decimals and len(set(marks)) == 2):
        return _GENERAL
    return f"write `{_written(found, ''.join(groups) + decimals)}`"


def is_number_with_commas(written: str) -> bool:
    return "," in written and _NUMBER.match(written) is not None


def _written(found: re.Match[str], digits: str) -> str:
    return (found["sign"] or "") + digits + found["unit"]


def _are_thousands(groups: list[str]) -> bool:
    """Whether the parts of a number are as they stand between the marks of its thousands."""
    first, *others = groups
    return len(first) <= 3 and first[0] != "0" and all(len(group) == 3 for group in others)


def is_date(written: str) -> bool:
    """Whether digits between `/`, `.` or `-` are as dates are written, with a year of four."""
    found = _DATE.match(written)
    return found is not None and 4 in (len(found.group(1)), len(found.group(4)))


def date_mend(written: str) -> str:
    """How a date in digits is written: as that very date where day and month can be told apart, else its form."""
    day = iso_date(written)
    return _WRITE_DATE if day is None else f"write `{day}`"


def iso_date(written: str) -> str | None:
    """The date that is meant by digits between `/`, `.` or `-`, or by eight digits.

    None if there is none, or if its month might be its day.
    """
    if _EIGHT_DIGITS.match(written):
        return _day(written[:4], written[4:6], written[6:])
    found = _DATE.match(written)
    if found is None:
        return None
    first, _, middle, last = found.groups()
    if len(first) == 4:
        # With the year in front the month comes next, everywhere.
        return _day(first, middle, last)
    if len(last) != 4:
        return None
    if int(first) <= 12 and int(middle) <= 12 and first != middle:
        return None
    return _day(last, middle, first) if int(middle) <= 12 else _day(last, first, middle)


def _day(year: str, month: str, day: str) -> str | None:
    try:
        return date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return None
