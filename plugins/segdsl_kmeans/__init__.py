"""kmeans: accounts that are alike in several fields, found by k-means or k-prototypes and written as prototypes."""

from collections.abc import Iterable

from segdsl.plugin import Segmenter, hookimpl, later

_NUMBERS = ["count", "int", "number", "ratio", "money", "duration"]
_FIELDS = {"type": "string", "format": "field", "kinds": [*_NUMBERS, "category", "bool"]}

SEGMENTER = Segmenter(
    name="kmeans",
    title="Clusters of accounts that are alike in several fields",
    fit=later("segdsl_kmeans.fitting:fit"),
    options={
        "type": "object",
        "additionalProperties": False,
        "required": ["features"],
        "properties": {
            "features": {
                "type": "array",
                "items": _FIELDS,
                "minItems": 1,
                "uniqueItems": True,
                "description": "the numbers, amounts, durations, categories and yes-or-no to compare accounts by",
            },
            "clusters": {
                "type": "array",
                "items": {"type": "integer", "minimum": 2, "maximum": 50},
                "minItems": 1,
                "maxItems": 2,
                "default": [2, 8],
                "description": "how many clusters: a number, or a range from which the best is chosen: 3 .. 6",
            },
            "transform": {
                "enum": ["auto", "log", "none"],
                "default": "auto",
                "description": "which numbers are measured as log(1 + x): those that are skewed, all, or none",
            },
            "log": {
                "type": "array",
                "items": _FIELDS,
                "minItems": 1,
                "uniqueItems": True,
                "description": "the features measured as log(1 + x), instead of `transform`",
            },
            "scaling": {
                "enum": ["standard", "none"],
                "default": "standard",
                "description": "whether each feature is divided by its spread, for numbers the standard deviation",
            },
        },
    },
)


@hookimpl
def segdsl_segmenters() -> Iterable[Segmenter]:
    """The segmenters of this package."""
    return (SEGMENTER,)
