"""The contract checks that an author calls from a test; each raises ContractBroken with everything it found."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar, assert_never

from segdsl.plugin.declarations import (
    Declaration,
    Enricher,
    Evaluator,
    Exporter,
    Function,
    Reader,
    Section,
    Segmenter,
)
from segdsl.plugin.testing.declared import DECLARATION, faults_of_declaration
from segdsl.plugin.testing.enrichers import enricher_faults
from segdsl.plugin.testing.evaluators import evaluator_faults
from segdsl.plugin.testing.examples import (
    EnrichExample,
    Example,
    ExportExample,
    FitExample,
    FunctionExample,
    MeasureExample,
    ReadExample,
    SectionExample,
)
from segdsl.plugin.testing.exporters import exporter_faults
from segdsl.plugin.testing.faults import Fault, raise_faults
from segdsl.plugin.testing.functions import function_faults
from segdsl.plugin.testing.installed import installed_declaration, module_faults
from segdsl.plugin.testing.readers import reader_faults
from segdsl.plugin.testing.sections import section_faults
from segdsl.plugin.testing.segmenters import segmenter_faults

E = TypeVar("E")


def check_plugin(name: str, *examples: Example, spec: str | None = None) -> None:
    """Everything that a plugin promises, tried on the installed plugin of that name.

    Its entry point, that its module is light, its declaration, and how it behaves. `examples` are needed where inputs
    can't be invented, and welcome elsewhere. `spec` is a whole spec that uses the plugin, where the one that is made
    from the declaration won't do.
    """
    declared = installed_declaration(name)
    raise_faults(name, (*module_faults(name), *_faults(declared, examples, spec)))


def check_declaration(declared: Declaration, *examples: Example, spec: str | None = None) -> None:
    """The same for a declaration by itself, which needs no package: its texts, options, and how it behaves."""
    raise_faults(declared.name, _faults(declared, examples, spec))


def _faults(declared: Declaration, examples: tuple[Example, ...], spec: str | None) -> Iterator[Fault]:
    stated = tuple(faults_of_declaration(declared, spec))
    yield from stated
    if any(fault.rule == DECLARATION for fault in stated):
        return
    match declared:
        case Enricher():
            yield from enricher_faults(declared, _of(EnrichExample, examples))
        case Function():
            yield from function_faults(declared, _of(FunctionExample, examples))
        case Segmenter():
            yield from segmenter_faults(declared, _of(FitExample, examples))
        case Evaluator():
            yield from evaluator_faults(declared, _of(MeasureExample, examples))
        case Reader():
            yield from reader_faults(declared, _of(ReadExample, examples))
        case Exporter():
            yield from exporter_faults(declared, _of(ExportExample, examples))
        case Section():
            yield from section_faults(declared, _of(SectionExample, examples))
        case _:
            assert_never(declared)


def _of(kind: type[E], examples: tuple[Example, ...]) -> tuple[E, ...]:
    """The examples, which must be of one kind. Raises TypeError for one of another: a slip in the author's test."""
    fitting = tuple(one for one in examples if isinstance(one, kind))
    if len(fitting) < len(examples):
        raise TypeError(f"examples of this plugin are of the type {kind.__name__}")
    return fitting
