"""regression: all proxies of the hypotheses together against the score."""

from collections.abc import Iterable

from segdsl.plugin import Evaluator, hookimpl, later

EVALUATOR = Evaluator(
    name="regression",
    title="How much of the score all proxies explain together, out of sample",
    measure=later("segdsl_regression.measuring:measure"),
    of_score=True,
    figures=("r2", "adjusted", "variables"),
    options={
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "max_vif": {
                "type": "number",
                "exclusiveMinimum": 1,
                "default": 5,
                "description": "the variance inflation factor above which a proxy is dropped as collinear",
            },
            "significance": {
                "type": "number",
                "format": "ratio",
                "exclusiveMinimum": 0,
                "exclusiveMaximum": 1,
                "default": 0.05,
                "description": "the p above which a proxy is dropped as insignificant: 5%",
            },
            "folds": {
                "type": "integer",
                "minimum": 2,
                "maximum": 100,
                "default": 5,
                "description": "in how many parts accounts are divided to judge the regression on those it hasn't seen",
            },
            "within": {
                "type": "string",
                "format": "field",
                "description": "a category or segmentation: the regression is made again inside each of its values",
            },
        },
    },
)


@hookimpl
def segdsl_evaluators() -> Iterable[Evaluator]:
    """The evaluators of this package."""
    return (EVALUATOR,)
