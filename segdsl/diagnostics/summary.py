"""What every rendering of diagnostics shares: their order, their count, and how rows of data are told."""

from collections.abc import Iterable, Mapping

from segdsl.diagnostics.diagnostic import Diagnostic, RowExamples
from segdsl.diagnostics.display import escape, shorten
from segdsl.diagnostics.text import SourceText, Span

_VALUE_WIDTH = 40


def in_order(diagnostics: Iterable[Diagnostic], texts: Mapping[str, SourceText]) -> tuple[Diagnostic, ...]:
    """Diagnostics by file (in the order of `texts`), then by place; those without a place come last."""
    ranks = {file: rank for rank, file in enumerate(texts)}

    def place(found: Diagnostic) -> tuple[int, str, int]:
        if found.span is None:
            return len(ranks) + 1, "", 0
        return ranks.get(found.span.file, len(ranks)), found.span.file, found.span.start

    return tuple(sorted(diagnostics, key=place))


def count_line(diagnostics: Iterable[Diagnostic]) -> str:
    """`2 errors, 1 warning, 1 warning accepted`; empty when there is nothing."""
    kinds = [(found.severity, bool(found.accepted)) for found in diagnostics]
    counts = ((kinds.count(kind), *kind) for kind in dict.fromkeys(sorted(kinds)))
    return ", ".join(
        f"{count:,} {severity}{'s' if count > 1 else ''}{' accepted' if accepted else ''}"
        for count, severity, accepted in counts
    )


def locate(span: Span, texts: Mapping[str, SourceText]) -> str:
    """`file:line:column`, or the file alone when its text isn't at hand."""
    text = texts.get(span.file)
    if text is None:
        return escape(span.file)
    position = text.position(span.start)
    return f"{escape(span.file)}:{position.line}:{position.column}"


def describe_rows(rows: RowExamples) -> str:
    """``rows 3, 17, 204 and 91 more: `foo`, `bar` ``; values that repeat are told once, long ones are cut."""
    named = ", ".join(map(str, rows.rows))
    more = rows.count - len(rows.rows)
    if not rows.rows:
        where = f"{rows.count:,} row{'s' if rows.count != 1 else ''}"
    elif more > 0:
        where = f"row{'s' if len(rows.rows) > 1 else ''} {named} and {more:,} more"
    else:
        where = f"row{'s' if len(rows.rows) > 1 else ''} {named}"
    values = ", ".join(_quote(value) for value in dict.fromkeys(rows.values))
    return f"{where}: {values}" if values else where


def _quote(value: str) -> str:
    return f"`{shorten(value, _VALUE_WIDTH)}`" if value else "empty text"
