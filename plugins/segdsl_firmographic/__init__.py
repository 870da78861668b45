"""Firmographic fields of companies: who they are and where, what they do, how large and old, and whose they are."""

from collections.abc import Iterable

from segdsl.plugin import Enricher, hookimpl, later
from segdsl_firmographic import account_outputs, business_outputs

ENRICHER = Enricher(
    name="firmographic",
    title="Legal form, country, web domain, industry, size, age, growth and corporate hierarchy of companies",
    outputs=(*account_outputs.OUTPUTS, *business_outputs.OUTPUTS),
    make=later("segdsl_firmographic.making:make"),
    options={
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "properties": {**business_outputs.OPTIONS},
        "additionalProperties": False,
    },
)


@hookimpl
def segdsl_enrichers() -> Iterable[Enricher]:
    """The one enricher of this plugin."""
    return (ENRICHER,)
