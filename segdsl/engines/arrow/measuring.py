"""Schemes and scores measured by evaluators, and the gates they must pass."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

import pyarrow as pa

from segdsl.diagnostics import Diagnostic, Diagnostics, Label
from segdsl.engines.arrow.measure_calls import Learning, measure_call, too_large, with_options
from segdsl.engines.arrow.reach import LARGEST
from segdsl.engines.arrow.results import RunTables
from segdsl.model.lineage import Lineage
from segdsl.model.model import Evaluation, Model, Requirement
from segdsl.model.plugin_use import PluginUse
from segdsl.model.proxy_warnings import names_of_grounds, way_into_score
from segdsl.plan.evaluation_rows import MeasuredRows, measured_rows
from segdsl.plugin import MeasureCall, Measured
from segdsl.plugin.calling import Raised, attempt, broken, culprit, diagnose
from segdsl.plugin.measured import measured_fault
from segdsl.types import Value


@dataclass(frozen=True, slots=True)
class Measurement:
    """One figure: of a scheme or of one of its segments, or with an empty `scheme` of the score itself.

    `figure` is the further figure of a measure, empty for its own. `value` is None where it can't be told.
    """

    scheme: str
    score: str
    measure: str
    figure: str
    segment: str
    value: float | None

    @property
    def subject(self) -> str:
        """What is measured, by its name."""
        return self.scheme or self.score


@dataclass(frozen=True, slots=True)
class Remark:
    """A sentence in which a measure says what it found."""

    scheme: str
    score: str
    measure: str
    text: str


@dataclass(slots=True)
class Evaluated:
    """Everything that the measures of a spec gave; tables by subject, measure and name: `fit.lift.gains`."""

    figures: list[Measurement] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    tables: dict[str, pa.Table] = field(default_factory=dict)
    found: list[Diagnostic] = field(default_factory=list)

    @property
    def diagnostics(self) -> Diagnostics:
        """Measures that failed, and requirements that aren't met."""
        return tuple(self.found)


def measure_schemes(model: Model, tables: RunTables, learning: Learning) -> Evaluated:
    """What the measures of every evaluation give; one that fails leaves the others.

    `tables` holds the lists of the measured rows; what the plan left out is not measured.
    """
    evaluated = Evaluated()
    for evaluation in model.evaluations:
        before = len(evaluated.figures)
        lists = [rows for rows in measured_rows(model, evaluation) if rows.list_name in tables.audiences]
        for rows in (one for one in lists if not one.table):
            elsewhere = [one for one in lists if one.table and one.scheme == rows.scheme]
            call = measure_call(model, evaluation, rows, elsewhere, tables, learning)
            told = _told_by_score(model, evaluation, rows)
            if told:
                evaluated.remarks.append(Remark(rows.scheme, evaluation.score, "tells", told))
            for name, count in too_large(rows, tables).items():
                text = (
                    f"{name}: {count:,} values beyond {LARGEST:g} are too large to be measured, and count as missing."
                )
                evaluated.remarks.append(Remark(rows.scheme, evaluation.score, "values", text))
            for measure in evaluation.measures if rows.scheme else evaluation.score_measures:
                _measure(evaluated, evaluation, rows, measure, call)
        evaluated.found += _unmet(evaluation, evaluated.figures[before:])
    return evaluated


def _told_by_score(model: Model, evaluation: Evaluation, rows: MeasuredRows) -> str:
    """Which of the fields that tell segments are made of what the score is made of, if any."""
    lineage = Lineage(model)
    values = (column.value for column in rows.told_by.values())
    ways = (way_into_score(model, lineage, value, evaluation.score) for value in values)
    names = (names_of_grounds(path, model.scores[evaluation.score].source)[0] for path in ways if path)
    listed = ", ".join(dict.fromkeys(names))
    return (
        f"the segments by what the score is made of ({listed}): in part, figures here are arithmetic." if listed else ""
    )


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


def _unmet(evaluation: Evaluation, figures: Iterable[Measurement]) -> Iterator[Diagnostic]:
    """Every requirement that isn't met. What wasn't measured at all was told already."""
    measured = tuple(figures)
    for requirement in evaluation.requirements:
        wanted = (requirement.scheme, requirement.measure, requirement.figure)
        for one in (m for m in measured if (m.subject, m.measure, m.figure) == wanted):
            if one.value is None or not _within(one.value, requirement):
                name = f"{one.measure}.{one.figure}" if one.figure else one.measure
                what = f"segment `{one.segment}` of `{one.scheme}`" if one.segment else f"`{one.subject}`"
                value = "can't be told" if one.value is None else f"is {one.value:.4g}"
                label = (Label(requirement.span),)
                yield Diagnostic("SEG705", f"`{name}` of {what} {value}", label, expected=_bounds(requirement))


def _within(value: float, requirement: Requirement) -> bool:
    low, high = _number(requirement.low), _number(requirement.high)
    above = low is None or (value > low if requirement.low_strict else value >= low)
    return above and (high is None or (value < high if requirement.high_strict else value <= high))


def _number(bound: Value) -> float | None:
    return float(bound) if isinstance(bound, int | Decimal) else None


def _bounds(requirement: Requirement) -> str:
    low, high = _number(requirement.low), _number(requirement.high)
    parts = []
    if low is not None:
        parts.append(f"{'more than' if requirement.low_strict else 'at least'} {low:g}")
    if high is not None:
        parts.append(f"{'less than' if requirement.high_strict else 'at most'} {high:g}")
    return " and ".join(parts)
