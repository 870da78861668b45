"""What there is to say about one account: populations, scores, segmentations, each with its reasons."""

from segdsl.model.model import Matching
from segdsl.plan.steps import Skipped
from segdsl.record import dataclass
from segdsl.types import Type, Value
from segdsl.workflows.reasons import Fact


@dataclass(frozen=True, slots=True)
class PopulationFact:
    """Whether the account belongs to a population, and the rule that dropped it if one did.

    `dropped_from` is the population that this one is from, where that is the one that dropped the account.
    """

    name: str
    title: str
    inside: bool
    keep: bool
    reason: str
    dropped_from: str
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class TermFact:
    """A term of a score: its sign and label, the amount as written and as it counts, and its condition.

    `applies` is None where the condition is unknown, so that the term doesn't count. `amount` is the term's value
    with its sign, None for missing.
    """

    sign: str
    label: str
    written: str
    amount: Value
    condition: str
    applies: bool | None
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class ScoreFact:
    """A score with its terms. `rank` of `scored` rows; all None or empty outside the score's table."""

    name: str
    title: str
    population: str
    inside: bool
    type: Type
    terms: tuple[TermFact, ...]
    total: Value
    rank: Value
    scored: int
    percentile: Value
    grade: Value


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field with its value now and the one it would have."""

    field: str
    now: str
    then: str


@dataclass(frozen=True, slots=True)
class ChangeFact:
    """The smallest change that leads to another segment.

    `distance` is in interquartile ranges of the fields; None where a value would have to go missing, or where no field
    that changes has a range. `facts` say why the segment's rule isn't true now; `otherwise` that it has none.
    """

    segment: str
    fields: tuple[FieldChange, ...]
    distance: float | None
    facts: tuple[Fact, ...]
    otherwise: bool


@dataclass(frozen=True, slots=True)
class MarkFact:
    """A segment of an overlapping scheme: whether the account is in it, why, and what would change that."""

    segment: str
    title: str
    inside: bool
    otherwise: bool
    facts: tuple[Fact, ...]
    change: ChangeFact | None
    complete: bool


@dataclass(frozen=True, slots=True)
class SchemeFact:
    """Where the account stands in a segmentation.

    `segment` is its path, empty for none; `otherwise` that no rule before it is true. `inside` is False for a row that
    isn't of the scheme's own rows. `change` is None where there is no change of up to three fields, as far as the
    search went (`complete`: to its end). `marks` of overlapping schemes, `distances` of nearest ones.
    """

    name: str
    title: str
    matching: Matching
    population: str
    inside: bool
    segment: str
    segment_title: str
    otherwise: bool
    facts: tuple[Fact, ...]
    change: ChangeFact | None
    complete: bool
    marks: tuple[MarkFact, ...]
    distances: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """Everything about one account. `name` is a text column that looks like a name, masked if it is personal."""

    table: str
    key: tuple[str, ...]
    name: str
    populations: tuple[PopulationFact, ...]
    scores: tuple[ScoreFact, ...]
    schemes: tuple[SchemeFact, ...]
    skipped: tuple[Skipped, ...]
