"""Which plugins the trees of a spec name."""

from collections.abc import Iterable, Iterator

from segdsl.language import syntax as s
from segdsl.language.terms import Name
from segdsl.plugin.registry import NamedPlugin


def plugins_named(trees: Iterable[s.Tree]) -> tuple[NamedPlugin, ...]:
    """Each plugin once, at the first place that names it."""
    found: dict[str, NamedPlugin] = {}
    for tree in trees:
        for declaration in tree.declarations:
            for name in _names(declaration):
                found.setdefault(name.text, NamedPlugin(name.text, name.span))
    return tuple(found.values())


def _names(declaration: s.Declaration) -> Iterator[Name]:
    match declaration:
        case s.EnrichDecl(plugin=plugin) | s.ReportDecl(plugin=plugin):
            yield plugin
        case s.SegmentationDecl(plugin=plugin) if plugin is not None:
            yield plugin
        case s.AudienceDecl(items=items):
            yield from (item.exporter for item in items if isinstance(item, s.ToClause) and item.exporter is not None)
        case _:
            return
