"""The rows that a hypothesis is tested on, and whether those without the proxy are others than those with it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from segdsl.engines.arrow.hypothesis_columns import HypothesisColumns
from segdsl.engines.arrow.hypothesis_result import MissingResult
from segdsl.evidence.ranks import Coded
from segdsl.evidence.two_groups import TwoGroups, compare
from segdsl.evidence.verdicts import Finding, judge
from segdsl.model.expression import Expr
from segdsl.model.model import Hypothesis, HypothesisForm

Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Sample:
    """The rows of a hypothesis inside `among` on which the score and the proxy that was chosen are known.

    `values` are numbers, 1 and 0, or places of categories in their order of appearance. `half` is a draw by the rows'
    keys. `rows` have the score; `lack` compares those that have the proxy, inside, with those that have not.
    """

    hypothesis: Hypothesis
    proxy: Expr
    values: Coded
    scores: Coded
    half: Bools
    rows: int
    lack: TwoGroups | None

    @property
    def n(self) -> int:
        return len(self.values.codes)


def sample(columns: HypothesisColumns, one: Hypothesis) -> Sample:
    """Of several proxies the one known on the most rows, of equals the first."""
    asked, scores = columns.asked(one), columns.scores(one)
    known = [asked & (columns.codes(one, place) >= 0) for place in range(len(one.proxies))]
    counts = [np.count_nonzero(rows) for rows in known]
    best = counts.index(max(counts))
    values = _categories(columns, one, best) if one.form is HypothesisForm.SEPARATES else columns.numbers(one, best)
    chosen, rows = known[best], int(np.count_nonzero(asked))
    lack = None
    if counts[best] < rows:
        has_proxy = Coded(np.array([0.0, 1.0]), chosen[asked].astype(np.int64))
        lack = compare(has_proxy, scores.within(asked))
    half = columns.half(one)[chosen]
    return Sample(one, one.proxies[best], values.within(chosen), scores.within(chosen), half, rows, lack)


def _categories(columns: HypothesisColumns, one: Hypothesis, place: int) -> Coded:
    found = columns.categories(one, place)
    return Coded(np.arange(len(found.names), dtype=np.float64), found.codes)


def lacking(samples: Sequence[Sample]) -> list[MissingResult | None]:
    """What the rows without the proxy score against those with it, corrected over the proxies of the spec.

    Hypotheses with one proxy, score and `among` have one test. None where there is nothing to compare.
    """
    keys = [(one.hypothesis.score, one.hypothesis.among, one.proxy) for one in samples]
    tests = {key: one.lack for key, one in zip(keys, samples, strict=True) if one.lack is not None}
    judged = judge([Finding(test.p, True, test.correlation) for test in tests.values()])
    told = {key: _result(test, one.p) for (key, test), one in zip(tests.items(), judged, strict=True)}
    return [told.get(key) for key in keys]


def _result(test: TwoGroups, corrected: float) -> MissingResult:
    return MissingResult(test.outside, *test.means, test.effect, test.p, corrected)
