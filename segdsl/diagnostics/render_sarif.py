"""Diagnostics as SARIF 2.1.0, which code hosts show beside the lines of a change.

Source: OASIS, "Static Analysis Results Interchange Format (SARIF) Version 2.1.0", sections 3.13 to 3.35.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import PurePath
from typing import Any
from urllib.parse import quote

from segdsl.diagnostics.codes import CODES
from segdsl.diagnostics.diagnostic import Diagnostic, Label
from segdsl.diagnostics.summary import describe_rows, in_order
from segdsl.diagnostics.text import SourceText

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"


def render_sarif(diagnostics: Iterable[Diagnostic], texts: Mapping[str, SourceText]) -> str:
    """One SARIF log with one run, ASCII only, with a line end.

    Columns count Unicode code points from 1. The first label is the location of a result, the others are
    related locations.
    """
    ordered = in_order(diagnostics, texts)
    codes = tuple(sorted({found.code for found in ordered}))
    run = {
        "tool": {"driver": {"name": "segdsl", "rules": [_rule(code) for code in codes]}},
        "columnKind": "unicodeCodePoints",
        "results": [_result(found, codes, texts) for found in ordered],
    }
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


def _rule(code: str) -> dict[str, Any]:
    known = CODES[code]
    return {
        "id": code,
        "shortDescription": {"text": known.title},
        "defaultConfiguration": {"level": known.severity},
    }


def _result(found: Diagnostic, codes: Sequence[str], texts: Mapping[str, SourceText]) -> dict[str, Any]:
    locations = [_location(label, texts.get(label.span.file)) for label in found.labels]
    data = [{"physicalLocation": {"artifactLocation": {"uri": _uri(rows.file)}}} for rows in found.rows]
    result = {
        "ruleId": found.code,
        "ruleIndex": codes.index(found.code),
        "level": str(found.severity),
        "message": {"text": _message(found)},
        "locations": locations[:1] or data[:1],
        # None for all results, or a list for each: section 3.27.23.
        "suppressions": [{"kind": "inSource", "justification": found.accepted}] if found.accepted else [],
    }
    related = [{"id": number, **place} for number, place in enumerate(locations[1:], start=1)]
    return {**result, "relatedLocations": related} if related else result


def _message(found: Diagnostic) -> str:
    expected = (f"Expected: {found.expected}",) if found.expected else ()
    rows = (f"{rows.file}: {describe_rows(rows)}" for rows in found.rows)
    mend = (f"Help: {found.help}",) if found.help else ()
    return "\n".join((found.message, *expected, *rows, *found.notes, *mend))


def _location(label: Label, text: SourceText | None) -> dict[str, Any]:
    place: dict[str, Any] = {"artifactLocation": {"uri": _uri(label.span.file)}}
    if text is not None:
        start, end = text.position(label.span.start), text.position(label.span.end)
        place["region"] = {
            "startLine": start.line,
            "startColumn": start.column,
            "endLine": end.line,
            "endColumn": end.column,
        }
    location: dict[str, Any] = {"physicalLocation": place}
    return {**location, "message": {"text": label.text}} if label.text else location


def _uri(file: str) -> str:
    path = PurePath(file)
    encoded = quote(path.as_posix().encode("utf-8", "surrogateescape"))
    return f"file://{encoded}" if path.is_absolute() else encoded
