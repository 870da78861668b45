"""The hooks that a plugin may implement; each returns declarations."""

from collections.abc import Iterable

import pluggy

from segdsl.plugin.declarations import Enricher, Evaluator, Exporter, Function, Reader, Section, Segmenter

PROJECT = "segdsl"

hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)


@hookspec
def segdsl_enrichers() -> Iterable[Enricher]:  # type: ignore[empty-body]
    """Enrichers: columns added to a source, `enrich accounts using NAME { ... }`."""


@hookspec
def segdsl_functions() -> Iterable[Function]:  # type: ignore[empty-body]
    """Functions of expressions: `NAME(x)`."""


@hookspec
def segdsl_segmenters() -> Iterable[Segmenter]:  # type: ignore[empty-body]
    """Segmenters: `segmentation found for customers using NAME { ... }`."""


@hookspec
def segdsl_evaluators() -> Iterable[Evaluator]:  # type: ignore[empty-body]
    """Evaluators: `require NAME of fit >= 0.5`."""


@hookspec
def segdsl_readers() -> Iterable[Reader]:  # type: ignore[empty-body]
    """Readers of file formats: `read { format: NAME }`."""


@hookspec
def segdsl_exporters() -> Iterable[Exporter]:  # type: ignore[empty-body]
    """Exporters of lists: `to "list.json" using NAME`."""


@hookspec
def segdsl_sections() -> Iterable[Section]:  # type: ignore[empty-body]
    """Sections of the report: `report using NAME { ... }`."""
