"""lift: how well a segmentation ranks accounts, by the share of the best that it finds first."""

from collections.abc import Iterable

from segdsl.plugin import Evaluator, hookimpl, later
from segdsl_measures.options import OUT_OF_SAMPLE, TOP

EVALUATOR = Evaluator(
    name="lift",
    title="How many of the best accounts a segmentation ranks first, against no information",
    measure=later("segdsl_measures.lifting:measure"),
    options={
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "top": TOP,
            **OUT_OF_SAMPLE,
            "resamples": {
                "type": "integer",
                "minimum": 100,
                "maximum": 10_000,
                "default": 400,
                "description": "how many bootstrap resamples the interval is taken from",
            },
        },
    },
    figures=(
        "caught",
        "excess",
        "area",
        "depth_50",
        "depth_80",
        "depth_100",
        "low",
        "high",
        "apparent",
    ),
)


@hookimpl
def segdsl_evaluators() -> Iterable[Evaluator]:
    """The evaluators of this module."""
    return (EVALUATOR,)
