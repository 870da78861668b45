"""Accounts that a scheme is judged on, and those that it is learned on."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from segdsl.evidence.measures import Floats, plain_numbers
from segdsl.plugin import FieldName, Kind, MeasureCall, Refused

Places = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

_EPOCH = date(1970, 1, 1)
# Equal means, added up in another order, differ by no more than this part of how far scores are from their mean.
_ROUNDING = 1e-11


@dataclass(frozen=True, slots=True)
class Sample:
    """The accounts of a call in the random order of `draw`, so that sums come out the same for any order of rows.

    `order` are their rows in the call, `segments` their segments (-1: none), `score` their scores where `known`.
    """

    call: MeasureCall
    order: Places
    segments: Places
    score: Floats
    known: Mask


@dataclass(frozen=True, slots=True)
class Trial:
    """A scheme learned on the accounts of the mask `learned_on`, to be judged on those of the mask `judged_on`.

    `segments` are those of all accounts of the sample, -1 for none, among `names`. What is judged has a known score.
    """

    segments: Places
    names: tuple[str, ...]
    learned_on: Mask
    judged_on: Mask


def sample_of(call: MeasureCall) -> Sample:
    """The accounts of the call; without `draw` they stay in the order of the key."""
    rows = len(call.segments)
    order = np.arange(rows) if call.draw is None else np.argsort(call.draw.to_numpy())
    score = call.score.to_numpy(zero_copy_only=False)[order]
    return Sample(call, order, _codes(call.segments)[order], score, np.isfinite(score))


def out_of_sample(sample: Sample) -> tuple[Trial, ...]:
    """A trial for each fold, or the one of a split in time; none where nothing could be learned anew.

    Trials in which no account with a known score is learned on, or none judged on, are left out.
    """
    if sample.call.learned and sample.call.relearn is None:
        return ()
    masks = _folds(sample) if _cut(sample.call) is None else _split(sample)
    found = (_trial(sample, learned_on, judged_on) for learned_on, judged_on in masks)
    return tuple(one for one in found if one is not None)


def undivided(segments: Places) -> str:
    """Why segments tell nobody apart, if so: all accounts are in the same one, or all in none."""
    if not len(segments) or np.any(segments != segments[0]):
        return ""
    if segments[0] < 0:
        return "It puts no account into a segment, so there is nothing to judge."
    return "It is one segment for all accounts, not a segmentation."


def split_note(sample: Sample, trials: Sequence[Trial]) -> tuple[str, ...]:
    """Which accounts are learned and judged on, if they are split in time: not all that are shown elsewhere."""
    cut = _cut(sample.call)
    if cut is None or not trials:
        return ()
    field, day = cut
    judged = sum(int(np.count_nonzero(one.judged_on)) for one in trials)
    learned = sum(int(np.count_nonzero(one.learned_on & sample.known)) for one in trials)
    undated = int(np.count_nonzero(sample.known)) - judged - learned
    without = f"; {undated:,} without `{field}` take no part" if undated else ""
    accounts = "1 account" if judged == 1 else f"{judged:,} accounts"
    return (f"It is judged on {accounts} with `{field}` from {day} on, and learned on {learned:,} before{without}.",)


def apparent(sample: Sample) -> Trial:
    """The scheme as it is, judged on the accounts that it was learned on."""
    everyone = np.ones(len(sample.order), dtype=np.bool_)
    return Trial(sample.segments, sample.call.names, everyone, sample.known)


def means_of(sample: Sample, trial: Trial) -> Floats:
    """The mean score of each segment among the accounts learned on, and at the end that of accounts in no segment.

    Of these, and of segments without such accounts, nothing is known but the mean of all that were learned on.
    """
    rows = trial.learned_on & sample.known
    base = float(sample.score[rows].mean())
    # Sums of differences from a value in their midst keep their digits where scores are far from 0.
    score = sample.score[rows] - base
    places = trial.segments[rows]
    inside = places >= 0
    counts = np.bincount(places[inside], minlength=len(trial.names))
    sums = np.bincount(places[inside], weights=score[inside], minlength=len(trial.names))
    return base + np.append(np.where(counts > 0, sums / np.maximum(counts, 1), 0.0), 0.0)


def ranking(sample: Sample, trial: Trial) -> Places:
    """The place of each segment, 0 for the highest mean, and at the end that of accounts in no segment; ties share."""
    means = means_of(sample, trial)
    score = sample.score[trial.learned_on & sample.known]
    slack = _ROUNDING * np.abs(score - means[-1]).mean() + 8 * np.finfo(np.float64).eps * np.abs(score).max()
    order = np.argsort(-means, kind="stable")
    steps = -np.diff(means[order]) > slack
    places = np.empty(len(means), dtype=np.int64)
    places[order] = np.concatenate(([0], np.cumsum(steps)))
    return places


def _codes(segments: pa.Int32Array) -> Places:
    codes: Places = segments.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64)
    return codes


def _folds(sample: Sample) -> Iterator[tuple[Mask, Mask]]:
    """Folds of nearly equal size, each a stretch of the random order of accounts with a score and of those without."""
    folds = sample.call.options["folds"]
    assert isinstance(folds, int)
    fold_of = np.empty(len(sample.order), dtype=np.int64)
    for rows in (sample.known, ~sample.known):
        size = int(np.count_nonzero(rows))
        fold_of[rows] = np.arange(size) * folds // max(size, 1)
    for fold in range(folds):
        yield fold_of != fold, fold_of == fold


def _split(sample: Sample) -> Iterator[tuple[Mask, Mask]]:
    cut = _cut(sample.call)
    assert cut is not None
    field, day = cut
    if sample.call.types[field].kind not in (Kind.DATE, Kind.TIMESTAMP):
        raise Refused(f"`{field}` is {sample.call.types[field].or_missing(False)}", "by", expected="a date")
    days, known = plain_numbers(sample.call.fields[field])
    days, known = days[sample.order], known[sample.order]
    begins = (day - _EPOCH).days
    yield known & (days < begins), known & (days >= begins)


def _cut(call: MeasureCall) -> tuple[str, date] | None:
    by, after = call.options.get("by"), call.options.get("after")
    if by is None and after is None:
        return None
    if by is None:
        raise Refused("`after` is given without `by`", "after", help="add `by: FIELD`, the date that says when")
    if after is None:
        raise Refused("`by` is given without `after`", "by", help="add `after: 2025-01-01`, the date to split at")
    assert isinstance(by, FieldName) and isinstance(after, date)
    return by.name, after


def _trial(sample: Sample, learned_on: Mask, judged_on: Mask) -> Trial | None:
    judged_on = judged_on & sample.known
    if not judged_on.any() or not (learned_on & sample.known).any():
        return None
    call = sample.call
    if not call.learned or call.relearn is None:
        return Trial(sample.segments, call.names, learned_on, judged_on)
    rows = np.empty(len(learned_on), dtype=np.bool_)
    rows[sample.order] = learned_on
    found = call.relearn(pa.array(rows))
    return Trial(_codes(found.segments)[sample.order], found.names, learned_on, judged_on)
