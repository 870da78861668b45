"""What was learned, in a clause each."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import exp, isnan

from segdsl.evidence.out_of_sample import OutOfSample
from segdsl.evidence.scorecard import Points
from segdsl_lookalike.bands import Band
from segdsl_lookalike.best import Best
from segdsl_lookalike.columns import Column
from segdsl_lookalike.terms import Term, label, term

# Points by which the odds are told.
_STEP = 10


@dataclass(frozen=True, slots=True)
class Learned:
    """A scorecard as it is written, with how it does. `per_unit` points are one unit of log odds.

    `area` and `exact_area` are how well the points and the weights behind them order the rows they were learned from.
    """

    best: Best
    points: Sequence[tuple[Column, Points]]
    per_unit: float
    area: float
    exact_area: float
    bands: Sequence[Band]
    judged: OutOfSample
    constant: Sequence[str]

    @property
    def terms(self) -> tuple[Term, ...]:
        """The text of the columns that give points, those that give the most first."""
        told = (term(column, own) for column, own in self.points if own.any())
        return tuple(sorted(told, key=lambda one: -one.most))

    @property
    def is_told(self) -> bool:
        """Whether the points order rows that weren't learned from better than chance."""
        return self.judged.low > 0.5 and len(self.bands) > 1


def write_notes(learned: Learned) -> tuple[str, ...]:
    return tuple(_notes(learned))


def _notes(learned: Learned) -> Iterator[str]:
    best, judged = learned.best, learned.judged
    left_out = int((~best.known).sum())
    without = f"; {left_out:,} without a target left out" if left_out else ""
    yield f"learned from {len(best.wanted):,} rows, {int(best.wanted.sum()):,} of them {best.said}{without}"
    if learned.constant:
        yield f"the same in every row, so left out: {', '.join(f'`{field}`' for field in learned.constant)}"
    interval = f"{judged.area:.3f} (95% interval {judged.low:.3f} to {judged.high:.3f}) in rows not learned from"
    if not learned.is_told:
        yield f"area under the ROC curve {interval}: no better than chance, which is .5, so there is one segment"
        return
    yield f"area under the ROC curve {interval}, {learned.area:.3f} in those learned from; .5 is chance"
    change = learned.area - learned.exact_area
    yield f"whole points of what tells most, instead of exact weights of all, change the latter by {change:+.4f}"
    terms = learned.terms
    most = sum(one.most for one in terms)
    odds = exp(_STEP / learned.per_unit)
    yield f"points, at most {most}; {_STEP} more multiply the odds of being one of the best by {odds:.2f}"
    yield from (one.said for one in terms)
    untold = [label(column) for column, own in learned.points if not own.any()]
    if untold:
        yield f"tell next to nothing, so left out: {', '.join(untold)}"
    yield from _bands(learned)


def _bands(learned: Learned) -> Iterator[str]:
    rows = len(learned.best.wanted)
    for band, outside in zip(learned.bands, learned.judged.shares, strict=True):
        own = int(band.rows.sum())
        inside = float(learned.best.wanted[band.rows].mean())
        out = "" if isnan(outside) else f", {outside:.1%} in rows not learned from"
        yield f"{band.name}: {own:,} rows ({own / rows:.1%}), {inside:.1%} of them best{out}"
    shares = [share for share in learned.judged.shares if not isnan(share)]
    if sorted(shares, reverse=True) != shares:
        yield "in rows not learned from a lower band has more of the best than a higher one: fewer bands would do"
