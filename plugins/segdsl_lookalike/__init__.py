"""lookalike: bands of accounts by how much they are like the best customers, told by a scorecard."""

from segdsl.plugin import Segmenter, hookimpl, later

_FIELD = {"type": "string", "format": "field"}

LOOKALIKE = Segmenter(
    name="lookalike",
    title="Bands of accounts by likeness to the best customers, as a scorecard of whole points",
    fit=later("segdsl_lookalike.fitting:fit"),
    options={
        "type": "object",
        "additionalProperties": False,
        "required": ["target", "features"],
        "properties": {
            "target": {**_FIELD, "description": "the score, grade or yes-or-no that says who the best customers are"},
            "features": {
                "type": "array",
                "items": _FIELD,
                "minItems": 1,
                "maxItems": 60,
                "uniqueItems": True,
                "description": "the fields that likeness may be told by, at most 60",
            },
            "bands": {
                "type": "integer",
                "minimum": 2,
                "maximum": 20,
                "default": 5,
                "description": "how many segments of about as many accounts each, 2 to 20",
            },
            "top": {
                "type": "number",
                "format": "ratio",
                "minimum": 0.01,
                "maximum": 0.5,
                "description": "the share of accounts that are the best, by the target, 1% to 50%; 25% if not given",
            },
        },
    },
)


@hookimpl
def segdsl_segmenters() -> tuple[Segmenter, ...]:
    return (LOOKALIKE,)
