"""What testing hypotheses gives."""

from dataclasses import dataclass

from segdsl.diagnostics import Span
from segdsl.evidence.grades import ByGrade
from segdsl.types import Kind, Type


@dataclass(frozen=True, slots=True)
class SideResult:
    """Rows on one side of a cut or condition, their mean score, and the share in the top quartile of the score."""

    rows: int
    mean: float
    top: float


@dataclass(frozen=True, slots=True)
class CutResult:
    """The best customers on both sides: `low` rows are below `at`, or outside the condition where `at` is empty.

    A cut was chosen on half of the rows, by a hash of their keys; the sides are those of the other half. `value` is the
    cut as a number, days for dates.
    """

    at: str
    low: SideResult
    high: SideResult
    value: float = 0.0


@dataclass(frozen=True, slots=True)
class EffectResult:
    """An effect, its 95 % interval and its p-value.

    `measure` is `rank correlation`, `rank-biserial` or `epsilon-squared`. `p` is two-sided, `corrected` over all
    hypotheses of the spec. `method` is how p was got: `asymptotic`, `permutation` or `exact`.
    """

    measure: str
    value: float
    low: float
    high: float
    p: float
    corrected: float
    method: str


@dataclass(frozen=True, slots=True)
class MissingResult:
    """Whether the rows without the proxy are others than those with it, by their score.

    The mean score of both, in the score's unit; `effect` is the rank-biserial correlation of having the proxy with the
    score, `p` two-sided and `corrected` over all proxies of the spec that some rows lack.
    """

    rows: int
    mean_known: float
    mean_missing: float
    effect: float
    p: float
    corrected: float


@dataclass(frozen=True, slots=True)
class HypothesisResult:
    """A hypothesis and its verdict: `supported`, `refuted`, `inconclusive`, or `not tested` for `reason`.

    `proxy` is the one that was tested, in words, as are `expectation` and `among`. `n` of `rows` rows of the score,
    inside `among`, have the proxy. `needed` rows would decide what is inconclusive, None: no effect to be found.
    `difference` is that of the mean scores inside and outside a condition, with its 95 % interval, in the unit of
    `score_type`. `turn` is where the score is best in the middle (`turn_best`) or worst. `rare` categories have fewer
    than five rows. `missing` is None where every row has the proxy, or too few lack it. `span` is where the proxy
    stands.
    """

    name: str
    title: str
    expectation: str
    among: str
    score: str
    score_type: Type
    proxy: str
    rows: int
    n: int
    verdict: str
    reason: str
    effect: EffectResult | None
    needed: int | None
    difference: tuple[float, float | None, float | None] | None
    cut: CutResult | None
    turn: str
    turn_best: bool
    rare: int
    missing: MissingResult | None = None
    span: Span | None = None

    @property
    def coverage(self) -> float:
        """The share of the rows that have the proxy; 0 where there are none."""
        return self.n / self.rows if self.rows else 0.0


@dataclass(frozen=True, slots=True)
class ProxyResult:
    """A proxy of hypotheses, or one `level` of it (as text), by the grades of their score, the best first.

    `means` are in the unit of `type`, durations, dates and times in days; of a condition (`type` is bool) or a level
    they are shares. `rows` are those on which the proxy is known, of `asked` that have the score, inside `among`.
    `found.difference` is standardised, infinite where the two ends are wholly apart. `note` says why there is none.
    """

    score: str
    among: str
    proxy: str
    level: str
    type: Type
    grades: tuple[str, ...]
    asked: int
    found: ByGrade
    note: str

    @property
    def is_share(self) -> bool:
        return self.type.kind is Kind.BOOL

    @property
    def rows(self) -> int:
        return sum(self.found.rows)

    @property
    def unit(self) -> str:
        """What the means are in; empty for shares."""
        match self.type.kind:
            case Kind.BOOL:
                return ""
            case Kind.DURATION:
                return "days"
            case Kind.DATE | Kind.TIMESTAMP:
                return "days since 1970-01-01"
            case _:
                return str(self.type.or_missing(False))
