"""Diagnostics for programs, in the shape that diagnostics.schema.json publishes."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from segdsl.diagnostics.codes import CODES
from segdsl.diagnostics.diagnostic import Diagnostic, Label, RowExamples
from segdsl.diagnostics.summary import in_order
from segdsl.diagnostics.text import SourceText

SHAPE = 1


def render_json(diagnostics: Iterable[Diagnostic], texts: Mapping[str, SourceText]) -> str:
    """One JSON object, ASCII only, with a line end. See `diagnostics_object`."""
    return json.dumps(diagnostics_object(diagnostics, texts), indent=2) + "\n"


def diagnostics_object(diagnostics: Iterable[Diagnostic], texts: Mapping[str, SourceText]) -> dict[str, Any]:
    """Diagnostics by file and place as JSON values, to stand alone or inside the answer of a verb.

    Lines and columns count characters from 1, offsets from 0, ends are one past the last. Where the text of
    a file isn't in `texts`, `start` and `end` are null. Texts are as they stand in the spec or the data,
    not escaped for display. Warnings that are accepted stand among the others, and aren't counted with them.
    """
    ordered = in_order(diagnostics, texts)
    errors = sum(found.is_error for found in ordered)
    accepted = sum(bool(found.accepted) for found in ordered)
    return {
        "shape": SHAPE,
        "errors": errors,
        "warnings": len(ordered) - errors - accepted,
        "accepted": accepted,
        "diagnostics": [_finding(found, texts) for found in ordered],
    }


def _finding(found: Diagnostic, texts: Mapping[str, SourceText]) -> dict[str, Any]:
    return {
        "code": found.code,
        "severity": str(found.severity),
        "title": CODES[found.code].title,
        "message": found.message,
        "expected": found.expected,
        "help": found.help,
        "accepted": found.accepted,
        "notes": list(found.notes),
        "labels": [_label(label, texts.get(label.span.file)) for label in found.labels],
        "rows": [_rows(rows) for rows in found.rows],
    }


def _label(label: Label, text: SourceText | None) -> dict[str, Any]:
    return {
        "file": label.span.file,
        "start": _point(text, label.span.start),
        "end": _point(text, label.span.end),
        "text": label.text,
    }


def _point(text: SourceText | None, offset: int) -> dict[str, int] | None:
    if text is None:
        return None
    position = text.position(offset)
    return {"line": position.line, "column": position.column, "offset": offset}


def _rows(rows: RowExamples) -> dict[str, Any]:
    return {"file": rows.file, "count": rows.count, "rows": list(rows.rows), "values": list(rows.values)}
