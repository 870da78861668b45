"""The report of a run for programs: the same facts as at the terminal."""

from decimal import Decimal
from typing import Any

from segdsl.engines.arrow.gates import Gate
from segdsl.engines.arrow.measured import Measurement, Remark
from segdsl.engines.arrow.results import SegmentSummary
from segdsl.report.hypotheses import hypothesis_facts
from segdsl.report.proxies import proxy_facts
from segdsl.report.run_report import (
    AudienceReport,
    EnrichedReport,
    PopulationReport,
    RunReport,
    SchemeReport,
    ScoreReport,
)
from segdsl.runs.sections import MadeSection, section_cells
from segdsl.types import Duration, Value

Json = dict[str, Any]


def run_facts(report: RunReport) -> Json:
    """The report as JSON values: money and other amounts as numbers in the score's unit, durations in days."""
    return {
        "spec": report.spec,
        "goal": report.goal or None,
        "clock": {"date": report.clock.isoformat(), "from": report.clock_from or None},
        "hidden": [{"source": one.source, "rows": one.rows, "hidden": one.hidden} for one in report.hidden],
        "populations": [_population(one) for one in report.populations],
        "scores": [_score(one) for one in report.scores],
        "proxies_by_grade": [proxy_facts(one) for one in report.proxies],
        "hypotheses": [hypothesis_facts(one) for one in report.hypotheses],
        "segmentations": [_scheme(one) for one in report.schemes],
        "audiences": [_audience(one) for one in report.audiences],
        "enriched": [_enriched(one) for one in report.enriched],
        "paid": None if report.paid is None else {"amount": str(report.paid[0]), "currency": report.paid[1]},
        "evaluation": [_measured(one) for one in report.measured],
        "remarks": [_remark(one) for one in report.remarks],
        "requirements": [_gate(one) for one in report.gates],
        "sections": [_section(one) for one in report.sections],
    }


def _enriched(one: EnrichedReport) -> Json:
    columns = [{"column": c.name, "known": c.known, "distinct": c.distinct} for c in one.columns]
    return {"source": one.source, "rows": one.rows, "columns": columns}


def _measured(one: Measurement) -> Json:
    return {
        "segmentation": one.scheme or None,
        "score": one.score,
        "measure": one.measure,
        "figure": one.figure or None,
        "segment": one.segment or None,
        "value": one.value,
    }


def _gate(one: Gate) -> Json:
    return {
        "requirement": one.requirement,
        "score": one.score,
        "segment": one.segment or None,
        "value": one.value,
        "met": one.met,
    }


def _remark(one: Remark) -> Json:
    return {"segmentation": one.scheme or None, "score": one.score, "measure": one.measure, "text": one.text}


def _section(one: MadeSection) -> Json:
    tables = {title: section_cells(table) for title, table in one.text.tables.items()}
    return {
        "plugin": one.plugin,
        "title": one.text.title,
        "paragraphs": list(one.text.paragraphs),
        "tables": [{"title": title, "columns": list(h), "rows": rows} for title, (h, rows) in tables.items()],
    }


def _population(one: PopulationReport) -> Json:
    found = one.attrition
    rules = [
        {
            "action": "keep" if row.keep else "drop",
            "rule": row.reason,
            "dropped": row.dropped,
            "left": row.left,
            "undecided": row.undecided,
        }
        for row in found.rows
    ]
    return {
        "name": found.population,
        "title": one.title,
        "table": found.table,
        "start": found.start,
        "rules": rules,
        "left": found.left,
    }


def _score(one: ScoreReport) -> Json:
    return {
        "name": one.name,
        "title": one.title,
        "table": one.table,
        "unit": str(one.type),
        "scored": one.scored,
        "missing": one.missing,
        "mean": one.mean,
        "quartiles": list(one.quartiles),
        "grades": [{"grade": grade, "count": count} for grade, count in one.grades],
    }


def _scheme(one: SchemeReport) -> Json:
    found = one.summary
    return {
        "name": one.name,
        "title": one.title,
        "table": found.table,
        "rows": found.rows,
        "unassigned": found.unassigned,
        "segments": [_segment(segment) for segment in found.segments],
        "learned": list(one.learned),
    }


def _segment(one: SegmentSummary) -> Json:
    return {
        "segment": one.path,
        "title": one.title,
        "count": one.count,
        "share": one.share,
        "means": {score: _number(mean) for score, mean in one.means.items()},
        "undecided": one.undecided,
    }


def _audience(one: AudienceReport) -> Json:
    return {
        "name": one.name,
        "title": one.title,
        "eligible": one.chosen,
        "listed": one.listed,
        "held_out": one.held_out,
        "file": one.file,
        "control_file": one.control_file,
    }


def _number(value: Value) -> float | None:
    match value:
        case Duration():
            return float(value.days)
        case int() | Decimal():
            return float(value)
        case _:
            return None
