"""share: how large each segment is."""

from collections.abc import Iterable

from segdsl.plugin import Evaluator, hookimpl, later

EVALUATOR = Evaluator(
    name="share",
    title="The share of accounts in each segment",
    measure=later("segdsl_measures.sharing:measure"),
    each_segment=True,
)


@hookimpl
def segdsl_evaluators() -> Iterable[Evaluator]:
    """The evaluators of this module."""
    return (EVALUATOR,)
