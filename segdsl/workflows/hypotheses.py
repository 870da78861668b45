"""The rows that hypotheses are tested on, told apart from the lists of the spec, and the tests."""

from types import MappingProxyType

from segdsl.diagnostics import Diagnostics
from segdsl.engines.arrow.hypothesis_result import HypothesisResult, ProxyResult
from segdsl.engines.arrow.results import RunTables
from segdsl.model.model import Model
from segdsl.plan.hypothesis_rows import rows_name
from segdsl.record import dataclass, replace


@dataclass(frozen=True, slots=True)
class Tested:
    """What testing the hypotheses gave: a verdict for each, their proxies by grade, and what speaks against them."""

    hypotheses: tuple[HypothesisResult, ...] = ()
    proxies: tuple[ProxyResult, ...] = ()
    warnings: Diagnostics = ()


def take_hypotheses(model: Model, tables: RunTables) -> tuple[RunTables, Tested]:
    """The tables without the rows of hypotheses, members with the verdicts that speak for them, and what tests say."""
    if not model.hypotheses:
        return tables, Tested()
    # Late imports: statistics take a second to load, and a spec without hypotheses shouldn't wait for them.
    from segdsl.engines.arrow.good_signs import with_good_signs  # noqa: PLC0415
    from segdsl.engines.arrow.hypotheses import judge_hypotheses  # noqa: PLC0415
    from segdsl.engines.arrow.hypothesis_columns import HypothesisColumns  # noqa: PLC0415
    from segdsl.engines.arrow.hypothesis_warnings import warn_of_rows  # noqa: PLC0415
    from segdsl.engines.arrow.proxies_by_grade import compare_proxies  # noqa: PLC0415

    names = {rows_name(name) for name in model.hypotheses}
    lists = {name: found for name, found in tables.audiences.items() if name not in names}
    columns = HypothesisColumns(model, tables.audiences)
    judged = judge_hypotheses(model, columns)
    tested = Tested(judged, compare_proxies(model, columns), tuple(warn_of_rows(judged)))
    members = MappingProxyType(with_good_signs(model, tables, columns, judged))
    return replace(tables, audiences=MappingProxyType(lists), members=members), tested
