"""The gains of a scheme that ranks accounts by the mean score of their segment."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from segdsl.evidence.gains import Gains, best_parts, gains, pooled, resampled_gains
from segdsl.evidence.measures import Floats
from segdsl.plugin import MeasureCall, Measured
from segdsl_measures.lift import EVALUATOR
from segdsl_measures.samples import (
    Places,
    Sample,
    Trial,
    apparent,
    out_of_sample,
    ranking,
    sample_of,
    split_note,
    undivided,
)
from segdsl_measures.words import exactly, percent, untold

_PERCENTS = np.arange(101) / 100
_INTERVAL = (2.5, 97.5)
# Resamples of fewer accounts are too much alike to tell how sure a figure is.
_FEWEST = 20

# Low and high at each percent and at last at `top`; None of few accounts.
_Band = tuple[Floats, Floats] | None


@dataclass(frozen=True, slots=True)
class _Ranked:
    """Accounts in one ranking: the place of each, and its score."""

    places: Places
    score: Floats


def measure(call: MeasureCall) -> Measured:
    """The lift at `top`, out of sample, with the curve; None where the score tells nobody apart."""
    top = float(call.options["top"])  # type: ignore[arg-type]
    sample = sample_of(call)
    wrong = untold(sample.score[sample.known])
    if wrong:
        return _nothing(f"It has no lift: {wrong}.")
    alone = undivided(sample.segments) or _unranked(sample)
    if alone:
        return _nothing(alone)
    own = apparent(sample)
    on_itself = gains(_places(sample, own), best_parts(sample.score[own.judged_on], top))
    trials = out_of_sample(sample)
    rankings = _rankings(sample, trials)
    found = float(on_itself.at(top)) / top
    if not rankings:
        return _nothing(_unjudged(sample, found), found)
    sizes = [len(one.score) for one in rankings]
    curve = pooled([gains(one.places, best_parts(one.score, top)) for one in rankings], sizes)
    band = _band(call, rankings, curve, top)
    first, *others = _notes(curve, band, top)
    notes = (first, *split_note(sample, trials), *others)
    return _measured(curve, band, top, found, notes)


def _rankings(sample: Sample, trials: Sequence[Trial]) -> tuple[_Ranked, ...]:
    """Accounts judged by the same segments in the same order are ranked together, others apart."""
    alike: list[tuple[Trial, Places, list[Trial]]] = []
    for trial in trials:
        order = ranking(sample, trial)
        for first, of_first, members in alike:
            if _same_segments(trial, first) and _same_order(trial.segments[sample.known], order, of_first):
                members.append(trial)
                break
        else:
            alike.append((trial, order, [trial]))
    found = []
    for first, order, members in alike:
        judged_on = np.logical_or.reduce([one.judged_on for one in members])
        found.append(_Ranked(order[first.segments[judged_on]], sample.score[judged_on]))
    return tuple(found)


def _same_order(segments: Places, one: Places, other: Places) -> bool:
    """Whether the segments that have accounts come in the same order; where the others come is nothing to anybody."""
    there = np.flatnonzero(np.bincount(segments + 1)) - 1
    places, others = (np.unique(order[there], return_inverse=True)[1] for order in (one, other))
    return bool(np.array_equal(places, others))


def _same_segments(one: Trial, other: Trial) -> bool:
    return one.segments is other.segments or (
        one.names == other.names and bool(np.array_equal(one.segments, other.segments))
    )


def _places(sample: Sample, trial: Trial) -> Places:
    return ranking(sample, trial)[trial.segments[trial.judged_on]]


def _band(call: MeasureCall, rankings: Sequence[_Ranked], curve: Gains, top: float) -> _Band:
    """It holds the curve, also where that is at the edge of what can be."""
    if sum(len(one.score) for one in rankings) < _FEWEST:
        return None
    count = call.options["resamples"]
    assert isinstance(count, int)
    depths = np.append(_PERCENTS, top)
    random = np.random.default_rng(call.seed)
    rows = sum(len(one.score) for one in rankings)
    drawn = sum(
        (
            resampled_gains(one.places, one.score, top, depths, count, random) * (len(one.score) / rows)
            for one in rankings
        ),
        np.zeros((count, len(depths))),
    )
    low, high = np.percentile(drawn, _INTERVAL, axis=0)
    return np.minimum(low, curve.at(depths)), np.maximum(high, curve.at(depths))


def _measured(curve: Gains, band: _Band, top: float, apparent: float, notes: tuple[str, ...]) -> Measured:
    caught = float(curve.at(top))
    depths = {f"depth_{share}": curve.depth_of(share / 100) for share in (50, 80, 100)}
    lift = caught / top
    figures = {
        "caught": caught,
        "excess": lift - 1,
        "area": curve.area,
        **depths,
        "low": None if band is None else float(band[0][-1]) / top,
        "high": None if band is None else float(band[1][-1]) / top,
        "apparent": apparent,
    }
    table = pa.table(
        {
            "percent": pa.array(range(101), pa.int64()),
            "caught": curve.at(_PERCENTS),
            "low": pa.nulls(101, pa.float64()) if band is None else band[0][:-1],
            "high": pa.nulls(101, pa.float64()) if band is None else band[1][:-1],
            "no_information": _PERCENTS,
            "perfect": np.minimum(_PERCENTS / top, 1.0),
            "lift": pa.array([None, *(curve.at(_PERCENTS[1:]) / _PERCENTS[1:]).tolist()], pa.float64()),
        }
    )
    return Measured(lift, tables={"gains": table}, figures=figures, notes=notes)


def _notes(curve: Gains, band: _Band, top: float) -> Iterator[str]:
    caught, share = float(curve.at(top)), exactly(top)
    half, most, whole = (percent(curve.depth_of(part)) for part in (0.5, 0.8, 1.0))
    interval = "" if band is None else f" ({percent(float(band[0][-1]))} to {percent(float(band[1][-1]))})"
    yield (
        f"It catches {percent(caught)}{interval} of the best {share} in its first {share}:"
        f" lift {caught / top:.2f}; 50%, 80% and 100% of the best are caught in the first {half}, {most} and {whole}."
    )
    if band is None:
        yield f"It is judged on fewer than {_FEWEST} accounts, which are too few to tell how sure that is."
        return
    low, high = float(band[0][-1]), float(band[1][-1])
    if high < top:
        yield "It ranks accounts that its order was not learned on worse than chance."
    elif low <= top:
        yield f"It isn't clearly better than chance: the lift lies between {low / top:.2f} and {high / top:.2f}."


def _unjudged(sample: Sample, apparent: float) -> str:
    call = sample.call
    if call.learned and call.relearn is None:
        return (
            "It has no lift out of sample, as its segments can't be learned anew; judged on the accounts that they were"
            f" learned on, it is {apparent:.2f}."
        )
    return "It has no lift: no accounts with a score are left on one side of the split."


def _nothing(note: str, apparent: float | None = None) -> Measured:
    return Measured(figures={**dict.fromkeys(EVALUATOR.figures), "apparent": apparent}, notes=(note,))


def _unranked(sample: Sample) -> str:
    """Why the scheme ranks nobody, if so."""
    found = sample.segments[sample.known]
    if sample.call.learned or np.any(found != found[0]):
        return ""
    where = "no account with a score into a segment" if found[0] < 0 else "all accounts with a score into one segment"
    return f"It puts {where}, which ranks nobody."
