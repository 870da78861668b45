"""A bound on the depth of terms, so that no spec can exhaust the stages that walk them."""

from typing import Any

from segdsl.diagnostics import Span
from segdsl.language.terms import Reference

MAX_DEPTH = 100


def find_too_deep(node: Any) -> Span | None:
    """The place of a node nested deeper than MAX_DEPTH below this one, if there is one. It doesn't recurse."""
    level = [node]
    for _ in range(MAX_DEPTH):
        below: list[Any] = []
        for item in level:
            if isinstance(item, Reference) and len(item.parts) > MAX_DEPTH:
                return item.span  # links are followed one within the other
            for name in item.__match_args__:
                value = getattr(item, name)
                if isinstance(value, tuple):
                    below.extend(part for part in value if hasattr(part, "span"))
                elif hasattr(value, "span"):
                    below.append(value)
        if not below:
            return None
        level = below
    span: Span = level[0].span
    return span
