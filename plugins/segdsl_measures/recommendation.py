"""recommendation: the few segments to go for, with what is won and lost by them."""

from collections.abc import Iterable

from segdsl.plugin import Evaluator, hookimpl, later
from segdsl_measures.options import OUT_OF_SAMPLE, TOP

EVALUATOR = Evaluator(
    name="recommendation",
    title="The two or three segments to go for, and what is caught, missed and avoided by them",
    measure=later("segdsl_measures.recommending:measure"),
    options={
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "top": TOP,
            "most": {
                "type": "number",
                "format": "ratio",
                "exclusiveMinimum": 0,
                "maximum": 1,
                "default": 0.5,
                "description": "the largest share of the accounts that the recommended segments may have together",
            },
            "segments": {
                "type": "array",
                "items": {"type": "integer", "minimum": 1, "maximum": 5},
                "minItems": 1,
                "maxItems": 2,
                "default": [2, 3],
                "description": "how many segments are recommended: a number, or a range: 2 .. 3",
            },
            **OUT_OF_SAMPLE,
        },
    },
    figures=("share", "lift", "poor_avoided", "value_share", "apparent"),
)


@hookimpl
def segdsl_evaluators() -> Iterable[Evaluator]:
    """The evaluators of this module."""
    return (EVALUATOR,)
