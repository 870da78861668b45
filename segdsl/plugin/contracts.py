"""What a declaration must be, and what the compiler is told of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from inspect import signature
from types import ModuleType
from typing import Any, assert_never

import pluggy

from segdsl.diagnostics.suggestion import closest
from segdsl.model.catalog import Input, OptionFault, PluginKind, PluginSignature
from segdsl.plugin import hooks
from segdsl.plugin.calling import Raised, attempt
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
from segdsl.plugin.option_faults import find_faults
from segdsl.record import dataclass, replace

# What each hook gives, and the kind of plugin that is for the compiler.
_HOOKS: tuple[tuple[str, type[Any], PluginKind], ...] = (
    ("segdsl_enrichers", Enricher, PluginKind.ENRICHER),
    ("segdsl_functions", Function, PluginKind.FUNCTION),
    ("segdsl_segmenters", Segmenter, PluginKind.SEGMENTER),
    ("segdsl_evaluators", Evaluator, PluginKind.EVALUATOR),
    ("segdsl_readers", Reader, PluginKind.READER),
    ("segdsl_exporters", Exporter, PluginKind.EXPORTER),
    ("segdsl_sections", Section, PluginKind.SECTION),
)


@dataclass(frozen=True, slots=True)
class BrokenDeclaration:
    """Why a plugin's hooks can't be used."""

    reason: str


def declarations_of(module: ModuleType, name: str) -> tuple[Declaration, ...] | BrokenDeclaration:
    """Everything that the hooks of a module declare."""
    wrong = next(_hook_faults(module), None)
    if wrong is not None:
        return BrokenDeclaration(wrong)
    manager = pluggy.PluginManager(hooks.PROJECT)
    manager.add_hookspecs(hooks)
    manager.register(module, name)
    found: list[Declaration] = []
    for hook, kind, _ in _HOOKS:
        given = attempt(_given, manager, hook, kind)
        if isinstance(given, Raised):
            return BrokenDeclaration(f"`{hook}` fails: {given.reason}")
        if isinstance(given, BrokenDeclaration):
            return given
        found.extend(given)
    return tuple(found)


def _hook_faults(module: ModuleType) -> Iterator[str]:
    """Hooks that there aren't, and hooks that want arguments."""
    known = [hook for hook, _, _ in _HOOKS]
    for name, function in vars(module).items():
        if not hasattr(function, f"{hooks.PROJECT}_impl"):
            continue
        if name not in known:
            near = closest(name, known)
            yield f"there is no hook `{name}`" + (f"; did you mean `{near}`?" if near else "")
        elif signature(function).parameters:
            yield f"the hook `{name}` takes arguments, and a hook is called without any"


def _fault(hook: str, item: object, kind: type[Any]) -> str:
    if not isinstance(item, kind):
        return f"`{hook}` gives {type(item).__name__}, not {kind.__name__}"
    return next(declaration_faults(item), "")


def _given(manager: pluggy.PluginManager, hook: str, kind: type[Any]) -> list[Any] | BrokenDeclaration:
    """What a hook gives, or what is wrong with it."""
    given = [item for result in getattr(manager.hook, hook)() for item in result]
    wrong = next((fault for item in given if (fault := _fault(hook, item, kind))), "")
    return BrokenDeclaration(wrong) if wrong else given


def declaration_faults(declared: Declaration) -> Iterator[str]:
    """What is wrong with a declaration itself, as clauses."""
    if not declared.name.isidentifier():
        yield f"`{declared.name}` is no name that a spec can write"
    match declared:
        case Enricher(name=name, outputs=outputs):
            names = [output.name for output in outputs]
            for twice in sorted({one for one in names if names.count(one) > 1}):
                yield f"`{name}` declares the column `{twice}` twice"
            yield from (fault for output in outputs for fault in _input_faults(output.name, output.inputs))
        case Function(name=name, arguments=arguments):
            yield from _input_faults(name, arguments)
        case Evaluator(name=name, each_segment=True, of_score=True):
            yield f"`{name}` measures the score, which has no segments"
        case Evaluator(figures=figures):
            odd = (one for one in figures if not one.isidentifier())
            yield from (f"its figure `{one}` has no name that a spec can write" for one in odd)
        case _:
            return


def _input_faults(name: str, inputs: tuple[Input, ...]) -> Iterator[str]:
    for one in inputs:
        if not one.kinds:
            yield f"the input `{one.name}` of `{name}` takes no kind of column"
    optional = [not one.required or one.repeats for one in inputs]
    if optional != sorted(optional):
        yield f"the inputs of `{name}` have an optional one before one that must be given"
    if any(one.repeats for one in inputs[:-1]):
        yield f"only the last input of `{name}` can be repeated"


def signature_of(declared: Declaration, package: str = "") -> PluginSignature:
    """What the compiler is told of a plugin; `package` brings it."""
    schema = declared.options

    def check(instance: Mapping[str, object]) -> tuple[OptionFault, ...]:
        return find_faults(schema, instance)

    told = PluginSignature(declared.name, kind_of(declared), schema, check, package=package)
    match declared:
        case Enricher(outputs=outputs, make=make):
            return replace(told, outputs=outputs, run=make)
        case Function(arguments=arguments, result=result, compute=compute):
            return replace(told, arguments=arguments, result=result, run=compute)
        case Evaluator(each_segment=each, of_score=of_score, figures=figures, measure=measure):
            return replace(told, each_segment=each, of_score=of_score, figures=figures, run=measure)
        case Segmenter(fit=fit):
            return replace(told, run=fit)
        case Reader(read=read):
            return replace(told, run=read)
        case Exporter(write=write) | Section(write=write):
            return replace(told, run=write)
        case _:
            assert_never(declared)


def kind_of(declared: Declaration) -> PluginKind:
    """The kind of plugin that a declaration is of."""
    return next(kind for _, type_, kind in _HOOKS if isinstance(declared, type_))
