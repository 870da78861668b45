"""The report of a run: the facts that every rendering tells, in the order of the spec."""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from types import MappingProxyType

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from segdsl.engines.arrow.gates import Gate
from segdsl.engines.arrow.hypothesis_result import HypothesisResult, ProxyResult
from segdsl.engines.arrow.measured import Measurement, Remark
from segdsl.engines.arrow.measuring import Evaluated
from segdsl.engines.arrow.results import AttritionTable, RunTables, SchemeSummary
from segdsl.model.model import Model, Score
from segdsl.record import dataclass
from segdsl.runs.folder import audience_files, control_file
from segdsl.runs.sections import MadeSection
from segdsl.types import Type

_MICROSECONDS_A_DAY = 86_400_000_000
Floats = np.ndarray[tuple[int], np.dtype[np.float64]]

_QUARTERS = (0.0, 0.25, 0.5, 0.75, 1.0)


@dataclass(frozen=True, slots=True)
class PopulationReport:
    """How a population came about."""

    title: str
    attrition: AttritionTable


@dataclass(frozen=True, slots=True)
class ScoreReport:
    """A score over the rows of `table`: `scored` of them have one, `missing` have none.

    `mean` and `quartiles` (least, three quartiles, greatest; linear between ranks, type 7) are in the score's unit,
    durations in days; None where nothing is scored. `grades` are (grade, accounts) in order, empty if ungraded.
    """

    name: str
    title: str
    table: str
    type: Type
    scored: int
    missing: int
    mean: float | None
    quartiles: tuple[float, ...]
    grades: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class SchemeReport:
    """A segmentation with its segments, and the types of the scores whose means it tells.

    `learned` is what the plugin that found the segments says of them, a clause each.
    """

    name: str
    title: str
    summary: SchemeSummary
    scores: tuple[tuple[str, Type], ...]
    learned: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AudienceReport:
    """A list: rows that were eligible, listed and held out (None: no control group), and where they stand."""

    name: str
    title: str
    chosen: int
    listed: int
    held_out: int | None
    file: str
    control_file: str | None


@dataclass(frozen=True, slots=True)
class EnrichedColumnReport:
    """A column that a plugin added: how many rows of the source have a value, and how many values there are."""

    name: str
    known: int
    distinct: int


@dataclass(frozen=True, slots=True)
class EnrichedReport:
    """The columns that plugins added to a source of `rows` rows."""

    source: str
    rows: int
    columns: tuple[EnrichedColumnReport, ...]


@dataclass(frozen=True, slots=True)
class HiddenRows:
    """A source of `rows` rows in its files, of which `hidden` are later than the clock."""

    source: str
    rows: int
    hidden: int


@dataclass(frozen=True, slots=True)
class RunReport:
    """Everything a run tells. `goal` is empty where the spec states none; `paid` is what plugins paid, and in what."""

    spec: str
    goal: str
    clock: date
    clock_from: str
    populations: tuple[PopulationReport, ...]
    scores: tuple[ScoreReport, ...]
    schemes: tuple[SchemeReport, ...]
    audiences: tuple[AudienceReport, ...]
    enriched: tuple[EnrichedReport, ...] = ()
    measured: tuple[Measurement, ...] = ()
    remarks: tuple[Remark, ...] = ()
    gates: tuple[Gate, ...] = ()
    sections: tuple[MadeSection, ...] = ()
    paid: tuple[Decimal, str] | None = None
    hypotheses: tuple[HypothesisResult, ...] = ()
    proxies: tuple[ProxyResult, ...] = ()
    hidden: tuple[HiddenRows, ...] = ()


