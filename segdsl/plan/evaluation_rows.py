"""What measures are taken on: the rows of each evaluated scheme and score, and of other tables, as lists."""

from collections.abc import Iterable, Iterator
from types import MappingProxyType
from typing import TypeAlias

from segdsl.model.expression import Column, Expr, ScoreOf, ScorePart, SegmentOf, TableAggregate
from segdsl.model.model import Audience, Evaluation, Model, OutputColumn, Scheme
from segdsl.plan.hidden_list import hidden_list
from segdsl.plan.needs import conditions_of, field_of
from segdsl.plan.personal import holds_personal, personal_names
from segdsl.plan.traversal import externals
from segdsl.plan.wording import word_expr
from segdsl.record import dataclass, replace
from segdsl.types import CATEGORY

SCORE = "score"
SEGMENT = "segment"


Columns: TypeAlias = MappingProxyType[str, OutputColumn]
_NONE: Columns = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class MeasuredRows:
    """The rows that are measured, as a list: of a scheme, or of the score where `scheme` is empty.

    `table` names another table whose rows are classified, empty for the measured rows themselves. `fields`, `told_by`
    and `proxies` are columns of the list by the names that measures see; `kept` are those that it takes to learn the
    scheme anew.
    """

    list_name: str
    scheme: str
    table: str
    fields: Columns = _NONE
    told_by: Columns = _NONE
    proxies: Columns = _NONE
    kept: Columns = _NONE


def with_measured_rows(model: Model) -> Model:
    """The model with a list for everything that is measured."""
    lists = {one.list_name: _list(model, e, one) for e in model.evaluations for one in measured_rows(model, e)}
    return replace(model, audiences=MappingProxyType({**model.audiences, **lists})) if lists else model


def measured_rows(model: Model, evaluation: Evaluation) -> Iterator[MeasuredRows]:
    """The lists that the measures of an evaluation need."""
    if evaluation.score not in model.scores:
        return
    place = f"evaluation {evaluation.number + 1}"
    fields = _columns("field", ((c.name, c.value) for c in evaluation.fields))
    proxies = _columns("proxy", _proxies(model, evaluation))
    for name in evaluation.schemes if evaluation.measures else ():
        told_by = _columns("told by", _told_by(model, model.schemes[name]))
        kept = _columns("kept", ((word_expr(one), one) for one in _learned_from(model, model.schemes[name])))
        yield MeasuredRows(f"{name} against {evaluation.score}, {place}", name, "", fields, told_by, proxies, kept)
        for table in evaluation.tables:
            own = _columns("field", ((c.name, c.value) for c in table.fields))
            yield MeasuredRows(f"{table.name} by {name}, {place}", name, table.name, own)
    if evaluation.score_measures:
        yield MeasuredRows(f"{evaluation.score}, {place}", "", "", fields, _NONE, proxies)


def _columns(kind: str, named: Iterable[tuple[str, Expr]]) -> Columns:
    return MappingProxyType({name: OutputColumn(f"{kind} {name}", value) for name, value in named})


def _proxies(model: Model, evaluation: Evaluation) -> Iterator[tuple[str, Expr]]:
    """The proxies of the hypotheses about the score."""
    hypotheses = (one for one in model.hypotheses.values() if one.score == evaluation.score)
    proxies = [proxy for one in hypotheses for proxy in one.proxies]
    return _open(model, model.scores[evaluation.score].source, proxies)


def _told_by(model: Model, scheme: Scheme) -> Iterator[tuple[str, Expr]]:
    """The fields that segments are told by."""
    values = (*conditions_of(scheme.segments), *(measure.value for measure in scheme.measures))
    # A figure of a whole table is the same on every row, so it tells nothing apart.
    nodes = (node for node in externals(values) if not isinstance(node, TableAggregate) or node.function == "rank")
    yield from _open(model, scheme.source, nodes)


def _learned_from(model: Model, scheme: Scheme) -> tuple[Expr, ...]:
    """What plugins that find segments read, and what fields and schemes read that rest on found segments."""
    found: dict[Expr, None] = dict.fromkeys(one.value for one in scheme.reads)
    waiting: list[Expr] = [*externals((*conditions_of(scheme.segments), *found))]
    seen: set[Expr] = set()
    while waiting:
        node = waiting.pop()
        if node in seen:
            continue
        seen.add(node)
        below = _rests_on(model, scheme.source, node)
        waiting += below
        if _is_found(model, scheme.source, node):
            found |= dict.fromkeys(below)
    return tuple(found)


def _rests_on(model: Model, table: str, node: Expr) -> tuple[Expr, ...]:
    """What a field or the segment of another scheme is computed from."""
    match node:
        case Column(name=name) if (expr := field_of(model, table, name)) is not None:
            return externals((expr,))
        case SegmentOf(scheme=name):
            scheme = model.schemes[name]
            return externals((*conditions_of(scheme.segments), *(one.value for one in scheme.reads)))
        case _:
            return ()


def _is_found(model: Model, table: str, start: Expr) -> bool:
    """Whether it rests on segments that a plugin finds."""
    waiting, seen = [start], set()
    while waiting:
        node = waiting.pop()
        if isinstance(node, SegmentOf) and model.schemes[node.scheme].plugin is not None:
            return True
        if node not in seen:
            seen.add(node)
            waiting += _rests_on(model, table, node)
    return False


def _open(model: Model, table: str, exprs: Iterable[Expr]) -> Iterator[tuple[str, Expr]]:
    """What may be shown, with its words: personal data are left out."""
    personal = personal_names(model)
    for expr in exprs:
        if not any(holds_personal(node, table, personal) for node in externals((expr,))):
            yield word_expr(expr), expr


def _list(model: Model, evaluation: Evaluation, rows: MeasuredRows) -> Audience:
    score = model.scores[evaluation.score]
    value = OutputColumn(SCORE, ScoreOf(score.name, ScorePart.VALUE, score.type, evaluation.span))
    segment = OutputColumn(SEGMENT, SegmentOf(rows.scheme, False, CATEGORY.or_missing(), evaluation.span))
    read = tuple(one for columns in (rows.fields, rows.told_by, rows.proxies, rows.kept) for one in columns.values())
    if rows.table:
        source = next(one.source for one in evaluation.tables if one.name == rows.table)
        return hidden_list(rows.list_name, rows.table, source, (segment, *read), evaluation.span)
    if not rows.scheme:
        return hidden_list(rows.list_name, score.population, score.source, (value, *read), evaluation.span)
    scheme = model.schemes[rows.scheme]
    return hidden_list(rows.list_name, scheme.population, scheme.source, (value, segment, *read), evaluation.span)
