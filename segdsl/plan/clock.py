"""The clock of a run: the day after which nothing is known."""

from datetime import date

from segdsl.model.model import Model
from segdsl.record import dataclass


@dataclass(frozen=True, slots=True)
class Clock:
    """`parameter` is the name of the parameter that the day comes from, or empty for the day of the run."""

    day: date
    parameter: str


def clock_of(model: Model, today: date) -> Clock:
    """The value of the spec's date parameter `as_of`; in a spec without one, `today`."""
    own = model.params[model.clock].value if model.clock is not None else None
    if isinstance(own, date) and model.clock is not None:
        return Clock(own, model.clock)
    return Clock(today, "")
