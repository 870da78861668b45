"""Schemes and scores measured by evaluators, and the gates they must pass."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import pyarrow as pa

from segdsl.diagnostics import Diagnostic, Diagnostics
from segdsl.engines.arrow.execution.state import Progress, silent
from segdsl.engines.arrow.gates import Gate, judge_gates, unmet
from segdsl.engines.arrow.measure_calls import Learning, measure_call, too_large, with_options
from segdsl.engines.arrow.measured import Measurement, Remark
from segdsl.engines.arrow.reach import LARGEST
from segdsl.engines.arrow.results import RunTables
from segdsl.model.lineage import Lineage
from segdsl.model.model import Evaluation, Model
from segdsl.model.plugin_use import PluginUse
from segdsl.model.proxy_warnings import names_of_grounds, way_into_score
from segdsl.plan.evaluation_rows import MeasuredRows, measured_rows
from segdsl.plugin import MeasureCall, Measured
from segdsl.plugin.calling import Raised, attempt, broken, culprit, diagnose
from segdsl.plugin.measured import measured_fault


@dataclass(slots=True)
class Evaluated:
    """Everything that the measures of a spec gave; tables by subject, measure and name: `fit.lift.gains`."""

    figures: list[Measurement] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    gates: list[Gate] = field(default_factory=list)
    tables: dict[str, pa.Table] = field(default_factory=dict)
    found: list[Diagnostic] = field(default_factory=list)

    @property
    def diagnostics(self) -> Diagnostics:
        """Measures that failed, and requirements that aren't met."""
        return tuple(self.found)


def measure_schemes(model: Model, tables: RunTables, learning: Learning, on_progress: Progress = silent) -> Evaluated:
    """What the measures of every evaluation give; one that fails leaves the others.

    `tables` holds the lists of the measured rows; what the plan left out is not measured.
    """
    evaluated, lineage = Evaluated(), Lineage(model)
    for evaluation in model.evaluations:
        before = len(evaluated.figures)
        lists = [rows for rows in measured_rows(model, evaluation) if rows.list_name in tables.audiences]
        for rows in (one for one in lists if not one.table):
            elsewhere = [one for one in lists if one.table and one.scheme == rows.scheme]
            call = measure_call(model, evaluation, rows, elsewhere, tables, learning)
            told = _told_by_score(model, lineage, evaluation, rows)
            if told:
                evaluated.remarks.append(Remark(rows.scheme, evaluation.score, "rests on", told))
            for name, count in too_large(rows, tables).items():
                text = (
                    f"{name}: {count:,} values beyond {LARGEST:g} are too large to be measured, and count as missing."
                )
                evaluated.remarks.append(Remark(rows.scheme, evaluation.score, "values", text))
            for measure in evaluation.measures if rows.scheme else evaluation.score_measures:
                on_progress(f"measuring {measure.plugin} of `{rows.scheme or evaluation.score}`", 0, 0)
                _measure(evaluated, evaluation, rows, measure, call)
        gates = tuple(judge_gates(evaluation, evaluated.figures[before:]))
        evaluated.gates += gates
        evaluated.found += unmet(gates, evaluation, evaluated.remarks)
    return evaluated


def _told_by_score(model: Model, lineage: Lineage, evaluation: Evaluation, rows: MeasuredRows) -> str:
    """Which of the fields that tell segments are made of what the score is made of, if any."""
    values = (column.value for column in rows.told_by.values())
    ways = (way_into_score(model, lineage, value, evaluation.score) for value in values)
    names = (names_of_grounds(path, model.scores[evaluation.score].source)[0] for path in ways if path)
    listed = ", ".join(dict.fromkeys(names))
    return f"{listed}, which the score is made of, too: in part, these figures are arithmetic." if listed else ""


def _measure(
    evaluated: Evaluated, evaluation: Evaluation, rows: MeasuredRows, measure: PluginUse, call: MeasureCall
) -> None:
    assert measure.run is not None
    made = attempt(measure.run, with_options(call, measure))
    what = f"measure `{rows.scheme or evaluation.score}`"
    if isinstance(made, Raised):
        evaluated.found.append(diagnose(made, culprit(measure), what))
    elif fault := measured_fault(made, call.names):
        evaluated.found.append(broken(culprit(measure), what, fault))
    else:
        place = (rows.scheme, evaluation.score, measure.plugin)
        evaluated.figures += _figures(place, made, call.names)
        evaluated.remarks += (Remark(*place, note) for note in made.notes)
        for name, table in made.tables.items():
            evaluated.tables[_free(f"{rows.scheme or evaluation.score}.{measure.plugin}.{name}", evaluated.tables)] = (
                table
            )


def _figures(place: tuple[str, str, str], made: Measured, segments: Iterable[str]) -> Iterator[Measurement]:
    if made.by_segment:
        yield from (Measurement(*place, "", segment, made.by_segment.get(segment)) for segment in segments)
    else:
        yield Measurement(*place, "", "", made.value)
    yield from (Measurement(*place, figure, "", value) for figure, value in made.figures.items())


def _free(name: str, taken: Mapping[str, object]) -> str:
    """The name, numbered where another evaluation has a table of it."""
    number = 2
    free = name
    while free in taken:
        free, number = f"{name} ({number})", number + 1
    return free
