"""profile: what each segment is like, and what sets it apart."""

from collections.abc import Iterable

from segdsl.plugin import Evaluator, hookimpl, later
from segdsl_measures.options import TOP

EVALUATOR = Evaluator(
    name="profile",
    title="Size, score, best and worst account of each segment, and what sets it apart",
    measure=later("segdsl_measures.profiling:measure"),
    options={
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "top": TOP,
            "growth": {
                "type": "string",
                "format": "field",
                "kinds": ["count", "int", "number", "ratio", "money", "duration"],
                "description": "a number that says how much an account grows; its median is told for each segment",
            },
            "describe": {
                "type": "array",
                "items": {"type": "string", "format": "field"},
                "minItems": 1,
                "uniqueItems": True,
                "description": "more fields to compare segments by, besides those of rules and hypotheses",
            },
        },
    },
)


@hookimpl
def segdsl_evaluators() -> Iterable[Evaluator]:
    """The evaluators of this module."""
    return (EVALUATOR,)
