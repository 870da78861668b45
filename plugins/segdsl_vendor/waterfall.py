"""The waterfall: each column takes its value from the first source, in the order written, that has a fresh one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from segdsl.plugin import Asked
from segdsl_vendor.equality import Rows
from segdsl_vendor.matching import Matches
from segdsl_vendor.settings import Provider, Settings, day_before

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Source:
    """Where values may come from: for each account the row it has there (-1 for none) and the confidence in it.

    `columns` hold the values by name; `stale` and `later` are the rows that are too old, or dated after the clock;
    `dates` their dates, None where the source has none.
    """

    table: str
    rows: Rows
    confidence: npt.NDArray[np.float64]
    columns: Mapping[str, pa.Array]
    dates: pa.Array | None
    stale: Mask
    later: Mask


@dataclass(frozen=True, slots=True)
class Filled:
    """A column made: its values, and for each account the place of the source it came from (-1 for none).

    `dropped_stale` and `dropped_later` are the accounts for which a value was passed over by its date.
    """

    values: pa.Array
    source: Rows
    dropped_stale: Mask
    dropped_later: Mask


def read_source(
    provider: Provider, columns: Mapping[str, pa.Array], matches: Matches, settings: Settings, clock: date
) -> Source:
    """A provider as a source of values, with the rows of it that are too old.

    Where the table has no dates at all, the age that the provider states counts, and without one its records pass.
    """
    dates, stale, later = _ages(columns, provider.dated, provider.linked.length, settings, clock)
    if settings.fresh_after is not None and dates is None and provider.age is not None:
        stale[:] = day_before(clock, provider.age) <= settings.fresh_after
    return Source(provider.table, matches.matched, matches.confidence, columns, dates, stale, later)


def own_source(table: str, columns: Mapping[str, pa.Array], length: int, settings: Settings, clock: date) -> Source:
    """The enriched table itself as a source: the confidence in its own values is 1."""
    dates, stale, later = _ages(columns, settings.dated, length, settings, clock)
    return Source(table, np.arange(length), np.ones(length), columns, dates, stale, later)


def _ages(
    columns: Mapping[str, pa.Array], dated: str | None, length: int, settings: Settings, clock: date
) -> tuple[pa.Array | None, Mask, Mask]:
    """The dates of rows, which of them are too old, and which are later than the clock.

    With a limit of age, a row without a date is too old, for nothing shows that it is fresh.
    """
    if dated is None:
        return None, np.zeros(length, np.bool_), np.zeros(length, np.bool_)
    dates = columns[dated].cast(pa.date32())
    later = _mask(pc.greater(dates, pa.scalar(clock)), missing=False)
    if settings.fresh_after is None:
        return dates, np.zeros(length, np.bool_), later
    return dates, _mask(pc.less_equal(dates, pa.scalar(settings.fresh_after)), missing=True), later


def _mask(values: pa.BooleanArray, missing: bool) -> Mask:
    return np.array(pc.fill_null(values, missing).to_numpy(zero_copy_only=False))


def fill(asked: Asked, sources: Sequence[Source], length: int) -> Filled:
    """The values of one asked column for all accounts."""
    places = {source.table: place for place, source in enumerate(sources)}
    chosen, at = np.full(length, -1, np.int64), np.full(length, -1, np.int64)
    dropped_stale, dropped_later = np.zeros(length, np.bool_), np.zeros(length, np.bool_)
    parts: list[pa.Array] = []
    offset = 0
    for column in asked.columns:
        source = sources[places[column.table]]
        values = source.columns[column.column]
        has = _has_value(values, source.rows) & (chosen < 0)
        row = np.where(has, source.rows, 0)
        stale = has & source.stale[row] if len(values) else has
        later = has & source.later[row] if len(values) else has
        dropped_stale |= stale & ~later
        dropped_later |= later
        take = has & ~stale & ~later
        chosen[take] = places[column.table]
        at[take] = offset + source.rows[take]
        parts.append(values)
        offset += len(values)
    kind = parts[0].type
    whole = pa.chunked_array([part.cast(kind) for part in parts], kind).combine_chunks()
    taken = whole.take(pa.array(at, mask=at < 0))
    return Filled(taken, chosen, dropped_stale, dropped_later)


def _has_value(values: pa.Array, rows: Rows) -> Mask:
    """Which accounts have a row, with a value in it."""
    valid = values.is_valid().to_numpy(zero_copy_only=False)
    return (rows >= 0) & (valid[rows] if len(valid) else False)


def used_rows(filled: Sequence[Filled], sources: Sequence[Source], place: int) -> Rows:
    """The rows of one source that give at least one value, in order."""
    rows = [sources[place].rows[column.source == place] for column in filled]
    return np.unique(np.concatenate(rows)) if rows else np.empty(0, np.int64)


def describe(name: str, filled: Filled, sources: Sequence[Source]) -> Mapping[str, pa.Array]:
    """The columns that come along: where each value is from, its date, and the confidence in the match."""
    length = len(filled.source)
    confidence = np.full(length, np.nan)
    dates = pa.nulls(length, pa.date32())
    for place, source in enumerate(sources):
        from_here = filled.source == place
        confidence[from_here] = source.confidence[from_here]
        if source.dates is not None and from_here.any():
            here = source.dates.take(pa.array(source.rows, mask=~from_here))
            dates = pc.if_else(pa.array(from_here), here, dates)
    names = pa.array([source.table for source in sources], pa.string())
    return {
        f"{name}_provider": names.take(pa.array(filled.source, mask=filled.source < 0)),
        f"{name}_date": dates,
        f"{name}_confidence": pa.array(confidence, mask=filled.source < 0),
    }
