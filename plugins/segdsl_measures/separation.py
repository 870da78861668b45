"""separation: how far apart segments are in the score."""

from collections.abc import Iterable

from segdsl.plugin import Evaluator, hookimpl, later
from segdsl_measures.options import OUT_OF_SAMPLE

EVALUATOR = Evaluator(
    name="separation",
    title="The share of the score's variance that segments explain, and which of them differ",
    measure=later("segdsl_measures.separating:measure"),
    options={"type": "object", "additionalProperties": False, "properties": OUT_OF_SAMPLE},
    figures=("eta_squared", "epsilon_squared", "p", "differing"),
)


@hookimpl
def segdsl_evaluators() -> Iterable[Evaluator]:
    """The evaluators of this module."""
    return (EVALUATOR,)
