"""What evaluators are called with: the rows of a scheme or score, as arrays that plugins understand."""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

import pyarrow as pa
import pyarrow.compute as pc

from segdsl.engines.arrow.draws import draws
from segdsl.engines.arrow.reach import beyond_reach, within_reach
from segdsl.engines.arrow.results import AudienceTable, RunTables
from segdsl.model.model import Evaluation, Model
from segdsl.model.plugin_use import PluginUse
from segdsl.plan.evaluation_rows import SCORE, SEGMENT, Columns, MeasuredRows
from segdsl.plugin import ElsewhereRows, MeasureCall, Relearned
from segdsl.record import dataclass, replace

Relearn = Callable[[pa.BooleanArray], Relearned]

_MICROSECONDS_A_DAY = 86_400_000_000
_NOTHING_LEARNED: Mapping[str, Relearn] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Learning:
    """How schemes are learned anew, by the list of their rows.

    `fixed` are the lists of those that rest on nothing learned. A list in neither can't be learned anew.
    """

    anew: Mapping[str, Relearn] = _NOTHING_LEARNED
    fixed: frozenset[str] = frozenset()


def measure_call(
    model: Model,
    evaluation: Evaluation,
    rows: MeasuredRows,
    elsewhere: Sequence[MeasuredRows],
    tables: RunTables,
    learning: Learning,
) -> MeasureCall:
    """The rows of a list and of those of other tables, without the options of a measure."""
    listed = tables.audiences[rows.list_name]
    names = tuple(segment.name for segment in model.schemes[rows.scheme].segments) if rows.scheme else ()
    others = {name: column for one in elsewhere for name, column in one.fields.items()}
    read = {**others, **rows.fields, **rows.told_by, **rows.proxies}
    segments = _segments(listed, names) if names else pa.nulls(listed.table.num_rows, pa.int32())
    call = MeasureCall(
        segments=segments,
        names=names,
        score=within_reach(_numbers(listed.table.column(SCORE))),
        fields=_values(listed, rows.fields),
        told_by=_values(listed, rows.told_by),
        proxies=_values(listed, rows.proxies),
        terms=_terms(model, evaluation.score, tables) if not rows.scheme else MappingProxyType({}),
        types={name: column.value.type for name, column in read.items()},
        score_type=model.scores[evaluation.score].type,
        rows_of={one.table: _elsewhere(tables.audiences[one.list_name], one, names) for one in elsewhere},
        key=tuple(plain(column) for column in listed.keys.columns),
        draw=pa.array(draws(listed.keys)),
        relearn=learning.anew.get(rows.list_name),
        learned=rows.list_name not in learning.fixed and bool(rows.scheme),
    )
    as_it_is = Relearned(segments, names)
    return replace(call, relearn=lambda rows: as_it_is) if rows.list_name in learning.fixed else call


def too_large(rows: MeasuredRows, tables: RunTables) -> Mapping[str, int]:
    """By the name of the score or a field how many values are too large to be measured; in calls they are missing."""
    listed = tables.audiences[rows.list_name].table
    columns = {"the score": SCORE, **{name: one.name for name, one in {**rows.fields, **rows.told_by}.items()}}
    counts = {name: beyond_reach(plain(listed.column(column))) for name, column in columns.items()}
    return {name: count for name, count in counts.items() if count}


def with_options(call: MeasureCall, measure: PluginUse) -> MeasureCall:
    """The call of one measure, with the values of its options."""
    return replace(call, options=dict(measure.values))


def plain(column: pa.ChunkedArray) -> pa.Array:
    """A column as one array, texts not as a dictionary."""
    whole = column.combine_chunks()
    return whole.cast(whole.type.value_type) if pa.types.is_dictionary(whole.type) else whole


def _segments(listed: AudienceTable, names: tuple[str, ...]) -> pa.Int32Array:
    return pc.index_in(plain(listed.table.column(SEGMENT)), value_set=pa.array(names, pa.string()), skip_nulls=True)


def _values(listed: AudienceTable, columns: Columns) -> Mapping[str, pa.Array]:
    return {name: within_reach(plain(listed.table.column(column.name))) for name, column in columns.items()}


def _elsewhere(listed: AudienceTable, rows: MeasuredRows, names: tuple[str, ...]) -> ElsewhereRows:
    return ElsewhereRows(_segments(listed, names), _values(listed, rows.fields))


def _terms(model: Model, score: str, tables: RunTables) -> Mapping[str, pa.DoubleArray]:
    """The terms as they stand in the score's table, in its order, which is that of the key."""
    table = tables.scores[score]
    key = model.sources[model.scores[score].source].key
    names = table.column_names[len(key) : table.column_names.index(score)]
    return {name: _numbers(table.column(name)) for name in names}


def _numbers(column: pa.ChunkedArray) -> pa.DoubleArray:
    """Numbers and amounts as doubles, durations in days."""
    whole = column.combine_chunks()
    if pa.types.is_duration(whole.type):
        return pc.divide(whole.cast(pa.int64()).cast(pa.float64()), float(_MICROSECONDS_A_DAY))
    return whole.cast(pa.float64())
