"""The rows that hypotheses are tested on, told apart from the lists of the spec, and the tests."""

from types import MappingProxyType

from segdsl.engines.arrow.hypothesis_result import HypothesisResult
from segdsl.engines.arrow.results import RunTables
from segdsl.model.model import Model
from segdsl.plan.hypothesis_rows import rows_name
from segdsl.record import replace


def take_hypotheses(model: Model, tables: RunTables) -> tuple[RunTables, tuple[HypothesisResult, ...]]:
    """The tables without the rows of hypotheses, and what the tests on those rows say."""
    if not model.hypotheses:
        return tables, ()
    # A late import: statistics take a second to load, and a spec without hypotheses shouldn't wait for them.
    from segdsl.engines.arrow.hypotheses import judge_hypotheses  # noqa: PLC0415

    names = {rows_name(name) for name in model.hypotheses}
    lists = {name: found for name, found in tables.audiences.items() if name not in names}
    return replace(tables, audiences=MappingProxyType(lists)), judge_hypotheses(model, tables.audiences)