def report_run(
    model: Model,
    clock: date,
    clock_from: str,
    tables: RunTables,
    evaluated: Evaluated | None = None,
    sections: tuple[MadeSection, ...] = (),
    learned: Mapping[str, tuple[str, ...]] = MappingProxyType({}),
    tested: tuple[tuple[HypothesisResult, ...], tuple[ProxyResult, ...]] = ((), ()),
) -> RunReport:
    """The report of a run that came to its end."""
    return RunReport(
        model.file,
        _goal(model),
        clock,
        clock_from,
        tuple(PopulationReport(model.populations[name].title, found) for name, found in tables.attrition.items()),
        tuple(_score(score, tables.scores[name]) for name, score in model.scores.items() if name in tables.scores),
        tuple(_schemes(model, tables, learned)),
        tuple(_audiences(model, tables)),
        tuple(_enriched(model, name, table) for name, table in tables.enriched.items()),
        () if evaluated is None else tuple(evaluated.figures),
        () if evaluated is None else tuple(evaluated.remarks),
        () if evaluated is None else tuple(evaluated.gates),
        sections,
        _paid(model, tables.spent),
        *tested,
        tuple(
            HiddenRows(name, one.rows_read, one.rows_hidden) for name, one in tables.scans.items() if one.rows_hidden
        ),
    )


def _paid(model: Model, spent: Decimal) -> tuple[Decimal, str] | None:
    """What was paid; there is nothing to tell where no provider states a price."""
    currencies = {one.currency for enrichment in model.enrichments for one in enrichment.providers if one.currency}
    return (spent, min(currencies)) if currencies else None


def _enriched(model: Model, source: str, table: pa.Table) -> EnrichedReport:
    key = model.sources[source].key
    columns = [(name, table.column(name)) for name in table.column_names if name not in key]
    reports = (EnrichedColumnReport(name, len(c) - c.null_count, _distinct(c)) for name, c in columns)
    return EnrichedReport(source, table.num_rows, tuple(reports))


def _distinct(column: pa.ChunkedArray) -> int:
    """How many values there are; of lists, how many items."""
    values = pc.list_flatten(column) if pa.types.is_list(column.type) else column
    return len(values.drop_null().unique())


def _goal(model: Model) -> str:
    goal = dict(model.about.entries).get("goal", ())
    return " ".join(str(value) for value in goal)


def _score(score: Score, table: pa.Table) -> ScoreReport:
    values = _floats(table.column(score.name))
    counted = table.column("grade").value_counts().to_pylist() if score.grades else ()
    grades = {one["values"]: one["counts"] for one in counted}
    return ScoreReport(
        score.name,
        score.title,
        score.population,
        score.type,
        len(values),
        table.num_rows - len(values),
        float(values.mean()) if len(values) else None,
        tuple(float(quartile) for quartile in np.quantile(values, _QUARTERS)) if len(values) else (),
        tuple((grade.name, grades.get(grade.name, 0)) for grade in score.grades),
    )


def _floats(column: pa.ChunkedArray) -> Floats:
    """The known values; good enough to be looked at, while the files hold exact ones."""
    known = column.drop_null()
    if pa.types.is_duration(known.type):
        return np.asarray(known.cast(pa.int64())) / _MICROSECONDS_A_DAY
    return np.asarray(known.cast(pa.float64()))


def _schemes(model: Model, tables: RunTables, learned: Mapping[str, tuple[str, ...]]) -> Iterator[SchemeReport]:
    for name, scheme in model.schemes.items():
        summary = tables.segments.get(name)
        if summary is not None:
            told = {score for segment in summary.segments for score in segment.means}
            types = tuple((score.name, score.type) for score in model.scores.values() if score.name in told)
            yield SchemeReport(name, scheme.title, summary, types, learned.get(name, ()))


def _audiences(model: Model, tables: RunTables) -> Iterator[AudienceReport]:
    files = audience_files(tables.audiences)
    for name, audience in model.audiences.items():
        found = tables.audiences.get(name)
        if found is not None:
            held_out = None if found.control is None else found.control.num_rows
            control = None if found.control is None else control_file(files[name])
            yield AudienceReport(
                name, audience.title, found.chosen, found.table.num_rows, held_out, files[name], control
            )
