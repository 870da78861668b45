"""What measures give: figures, and sentences."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Measurement:
    """One figure: of a scheme or of one of its segments, or with an empty `scheme` of the score itself.

    `figure` is the further figure of a measure, empty for its own. `value` is None where it can't be told.
    """

    scheme: str
    score: str
    measure: str
    figure: str
    segment: str
    value: float | None

    @property
    def subject(self) -> str:
        """What is measured, by its name."""
        return self.scheme or self.score


@dataclass(frozen=True, slots=True)
class Remark:
    """A sentence in which a measure says what it found."""

    scheme: str
    score: str
    measure: str
    text: str
