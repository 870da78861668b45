"""A bound on the depth of terms, so that no spec can exhaust the stages that walk them."""

from typing import Any

from segdsl.diagnostics import Span

MAX_DEPTH = 100


def find_too_deep(node: Any) -> Span | None:
    """The place of a node nested deeper than MAX_DEPTH below this one, if there is one. It doesn't recurse."""
    level = [node]
    for _ in range(MAX_DEPTH):
        below: list[Any] = []
        for item in level:
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
