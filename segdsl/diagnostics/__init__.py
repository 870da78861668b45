"""What went wrong or deserves a look, as values: spans of text, diagnostics and the catalogue of codes."""

from segdsl.diagnostics.codes import CODES, Code
from segdsl.diagnostics.diagnostic import (
    Diagnostic,
    Diagnostics,
    Label,
    RowExamples,
    Severity,
    has_errors,
    has_warnings,
)
from segdsl.diagnostics.text import Position, SourceText, Span

__all__ = [
    "CODES",
    "Code",
    "Diagnostic",
    "Diagnostics",
    "Label",
    "Position",
    "RowExamples",
    "Severity",
    "SourceText",
    "Span",
    "has_errors",
    "has_warnings",
]
