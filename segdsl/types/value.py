"""Values of the language's types, as Python holds them in a spec's literals and parameters."""

from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import TypeAlias

from segdsl.record import dataclass

# A year is 365.2425 days (the Gregorian mean), so a month is 2,629,746 seconds exactly.
SECONDS_PER_MONTH = 2_629_746
SECONDS_PER_DAY = 86_400


@dataclass(frozen=True, slots=True)
class Duration:
    """A span of time: whole calendar months and seconds.

    Months move dates by the calendar (clamped to the month's end); to compare durations a month counts as 1/12 of
    365.2425 days.
    """

    months: int = 0
    seconds: int = 0

    @property
    def total_seconds(self) -> int:
        """Length for comparisons, in seconds."""
        return self.months * SECONDS_PER_MONTH + self.seconds

    @property
    def days(self) -> Fraction:
        return Fraction(self.total_seconds, SECONDS_PER_DAY)

    def __neg__(self) -> "Duration":
        return Duration(-self.months, -self.seconds)


# Money, ratios and numbers are exact decimals; counts and ints are ints; a list is a tuple; missing is None.
Value: TypeAlias = "str | int | Decimal | bool | date | datetime | Duration | tuple[Value, ...] | None"
