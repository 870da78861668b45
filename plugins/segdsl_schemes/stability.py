"""stability: whether a segmentation comes out the same on other accounts, and whether segments shift in time."""

from collections.abc import Iterable

from segdsl.plugin import Evaluator, hookimpl, later
from segdsl_schemes.options import REFITS

EVALUATOR = Evaluator(
    name="stability",
    title="Whether halves of the accounts give the same segments, and whether segments shift in time",
    measure=later("segdsl_schemes.steadiness:measure"),
    options={
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "refits": REFITS,
            "by": {
                "type": "string",
                "format": "field",
                "kinds": ["date", "timestamp"],
                "description": "the date by which accounts are split, with `after`, to compare the shares of segments",
            },
            "after": {
                "type": "string",
                "format": "date",
                "description": "with `by`: accounts before this date are compared with those from it on",
            },
        },
    },
    figures=("low", "high", "psi"),
)


@hookimpl
def segdsl_evaluators() -> Iterable[Evaluator]:
    """The evaluators of this module."""
    return (EVALUATOR,)
