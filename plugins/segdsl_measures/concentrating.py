"""How unevenly a score is spread over accounts."""

import numpy as np
import pyarrow as pa

from segdsl.evidence.concentration import fewest_with, gini, herfindahl, share_of_largest
from segdsl.evidence.measures import Floats
from segdsl.plugin import MeasureCall, Measured
from segdsl_measures.concentration import EVALUATOR
from segdsl_measures.words import numbers, percent

_PERCENTS = np.arange(101) / 100
_MOST_OF_IT = 0.8
_FEW = 0.2


def measure(call: MeasureCall) -> Measured:
    """The Gini coefficient; None where a share of the whole means nothing."""
    score = call.score.drop_null().to_numpy()
    score = np.sort(score[np.isfinite(score)])
    wrong = _untold(score)
    if wrong:
        return Measured(figures=dict.fromkeys(EVALUATOR.figures), notes=(f"It has no concentration: {wrong}.",))
    few = fewest_with(score, _MOST_OF_IT)
    curve = share_of_largest(score, _PERCENTS)
    top = float(share_of_largest(score, np.array([_FEW]))[0])
    figures = {"pareto": few / len(score), "top_20": top, "herfindahl": herfindahl(score)}
    table = pa.table({"percent": pa.array(range(101), pa.int64()), "share_of_total": curve, "even": _PERCENTS})
    value = max(gini(score), 0.0)
    notes = (
        f"It is concentrated with a Gini coefficient of {value:.2f}: {numbers(few, 'account')} of {len(score):,}"
        f" ({percent(few / len(score))}) bring 80% of the total, and the top 20% bring {percent(top)}.",
    )
    return Measured(value, tables={"shares": table}, figures=figures, notes=notes)


def _untold(score: Floats) -> str:
    """Why there are no shares of the whole, if so. Scores ascend."""
    if len(score) < 2:
        return "only 1 account has a score" if len(score) else "no account has a score"
    below = int(np.searchsorted(score, 0.0))
    if below:
        return f"the score is below 0 in {numbers(below, 'account')}, so that parts of the total mean nothing"
    return "" if score[-1] > 0 else "the score is 0 in all accounts"
