"""criteria: whether a segmentation is a good one, by eight criteria."""

from collections.abc import Iterable, Mapping

from segdsl.plugin import Evaluator, hookimpl, later
from segdsl_schemes.options import REFITS


def _share(default: float, description: str) -> Mapping[str, object]:
    return {
        "type": "number",
        "format": "ratio",
        "minimum": 0,
        "maximum": 1,
        "default": default,
        "description": description,
    }


EVALUATOR = Evaluator(
    name="criteria",
    title="The share of eight criteria of a good segmentation that are met",
    measure=later("segdsl_schemes.judging:measure"),
    options={
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "needs": {
                "type": "array",
                "items": {"type": "string", "format": "field"},
                "minItems": 1,
                "uniqueItems": True,
                "description": "fields that say what accounts need, such as survey answers or products in use",
            },
            "contact": {
                "type": "string",
                "format": "field",
                "kinds": ["bool"],
                "description": "a yes or no: whether an account may be contacted",
            },
            "growth": {
                "type": "string",
                "format": "field",
                "kinds": ["count", "int", "number", "ratio", "money", "duration"],
                "description": "a number that says how much an account grows",
            },
            "refits": REFITS,
            "least_alike": _share(0.06, "the least share of the variance that segments explain"),
            "least_distinct": _share(0.8, "the least share of pairs of segments that differ"),
            "least_share": _share(0.03, "the least share of the accounts that the smallest segment has"),
            "least_accounts": {
                "type": "integer",
                "minimum": 1,
                "default": 10,
                "description": "the least number of accounts that the smallest segment has",
            },
            "least_assignable": _share(
                0.8, "the least share of accounts put in a segment with no deciding field missing"
            ),
            "least_reachable": _share(0.8, "the least share of accounts in segments that may be contacted"),
            "least_stable": {
                "type": "number",
                "minimum": 0,
                "maximum": 1,
                "default": 0.8,
                "description": "the least agreement of segments learned on halves of the accounts: see `stability`",
            },
            "least_growing": _share(0.25, "the least share of accounts that are in a growing segment"),
            "most_variables": {
                "type": "integer",
                "minimum": 1,
                "default": 5,
                "description": "the most fields by which segments may be told",
            },
        },
    },
    figures=(
        "alike",
        "distinct",
        "substantial",
        "assignable",
        "reachable",
        "stable",
        "growing",
        "variables",
        "met",
        "told",
    ),
)


@hookimpl
def segdsl_evaluators() -> Iterable[Evaluator]:
    """The evaluators of this module."""
    return (EVALUATOR,)
