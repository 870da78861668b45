"""How far apart segments are in the score: variance explained out of sample, and tests of pairs of segments."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from segdsl.evidence.measures import Floats
from segdsl.evidence.multiplicity import false_discovery
from segdsl.evidence.separation import (
    Explained,
    Groups,
    Pairs,
    compare_pairs,
    explained,
    groups_of,
    kruskal_wallis,
    predicted_share,
)
from segdsl.plugin import MeasureCall, Measured, Type
from segdsl_measures.samples import Sample, Trial, means_of, out_of_sample, sample_of, split_note, undivided
from segdsl_measures.separation import EVALUATOR
from segdsl_measures.words import percent, rounded, untold

_LEVEL = 0.05
# All pairs of so many segments are compared; of more, neighbours only.
_MOST_ALL = 100
_MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class _Tests:
    """Pairs of segments, the one with the higher mean first, and their p-values corrected (NaN: not tested).

    `names` are those of all segments; `neighbours` tells which pairs have no other segment's mean between theirs.
    """

    names: tuple[str, ...]
    pairs: Pairs
    corrected: Floats
    neighbours: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]


def measure(call: MeasureCall) -> Measured:
    """The share of variance explained out of sample; figures of tests are of the segments as they are."""
    sample = sample_of(call)
    wrong = untold(sample.score[sample.known])
    if wrong:
        return Measured(figures=dict.fromkeys(EVALUATOR.figures), notes=(f"It can't be judged: {wrong}.",))
    alone = undivided(sample.segments) or _unseparated(sample)
    if alone:
        return Measured(figures=dict.fromkeys(EVALUATOR.figures), notes=(alone,))
    trials = out_of_sample(sample)
    value, judged = _predicted(sample, trials), split_note(sample, trials)
    placed = sample.known & (sample.segments >= 0)
    groups = groups_of(sample.segments[placed], sample.score[placed], len(call.names))
    if np.count_nonzero(groups.counts) < 2:
        note = "Of its segments only one has accounts with a score, so there are no two to compare."
        return Measured(value, figures=dict.fromkeys(EVALUATOR.figures), notes=(note, *judged))
    seen, tests = explained(groups), _tests(groups, call.names)
    p = kruskal_wallis(sample.segments[placed], sample.score[placed])
    known = tests.corrected[~np.isnan(tests.corrected)]
    figures = {
        "eta_squared": None if seen is None else seen.share,
        "epsilon_squared": None if seen is None else seen.adjusted,
        "p": p,
        "differing": float((known < _LEVEL).mean()) if len(known) else None,
    }
    first, *others = _notes(call, value, seen, p, tests)
    notes = (first, *judged, *others)
    return Measured(value, tables={"pairs": _table(groups, tests, call.score_type)}, figures=figures, notes=notes)


def _unseparated(sample: Sample) -> str:
    """Why no accounts with a score are set apart, if so."""
    found = sample.segments[sample.known]
    if np.any(found != found[0]):
        return ""
    where = (
        "no account with a score is in a segment" if found[0] < 0 else "all accounts with a score are in one segment"
    )
    return f"It separates nobody: {where}."


def _predicted(sample: Sample, trials: Sequence[Trial]) -> float | None:
    """The share of variance that segments' means explain in accounts that they weren't learned on."""
    score, predicted, before = [], [], []
    for trial in trials:
        means = means_of(sample, trial)
        own = means[trial.segments[trial.judged_on]]
        score.append(sample.score[trial.judged_on])
        predicted.append(own)
        before.append(np.full(len(own), means[-1]))
    if not score:
        return None
    return predicted_share(np.concatenate(score), np.concatenate(predicted), np.concatenate(before))


def _tests(groups: Groups, names: tuple[str, ...]) -> _Tests:
    there = np.flatnonzero(groups.counts)
    order = there[np.argsort(-groups.means[there], kind="stable")]
    if len(order) <= _MOST_ALL:
        first, second = np.triu_indices(len(order), 1)
    else:
        first, second = np.arange(len(order) - 1), np.arange(1, len(order))
    pairs = compare_pairs(groups, order[first], order[second])
    corrected = np.full(len(first), np.nan)
    tested = ~np.isnan(pairs.p)
    corrected[tested] = false_discovery(pairs.p[tested])
    return _Tests(names, pairs, corrected, second - first == 1)


def _table(groups: Groups, tests: _Tests, type_: Type) -> pa.Table:
    pairs = tests.pairs
    names = pa.array(tests.names, pa.string())
    unknown = np.isnan(tests.corrected)
    return pa.table(
        {
            "segment": names.take(pa.array(pairs.first)),
            "other": names.take(pa.array(pairs.second)),
            "accounts": groups.counts[pairs.first],
            "other_accounts": groups.counts[pairs.second],
            "difference": rounded(pairs.difference, type_),
            "low": pa.array(rounded(pairs.low, type_), mask=unknown),
            "high": pa.array(rounded(pairs.high, type_), mask=unknown),
            "p": pa.array(pairs.p, mask=unknown),
            "p_corrected": pa.array(tests.corrected, mask=unknown),
            "differ": pa.array(tests.corrected < _LEVEL, mask=unknown),
            "neighbours": tests.neighbours,
        }
    )


def _notes(
    call: MeasureCall, value: float | None, seen: Explained | None, p: float | None, tests: _Tests
) -> Iterator[str]:
    own = percent(0.0 if seen is None else seen.share)
    tested = ~np.isnan(tests.corrected)
    differ = _differ(tests.corrected[tested])
    if value is None:
        yield f"It explains {own} of the score's variance where it was made, and can't be judged on other accounts."
    elif value <= 0:
        yield f"It explains nothing of the score's variance out of sample ({own} where it was made)."
    else:
        yield (
            f"It explains {percent(value)} of the score's variance out of sample ({own} where it was made)"
            f"{'; ' + differ if differ else ''}."
        )
    if p is not None and p >= _LEVEL:
        yield f"Its segments don't differ clearly in the score (Kruskal-Wallis test, p {p:.2f})."
        return
    alike = np.flatnonzero(tests.neighbours & (tests.corrected >= _LEVEL))
    if len(alike):
        yield _neighbours(tests, alike)
    if call.learned and tested.any():
        yield "It was learned from these accounts, so that tests of its segments are surer than they should be."


def _differ(corrected: Floats) -> str:
    apart = int(np.count_nonzero(corrected < _LEVEL))
    if len(corrected) == 1:
        return "1 pair of segments differs" if apart else "1 pair of segments doesn't differ clearly"
    return f"{apart:,} of {len(corrected):,} pairs of segments differ" if len(corrected) else ""


def _neighbours(tests: _Tests, alike: np.ndarray[tuple[int, ...], np.dtype[np.int64]]) -> str:
    names, pairs = tests.names, tests.pairs
    shown = [f"`{names[pairs.first[one]]}` from `{names[pairs.second[one]]}`" for one in alike[:_MOST_NAMED]]
    more = len(alike) - len(shown)
    told = " or ".join(shown) + (f", nor {more} more neighbours from each other" if more else "")
    return f"It doesn't tell {told}: their means don't differ clearly."
