"""Segments by prototype: each row goes to the nearest, in units of each measure's scale."""

from collections.abc import Sequence
from datetime import date, datetime

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from segdsl.engines.arrow.aggregation.columns import Floats, Mask, valid_mask
from segdsl.engines.arrow.batch import Batch, spread
from segdsl.engines.arrow.values import evaluate
from segdsl.model.model import Measure, Segment
from segdsl.types import Duration, Kind, Type, Value, money_places

# Rows times prototypes held at a time: 1 M doubles.
_CELLS = 1 << 20
_MICROSECONDS_PER_DAY = 86_400_000_000


def assign_nearest(measures: Sequence[Measure], segments: Sequence[Segment], batch: Batch) -> npt.NDArray[np.int32]:
    """For each row the place of the nearest segment; -1 where a measure is missing.

    The distance is the sum over the measures of ((value - at) / scale)^2, values and points being log(1 + x) for a
    `log` measure. Ties go to the first listed.
    """
    columns = [_column(measure, batch) for measure in measures]
    points = np.array([[_point(measure, segment) for measure in measures] for segment in segments])
    known = np.logical_and.reduce([mask for _, mask in columns])
    values = np.stack([column for column, _ in columns], axis=1)
    result = np.full(batch.length, -1, dtype=np.int32)
    rows = np.flatnonzero(known)
    size = max(1, _CELLS // max(1, len(points)))
    for start in range(0, len(rows), size):
        part = rows[start : start + size]
        result[part] = np.argmin(_distances(values[part], points), axis=1)
    return result


def distances(measures: Sequence[Measure], segments: Sequence[Segment], batch: Batch) -> Floats | None:
    """How far one row is from each prototype: the root of the sum that `assign_nearest` compares.

    None where a measure is missing.
    """
    columns = [_column(measure, batch) for measure in measures]
    if not all(known[0] for _, known in columns):
        return None
    points = np.array([[_point(measure, segment) for measure in measures] for segment in segments])
    found: Floats = np.sqrt(_distances(np.stack([column for column, _ in columns], axis=1), points)[0])
    return found


def _distances(values: Floats, points: Floats) -> Floats:
    total = np.zeros((len(values), len(points)))
    # Measure after measure, so that the sum is taken in one order on every machine.
    for place in range(points.shape[1]):
        total += (values[:, place, None] - points[None, :, place]) ** 2
    return total


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


def _point(measure: Measure, segment: Segment) -> float:
    at = next((place.value for place in segment.at if place.measure == measure.name), None)
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
