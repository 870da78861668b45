"""The enricher `technographic`: what tools accounts use, by names that mean the same in every source."""

from collections.abc import Iterable

from segdsl.plugin import Enricher, hookimpl, later
from segdsl_technographic.outputs import OUTPUTS

_NAMES = {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}, "minItems": 1}]}

ENRICHER = Enricher(
    name="technographic",
    title="Tools that accounts use, from lists, long tables or saved pages",
    outputs=OUTPUTS,
    make=later("segdsl_technographic.making:make"),
    options={
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "catalogue": {
                "type": "string",
                "format": "path",
                "description": "a CSV, TSV or JSON file of further tools, with the columns tool, category, vendor, "
                "deployment, aliases, is; only `tool` is needed",
            },
            "competitors": {**_NAMES, "description": "tools that compete with yours, by names the catalogue knows"},
            "complements": {**_NAMES, "description": "tools that yours works with, by names the catalogue knows"},
            "pages": {
                "type": "string",
                "format": "path",
                "description": "a folder of saved pages: NAME.html with NAME.headers beside it, or NAME.json",
            },
            "rules": {
                "type": "string",
                "format": "path",
                "description": "fingerprints in the Wappalyzer JSON format: one file, or a folder of files by letter",
            },
            "confidence": {
                "type": "number",
                "minimum": 0,
                "maximum": 1,
                "description": "how sure the rules must be of a tool, 50% if left out",
            },
        },
    },
)


@hookimpl
def segdsl_enrichers() -> Iterable[Enricher]:
    return (ENRICHER,)
