"""Schemes measured against a score by evaluators, and the gates they must pass."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

import pyarrow as pa
import pyarrow.compute as pc

from segdsl.diagnostics import Diagnostic, Diagnostics, Label
from segdsl.engines.arrow.aggregation.columns import plain_text
from segdsl.engines.arrow.reading.keys import match_keys
from segdsl.engines.arrow.results import RunTables
from segdsl.model.model import Evaluation, Model, Requirement, Scheme
from segdsl.model.plugin_use import PluginUse
from segdsl.plugin import MeasureCall, Measured
from segdsl.plugin.calling import Raised, attempt, broken, culprit, diagnose
from segdsl.types import Value


@dataclass(frozen=True, slots=True)
class Measurement:
    """One figure: of a scheme, or of one of its segments; None where it can't be told."""

    scheme: str
    score: str
    measure: str
    segment: str
    value: float | None


def measure_schemes(model: Model, tables: RunTables) -> tuple[tuple[Measurement, ...], Diagnostics]:
    """The figures of every evaluation, and the requirements that aren't met; one that fails leaves the others."""
    measured: list[Measurement] = []
    found: list[Diagnostic] = []
    for evaluation in model.evaluations:
        for name in evaluation.schemes:
            if name not in tables.members or evaluation.score not in tables.scores:
                continue
            for plugin in evaluation.measures:
                outcome = _measured(model.schemes[name], evaluation, plugin, tables)
                if isinstance(outcome, Diagnostic):
                    found.append(outcome)
                else:
                    measured += outcome
        found += _unmet(evaluation, measured)
    return tuple(measured), tuple(found)


def _measured(
    scheme: Scheme, evaluation: Evaluation, plugin: PluginUse, tables: RunTables
) -> list[Measurement] | Diagnostic:
    assert plugin.run is not None
    figures = attempt(plugin.run, _call(scheme, evaluation.score, plugin, tables))
    what = f"measure `{scheme.name}`"
    if isinstance(figures, Raised):
        return diagnose(figures, culprit(plugin), what)
    if not isinstance(figures, Measured):
        reason = f"it gave {type(figures).__name__} instead of Measured"
        return broken(culprit(plugin), what, reason)
    if not figures.by_segment:
        return [Measurement(scheme.name, evaluation.score, plugin.plugin, "", figures.value)]
    return [
        Measurement(scheme.name, evaluation.score, plugin.plugin, segment.name, figures.by_segment.get(segment.name))
        for segment in scheme.segments
    ]


def _call(scheme: Scheme, score: str, plugin: PluginUse, tables: RunTables) -> MeasureCall:
    """The rows that the scheme is for, with their segments and scores, in the order of the key."""
    members, scores = tables.members[scheme.name], tables.scores[score]
    names = tuple(segment.name for segment in scheme.segments)
    segments = plain_text(members.column("segment").combine_chunks())
    codes = pc.index_in(segments, value_set=pa.array(names, pa.string()), skip_nulls=True)
    keys = members.column_names[: members.column_names.index("segment")]
    places = match_keys(_keys(members, keys), _keys(scores, keys)).places
    values = scores.column(score).combine_chunks().cast(pa.float64()).take(pa.array(places, mask=places < 0))
    return MeasureCall(codes.cast(pa.int32()), names, values, dict(plugin.values))


def _keys(table: pa.Table, names: Iterable[str]) -> list[pa.Array]:
    return [plain_text(table.column(name).combine_chunks()) for name in names]


def _unmet(evaluation: Evaluation, measured: Iterable[Measurement]) -> Iterator[Diagnostic]:
    for requirement in evaluation.requirements:
        of_scheme = [one for one in measured if (one.scheme, one.measure) == (requirement.scheme, requirement.measure)]
        for one in (m for m in of_scheme if m.score == evaluation.score):
            if one.value is None or not _within(one.value, requirement):
                what = f"segment `{one.segment}` of `{one.scheme}`" if one.segment else f"`{one.scheme}`"
                value = "can't be told" if one.value is None else f"is {one.value:.4g}"
                message = f"`{one.measure}` of {what} {value}"
                label = (Label(requirement.span),)
                yield Diagnostic("SEG705", message, label, expected=_bounds(requirement))


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
