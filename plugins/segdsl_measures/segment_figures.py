"""Size, score and best accounts of each segment, as a table."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from segdsl.evidence.gains import best_parts
from segdsl.evidence.measures import Floats, plain_numbers
from segdsl.evidence.separation import groups_of
from segdsl.plugin import FieldName, Kind, MeasureCall, Refused
from segdsl_measures.samples import Places
from segdsl_measures.words import rounded

_QUARTERS = (0.25, 0.5, 0.75)
_GROWTHS = frozenset({Kind.COUNT, Kind.INT, Kind.NUMBER, Kind.RATIO, Kind.MONEY, Kind.DURATION})


@dataclass(frozen=True, slots=True)
class SegmentFigures:
    """A figure for each segment, NaN where there is none, and at the end for the accounts in no segment.

    `surplus` is the share of the best accounts that the segment holds less its share of the accounts with a score.
    """

    table: pa.Table
    surplus: Floats


def segment_figures(call: MeasureCall, top: float) -> SegmentFigures:
    """Figures of the segments as they are, on all accounts of the call. Refuses a `growth` that is no number."""
    count = len(call.names)
    places = call.segments.fill_null(count).to_numpy(zero_copy_only=False).astype(np.int64)
    score = call.score.to_numpy(zero_copy_only=False)
    known = np.flatnonzero(np.isfinite(score))
    sizes = np.bincount(places, minlength=count + 1)
    # Sorted by segment and in it by score, equal scores in the order of the key.
    ascending = known[np.argsort(score[known], kind="stable")]
    rows = ascending[np.argsort(places[ascending].astype(_narrow(count)), kind="stable")]
    groups = groups_of(places[known], score[known], count + 1)
    starts = np.cumsum(groups.counts) - groups.counts
    shares = _best_shares(places[known], score[known], count + 1, top)
    scored = groups.counts > 0

    def amounts(values: Floats) -> pa.Array:
        return _numbers(rounded(values, call.score_type))

    with np.errstate(divide="ignore", invalid="ignore"):
        held = groups.counts / len(known) if len(known) else np.full(count + 1, np.nan)
        columns = {
            "segment": pa.array([*call.names, None], pa.string()),
            "accounts": pa.array(sizes, pa.int64()),
            "share": _numbers(sizes / max(len(places), 1)),
            "scored": pa.array(groups.counts, pa.int64()),
            "mean": amounts(np.where(scored, groups.means, np.nan)),
            "sd": amounts(np.where(groups.counts > 1, np.sqrt(groups.squares / (groups.counts - 1)), np.nan)),
            **{name: amounts(one) for name, one in _spread(score[rows], starts, groups.counts).items()},
            "worst_account": _accounts(call, rows, starts, scored),
            "best_account": _accounts(call, rows, _first_highest(score[rows], starts, groups.counts), scored),
            "share_of_best": _numbers(shares),
            "best_inside": _numbers(shares * top * len(known) / groups.counts),
        }
    growth = call.options.get("growth")
    if isinstance(growth, FieldName):
        if call.types[growth.name].kind not in _GROWTHS:
            found = f"`{growth.name}` is {call.types[growth.name].or_missing(False)}"
            raise Refused(found, "growth", expected="a number, such as a growth rate")
        medians = _medians(call.fields[growth.name], places, count + 1)
        columns["growth"] = _numbers(rounded(medians, call.types[growth.name]))
    table = pa.table(columns)
    return SegmentFigures(table if sizes[-1] else table.slice(0, count), shares - held)


def _narrow(count: int) -> type[np.int16] | type[np.int64]:
    """Whole numbers of two bytes are sorted by counting."""
    return np.int16 if count < np.iinfo(np.int16).max else np.int64


def _best_shares(places: Places, score: Floats, count: int, top: float) -> Floats:
    """Which share of the best accounts each segment holds; NaN where the score tells nobody apart."""
    if not len(score) or score.min() == score.max():
        return np.full(count, np.nan)
    found: Floats = np.bincount(places, weights=best_parts(score, top), minlength=count) / (top * len(score))
    return found


def _spread(ordered: Floats, starts: Places, counts: Places) -> dict[str, Floats]:
    """The lowest and highest value and the quartiles of each group of sorted values, by linear interpolation."""
    levels = {
        "lowest": 0.0,
        **dict(zip(("quartile_1", "median", "quartile_3"), _QUARTERS, strict=True)),
        "highest": 1.0,
    }
    return {name: _quantile(ordered, starts, counts, level) for name, level in levels.items()}


def _quantile(ordered: Floats, starts: Places, counts: Places, level: float) -> Floats:
    found = np.full(len(counts), np.nan)
    there = counts > 0
    place = level * (counts[there] - 1)
    below = np.floor(place).astype(np.int64)
    above = np.minimum(below + 1, counts[there] - 1)
    low, high = ordered[starts[there] + below], ordered[starts[there] + above]
    found[there] = low + (high - low) * (place - below)
    return found


def _first_highest(ordered: Floats, starts: Places, counts: Places) -> Places:
    """Where the highest value of each group of sorted values first stands."""
    found = starts.copy()
    for group in np.flatnonzero(counts):
        own = ordered[starts[group] : starts[group] + counts[group]]
        found[group] += np.searchsorted(own, own[-1])
    return found


def _medians(column: pa.Array, places: Places, count: int) -> Floats:
    values, known = plain_numbers(column)
    known &= np.isfinite(values)
    kept, at = values[known], places[known]
    rows = np.lexsort((kept, at))
    counts = np.bincount(at, minlength=count)
    return _quantile(kept[rows], np.cumsum(counts) - counts, counts, 0.5)


def _accounts(
    call: MeasureCall, rows: Places, at: Places, scored: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]
) -> pa.Array:
    """The key of one account of each segment as text, its parts joined by a slash."""
    if not call.key:
        return pa.nulls(len(at), pa.string())
    chosen = pa.array(rows[np.where(scored, at, 0)] if len(rows) else np.zeros(len(at), dtype=np.int64), mask=~scored)
    parts = [column.take(chosen).cast(pa.string()) for column in call.key]
    return parts[0] if len(parts) == 1 else pc.binary_join_element_wise(*parts, "/")


def _numbers(values: Floats) -> pa.Array:
    return pa.array(values, pa.float64(), mask=np.isnan(values))
