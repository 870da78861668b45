"""value: tiers of accounts by what they are worth, as rules."""

from collections.abc import Iterable

from segdsl.plugin import Segmenter, hookimpl, later

SEGMENTER = Segmenter(
    name="value",
    title="Tiers of accounts by what they are worth",
    fit=later("segdsl_value.fitting:fit"),
    options={
        "type": "object",
        "additionalProperties": False,
        "required": ["of"],
        "properties": {
            "of": {
                "type": "string",
                "format": "field",
                "kinds": ["money", "number", "count", "int", "ratio"],
                "description": "the amount by which accounts are ranked",
            },
            "method": {
                "enum": ["pareto", "quantiles", "fixed"],
                "default": "pareto",
                "description": "the fewest accounts that bring a share, tiers of the same size, or your own cut-points",
            },
            "share": {
                "type": "number",
                "format": "ratio",
                "exclusiveMinimum": 0,
                "exclusiveMaximum": 1,
                "description": "for pareto: the share of the whole that the vital few bring; 80% if not given",
            },
            "n": {
                "type": "integer",
                "minimum": 2,
                "maximum": 20,
                "description": "for quantiles: how many tiers; 4 if not given",
            },
            "cuts": {
                "type": "array",
                "items": {"type": "number", "format": "money", "exclusiveMinimum": 0},
                "minItems": 1,
                "maxItems": 20,
                "uniqueItems": True,
                "description": "for fixed tiers of an amount of money: where each but the lowest begins: $10k, $50k",
            },
            "number_cuts": {
                "type": "array",
                "items": {"type": "number", "exclusiveMinimum": 0},
                "minItems": 1,
                "maxItems": 20,
                "uniqueItems": True,
                "description": "for fixed tiers of a plain number: where each but the lowest begins: 10, 50",
            },
        },
    },
)


@hookimpl
def segdsl_segmenters() -> Iterable[Segmenter]:
    """The segmenters of this package."""
    return (SEGMENTER,)
