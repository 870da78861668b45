"""The rows that a hypothesis is tested on, and whether those without the proxy are others than those with it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from segdsl.engines.arrow.hypothesis_result import MissingResult
from segdsl.evidence.two_groups import TwoGroups, compare
from segdsl.evidence.verdicts import Finding, judge
from segdsl.model.expression import Expr
from segdsl.model.model import Hypothesis

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Sample:
    """The rows of a hypothesis inside `among` that have a score; `values` are of the proxy that was chosen.

    `values` are numbers, 1 and 0, or codes of categories; NaN is missing. `half` is a draw by the rows' keys.
    """

    hypothesis: Hypothesis
    proxy: Expr
    values: Floats
    scores: Floats
    half: Bools


def lacking(samples: Sequence[Sample]) -> list[MissingResult | None]:
    """What the rows without the proxy score against those with it, corrected over the proxies of the spec.

    Hypotheses with one proxy, score and `among` have one test. None where there is nothing to compare.
    """
    keys = [(one.hypothesis.score, one.hypothesis.among, one.proxy) for one in samples]
    by_key = dict(zip(keys, samples, strict=True))
    found = {key: compare(np.isfinite(one.values).astype(np.float64), one.scores) for key, one in by_key.items()}
    tests = {key: test for key, test in found.items() if test is not None}
    judged = judge([Finding(test.p, True, test.correlation) for test in tests.values()])
    told = {key: _result(by_key[key], test, one.p) for (key, test), one in zip(tests.items(), judged, strict=True)}
    return [told.get(key) for key in keys]


def _result(sample: Sample, test: TwoGroups, corrected: float) -> MissingResult:
    known = np.isfinite(sample.values)
    means = float(sample.scores[known].mean()), float(sample.scores[~known].mean())
    return MissingResult(test.outside, *means, test.effect, test.p, corrected)
