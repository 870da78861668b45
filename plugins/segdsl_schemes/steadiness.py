"""How stable a segmentation is: on other accounts, and in time."""

from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from segdsl.plugin import MeasureCall, Measured
from segdsl_schemes.refitting import LEAST_ROWS, Refits, placed_rows, refit, segment_codes, undivided
from segdsl_schemes.snapshots import read_snapshots, snapshot_note, snapshot_table
from segdsl_schemes.stability import EVALUATOR

# Hennig (2007): a cluster that on average has a likeness of less isn't there, one from the second on is stable.
DISSOLVED = 0.5
STABLE = 0.75


def measure(call: MeasureCall) -> Measured:
    """The mean agreement of segments learned on halves with those learned on all accounts; 1 if nothing is learned.

    None where all accounts are in one segment: that is the same whatever the accounts, and tells nobody apart.
    """
    snapshots = read_snapshots(call)
    alone = undivided(segment_codes(call.segments))
    if alone:
        return Measured(None, figures=dict.fromkeys(EVALUATOR.figures), notes=(alone,))
    tables = {} if snapshots is None else {"snapshots": snapshot_table(call, snapshots)}
    shift = None if snapshots is None or snapshots.shift is None else snapshots.shift.index
    later = () if snapshots is None else (snapshot_note(call, snapshots),)
    figures: dict[str, float | None] = {"low": None, "high": None, "psi": shift}
    if not call.learned and len(call.segments):
        same = "Nothing about the segmentation is learned from accounts: its rules are the same whatever the accounts."
        return Measured(1.0, tables=tables, figures={**figures, "low": 1.0, "high": 1.0}, notes=(same, *later))
    times = call.options.get("refits", 20)
    assert isinstance(times, int)
    refits = refit(call, times)
    if refits is None:
        return Measured(None, tables=tables, figures=figures, notes=(_why_not(call), *later))
    low, high = (float(one) for one in np.quantile(refits.agreements, (0.05, 0.95)))
    tables |= {"refits": _refit_table(refits), "segments": _segment_table(call, refits)}
    notes = (*_notes(call, refits, low, high), *later)
    return Measured(refits.mean, tables=tables, figures={**figures, "low": low, "high": high}, notes=notes)


def _why_not(call: MeasureCall) -> str:
    if placed_rows(call) < LEAST_ROWS:
        return f"There are {placed_rows(call):,} accounts in segments, too few to learn segments on half of them."
    return "The segmentation can't be learned anew, so whether other accounts give the same segments can't be told."


def _refit_table(refits: Refits) -> pa.Table:
    return pa.table(
        {
            "refit": pa.array(range(1, len(refits.agreements) + 1), pa.int64()),
            "segments": pa.array(refits.counts),
            "adjusted_rand": pa.array(refits.agreements),
        }
    )


def _segment_table(call: MeasureCall, refits: Refits) -> pa.Table:
    """How like each segment the most alike one of the refits is, on average, and how often it is hardly there."""
    likeness = refits.likeness
    return pa.table(
        {
            "segment": pa.array(call.names, pa.string()),
            "likeness": pa.array(likeness.mean(axis=0), from_pandas=True),
            "dissolved": pa.array(
                np.where(np.isnan(likeness[0]), np.nan, (likeness <= DISSOLVED).mean(axis=0)), from_pandas=True
            ),
        }
    )


def _notes(call: MeasureCall, refits: Refits, low: float, high: float) -> Iterator[str]:
    times = len(refits.agreements)
    yield (
        f"Learned {times} times on half of the accounts, the segments agree with those of all accounts by"
        f" {refits.mean:.2f} ({low:.2f} to {high:.2f} in nine of ten cases; 1 is the same, 0 is chance)."
    )
    own = len(call.segments.drop_null().unique())
    if np.any(refits.counts != own):
        same = int((refits.counts == own).sum())
        yield (
            f"How many segments there are is found anew in each half: {refits.counts.min()} to {refits.counts.max()},"
            f" and {own}, as among all accounts, in {same} of {times}."
        )
    none = int((refits.counts == 0).sum())
    if none:
        yield f"In {none} of {times} halves no segments were found; these count as they are, with no agreement."
    likeness = refits.likeness.mean(axis=0)
    weak = [f"`{name}` ({one:.2f})" for name, one in zip(call.names, likeness, strict=True) if one < STABLE]
    if weak:
        yield f"Not stable, by a likeness below {STABLE}: {', '.join(weak)}."
