"""Which plugins the trees of a spec name."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from segdsl.diagnostics import SourceText
from segdsl.language import syntax as s
from segdsl.language.terms import CallTerm, Name, Reference
from segdsl.model.evaluations import UNASKED
from segdsl.plugin.registry import NamedPlugin
from segdsl.types.aggregate import AGGREGATES
from segdsl.types.function import FUNCTIONS

_FORMAT = "format"
# A whole word and no part of it, without backtracking: one word of a text literal may have millions of letters.
CALL = re.compile(r"\b(\w++)\s*+\(")
# Words that stand before a parenthesis without calling anything, and functions that are built in.
_BUILT_IN = frozenset({"and", "or", "not", "in", "any", "all", "category", "money", "list", "band", "expected"}).union(
    FUNCTIONS, AGGREGATES
)


def plugins_named(trees: Mapping[str, s.Tree], texts: Mapping[str, SourceText]) -> tuple[NamedPlugin, ...]:
    """Each plugin once, at the first place that names it, and those that every evaluation measures with."""
    found: dict[str, NamedPlugin] = {}
    for file, tree in trees.items():
        for name in (*_declared(tree), *_called(tree, texts[file].text)):
            found.setdefault(name.text, NamedPlugin(name.text, name.span))
    for evaluation in (one for tree in trees.values() for one in tree.declarations if isinstance(one, s.EvaluateDecl)):
        for measure in UNASKED:
            found.setdefault(measure, NamedPlugin(measure, evaluation.span, unasked=True))
    return tuple(found.values())


def _declared(tree: s.Tree) -> Iterator[Name]:
    for declaration in tree.declarations:
        match declaration:
            case s.EnrichDecl(plugin=plugin) | s.ReportDecl(plugin=plugin):
                yield plugin
            case s.SegmentationDecl(plugin=plugin) if plugin is not None:
                yield plugin
            case s.SourceDecl(items=items):
                yield from _formats(items)
            case s.AudienceDecl(items=items):
                yield from (i.exporter for i in items if isinstance(i, s.ToClause) and i.exporter is not None)
            case s.EvaluateDecl(items=items):
                yield from _measures(items)
            case _:
                continue


def _formats(items: Iterable[s.SourceItem]) -> Iterator[Name]:
    """Formats that files are read as: `read { format: NAME }`."""
    for item in items:
        if isinstance(item, s.ReadBlock):
            for one in item.properties:
                value = one.values[0]
                if one.name.text == _FORMAT and isinstance(value, Reference) and len(value.parts) == 1:
                    yield value.parts[0]


def _measures(items: Iterable[s.Property | s.RequireClause]) -> Iterator[Name]:
    for item in items:
        yield item.measure if isinstance(item, s.RequireClause) else item.name


def _called(tree: s.Tree, text: str) -> Iterator[Name]:
    """Functions that aren't built in. The text tells quickly that there are none, as in most specs."""
    if _BUILT_IN.issuperset(CALL.findall(text)):
        return
    waiting: list[Any] = list(tree.declarations)
    while waiting:
        node = waiting.pop()
        if isinstance(node, CallTerm) and node.function.text not in _BUILT_IN:
            yield node.function
        for part in node.__match_args__:
            value = getattr(node, part)
            inner = value if isinstance(value, tuple) else (value,)
            waiting.extend(one for one in inner if hasattr(one, "span"))
