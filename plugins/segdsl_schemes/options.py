"""Options that several evaluators of this package share."""

from collections.abc import Mapping

REFITS: Mapping[str, object] = {
    "type": "integer",
    "minimum": 2,
    "maximum": 500,
    "default": 20,
    "description": "how many times the segmentation is learned anew, each time on half of the accounts",
}
