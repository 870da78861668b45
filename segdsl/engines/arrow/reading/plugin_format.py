"""Files of formats that plugins read."""

from collections.abc import Iterable, Iterator
from itertools import chain

import pyarrow as pa

from segdsl.diagnostics import Diagnostic, Span
from segdsl.engines.arrow.reading.files import DataFile
from segdsl.engines.arrow.reading.layouts import plain_layout
from segdsl.engines.arrow.reading.raw import RawBatch, RawTable, WantedColumn
from segdsl.model.plugin_use import PluginUse
from segdsl.plugin import ReadCall
from segdsl.plugin.calling import Raised, attempt, broken, culprit, diagnose


def open_with_plugin(file: DataFile, span: Span, plugin: PluginUse, headers: Iterable[str]) -> RawTable | Diagnostic:
    """The file as the plugin reads it. Which columns it has is told by its first batch."""
    assert plugin.run is not None
    call = ReadCall(file.path, tuple(sorted(headers)), dict(plugin.values))
    batches = _batches(file, plugin, call)
    first = next(batches, None)
    if isinstance(first, Diagnostic):
        return first
    if first is None:
        return _broken(file, plugin, "it gave no batch; a file without rows is one empty batch with its columns")
    names = tuple(first.schema.names)

    def stream(wanted: tuple[WantedColumn, ...]) -> Iterator[RawBatch | Diagnostic]:
        given = 0
        for batch in chain((first,), batches):
            if isinstance(batch, Diagnostic):
                yield batch
                return
            if tuple(batch.schema.names) != names:
                yield _broken(file, plugin, "its batches have different columns")
                return
            columns = tuple(plain_layout(batch.column(one.position)) for one in wanted)
            yield RawBatch(columns, batch.num_rows, given + 1, batch.num_rows)
            given += batch.num_rows

    return RawTable(names, stream)


def _batches(file: DataFile, plugin: PluginUse, call: ReadCall) -> Iterator[pa.RecordBatch | Diagnostic]:
    """What the plugin gives; a diagnostic is the last thing."""
    assert plugin.run is not None
    batches = attempt(lambda: iter(plugin.run(call)))  # type: ignore[misc]
    while not isinstance(batches, Raised):
        batch = attempt(next, batches, None)
        if batch is None:
            return
        if isinstance(batch, Raised):
            batches = batch
        elif isinstance(batch, pa.RecordBatch):
            unsound = attempt(batch.validate, full=True)
            if isinstance(unsound, Raised):
                batches = unsound
            else:
                yield batch
        else:
            yield _broken(file, plugin, f"it gave {type(batch).__name__} instead of a record batch")
            return
    yield diagnose(batches, culprit(plugin), f"read `{file.shown}`")


def _broken(file: DataFile, plugin: PluginUse, reason: str) -> Diagnostic:
    return broken(culprit(plugin), f"read `{file.shown}`", reason)
