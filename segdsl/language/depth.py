"""A bound on the depth of terms, so that no spec can exhaust the stages that walk them."""

from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any

from segdsl.diagnostics import Span

MAX_DEPTH = 100


@cache
def _parts(kind: Any) -> tuple[str, ...]:
    return tuple(f.name for f in fields(kind) if f.name not in ("span", "text", "type"))


def find_too_deep(node: Any) -> Span | None:
    """The place of a node nested deeper than MAX_DEPTH below this one, if there is one. It doesn't recurse."""
    level = [node]
    for _ in range(MAX_DEPTH):
        below: list[Any] = []
        for item in level:
            for name in _parts(item.__class__):
                value = getattr(item, name)
                if isinstance(value, tuple):
                    below.extend(v for v in value if is_dataclass(v))
                elif is_dataclass(value):
                    below.append(value)
        if not below:
            return None
        level = below
    span: Span = level[0].span
    return span
