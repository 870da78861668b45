"""concentration: how unevenly a score is spread over accounts."""

from collections.abc import Iterable

from segdsl.plugin import Evaluator, hookimpl, later

EVALUATOR = Evaluator(
    name="concentration",
    title="How unevenly the score is spread over accounts: Gini coefficient and Pareto shares",
    measure=later("segdsl_measures.concentrating:measure"),
    of_score=True,
    figures=("pareto", "top_20", "herfindahl"),
)


@hookimpl
def segdsl_evaluators() -> Iterable[Evaluator]:
    """The evaluators of this module."""
    return (EVALUATOR,)
