"""Options that several evaluators share."""

from collections.abc import Mapping

TOP: Mapping[str, object] = {
    "type": "number",
    "format": "ratio",
    "exclusiveMinimum": 0,
    "exclusiveMaximum": 1,
    "default": 0.25,
    "description": "the share of accounts, by score, that counts as the best",
}

OUT_OF_SAMPLE: Mapping[str, object] = {
    "folds": {
        "type": "integer",
        "minimum": 2,
        "maximum": 100,
        "default": 5,
        "description": "into how many parts accounts are put, each judged by what was learned on the others",
    },
    "by": {
        "type": "string",
        "format": "field",
        "kinds": ["date", "timestamp"],
        "description": "instead of folds: the date by which accounts are split, with `after`",
    },
    "after": {
        "type": "string",
        "format": "date",
        "description": "with `by`: learn on accounts before this date, judge on those from it on",
    },
}
