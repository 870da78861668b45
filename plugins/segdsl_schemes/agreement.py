"""agreement: whether a score ranks accounts as the stakeholders do, and which of its terms stand against it."""

from collections.abc import Iterable

from segdsl.plugin import Evaluator, hookimpl, later

EVALUATOR = Evaluator(
    name="agreement",
    title="How far a score ranks accounts as the stakeholders do",
    measure=later("segdsl_schemes.ranking:measure"),
    of_score=True,
    options={
        "type": "object",
        "additionalProperties": False,
        "required": ["rank"],
        "properties": {
            "rank": {
                "type": "string",
                "format": "field",
                "kinds": ["count", "int", "number", "ratio", "money"],
                "description": "the stakeholders' place of an account, 1 for the best; missing where they ranked none",
            },
            "higher": {
                "type": "boolean",
                "default": False,
                "description": "true if a higher number in `rank` is better, as in points",
            },
            "disagreements": {
                "type": "integer",
                "minimum": 1,
                "maximum": 1000,
                "default": 10,
                "description": "how many of the accounts are listed on whose place they disagree most",
            },
        },
    },
    figures=("low", "high", "kendall", "kendall_low", "kendall_high", "accounts"),
)


@hookimpl
def segdsl_evaluators() -> Iterable[Evaluator]:
    """The evaluators of this module."""
    return (EVALUATOR,)
