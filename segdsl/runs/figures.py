"""Counts of a run as tables: attrition, and sizes and mean scores of segments."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

import pyarrow as pa

from segdsl.engines.arrow.gates import Gate
from segdsl.engines.arrow.measured import Measurement
from segdsl.engines.arrow.physical import places
from segdsl.engines.arrow.results import AttritionTable, RunTables, SchemeSummary
from segdsl.model.model import Score
from segdsl.types import Duration, Kind, Type, Value

_INT = pa.int64()
_TEXT = pa.string()
_ATTRITION = pa.schema(
    [
        ("population", _TEXT),
        ("table", _TEXT),
        ("step", _INT),
        ("rule", _TEXT),
        ("action", _TEXT),
        ("dropped", _INT),
        ("left", _INT),
        ("undecided", _INT),
    ]
)
_SEGMENTS = (
    ("segmentation", _TEXT),
    ("segment", _TEXT),
    ("title", _TEXT),
    ("count", _INT),
    ("share", pa.float64()),
    ("undecided", _INT),
)


def attrition_table(tables: RunTables) -> pa.Table:
    """One row for the start of each population and one for each of its rules.

    Columns: population, the table its rows come from, step (0 is the start), rule (its reason; missing at the start),
    action (keep or drop), rows dropped and left, and rows that a missing value left undecided.
    """
    rows = [row for attrition in tables.attrition.values() for row in _attrition(attrition)]
    return _table(rows, _ATTRITION)


def _attrition(found: AttritionTable) -> Iterable[tuple[object, ...]]:
    yield found.population, found.table, 0, None, None, 0, found.start, 0
    for number, row in enumerate(found.rows, start=1):
        action = "keep" if row.keep else "drop"
        yield found.population, found.table, number, row.reason, action, row.dropped, row.left, row.undecided


def segment_table(tables: RunTables, scores: Mapping[str, Score]) -> pa.Table:
    """One row for each segment, nested ones too, and one for the rows in none where there are any.

    Columns: segmentation, segment (`parent/child` for a nested one; missing for the rows in none), title, count,
    share of all rows, undecided rows (missing where the question doesn't arise), and `mean SCORE` for each score that
    has one: money as a decimal, durations in days, anything else as a float; missing where no score is known.
    """
    named = [name for name in scores if any(name in one.means for s in tables.segments.values() for one in s.segments)]
    kinds = {name: _mean_type(scores[name].type) for name in named}
    rows = [row for summary in tables.segments.values() for row in _segments(summary, kinds)]
    means = [(f"mean {name}", kind) for name, kind in kinds.items()]
    schema = pa.schema([*_SEGMENTS, *means])
    return _table(rows, schema)


def _segments(summary: SchemeSummary, scores: Mapping[str, pa.DataType]) -> Iterable[tuple[object, ...]]:
    for one in summary.segments:
        means = (_plain(one.means.get(score), kind) for score, kind in scores.items())
        yield summary.scheme, one.path, one.title, one.count, one.share, one.undecided, *means
    if summary.unassigned:
        share = summary.unassigned / summary.rows
        yield summary.scheme, None, None, summary.unassigned, share, None, *(None for _ in scores)


def _mean_type(type_: Type) -> pa.DataType:
    return pa.decimal128(19, places(type_)) if type_.kind is Kind.MONEY else pa.float64()


def _plain(mean: Value, kind: pa.DataType) -> Decimal | float | None:
    match mean:
        case Duration():
            return float(mean.days)
        case int() | Decimal():
            return Decimal(mean) if pa.types.is_decimal(kind) else float(mean)
        case _:
            return None


def _table(rows: Sequence[tuple[object, ...]], schema: pa.Schema) -> pa.Table:
    columns: Iterable[Sequence[object]] = zip(*rows, strict=True) if rows else ((),) * len(schema)
    arrays = [pa.array(column, field.type) for column, field in zip(columns, schema, strict=True)]
    return pa.Table.from_arrays(arrays, schema=schema)


def requirement_table(gates: Iterable[Gate]) -> pa.Table:
    """The requirements: as the spec writes them, score, segment (empty for the whole), value (missing where it can't be
    told), and whether it is met.
    """
    found = tuple(gates)
    return pa.table(
        {
            "requirement": pa.array([one.requirement for one in found], pa.string()),
            "score": pa.array([one.score for one in found], pa.string()),
            "segment": pa.array([one.segment for one in found], pa.string()),
            "value": pa.array([one.value for one in found], pa.float64()),
            "met": pa.array([one.met for one in found], pa.bool_()),
        }
    )


def evaluation_table(measured: Iterable[Measurement]) -> pa.Table:
    """The figures of schemes and scores.

    Columns: scheme (empty for the score itself), score, measure, figure (empty for the measure's own), segment (empty
    for the whole scheme), value.
    """
    found = tuple(measured)
    return pa.table(
        {
            "scheme": pa.array([one.scheme for one in found], pa.string()),
            "score": pa.array([one.score for one in found], pa.string()),
            "measure": pa.array([one.measure for one in found], pa.string()),
            "figure": pa.array([one.figure for one in found], pa.string()),
            "segment": pa.array([one.segment for one in found], pa.string()),
            "value": pa.array([one.value for one in found], pa.float64()),
        }
    )
