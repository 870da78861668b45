"""tree: a readable decision tree that finds segments by a score, a grade or a yes-or-no."""

from segdsl.plugin import Segmenter, hookimpl, later

_FIELD = {"type": "string", "format": "field"}

TREE = Segmenter(
    name="tree",
    title="Splits accounts by the fields that tell most of a score",
    fit=later("segdsl_tree.fitting:fit"),
    options={
        "type": "object",
        "additionalProperties": False,
        "required": ["target", "features"],
        "properties": {
            "target": {**_FIELD, "description": "the score or grade that segments should differ in"},
            "features": {
                "type": "array",
                "items": _FIELD,
                "minItems": 1,
                "uniqueItems": True,
                "description": "the fields that segments may be told by",
            },
            "max_depth": {
                "type": "integer",
                "minimum": 1,
                "maximum": 6,
                "default": 3,
                "description": "the most conditions that a segment is told by, 1 to 6",
            },
            "min_share": {
                "type": "number",
                "format": "ratio",
                "exclusiveMinimum": 0,
                "maximum": 0.5,
                "default": 0.05,
                "description": "the least share of the accounts that a segment may have, up to 50%",
            },
            "min_difference": {
                "type": "number",
                "minimum": 0,
                "maximum": 3,
                "default": 0.2,
                "description": "the least difference of the means of two sides, in standard deviations of the target",
            },
            "first": {**_FIELD, "description": "the field that the first split must be on"},
            "without": {
                "type": "array",
                "items": _FIELD,
                "description": "the fields that the first split must not be on",
            },
            "directions": {
                "enum": ["hypotheses", "none"],
                "default": "hypotheses",
                "description": "whether means may only go the way that hypotheses expect of a field, or any way",
            },
            "alternatives": {
                "type": "integer",
                "minimum": 0,
                "maximum": 20,
                "default": 3,
                "description": "how many other first splits are listed, with what they are worth",
            },
            "folds": {
                "type": "integer",
                "minimum": 2,
                "maximum": 20,
                "default": 5,
                "description": "the parts of the accounts by which the size of the tree is cross-validated",
            },
            "standard_errors": {
                "type": "number",
                "minimum": 0,
                "maximum": 5,
                "default": 1,
                "description": "how many standard errors worse than the best a smaller tree may be; 0 for the best",
            },
        },
    },
)


@hookimpl
def segdsl_segmenters() -> tuple[Segmenter, ...]:
    return (TREE,)
