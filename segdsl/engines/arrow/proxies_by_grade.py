"""Every proxy of the hypotheses from the best grade of the score to the worst."""

from collections.abc import Iterator

import numpy as np

from segdsl.engines.arrow.hypothesis_columns import HypothesisColumns
from segdsl.engines.arrow.hypothesis_result import ProxyResult
from segdsl.evidence.grades import LEAST_IN_LEVEL, ByGrade, means_by_grade, shares_by_grade, size, telling_levels
from segdsl.model.expression import Expr
from segdsl.model.model import Hypothesis, HypothesisForm, Model
from segdsl.plan.personal import Names, holds_personal, personal_names
from segdsl.plan.traversal import externals
from segdsl.plan.wording import word_expr, word_value
from segdsl.types import BOOL, Kind, Type

# So many categories of a proxy are told.
MOST_LEVELS = 3


def compare_proxies(model: Model, columns: HypothesisColumns) -> tuple[ProxyResult, ...]:
    """By score in the order of the spec, then by how far the first and the last grade are apart, the farthest first.

    All proxies of a hypothesis are told, also those that were not tested, each once for a score and `among`.
    """
    personal = personal_names(model)
    found: dict[tuple[str, Expr | None, Expr, bool], tuple[ProxyResult, ...]] = {}
    for one in columns.tested():
        for place, proxy in enumerate(one.proxies):
            key = (one.score, one.among, proxy, one.form is HypothesisForm.SEPARATES)
            if key not in found:
                found[key] = tuple(_results(columns, one, place, personal))
    order = {name: place for place, name in enumerate(model.scores)}
    told = [result for results in found.values() for result in results]
    return tuple(sorted(told, key=lambda result: (order[result.score], -size(result.found))))


def _results(columns: HypothesisColumns, one: Hypothesis, place: int, personal: Names) -> Iterator[ProxyResult]:
    proxy = one.proxies[place]
    asked = columns.asked(one)
    grades, names = columns.grades(one)
    graded = np.where(asked, grades, -1)

    def result(found: ByGrade, type_: Type, level: str = "", note: str = "") -> ProxyResult:
        among = "" if one.among is None else word_expr(one.among)
        texts = (one.score, among, word_expr(proxy), level)
        return ProxyResult(*texts, type_, names, int(asked.sum()), found, note or _note(found))

    if one.form is not HypothesisForm.SEPARATES:
        told = shares_by_grade if proxy.type.kind is Kind.BOOL else means_by_grade
        yield result(told(columns.numbers(one, place).numbers(), graded, len(names)), proxy.type)
        return
    categories = columns.categories(one, place)
    source = columns.model.scores[one.score].source
    hidden = any(holds_personal(node, source, personal) for node in externals((proxy,)))
    levels = () if hidden else telling_levels(categories.codes, graded, len(names), MOST_LEVELS)
    for code, found in levels:
        yield result(found, BOOL, _level(categories.names[code], proxy.type))
    if not levels:
        known = np.where(categories.codes < 0, np.nan, 1.0)
        note = "personal data" if hidden else f"no category has {LEAST_IN_LEVEL} rows in the first and the last grade"
        yield result(_without_difference(shares_by_grade(known, graded, len(names))), BOOL, note=note)


def _without_difference(found: ByGrade) -> ByGrade:
    return ByGrade(found.rows, (None,) * len(found.means), None, None, None)


def _level(name: str, type_: Type) -> str:
    return word_value(name) if type_.is_textual else name


def _note(found: ByGrade) -> str:
    graded = [n for n in found.rows if n]
    if not graded:
        return "no row has the proxy and a grade"
    if len(graded) == 1:
        return "all rows are in one grade"
    if found.difference is None:
        return "a grade has one row"
    if np.isinf(found.difference):
        return "wholly apart"
    return "" if found.low is not None else "the same in both grades"
