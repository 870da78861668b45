"""rfm: the customary segments by recency, frequency and monetary value, as rules."""

from collections.abc import Iterable

from segdsl.plugin import Segmenter, hookimpl, later

_NUMBERS = ("count", "int", "number")


def _field(description: str, *others: str) -> dict[str, object]:
    kinds = [*_NUMBERS, *others]
    return {"type": "string", "format": "field", "kinds": kinds, "description": description}


def _cuts(of: str, example: str, **items: object) -> dict[str, object]:
    described = f"your own cut-points of {of}, four of them, instead of fifths of the accounts: {example}"
    return {
        "type": "array",
        "items": items,
        "minItems": 4,
        "maxItems": 4,
        "uniqueItems": True,
        "description": described,
    }


SEGMENTER = Segmenter(
    name="rfm",
    title="Segments by recency, frequency and monetary value",
    fit=later("segdsl_rfm.fitting:fit"),
    options={
        "type": "object",
        "additionalProperties": False,
        "required": ["recency", "frequency", "monetary"],
        "properties": {
            "recency": _field(
                "how long ago the last purchase was, as a duration or in days; or its date",
                "duration",
                "date",
                "timestamp",
            ),
            "frequency": _field("how many purchases there were"),
            "monetary": _field("how much they brought", "money"),
            "grid": {
                "enum": ["rf", "rfm"],
                "default": "rf",
                "description": "what the named segments go by: recency and frequency (rf), or recency and the mean of"
                " the scores of frequency and monetary value (rfm)",
            },
            "table": {
                "type": "array",
                "items": {"type": "string"},
                "minItems": 1,
                "maxItems": 125,
                "description": 'your own segments by scores of R, F and M, the first that fits: "5 4-5 * Champions"',
            },
            "recency_cuts": _cuts("recency", "30 days, 90 days, 180 days, 365 days", type="string", format="duration"),
            "frequency_cuts": _cuts("frequency", "2, 3, 5, 10", type="number"),
            "monetary_cuts": _cuts("monetary value", "$100, $500, $1k, $5k", type="number", format="money"),
        },
    },
)


@hookimpl
def segdsl_segmenters() -> Iterable[Segmenter]:
    """The segmenters of this package."""
    return (SEGMENTER,)
