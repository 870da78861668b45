"""Segments by prototype: each row goes to the nearest, in units of each measure's scale."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from segdsl.engines.arrow.aggregation.columns import Floats, Mask, valid_mask
from segdsl.engines.arrow.batch import Batch, spread
from segdsl.engines.arrow.values import evaluate
from segdsl.model.model import COMPARED, Measure, Segment
from segdsl.types import Duration, Kind, Type, Value, money_places

# Rows times prototypes held at a time: 1 M doubles.
_CELLS = 1 << 20
_MICROSECONDS_PER_DAY = 86_400_000_000


@dataclass(frozen=True, slots=True)
class _Space:
    """Rows and prototypes by measure, numbers in units of the scale.

    Of a measure that is told as equal or not both are codes, and `unlike` says what it is worth that they differ; None
    of other measures. `known`: no measure of the row is missing.
    """

    values: Floats
    points: Floats
    unlike: tuple[float | None, ...]
    known: Mask


def assign_nearest(measures: Sequence[Measure], segments: Sequence[Segment], batch: Batch) -> npt.NDArray[np.int32]:
    """For each row the place of the nearest segment; -1 where a measure is missing.

    The distance is the sum over the measures of ((value - at) / scale)^2, values and points being log(1 + x) for a
    `log` measure; of a category or a yes-or-no 0 where they are equal, else (1 / scale)^2. Ties go to the first listed.
    """
    space = _space(measures, segments, batch)
    result = np.full(batch.length, -1, dtype=np.int32)
    rows = np.flatnonzero(space.known)
    size = max(1, _CELLS // max(1, len(segments)))
    for start in range(0, len(rows), size):
        part = rows[start : start + size]
        result[part] = np.argmin(_distances(space.values[part], space), axis=1)
    return result


def distances(measures: Sequence[Measure], segments: Sequence[Segment], batch: Batch) -> Floats | None:
    """How far one row is from each prototype: the root of the sum that `assign_nearest` compares.

    None where a measure is missing.
    """
    space = _space(measures, segments, batch)
    if not space.known[0]:
        return None
    found: Floats = np.sqrt(_distances(space.values, space)[0])
    return found


def _distances(values: Floats, space: _Space) -> Floats:
    total = np.zeros((len(values), len(space.points)))
    # Measure after measure, so that the sum is taken in one order on every machine.
    for place, unlike in enumerate(space.unlike):
        own, at = values[:, place, None], space.points[None, :, place]
        total += (own - at) ** 2 if unlike is None else np.where(own != at, unlike, 0.0)
    return total


def _space(measures: Sequence[Measure], segments: Sequence[Segment], batch: Batch) -> _Space:
    columns, points, unlike = [], [], []
    for measure in measures:
        at = [next((p.value for p in segment.at if p.measure == measure.name), None) for segment in segments]
        compared = measure.value.type.kind in COMPARED
        columns.append(_codes(measure, at, batch) if compared else _column(measure, batch))
        points.append([float(at.index(one)) if compared else _point(measure, one) for one in at])
        unlike.append((1 / float(measure.scale)) ** 2 if compared else None)
    known = np.logical_and.reduce([mask for _, mask in columns])
    values = np.stack([column for column, _ in columns], axis=1)
    return _Space(values, np.array(points, dtype=np.float64).T, tuple(unlike), known)


def _codes(measure: Measure, at: Sequence[Value], batch: Batch) -> tuple[Floats, Mask]:
    """For each row the place of the first prototype that has its value, -1 for none; and where it is known."""
    array = spread(evaluate(measure.value, batch), batch.length)
    known = valid_mask(array)
    coded = array if pa.types.is_dictionary(array.type) else array.dictionary_encode()
    places = [float(at.index(value)) if value in at else -1.0 for value in coded.dictionary.to_pylist()]
    indices = coded.indices.fill_null(len(places)).to_numpy(zero_copy_only=False)
    return np.array([*places, -1.0])[indices], known


def _column(measure: Measure, batch: Batch) -> tuple[Floats, Mask]:
    """The measure in units of its scale, and where it is known (the logarithm of 1 + x needs x > -1)."""
    array = spread(evaluate(measure.value, batch), batch.length)
    known = valid_mask(array)
    values = _plain(array, measure.value.type)
    if measure.log:
        known = known & (values > -1)
        values = np.log1p(np.where(known, values, 0.0))
    return values / float(measure.scale), known


def _plain(array: pa.Array, type_: Type) -> Floats:
    """Values as a spec writes them: money in units of the currency, durations and dates in days."""
    filled = array
    if pa.types.is_date32(array.type):
        filled = array.view(pa.int32())
    elif not pa.types.is_floating(array.type):
        filled = array.view(pa.int64())
    floats: Floats = filled.fill_null(0).to_numpy(zero_copy_only=False).astype(np.float64)
    if type_.kind is Kind.MONEY and type_.currency is not None:
        floats = floats / 10.0 ** money_places(type_.currency)
    elif type_.kind in (Kind.DURATION, Kind.TIMESTAMP):
        floats = floats / _MICROSECONDS_PER_DAY
    return floats


def _point(measure: Measure, at: Value) -> float:
    value = _number(at)
    return float((np.log1p(value) if measure.log else value) / float(measure.scale))


def _number(value: Value) -> float:
    match value:
        case Duration():
            return float(value.days)
        case datetime():
            return value.timestamp() / 86_400
        case date():
            return float(value.toordinal() - date(1970, 1, 1).toordinal())
        case str() | tuple() | None:
            raise AssertionError(f"{value!r} is no place on a measure")
        case _:
            return float(value)
