"""sizing: what the prospects of each segment may be worth, as a range, with what was assumed."""

from collections.abc import Iterable, Mapping

from segdsl.plugin import Evaluator, hookimpl, later


def _share(description: str, example: str) -> Mapping[str, object]:
    return {
        "type": "array",
        "items": {"type": "number", "format": "ratio", "minimum": 0, "maximum": 1},
        "minItems": 1,
        "maxItems": 2,
        "examples": [example],
        "description": description,
    }


EVALUATOR = Evaluator(
    name="sizing",
    title="What the prospects of each segment may be worth, as a range",
    measure=later("segdsl_schemes.market:measure"),
    options={
        "type": "object",
        "additionalProperties": False,
        "required": ["prospects", "penetration"],
        "properties": {
            "prospects": {
                "type": "string",
                "format": "table",
                "description": "the source or population of those who may be won",
            },
            "penetration": _share("the share of prospects that will be won, or a range: 5% .. 15%", "5% .. 15%"),
            "potential": {
                "type": "string",
                "format": "field",
                "kinds": ["money", "number", "count", "int"],
                "description": "what a prospect spends on such things in all, with anyone; with `wallet`",
            },
            "wallet": {
                **_share("with `potential`: the share of that spending that will be ours, or a range: 20% .. 40%", ""),
                "examples": [],
            },
        },
    },
    figures=("low", "high", "prospects", "wallet", "wallet_low", "wallet_high"),
)


@hookimpl
def segdsl_evaluators() -> Iterable[Evaluator]:
    """The evaluators of this module."""
    return (EVALUATOR,)
