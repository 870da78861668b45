"""Files of formats that plugins read."""

from collections.abc import Iterable, Iterator
from itertools import chain

import pyarrow as pa

from segdsl.diagnostics import Diagnostic, Label, Span
from segdsl.engines.arrow.reading.files import DataFile
from segdsl.engines.arrow.reading.raw import RawBatch, RawTable, WantedColumn
from segdsl.model.plugin_use import PluginUse
from segdsl.plugin import ReadCall, Refused


def open_with_plugin(file: DataFile, span: Span, plugin: PluginUse, headers: Iterable[str]) -> RawTable | Diagnostic:
    """The file as the plugin reads it. Which columns it has is told by its first batch."""
    assert plugin.run is not None
    call = ReadCall(file.path, tuple(sorted(headers)), dict(plugin.values))
    batches = _batches(file, span, plugin, call)
    first = next(batches, None)
    if isinstance(first, Diagnostic):
        return first
    if first is None:
        return _broken(file, span, plugin, "it gave no batch; a file without rows is one empty batch with its columns")
    names = tuple(first.schema.names)

    def stream(wanted: tuple[WantedColumn, ...]) -> Iterator[RawBatch | Diagnostic]:
        given = 0
        for batch in chain((first,), batches):
            if isinstance(batch, Diagnostic):
                yield batch
                return
            if tuple(batch.schema.names) != names:
                yield _broken(file, span, plugin, "its batches have different columns")
                return
            columns = tuple(batch.column(one.position) for one in wanted)
            yield RawBatch(columns, batch.num_rows, given + 1, batch.num_rows)
            given += batch.num_rows

    return RawTable(names, stream)


def _batches(file: DataFile, span: Span, plugin: PluginUse, call: ReadCall) -> Iterator[pa.RecordBatch | Diagnostic]:
    """What the plugin gives; a diagnostic is the last thing."""
    assert plugin.run is not None
    options = {option.name: option.span for option in plugin.options}
    try:
        for batch in plugin.run(call):
            if not isinstance(batch, pa.RecordBatch):
                yield _broken(file, span, plugin, f"it gave {type(batch).__name__} instead of a record batch")
                return
            batch.validate(full=True)
            yield batch
    except Refused as refusal:
        place = (Label(options.get(refusal.option, span)),)
        message = f"`{plugin.plugin}` can't read `{file.shown}`: {refusal.message}"
        yield Diagnostic("SEG409", message, place, refusal.expected, refusal.help)
    except Exception as failure:  # noqa: BLE001  (code of strangers: whatever it raises is told to the user)
        yield _broken(file, span, plugin, f"{type(failure).__name__}: {failure}")


def _broken(file: DataFile, span: Span, plugin: PluginUse, reason: str) -> Diagnostic:
    message = f"The plugin `{plugin.plugin}` failed to read `{file.shown}`"
    return Diagnostic("SEG408", message, (Label(span),), help="tell its authors", notes=(reason,))
