"""Specs that name a plugin, put to the compiler."""

from __future__ import annotations

from collections.abc import Iterator
from types import MappingProxyType

from segdsl.diagnostics import SourceText
from segdsl.diagnostics.render_plain import render_plain
from segdsl.language.parser import parse
from segdsl.model.build import Outside, build_model
from segdsl.model.catalog import Catalog
from segdsl.plugin.contracts import signature_of
from segdsl.plugin.declarations import Declaration
from segdsl.plugin.testing.faults import Fault


def spec_faults(declared: Declaration, text: str) -> Iterator[Fault]:
    """What the compiler finds wrong with a spec that names the plugin."""
    catalog = Catalog(MappingProxyType({declared.name: signature_of(declared)}), (declared.name,))
    mend = "correct the declaration; an option that must be given needs `examples` in its schema"
    yield from faults_of_spec("spec", text, "a spec that uses the plugin", mend, catalog)


def faults_of_spec(rule: str, text: str, promised: str, mend: str, catalog: Catalog | None = None) -> Iterator[Fault]:
    """A fault that shows every error of a spec."""
    source = SourceText("example.seg", text)
    tree, mistakes = parse(source)
    found = mistakes
    if not mistakes:
        _, found = build_model((tree,), Outside() if catalog is None else Outside(catalog))
    errors = [one for one in found if one.is_error]
    if errors:
        told = render_plain(errors, {source.file: source}).strip().replace("\n", "\n              ")
        yield Fault(rule, promised, told, mend)
