"""needs: groups of accounts that want alike, from survey answers by factor analysis, written as prototypes."""

from collections.abc import Iterable

from segdsl.plugin import Segmenter, hookimpl, later

SEGMENTER = Segmenter(
    name="needs",
    title="Groups that want alike, by factors of survey answers",
    fit=later("segdsl_needs.fitting:fit"),
    options={
        "type": "object",
        "additionalProperties": False,
        "required": ["items"],
        "properties": {
            "items": {
                "type": "array",
                "items": {"type": "string", "format": "field"},
                "minItems": 3,
                "maxItems": 200,
                "uniqueItems": True,
                "examples": [["seats", "mrr", "quality"]],
                "description": "the answers by which accounts are compared: at least 3 numbers, counts or ratios",
            },
            "factors": {
                "type": "integer",
                "minimum": 1,
                "maximum": 20,
                "description": "how many factors stand behind the items; without it, parallel analysis tells",
            },
            "clusters": {
                "type": "array",
                "items": {"type": "integer", "minimum": 2, "maximum": 20},
                "minItems": 1,
                "maxItems": 2,
                "default": [2, 8],
                "description": "how many groups: a number, or a range from which the best is chosen: 3 .. 6",
            },
            "center": {
                "type": "boolean",
                "default": False,
                "description": "whether answers count by how far they are from the account's own level",
            },
        },
    },
)


@hookimpl
def segdsl_segmenters() -> Iterable[Segmenter]:
    """The segmenters of this package."""
    return (SEGMENTER,)
