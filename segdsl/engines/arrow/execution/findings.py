"""The diagnostics of carrying out a plan."""

from collections.abc import Iterable

from segdsl.diagnostics import Diagnostic, Label, Span
from segdsl.plan.steps import Skipped


def too_large(text: str, span: Span | None) -> Diagnostic:
    """An exact sum that doesn't fit 64 bits."""
    return Diagnostic(
        "SEG612",
        text,
        labels=(Label(span),) if span is not None else (),
        expected="sums below 9.2 trillion units (9.2 quadrillion of a small currency)",
        help="look for amounts in the data that were read in the wrong unit",
    )


def not_carried_out(skipped: Iterable[Skipped]) -> list[Diagnostic]:
    """One warning for each reason, naming everything it leaves out."""
    by_reason: dict[str, list[Skipped]] = {}
    for one in skipped:
        by_reason.setdefault(one.reason, []).append(one)
    return [_skipped(reason, group) for reason, group in by_reason.items()]


def _skipped(reason: str, group: list[Skipped]) -> Diagnostic:
    names = ", ".join(f"{one.kind} `{one.name}`" for one in group)
    spans = [one.span for one in group if one.span is not None]
    return Diagnostic(
        "SEG709",
        f"left out: {names}, because {reason}",
        labels=tuple(Label(span) for span in spans[:1]),
        help="the rest of the spec was run without it",
    )
