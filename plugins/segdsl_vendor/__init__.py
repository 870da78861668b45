"""vendor: joins files of data providers to accounts, by key, domain or name; several providers are a waterfall."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from segdsl.plugin import (
    CATEGORY,
    DATE,
    RATIO,
    Enricher,
    Input,
    Kind,
    Options,
    Output,
    Scope,
    Type,
    hookimpl,
    later,
)

_TEXTS = ["text", "category"]
_KINDS = frozenset(Kind) - {Kind.UNKNOWN}


def _columns(description: str, kinds: Sequence[str]) -> Mapping[str, object]:
    items = {"type": "string", "format": "column", "kinds": list(kinds)}
    return {"type": "array", "items": items, "minItems": 1, "uniqueItems": True, "description": description}


_EACH = "first of the enriched table, then one of each provider's table"
_OPTIONS = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "match_key": _columns(f"key columns: {_EACH}", [*_TEXTS, "int", "count"]),
        "match_domain": _columns(f"sites, domains or e-mail addresses: {_EACH}", _TEXTS),
        "match_name": _columns(f"company names, compared with tolerance: {_EACH}", _TEXTS),
        "match_country": _columns(f"countries in any spelling, within which names are compared: {_EACH}", _TEXTS),
        "dated": _columns("the day each record was seen, one column of each table that has one", ["date", "timestamp"]),
        "max_age": {
            "type": "string",
            "format": "duration",
            "description": "how old a value may be at the clock, as in `12 months`; older ones are left out",
        },
        "threshold": {
            "type": "number",
            "format": "ratio",
            "minimum": 0.5,
            "maximum": 1,
            "default": 0.85,
            "description": "the confidence from which names match, between 50% and 100%",
        },
        "providers": {
            "type": "array",
            "items": {"type": "string", "format": "provider"},
            "minItems": 1,
            "description": "the providers whose prices count, one for each table that values come from, in order",
        },
        "keep_for": {
            "type": "string",
            "format": "duration",
            "description": "how long what was paid for is kept, as in `180 days`; without it, for ever",
        },
    },
}


def _value_type(inputs: Sequence[Type], options: Options) -> Type | str:
    """The type that the columns of all providers share; values may be missing."""
    first, *others = inputs
    for other in others:
        if other.kind is not first.kind:
            return f"one column is {first.kind}, another is {other.kind}; they must be of one kind"
        if other.currency != first.currency:
            return f"one column is in {first.currency}, another in {other.currency}; they must be in one currency"
        if other.element != first.element:
            return "the columns are lists of different kinds"
    same_values = all(other.values == first.values for other in others)
    return replace(first, optional=True, values=first.values if same_values else None)


ENRICHER = Enricher(
    name="vendor",
    title="Values from data providers' files",
    outputs=(
        Output(
            "*",
            "The value of the first provider that has one, and a fresh one where an age is limited; else missing.",
            (Input("column of a provider's table", _KINDS, "in the order in which providers are asked", repeats=True),),
            _value_type,
            Scope.TABLE,
            also=(
                ("*_provider", CATEGORY.or_missing()),
                ("*_date", DATE.or_missing()),
                ("*_confidence", RATIO.or_missing()),
            ),
        ),
    ),
    make=later("segdsl_vendor.making:make"),
    options=_OPTIONS,
    cost="the price of each record that a value is taken from, once while it is kept",
)


@hookimpl
def segdsl_enrichers() -> Iterable[Enricher]:
    """The enricher `vendor`."""
    return (ENRICHER,)
