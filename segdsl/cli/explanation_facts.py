"""An explanation as JSON values."""

from collections.abc import Mapping
from datetime import date

from segdsl.cli.test_command import fact_list
from segdsl.types import Duration, Value
from segdsl.workflows.explanation import (
    ChangeFact,
    Explanation,
    MarkFact,
    PopulationFact,
    SchemeFact,
    ScoreFact,
    TermFact,
)

Facts = Mapping[str, object]


def explanation_facts(found: Explanation) -> Facts:
    """Everything that the text says. Amounts are exact decimals, written as texts."""
    return {
        "table": found.table,
        "key": list(found.key),
        "name": found.name or None,
        "populations": [_population(one) for one in found.populations],
        "scores": [_score(one) for one in found.scores],
        "segmentations": [_scheme(one) for one in found.schemes],
        "left_out": [{"kind": one.kind, "name": one.name, "reason": one.reason} for one in found.skipped],
    }


def _population(one: PopulationFact) -> Facts:
    if one.inside:
        return {"population": one.name, "inside": True}
    return {
        "population": one.name,
        "inside": False,
        "rule": "keep" if one.keep else "drop",
        "reason": one.reason,
        "in_population": one.dropped_from or one.name,
        "facts": fact_list(one.facts),
    }


def _score(one: ScoreFact) -> Facts:
    return {
        "score": one.name,
        "inside": one.inside,
        "terms": [_term(term) for term in one.terms],
        "total": _plain(one.total),
        "unit": one.type.currency or one.type.kind.value,
        "rank": one.rank,
        "scored": one.scored,
        "percentile": _plain(one.percentile),
        "grade": one.grade,
    }


def _term(one: TermFact) -> Facts:
    return {
        "sign": one.sign,
        "label": one.label,
        "expression": one.written,
        "amount": _plain(one.amount),
        "condition": one.condition or None,
        "applies": one.applies,
        "facts": fact_list(one.facts),
    }


def _scheme(one: SchemeFact) -> Facts:
    return {
        "segmentation": one.name,
        "matching": one.matching.value,
        "inside": one.inside,
        "segment": one.segment or None,
        "otherwise": one.otherwise,
        "facts": fact_list(one.facts),
        "nearest_change": _change(one.change),
        "search_complete": one.complete,
        "segments": [_mark(mark) for mark in one.marks],
        "distances": [{"segment": name, "distance": apart} for name, apart in one.distances],
    }


def _mark(one: MarkFact) -> Facts:
    return {
        "segment": one.segment,
        "inside": one.inside,
        "otherwise": one.otherwise,
        "facts": fact_list(one.facts),
        "nearest_change": _change(one.change),
        "search_complete": one.complete,
    }


def _change(one: ChangeFact | None) -> Facts | None:
    if one is None:
        return None
    return {
        "segment": one.segment,
        "fields": [{"field": field.field, "now": field.now, "then": field.then} for field in one.fields],
        "distance": one.distance,
        "facts": fact_list(one.facts),
        "otherwise": one.otherwise,
    }


def _plain(value: Value) -> object:
    match value:
        case None | bool() | int() | str():
            return value
        case Duration():
            return float(value.days)
        case date():
            return value.isoformat()
        case tuple():
            return list(value)
        case _:
            return format(value.normalize(), "f")
