"""Segments before and after a date."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa

from segdsl.evidence.measures import plain_numbers
from segdsl.evidence.population_stability import LARGE_SHIFT, SOME_SHIFT, Shift, population_stability
from segdsl.plugin import FieldName, Kind, MeasureCall, Refused
from segdsl_schemes.refitting import Places, segment_codes

NO_SEGMENT = "(no segment)"
_EPOCH = date(1970, 1, 1)
_DATES = frozenset({Kind.DATE, Kind.TIMESTAMP})


@dataclass(frozen=True, slots=True)
class Snapshots:
    """Accounts of each segment before and from the date on, and at the end of those in none; `shift` compares them.

    `undated` accounts have no date. `shift` is None where there are no accounts on one side.
    """

    field: str
    day: date
    before: Places
    after: Places
    undated: int
    shift: Shift | None


def read_snapshots(call: MeasureCall) -> Snapshots | None:
    """None where the options don't name a date. Refuses one of `by` and `after` without the other."""
    by, after = call.options.get("by"), call.options.get("after")
    if by is None and after is None:
        return None
    if by is None:
        raise Refused("`after` is given without `by`", "after", help="add `by: FIELD`, the date that says when")
    if after is None:
        raise Refused("`by` is given without `after`", "by", help="add `after: 2025-01-01`, the date to split at")
    assert isinstance(by, FieldName) and isinstance(after, date)
    if call.types[by.name].kind not in _DATES:
        raise Refused(f"`{by.name}` is {call.types[by.name].or_missing(False)}", "by", expected="a date")
    days, known = plain_numbers(call.fields[by.name])
    places = segment_codes(call.segments)
    # Those in no segment stand at the end.
    places = np.where(places < 0, len(call.names), places)
    early = days < (after - _EPOCH).days
    before, later = (
        np.bincount(places[known & rows], minlength=len(call.names) + 1).astype(np.int64) for rows in (early, ~early)
    )
    return Snapshots(by.name, after, before, later, int((~known).sum()), population_stability(before, later))


def snapshot_table(call: MeasureCall, found: Snapshots) -> pa.Table:
    """Accounts and shares of each segment on both sides of the date, and what it adds to the index."""
    b, a = (
        counts / counts.sum() if counts.sum() else np.full(len(counts), np.nan)
        for counts in (found.before, found.after)
    )
    parts = np.full(len(b), np.nan) if found.shift is None else found.shift.parts
    table = pa.table(
        {
            "segment": pa.array([*call.names, NO_SEGMENT]),
            "before": pa.array(found.before),
            "after": pa.array(found.after),
            "share_before": pa.array(b, from_pandas=True),
            "share_after": pa.array(a, from_pandas=True),
            "psi": pa.array(parts, from_pandas=True),
        }
    )
    return table if found.before[-1] or found.after[-1] else table.slice(0, len(call.names))


def snapshot_note(call: MeasureCall, found: Snapshots) -> str:
    """What has shifted, in a sentence or two."""
    dated = f"{found.before.sum():,} accounts with `{found.field}` before {found.day}"
    sides = f"{dated} and {found.after.sum():,} from then on"
    undated = f" {found.undated:,} accounts without `{found.field}` take no part." if found.undated else ""
    if found.shift is None:
        return f"The shares of segments can't be compared: there are {sides}.{undated}"
    index = found.shift.index
    most = int(np.argmax(found.shift.parts))
    name = [*call.names, NO_SEGMENT][most]
    b, a = found.before[most] / found.before.sum(), found.after[most] / found.after.sum()
    moved = f" Most of it is `{name}`: {b:.1%} before, {a:.1%} after." if index >= SOME_SHIFT else ""
    return f"Between {sides}, the population stability index is {index:.3f}: {_judged(found.shift)}.{moved}{undated}"


def _judged(shift: Shift) -> str:
    """How large the shift is by custom, and whether chance alone would give it."""
    index, chance = shift.index, f"{shift.by_chance:.3f} in 1 of 20 cases"
    if index < SOME_SHIFT:
        size = f"no shift (below {SOME_SHIFT:g})"
        more = f"though more than chance alone would give ({chance})"
    else:
        size = f"some shift (below {LARGE_SHIFT:g})" if index < LARGE_SHIFT else f"a large shift (from {LARGE_SHIFT:g})"
        more = f"and more than chance alone would give ({chance})"
    return f"{size}, {more}" if index > shift.by_chance else f"{size}, no more than chance alone would give ({chance})"
