"""Which supported hypotheses speak for each row: a column of the members of segmentations."""

from collections.abc import Iterable, Mapping

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from segdsl.engines.arrow.hypothesis_columns import HypothesisColumns
from segdsl.engines.arrow.hypothesis_result import HypothesisResult
from segdsl.engines.arrow.reading.keys import match_keys
from segdsl.engines.arrow.results import RunTables
from segdsl.evidence.verdicts import Verdict
from segdsl.model.model import Hypothesis, HypothesisForm, Model
from segdsl.plan.wording import word_expr

COLUMN = "good_signs"

Bools = npt.NDArray[np.bool_]
Places = npt.NDArray[np.int64]


def with_good_signs(
    model: Model, tables: RunTables, columns: HypothesisColumns, judged: Iterable[HypothesisResult]
) -> Mapping[str, pa.Table]:
    """The members of each segmentation with a list of hypotheses.

    A row's list names the supported hypotheses on whose better side it is: of a measure, beyond the cut; of a
    condition, inside it, or outside where it speaks against the score. The row's own score may be unknown. The list is
    missing where the row is not among the rows of any score that was tested. Hypotheses without a cut, and those about
    categories, have no better side.
    """
    supported = [one for one in judged if one.verdict == Verdict.SUPPORTED]
    sides = {one.name: side for one in supported if (side := _better_side(model, columns, one)) is not None}
    tested = {one.score: one for one in columns.tested()}
    return {
        name: table.append_column(COLUMN, _signs(model, tables, name, sides, tested))
        for name, table in tables.members.items()
    }


def _better_side(model: Model, columns: HypothesisColumns, one: HypothesisResult) -> Bools | None:
    """The rows of the score, in the order of the key, on the side that the hypothesis expects to be better."""
    hypothesis = model.hypotheses[one.name]
    if one.cut is None or hypothesis.form is HypothesisForm.SEPARATES:
        return None
    place = [word_expr(proxy) for proxy in hypothesis.proxies].index(one.proxy)
    proxy = columns.numbers(hypothesis, place)
    least = 1.0 if hypothesis.form is HypothesisForm.CONDITION else one.cut.value
    above = hypothesis.score_higher is (hypothesis.form is not HypothesisForm.LOWER)
    better = columns.inside(hypothesis) & proxy.known & (((proxy.values >= least) == above)[proxy.codes])
    return columns.in_order_of_keys(hypothesis, better)


def _signs(
    model: Model,
    tables: RunTables,
    scheme: str,
    sides: Mapping[str, Bools],
    tested: Mapping[str, Hypothesis],
) -> pa.ListArray:
    members, source = tables.members[scheme], model.schemes[scheme].source
    key = model.sources[source].key
    there = np.zeros(members.num_rows, bool)
    rows, found = [], []
    for score in tested:
        if model.scores[score].source != source:
            continue
        scored = tables.scores[score]
        places = match_keys([members.column(c) for c in key], [scored.column(c) for c in key]).places
        there |= places >= 0
        for name, side in sides.items():
            if model.hypotheses[name].score == score:
                mine = np.flatnonzero((places >= 0) & np.append(side, False)[places])
                rows.append(mine)
                found.append(np.full(len(mine), list(sides).index(name)))
    return _lists(there, rows, found, list(sides))


def _lists(there: Bools, rows: list[Places], found: list[Places], names: list[str]) -> pa.ListArray:
    """A list of names for each row that is there, in the order of the names."""
    row, name = (np.concatenate(parts) if parts else np.zeros(0, np.int64) for parts in (rows, found))
    order = np.lexsort((name, row))
    offsets = np.concatenate(([0], np.cumsum(np.bincount(row, minlength=len(there)))))
    items = pa.array(names, pa.string()).take(pa.array(name[order], pa.int64()))
    return pa.ListArray.from_arrays(pa.array(offsets, pa.int32()), items, mask=pa.array(~there))
